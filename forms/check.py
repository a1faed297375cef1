"""Checks what somebody submitted against the form, and returns only what they were allowed to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from forms.components import Component
from forms.errors import FieldError
from forms.examine import Examined, without_marks
from forms.expressions import Functions
from forms.form import Form
from forms.messages import Sentences
from forms.paths import Path, joined
from forms.prepare import prepare


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check.

    `data` is what may be stored: every visible field of the form, rows with what the record keeps
    beside their fields. `shown` is the same with row marks, for showing the form again. `errors`
    stand in the order of the form, at most one for a field; their row numbers count in `data`.
    """

    data: dict[str, object]
    shown: dict[str, object]
    errors: list[FieldError]


def check(
    form: Form,
    data: Mapping[str, object],
    *,
    context: Mapping[str, object],
    readonly: Collection[str] = (),
    stored: Mapping[str, object] | None = None,
    files: Collection[str] = (),
    today: date | None = None,
    functions: Functions | None = None,
    language: str = "zh",
) -> Checked:
    """Check `data` (from `parse_post`, or JSON of the REST interface); never raises on its content.

    `context` holds the instance's variables for expressions, `stored` the record's data with its
    locked rows and option lists, `readonly` the keys that this step may not write, `files` the ids
    of files just uploaded. `today` is needed for dates that may not lie in the past, `functions`
    are FEEL functions of the host (`today`, `now`) for conditions that ask the time.
    """
    sentences = Sentences(language)
    _, found = prepare(
        form,
        data,
        context=context,
        readonly=readonly,
        stored=stored or {},
        files=files,
        functions=functions,
        sentences=sentences,
        today=today,
    )
    clean = without_marks(found.data)
    assert isinstance(clean, dict)
    return Checked(data=clean, shown=found.data, errors=_all_errors(form, found, sentences))


def _all_errors(form: Form, found: Examined, sentences: Sentences) -> list[FieldError]:
    """The faults that depend on data, then the schema's, one for a field, in form order."""
    errors = {error.field: error for error in found.errors}
    for fault in form.validator.iter_errors(found.facts):
        path, component = _field_at(form, tuple(fault.instance_path))
        name = joined(path)
        if component is not None and name not in errors:
            keyword = str(fault.schema_path[-1]) if fault.schema_path else ""
            errors[name] = sentences.from_schema(name, component, keyword, empty=fault.instance is None)
    place = {name: number for number, name in enumerate(found.order)}
    return sorted(errors.values(), key=lambda error: place.get(error.field, len(place)))


def _field_at(form: Form, path: Path) -> tuple[Path, Component | None]:
    """The field that an error inside it belongs to: itself, or the nearest one above."""
    for end in range(len(path), 0, -1):
        names = tuple(part for part in path[:end] if isinstance(part, str))
        component = form.by_path.get(names)
        if component is not None:
            whole = path[: end - 1] if _ends_inside(component, path[:end]) else path[:end]
            return whole, component
    return path, None


def _ends_inside(component: Component, path: Path) -> bool:
    """Whether the path ends with the number of an item inside the component's own value."""
    return isinstance(path[-1], int) and component.kind != "dynamiclist"
