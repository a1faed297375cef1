"""Drops what is hidden, and sorts out what has to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final

from forms.components import CHOICES, Bound, Component
from forms.errors import FieldError
from forms.expressions import Condition, Functions, Scope, as_number
from forms.form import Form
from forms.merge import Mark, Merged, choices, is_on
from forms.messages import Sentences
from forms.paths import ROW_MARK, Path, get_at, joined, put_at
from forms.rows import Row
from forms.scope import Layer, root_scope, row_scope
from forms.values import as_date, is_empty, read_number, rows_of

_PASSES: Final = 5


@dataclass(slots=True)
class Examined:
    """What is left of merged data.

    `data` lacks hidden fields, `facts` is what the schema has to see, `errors` are faults that
    depend on the data, `hidden` the components not to be shown, `order` the fields in form order.
    """

    data: dict[str, object] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    hidden: frozenset[Mark] = frozenset()
    order: list[str] = field(default_factory=list)


def examine(
    form: Form,
    merged: Merged,
    *,
    context: Mapping[str, object] | Layer,
    stored: Mapping[str, object] | None,
    today: date | None,
    sentences: Sentences,
    functions: Functions | None = None,
) -> Examined:
    """Examine merged data. What is hidden stays hidden, also when that hides more, up to five times."""
    data = merged.data
    beside = Layer(lambda: _only_beside(form, stored or {}))
    hidden: frozenset[Mark] = frozenset()
    for _ in range(_PASSES):
        examiner = _Examiner(merged.locked, hidden, today, sentences)
        seen = Layer(partial(_as_seen, form.root, data))
        scope = root_scope(context, beside, seen, functions=functions)
        result = Examined()
        result.data, result.facts = examiner.level(form.root, data, scope=scope, path=(), indexes=())
        result.errors, result.order = examiner.errors, examiner.order
        result.hidden = frozenset(examiner.hidden)
        if result.hidden == hidden:
            break
        hidden, data = result.hidden, result.data
    return result


def _only_beside(form: Form, stored: Mapping[str, object]) -> dict[str, object]:
    """The stored values that are no fields: option lists and other things to look at."""
    names = {component.local[0] for component in form.root.own_fields()}
    return {name: value for name, value in stored.items() if name not in names}


def _as_seen(container: Component, row: Row) -> Row:
    """A scope's data as expressions see it: what was typed for a number and is none, is null."""
    numbers = [child for child in container.own_fields() if child.kind == "number" and not child.as_string]
    broken = [child.local for child in numbers if isinstance(get_at(row, child.local), str)]
    if not broken:
        return row
    seen = deepcopy(dict(row))
    for local in broken:
        put_at(seen, local, None)
    return seen


