"""A model's item definitions as FEEL types."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.dmn.findings import Finding
from engine.dmn.model import (
    Definitions,
    FunctionBox,
    Home,
    ItemDefinition,
    Knowledge,
    LiteralBox,
    Place,
    Text,
    prefix_of,
)
from engine.feel import FeelSyntaxError, Value, unary_test
from engine.feel.scope import Frame, Run
from engine.feel.types import ANY, ContextOf, FunctionOf, ListOf, Restricted, Type, named_type

_NUMBERS = ("integer", "long", "double", "float", "decimal", "int")


class Types:
    """Finds the type behind a reference; notes references that lead nowhere."""

    def __init__(self, definitions: Definitions, findings: list[Finding]) -> None:
        self._definitions = definitions
        self._findings = findings
        self._open: set[str] = set()
        self.known: dict[str, Type] = {}
        self.members: set[str] = set()
        for name in definitions.types:
            self.find(name, definitions.types[name].place)

    def find(self, reference: str, place: Place) -> Type | None:
        """The type of that name; None when nothing is named."""
        if not reference:
            return None
        if reference in self.known:
            return self.known[reference]
        item = self._definitions.types.get(reference)
        if item is None:
            return self._elsewhere(reference, place)
        if reference in self._open:
            self._note(place, f"类型“{reference}”包含自身", "去掉循环引用")
            return ANY
        self._open.add(reference)
        self.known[reference] = self._made(item)
        self._open.discard(reference)
        return self.known[reference]

    def visible(self, home: Home) -> dict[str, Type]:
        """The named types by the names that a model's expressions call them."""
        found = {key.rpartition("#")[2]: made for key, made in self.known.items() if self._near(key, home)}
        for alias, prefix in home.aliases.items():
            found |= {
                f"{alias}.{key.rpartition('#')[2]}": made
                for key, made in self.known.items()
                if prefix_of(key) == prefix
            }
        return found

    def _near(self, key: str, home: Home) -> bool:
        prefix = prefix_of(key)
        return prefix in home.defaults or self._definitions.homes.get(prefix) is home

    def _elsewhere(self, reference: str, place: Place) -> Type | None:
        """A type of a model that is imported without a name, else one that is built in."""
        prefix, _, name = reference.rpartition("#")
        home = self._definitions.homes.get(prefix)
        for other in home.defaults if home is not None else ():
            if f"{other}#{name}" in self._definitions.types:
                return self.find(f"{other}#{name}", place)
        return self._built_in(name, place)

    def _built_in(self, reference: str, place: Place) -> Type:
        found = named_type("number" if reference in _NUMBERS else reference)
        if found is None:
            self._note(place, f"没有类型“{reference}”", "定义它，或改用内置类型")
        return found or ANY

    def _note(self, place: Place, message: str, hint: str) -> None:
        self._findings.append(Finding(place.file, place.line, place.element, message, hint))

    def _made(self, item: ItemDefinition) -> Type:
        made: Type | None
        if item.components:
            self.members.update(part.name for part in item.components)
            made = ContextOf(tuple((part.name, self._made(part)) for part in item.components))
        elif item.function is not None:
            parameters, result = item.function
            found = tuple(self.find(reference, item.place) or ANY for reference in parameters)
            made = FunctionOf(found, self.find(result, item.place) or ANY)
        else:
            made = self.find(item.type_ref, item.place) or ANY
        if item.allowed is not None and item.allowed.text:
            made = Restricted(made, self._allows(item.allowed))
        if item.collection:
            made = ListOf(made)
        if item.constraint is not None and item.constraint.text:
            made = Restricted(made, self._allows(item.constraint))
        return made

    def _allows(self, allowed: Text) -> Callable[[Value, Run], bool]:
        try:
            code = unary_test(allowed.text).expression.code
        except FeelSyntaxError as error:
            self._note(allowed.place, f"允许值：{error}", "用逗号分隔各个值")
            return lambda value, run: True
        return lambda value, run: code(Frame({"?": value}, None, run)) is True


def allowed_text(reference: str, items: Mapping[str, ItemDefinition]) -> Text | None:
    """The allowed values of a named type, as text."""
    item = items.get(reference)
    return (item.allowed or item.constraint) if item is not None else None


def result_of(part: Knowledge, type: Type | None) -> Type | None:
    """The type of what a function gives: its variable names that, or the type of the function itself."""
    made = part.function.body if part.function is not None else None
    gives_function = isinstance(made, FunctionBox) or (
        isinstance(made, LiteralBox) and made.text.text.startswith("function")
    )
    return type.result if isinstance(type, FunctionOf) and not gives_function else type
