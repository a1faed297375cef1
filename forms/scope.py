"""Builds the scopes in which the expressions of a form are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from engine.feel import Value
from forms.expressions import PLAIN, Functions, Scope, to_feel

Data = Mapping[str, object]


class Layer:
    """One layer of names; its data is asked for, and becomes FEEL values, when an expression looks."""

    def __init__(self, data: Callable[[], Data]) -> None:
        self._data = data

    @cached_property
    def values(self) -> dict[str, Value]:
        """The names with their FEEL values."""
        return {
            str(name): value if type(value) in PLAIN else to_feel(value)
            for name, value in self._data().items()
        }


def layer(data: Data | Layer) -> Layer:
    """A layer of plain data; what is a layer already stays as it is."""
    return data if isinstance(data, Layer) else Layer(lambda: data)


def root_scope(context: Data | Layer, *layers: Data | Layer, functions: Functions | None = None) -> Scope:
    """The outermost scope: the context, then each layer of data over it."""
    laid = [one if isinstance(one, Layer) else layer(one) for one in (context, *layers)]

    def names() -> dict[str, Value]:
        found: dict[str, Value] = {}
        for one in laid:
            found.update(one.values)
        return {**found, "this": laid[-1].values if layers else {}, "parent": None, "i": []}

    return Scope(names, functions)


def row_scope(outer: Scope, row: Data | Layer, index: int) -> Scope:
    """The scope of a row: its own names hide the outer ones.

    `this` is the row, `parent` what encloses it, `i` the row numbers from outside in, from 1.
    """

    def names() -> dict[str, Value]:
        around, own = outer.names, layer(row).values
        numbers = around.get("i")
        inner = [*(numbers if isinstance(numbers, list) else []), to_feel(index + 1)]
        return {**around, **own, "this": own, "parent": around.get("this"), "i": inner}

    return Scope(names, outer.functions)
