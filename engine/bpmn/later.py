"""Values that are read when somebody asks: a long list costs nothing to a step that does not look at it."""

from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from typing import Any

Value = Any


class Later:
    """A value that is read once, when it is needed; `reference` is what to store for it, if it has one."""

    __slots__ = ("_known", "_read", "_value", "reference")

    def __init__(self, read: Callable[[], Value], *, reference: str | None = None) -> None:
        self._read = read
        self._known = False
        self._value: Value = None
        self.reference = reference

    def value(self) -> Value:
        """The value; the same object each time."""
        if not self._known:
            self._value, self._known = self._read(), True
        return self._value


class Variables(dict[str, Value]):
    """Variables by name, some of them still to be read; whoever looks at one sees its value.

    It passes for a dict wherever variables go. What copies a dict without asking it (`{**variables}`,
    `dict(variables)`, `variables | more`) gets the values too: all are read then.
    """

    def __getitem__(self, name: str) -> Value:
        value = super().__getitem__(name)
        return value.value() if type(value) is Later else value

    def get(self, name: str, default: Value = None) -> Value:
        value = super().get(name, default)
        return value.value() if type(value) is Later else value

    def __iter__(self) -> Iterator[str]:
        return iter(super().keys())  # overridden so that a copy goes through `__getitem__`

    def items(self) -> ItemsView[str, Value]:  # type: ignore[override]
        return ItemsView(self)

    def values(self) -> ValuesView[Value]:  # type: ignore[override]
        return ValuesView(self)

    def copy(self) -> "Variables":
        return Variables(as_stored(self))

    def pop(self, name: str, *default: Value) -> Value:
        value = super().pop(name, *default)
        return value.value() if type(value) is Later else value

    def __or__(self, other: Mapping[str, Value]) -> dict[str, Value]:  # type: ignore[override]
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Value]) -> dict[str, Value]:  # type: ignore[override]
        return {**other, **self}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None


def as_stored(variables: Mapping[str, Value]) -> dict[str, Value]:
    """The same names, with what is still to be read left so."""
    if type(variables) is not Variables:
        return dict(variables)
    return dict(dict.items(variables))


def gathered(layers: Sequence[Mapping[str, Value]], *, hidden: str) -> dict[str, Value]:
    """A copy of all layers, later ones in front, without names that begin with `hidden`; nothing is read."""
    if not layers:
        return {}
    lazy = any(type(layer) is Variables for layer in layers)
    found: dict[str, Value] = Variables() if lazy else {}
    for layer in layers:
        for name, value in (as_stored(layer) if lazy else layer).items():
            if not name.startswith(hidden):
                found[name] = value
    return found
