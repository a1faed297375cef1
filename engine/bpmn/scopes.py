"""Variables in scopes, as in Zeebe: the process, subprocesses and activities each have one.

A scope is known by its id; "" is the instance's root. Who lies inside whom is the token tree's business:
callers give the chain from the innermost scope out to the root.
"""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.bpmn.later import Later, Variables, as_stored, gathered

Value = Any
"""A FEEL value: None, bool, Decimal, str, date, time, durations, list, dict."""

ROOT: Final = ""
HIDDEN: Final = "#"
"""Names that begin so are the engine's own; no FEEL name can, so no expression sees them."""


class Deleted:
    """The type of `DELETED`."""

    def __repr__(self) -> str:
        return "DELETED"


DELETED: Final = Deleted()
"""In `changed()`: the variable (or its whole scope) is gone."""


class Scopes:
    """All variables of one instance, and which of them changed since it was loaded."""

    def __init__(self, stored: Mapping[tuple[str, str], Value] | None = None) -> None:
        self._stored = dict(stored or {})
        self._values: dict[str, dict[str, Value]] = {}
        self._touched: set[tuple[str, str]] = set()
        self.changes = 0
        """How often a variable was set or went, since the instance was loaded."""
        for (scope, name), value in self._stored.items():
            self._home(scope, value)[name] = value

    def local(self, scope: str) -> Mapping[str, Value]:
        """What the scope itself holds."""
        return self._values.get(scope, {})

    def everything(self) -> dict[tuple[str, str], Value]:
        """All variables by (scope, name), as `Scopes` takes them."""
        return {
            (scope, name): value
            for scope, own in self._values.items()
            for name, value in as_stored(own).items()
        }

    def put(self, scope: str, name: str, value: Value) -> None:
        """Set `name` in exactly this scope."""
        self._home(scope, value)[name] = value
        self._touched.add((scope, name))
        self.changes += 1

    def forget(self, scope: str, name: str) -> None:
        """Take `name` away from exactly this scope."""
        self._values.get(scope, {}).pop(name, None)
        self._touched.add((scope, name))

    def merge(self, chain: Sequence[str], name: str, value: Value) -> None:
        """Set `name` in the nearest scope of `chain` (inside out) that has it, else in its last, the root."""
        home = next((scope for scope in chain if name in self._values.get(scope, ())), chain[-1])
        self.put(home, name, value)

    def visible(self, chain: Sequence[str]) -> Mapping[str, Value]:
        """The variables seen from the innermost scope of `chain`; inner ones hide outer ones."""
        layers = [self._values[scope] for scope in chain if scope in self._values]
        return layers[0] if len(layers) == 1 else ChainMap(*layers)

    def copy(self, chain: Sequence[str]) -> dict[str, Value]:
        """A copy of what is visible, without the engine's own names."""
        layers = [self._values[scope] for scope in reversed(chain) if scope in self._values]
        return gathered(layers, hidden=HIDDEN)

    def drop(self, scope: str) -> None:
        """The scope's element is finished or cancelled: its variables go."""
        for name in self._values.pop(scope, ()):
            self._touched.add((scope, name))
            self.changes += 1

    def changed(self) -> dict[tuple[str, str], Value | Deleted]:
        """What to store: new or different values, `DELETED` for stored ones that are gone."""
        changes: dict[tuple[str, str], Value | Deleted] = {}
        for key in self._touched:
            scope, name = key
            present = name in self._values.get(scope, ())
            value = dict.get(self._values[scope], name) if present else None
            if present and not (key in self._stored and _same(value, self._stored[key])):
                changes[key] = value
            elif not present and key in self._stored:
                changes[key] = DELETED
        return changes

    def before(self) -> dict[tuple[str, str], Value | Deleted]:
        """What was set or went since loading, as it was then; DELETED where there was nothing."""
        return {key: self._stored.get(key, DELETED) for key in self._touched}

    def _home(self, scope: str, value: Value) -> dict[str, Value]:
        """Where a value of the scope is put: among values that may be read later, when it is one."""
        home = self._values.setdefault(scope, {})
        if type(value) is Later and type(home) is not Variables:
            home = self._values[scope] = Variables(home)
        return home


def _same(new: Value, old: Value) -> bool:
    """Would storing `new` over `old` change nothing? Only plain values are compared, others count as new."""
    if new is old:
        return True
    if isinstance(new, Decimal) and isinstance(old, Decimal):
        return new.as_tuple() == old.as_tuple()
    return isinstance(new, str) and isinstance(old, str) and new == old