class _Examiner:
    def __init__(
        self, locked: frozenset[Mark], hidden: frozenset[Mark], today: date | None, sentences: Sentences
    ) -> None:
        self.locked = locked
        self.hidden = set(hidden)
        self.today = today
        self.sentences = sentences
        self.errors: list[FieldError] = []
        self.order: list[str] = []

    def level(
        self, container: Component, row: Row, *, scope: Scope, path: Path, indexes: tuple[int, ...]
    ) -> tuple[dict[str, object], dict[str, object]]:
        """One scope: (data without the hidden, facts for the schema)."""
        data: dict[str, object] = {}
        facts: dict[str, object] = {}
        pending = list(reversed(container.children))
        while pending:
            child = pending.pop()
            mark = (child.at, indexes)
            if mark in self.hidden or (child.hide and child.hide.truth(scope, failing=False)):
                self.hidden.add(mark)
            elif child.kind == "group":
                pending.extend(reversed(child.children))
            elif child.kind == "dynamiclist":
                self._rows(child, row, scope, path + child.local, indexes, data, facts)
            elif child.holds_data:
                self._field(child, row, scope, path + child.local, mark, data, facts)
        return data, facts

    def _rows(
        self,
        child: Component,
        row: Row,
        scope: Scope,
        path: Path,
        indexes: tuple[int, ...],
        data: dict[str, object],
        facts: dict[str, object],
    ) -> None:
        self.order.append(joined(path))
        names = {component.local[0] for component in child.own_fields()}
        kept: list[object] = []
        checked: list[object] = []
        for index, item in enumerate(rows_of(get_at(row, child.local), most=100_000)):
            inner = row_scope(scope, Layer(partial(_as_seen, child, item)), index)
            own, own_facts = self.level(
                child, item, scope=inner, path=(*path, index), indexes=(*indexes, index)
            )
            beside = {name: value for name, value in item.items() if name not in names}
            kept.append({**beside, **own})
            checked.append(own_facts)
        put_at(data, child.local, kept)
        if (child.at, indexes) not in self.locked:
            put_at(facts, child.local, checked)

    def _field(
        self,
        child: Component,
        row: Row,
        scope: Scope,
        path: Path,
        mark: Mark,
        data: dict[str, object],
        facts: dict[str, object],
    ) -> None:
        name = joined(path)
        self.order.append(name)
        value = get_at(row, child.local)
        if child.kind == "expression":
            put_at(data, child.local, child.source.value(scope) if child.source else None)
            return
        put_at(data, child.local, value)
        if mark in self.locked:
            return
        if is_empty(child, value):
            if is_on(child.rules.required, scope, failing=False):
                put_at(facts, child.local, None)
            return
        exact = read_number(value) if child.kind == "number" else value
        put_at(facts, child.local, exact)
        code = self._fault(child, value, scope)
        if code:
            self.errors.append(self.sentences.error(name, child, code[0], limit=code[1], scope=scope))

    def _fault(self, child: Component, value: object, scope: Scope) -> tuple[str, object] | None:
        """A fault that the schema cannot know: FEEL bounds, options from data, days gone by."""
        if child.kind in CHOICES and child.options is None:
            known = [option.value for option in choices(child, scope)]
            chosen = value if isinstance(value, list) else [value]
            return ("option", None) if any(item not in known for item in chosen) else None
        if (
            child.kind == "datetime"
            and not child.rules.past_allowed
            and self.today
            and isinstance(value, str)
        ):
            day = as_date(value)
            return ("past", self.today.isoformat()) if day and day < self.today else None
        if (
            child.kind == "datetime"
            and isinstance(value, str)
            and (fault := _out_of_days(child, value, scope))
        ):
            return fault
        size = as_number(value) if child.kind == "number" else None
        length = as_number(len(value)) if isinstance(value, str) and child.kind.startswith("text") else None
        rules = child.rules
        for code, measured, bound, upper in (
            ("min", size, rules.min, False),
            ("max", size, rules.max, True),
            ("min_length", length, rules.min_length, False),
            ("max_length", length, rules.max_length, True),
        ):
            limit = _moving(bound, scope)
            if (
                measured is not None
                and limit is not None
                and (measured > limit if upper else measured < limit)
            ):
                return code, limit
        return None


def _out_of_days(child: Component, value: str, scope: Scope) -> tuple[str, object] | None:
    """A day before the first or after the last that the form allows."""
    day = as_date(value)
    for code, bound in (("earliest", child.rules.earliest), ("latest", child.rules.latest)):
        given = bound.value(scope) if bound else None
        limit = as_date(given) if isinstance(given, str) else given
        if day is None or not isinstance(limit, date):
            continue
        limit = limit.date() if isinstance(limit, datetime) else limit
        if day < limit if code == "earliest" else day > limit:
            return code, limit.isoformat()
    return None


def _moving(bound: Bound, scope: Scope) -> Decimal | None:
    return bound.number(scope) if isinstance(bound, Condition) else None


def without_marks(value: object) -> object:
    """The same data without the marks of shown rows."""
    if isinstance(value, dict):
        return {name: without_marks(item) for name, item in value.items() if name != ROW_MARK}
    if isinstance(value, list):
        return [without_marks(item) for item in value]
    return value
