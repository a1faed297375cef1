"""A form, read and compiled: what is kept in memory for as long as its version is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import jsonschema_rs

from forms.components import Component
from forms.expressions import Scope
from forms.parts import Finder
from forms.schema import Schema, compile_schema, schema_of


@dataclass(frozen=True, slots=True)
class Form:
    """A form-js form. `root` holds its components, `schema` is the JSON Schema of its data."""

    id: str
    file: str
    root: Component
    schema: Schema
    validator: jsonschema_rs.Draft202012Validator = field(repr=False, compare=False)
    by_path: Mapping[tuple[str, ...], Component] = field(repr=False, compare=False)

    @classmethod
    def compile(cls, root: Component, *, file: str, finder: Finder) -> Form:
        """Build the schema; patterns that cannot be run safely are noted in `finder`."""
        for component in everything(root):
            if component.rules.pattern:
                try:
                    compile_schema({"pattern": component.rules.pattern})
                except (jsonschema_rs.ValidationError, ValueError):
                    message = f"不能使用正则表达式 {component.rules.pattern!r}。"
                    finder.add(component.at, "pattern", message, "不支持环视和反向引用，也不宜过大。")
        finder.stop()
        schema = schema_of(root)
        by_path = {item.path: item for item in everything(root) if item.holds_data}
        return cls(
            id=root.id, file=file, root=root, schema=schema, validator=compile_schema(schema), by_path=by_path
        )

    @property
    def components(self) -> tuple[Component, ...]:
        """The components on the outermost level, in the order of the file."""
        return self.root.children

    @property
    def name(self) -> str:
        """The form's Chinese name, its id when it has none."""
        return self.name_in("zh")

    def name_in(self, language: str) -> str:
        """The form's name in a language (`zh`, `en`)."""
        return self.root.text("label", language).text(Scope()) or self.id

    @property
    def keys(self) -> frozenset[str]:
        """Every field's path without row numbers (`targets.value`), for checks across files."""
        return frozenset(".".join(path) for path in self.by_path)

    def field_at(self, path: str) -> Component | None:
        """The field or list that a path with row numbers names (`targets.3.value`), None when none does."""
        return self.by_path.get(tuple(part for part in path.split(".") if not part.isdecimal()))

    @property
    def has_conditions(self) -> bool:
        """Whether fields come and go with what is entered."""
        return any(component.hide for component in everything(self.root))


def everything(component: Component) -> Iterator[Component]:
    """A component and all below it, from top to bottom."""
    yield component
    for child in component.children:
        yield from everything(child)
