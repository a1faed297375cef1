"""The names that an expression of a form can see."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import Value
from forms.expressions import to_feel

Scope = Mapping[str, Value]


def root_scope(context: Mapping[str, object], *layers: Mapping[str, object]) -> Scope:
    """The outermost scope: the context, then each layer of data over it."""
    names: dict[str, Value] = {}
    for layer in (context, *layers):
        names.update({str(name): to_feel(value) for name, value in layer.items()})
    data = to_feel(dict(layers[-1])) if layers else {}
    return {**names, "this": data, "parent": None, "i": []}


def row_scope(outer: Scope, row: Mapping[str, object], index: int | None) -> Scope:
    """The scope of a row (or of a group with a path, index None): its own names hide the outer ones.

    `this` is the row, `parent` what encloses it, `i` the row numbers from outside in, from 1.
    """
    own = {str(name): to_feel(value) for name, value in row.items()}
    numbers = outer.get("i")
    numbers = numbers if isinstance(numbers, list) else []
    inner = [*numbers, to_feel(index + 1)] if index is not None else numbers
    return {**outer, **own, "this": own, "parent": outer.get("this"), "i": inner}
