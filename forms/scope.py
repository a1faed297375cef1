"""Builds the scopes in which the expressions of a form are evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import Value
from forms.expressions import PLAIN, Functions, Scope, to_feel


class Layer(dict[str, Value]):
    """One layer of names whose values are FEEL values already."""


def layer(data: Mapping[str, object]) -> Layer:
    """Plain data as FEEL values; what is a layer already stays as it is."""
    if isinstance(data, Layer):
        return data
    return Layer(
        {str(name): value if type(value) in PLAIN else to_feel(value) for name, value in data.items()}
    )


def root_scope(
    context: Mapping[str, object], *layers: Mapping[str, object], functions: Functions | None = None
) -> Scope:
    """The outermost scope: the context, then each layer of data over it."""
    converted = [layer(one) for one in (context, *layers)]
    names: dict[str, Value] = {}
    for one in converted:
        names.update(one)
    data = converted[-1] if layers else {}
    return Scope({**names, "this": data, "parent": None, "i": []}, functions)


def row_scope(outer: Scope, row: Mapping[str, object], index: int) -> Scope:
    """The scope of a row: its own names hide the outer ones.

    `this` is the row, `parent` what encloses it, `i` the row numbers from outside in, from 1.
    """
    own = {str(name): to_feel(value) for name, value in row.items()}
    numbers = outer.get("i")
    inner = [*(numbers if isinstance(numbers, list) else []), to_feel(index + 1)]
    names = {**outer, **own, "this": own, "parent": outer.get("this"), "i": inner}
    return Scope(names, outer.functions)
