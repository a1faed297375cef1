"""Long values: read when somebody looks at them, and stored once for all children that are given the same.

A variable's text is the value itself (`engine.feel.codec`), or `@` and the digest of a value that lies in
`shared_value`. A fan-out hands 10,000 children the list that it goes through: it is one row, not 10,000.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.later import Later
from engine.feel import codec
from engine.keeping import Kept
from engine.store import Queries, insert_rows

QUERIES = Queries(Path(__file__).with_name("sharing.sql"))
MARK = "@"
"""No text of the codec begins so."""
LONG = 2_000
"""Characters from which on a value is read only when it is asked for, and shared."""
_PARSED: Kept[str, Any] = Kept(8)
"""Values by their text: they never change inside an instance, and leave it as copies."""


def stored_value(connection: Connection, text: str) -> Any:
    """The value of a variable's text, or, where that is long, what gives it when it is asked for."""
    if text.startswith(MARK):
        return Later(lambda: _shared(connection, text), reference=text)
    if len(text) >= LONG:
        return Later(lambda: _parsed(text))
    return codec.loads(text)


def shared_value(connection: Connection, text: str) -> Any:
    """The value of a variable's text; what several share is read only when somebody asks for it."""
    return stored_value(connection, text) if text.startswith(MARK) else codec.loads(text)


def text_of(value: Any) -> str:
    """What to store for a variable's value."""
    if not isinstance(value, Later):
        return codec.dumps(value)
    return value.reference or codec.dumps(value.value())


def digest_of_shared(cycle_id: str, text: str) -> str:
    """Under which a long value of a cycle lies."""
    return sha256(f"{cycle_id} {text}".encode()).hexdigest()


def _shared(connection: Connection, text: str) -> Any:
    row = QUERIES.row(connection, "shared", digest=text.removeprefix(MARK))
    if row is None:
        raise LookupError(f"no shared value {text}")
    return _parsed(row["value_text"])


def _parsed(text: str) -> Any:
    """The value of a long text. One batch of children after another reads the same list."""
    found = _PARSED.get(text)
    return _PARSED.put(text, codec.loads(text)) if found is None else found


class Sharing:
    """What the children made in one transaction are given alike: looked at, and stored, once."""

    def __init__(self, connection: Connection, cycle_id: str) -> None:
        self._connection = connection
        self._cycle_id = cycle_id
        self._known: dict[int, tuple[Any, Any]] = {}

    def of(self, variables: Mapping[str, Any], alike: Mapping[str, Any]) -> dict[str, Any]:
        """A child's variables; long ones that all children are given (`alike`) are shared."""
        return {
            name: self._once(value) if name in alike and alike[name] is value else value
            for name, value in variables.items()
        }

    def _once(self, value: Any) -> Any:
        if not isinstance(value, list | dict | str):
            return value
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, self._kept(value))
        return known[1]

    def _kept(self, value: Any) -> Any:
        text = codec.dumps(value)
        if len(text) < LONG:
            return value
        digest = digest_of_shared(self._cycle_id, text)
        row = {"cycle_id": self._cycle_id, "digest": digest, "value_text": text}
        insert_rows(self._connection, "shared_value", [row], suffix="on conflict (digest) do nothing")
        return Later(lambda: value, reference=MARK + digest)
