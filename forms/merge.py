"""Puts what was posted over what is stored, and lets nobody write what is not theirs to write.

Read-only expressions see the stored data only (the row, then what encloses it, then the context),
never what was just posted: nobody unlocks a field by sending something.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forms.components import CHOICES, Component, Option, Switch
from forms.expressions import Condition, Functions, Scope
from forms.form import Form
from forms.parts import option_of
from forms.paths import MISSING, ROW_MARK, get_at, put_at
from forms.rows import Match, Row, match_rows
from forms.scope import Layer, layer, root_scope, row_scope
from forms.values import empty_value, read_value, rows_of

Mark = tuple[str, tuple[int, ...]]
"""One shown component: its place in the file and the row numbers around it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Data with every field of the form in it, and what may not be changed in it.

    `locked` holds the read-only components (for a list: no adding, no removing), `staying` the
    lists' rows that may not be removed, `fresh` a new row for each list that may grow (asked for with
    `fresh`; its marks have row number -1). Rows keep what the record put beside their fields (`id`,
    `locked`) and carry their mark under `_row`.
    """

    data: dict[str, object]
    locked: frozenset[Mark]
    staying: frozenset[Mark]
    fresh: Mapping[Mark, dict[str, object]]


def merge(
    form: Form,
    data: Mapping[str, object],
    *,
    context: Mapping[str, object] | Layer,
    readonly: Collection[str] = (),
    stored: Mapping[str, object] | None = None,
    files: Collection[str] = (),
    functions: Functions | None = None,
    fresh: bool = False,
) -> Merged:
    """Merge posted `data` over `stored` without checking it, as a draft is kept and a form shown again.

    A field missing in `data` keeps its stored value. `readonly` names keys, paths without row
    numbers or component ids that may not be written (`*`: none may). `files` are the ids of files
    just uploaded; file fields take only these and the stored ones. `functions` are FEEL functions
    of the host, `today` first of all.
    """
    original = stored or {}
    merger = _Merger(readonly=frozenset(readonly), files=frozenset(files), fresh=fresh)
    around, known = layer(context), layer(original)
    scope = root_scope(around, known, functions=functions)
    options = root_scope(around, known, data, functions=functions)
    merged = merger.level(form.root, data, original, scope=scope, options=options, indexes=(), locked=False)
    return Merged(merged, frozenset(merger.locked), frozenset(merger.staying), merger.fresh)


def choices(component: Component, scope: Scope) -> tuple[Option, ...]:
    """What can be chosen: the fixed options, or those that FEEL finds in the data."""
    if component.options is not None or component.options_from is None:
        return component.options or ()
    found = component.options_from.value(scope)
    read = [option_of(item) for item in found] if isinstance(found, list) else []
    return tuple(option for option in read if option)


def is_on(switch: Switch, scope: Scope, *, failing: bool) -> bool:
    """Whether a switch (true, false, FEEL) is on."""
    return switch.truth(scope, failing=failing) if isinstance(switch, Condition) else switch


class _Merger:
    """One merge: walks the components, collects what is locked."""

    def __init__(self, *, readonly: frozenset[str], files: frozenset[str], fresh: bool) -> None:
        self.readonly = readonly
        self.files = files
        self.locked: set[Mark] = set()
        self.staying: set[Mark] = set()
        self.wants_fresh = fresh
        self.fresh: dict[Mark, dict[str, object]] = {}

    def level(
        self,
        container: Component,
        posted: Row,
        stored: Row | None,
        *,
        scope: Scope,
        options: Scope,
        indexes: tuple[int, ...],
        locked: bool,
    ) -> dict[str, object]:
        """The fields of one scope (the form, or one row), groups included."""
        out: dict[str, object] = {}
        pending = [(child, locked) for child in reversed(container.children)]
        while pending:
            child, inherited = pending.pop()
            shut = inherited or self._is_shut(child, scope)
            if shut:
                self.locked.add((child.at, indexes))
            if child.kind == "group":
                pending.extend((inner, shut) for inner in reversed(child.children))
            elif child.kind == "dynamiclist":
                put_at(out, child.local, self._rows(child, posted, stored, scope, options, indexes, shut))
            elif child.holds_data:
                put_at(out, child.local, self._value(child, posted, stored, options, shut))
        return out

    def _is_shut(self, child: Component, scope: Scope) -> bool:
        if self.readonly:
            names = {child.id, ".".join(child.path), ".".join(child.key), "*"}
            if names & self.readonly:
                return True
        return is_on(child.readonly, scope, failing=True)

    def _value(self, field: Component, posted: Row, stored: Row | None, options: Scope, shut: bool) -> object:
        given = MISSING if shut or field.kind == "expression" else get_at(posted, field.local)
        kept = get_at(stored, field.local)
        if kept is MISSING:
            kept = empty_value(field) if field.default is None else field.default
        offered = choices(field, options) if field.kind in CHOICES else None
        value = read_value(field, kept if given is MISSING else given, offered)
        if field.kind == "filepicker" and given is not MISSING:
            known = self.files | {str(item) for item in kept} if isinstance(kept, list) else self.files
            value = [item for item in value if item in known] if isinstance(value, list) else []
        return value

    def _rows(
        self,
        field: Component,
        posted: Row,
        stored: Row | None,
        scope: Scope,
        options: Scope,
        indexes: tuple[int, ...],
        shut: bool,
    ) -> list[dict[str, object]]:
        kept = get_at(stored, field.local)
        if self.wants_fresh and field.may_add and not shut:
            new = self._row(field, Match({}, None, ""), scope, options, (*indexes, -1), shut)
            self.fresh[field.at, indexes] = new
        given = MISSING if shut else get_at(posted, field.local)
        if kept is MISSING:
            matches = _first_rows(field, given)
        else:
            originals = rows_of(kept)
            rows = [] if given is MISSING else rows_of(given)
            matches = match_rows(field, rows, originals, fixed=given is MISSING or not field.may_add)
        return [
            self._row(field, match, scope, options, (*indexes, index), shut)
            for index, match in enumerate(matches)
        ]

    def _row(
        self,
        field: Component,
        match: Match,
        scope: Scope,
        options: Scope,
        indexes: tuple[int, ...],
        shut: bool,
    ) -> dict[str, object]:
        original = match.stored or {}
        if match.stays:
            self.staying.add((field.at, indexes))
        inner = self.level(
            field,
            match.posted,
            match.stored,
            scope=row_scope(scope, original, indexes[-1]),
            options=row_scope(options, {**original, **match.posted}, indexes[-1]),
            indexes=indexes,
            locked=shut,
        )
        names = {component.local[0] for component in field.own_fields()}
        extras = {name: value for name, value in original.items() if name not in names and name != ROW_MARK}
        return {**extras, **inner, ROW_MARK: match.mark}


def _first_rows(field: Component, given: object) -> list[Match]:
    """The rows of a list of which nothing is stored yet: what was posted, else the form's first rows."""
    rows: list[Row] = [{} for _ in range(field.first_rows)] if given is MISSING else list(rows_of(given))
    if not field.may_add:
        rows = [*rows[: field.first_rows], *({} for _ in range(field.first_rows - len(rows)))]
    return [Match(row, None, "") for row in rows]
