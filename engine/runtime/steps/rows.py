"""An instance's own rows: read under lock, written back with a version check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from engine.bpmn.execution import DELETED, Execution
from engine.feel import codec
from engine.runtime.steps.sharing import stored_value, text_of
from engine.store import Queries, Row, insert_rows
from engine.store.pipelining import gathers
from engine.work.searching import search_text

QUERIES = Queries(Path(__file__).with_name("rows.sql"))
Variables = dict[tuple[str, str], Any]
"""The variables of an instance by (scope id, name)."""
Texts = Mapping[tuple[str, str], str | None]
"""What to store of variables by (scope id, name); None for those that go."""
Mark = list[Any]
"""How a task was sent back (退回), as it is stored: see `engine.runtime.steps.marks`."""


class Conflict(Exception):
    """Another transaction changed the instance in between; the step is tried once more."""


class UnknownInstance(LookupError):
    """No such instance."""


@dataclass
class Visits:
    """How often each element was entered and each flow taken: rounds, and the lit path of the diagram.

    `earlier` are the rounds that an earlier instance went through about the same unit and matter (a plan
    that was refused goes round again in a new one; next month's report is another matter).
    """

    elements: dict[str, int]
    flows: dict[str, int]
    earlier: dict[str, int] = field(default_factory=dict)
    formerly: dict[str, list[str]] = field(default_factory=dict)
    """Element -> what it was called in the versions that the instance ran in before."""
    settled: dict[str, int] = field(default_factory=dict)
    """Element -> the round before which every decision there has been superseded: none need be looked at."""
    returned: dict[str, Mark] = field(default_factory=dict)
    """Element -> how it was sent back, for a task that opens only later."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Visits":
        return cls(*(dict(data.get(name, {})) for name in "efbasr"))

    def names_of(self, element_id: str) -> list[str]:
        """An element by its id now, and by those under which the history may know it."""
        return [element_id, *self.formerly.get(element_id, ())]

    def names_before(self, element_id: str) -> list[str]:
        """What an element was called in earlier versions; a name that another had there means the other."""
        others = {name for one, names in self.formerly.items() if one != element_id for name in names}
        return [name for name in self.names_of(element_id) if name not in others]

    def renamed(self, mapping: Mapping[str, str]) -> "Visits":
        """The same visits in another version, where elements have these new ids."""
        formerly: dict[str, list[str]] = {}
        for old in {**dict.fromkeys(mapping), **self.formerly}:
            new = mapping.get(old, old)
            names = [*([old] if new != old else []), *self.formerly.get(old, [])]
            formerly[new] = list(dict.fromkeys([*formerly.get(new, []), *names]))
        elements, earlier = (_renamed(counts, mapping) for counts in (self.elements, self.earlier))
        returned = {
            mapping.get(name, name): [mapping.get(mark[0], mark[0]), *mark[1:]]
            for name, mark in self.returned.items()
        }
        return Visits(elements, dict(self.flows), earlier, formerly, returned=returned)

    def follow(self, path: list[tuple[str, str]]) -> None:
        """Count what happened since the state was loaded."""
        for place, what in path:
            counted = {"entered": self.elements, "taken": self.flows}.get(what)
            if counted is not None:
                counted[place] = counted.get(place, 0) + 1

    def round_of(self, element_id: str) -> int:
        """The round that an element is in, or would begin with."""
        return self.earlier.get(element_id, 0) + (self.elements.get(element_id) or 1)

    def text(self) -> str:
        counted = {
            "e": self.elements,
            "f": self.flows,
            "b": self.earlier,
            "a": self.formerly,
            "s": self.settled,
            "r": self.returned,
        }
        return orjson.dumps({name: counts for name, counts in counted.items() if counts}).decode()


def _renamed(counts: Mapping[str, int], mapping: Mapping[str, str]) -> dict[str, int]:
    """Under the new ids; of two elements that have become one, the later round."""
    found: dict[str, int] = {}
    for name, count in counts.items():
        new = mapping.get(name, name)
        found[new] = max(count, found.get(new, 0))
    return found


@dataclass
class InstanceRow:
    """The row of one instance, as far as a step needs it."""

    id: str
    cycle_id: str
    year: int | None
    definition_version_id: str
    process_key: str
    business_key: str | None
    assessor_id: str | None
    root_id: str
    parent_id: str | None
    fan_out_id: str | None
    child_index: int | None
    subject_unit_id: str | None
    subject_name: str
    matter: str
    status: str
    state: bytes
    visits: Visits
    lock_version: int
    audit_seq: int
    audit_head: str
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None = None
    result_json: str | None = None
    followed: bool = False
    """Does anybody follow it (关注)?"""


def lock_instance(connection: Connection, instance_id: str) -> InstanceRow:
    """Read and lock the row. Raises `UnknownInstance`."""
    return ask_instance(connection, instance_id)()


def ask_instance(connection: Connection, instance_id: str) -> Callable[[], InstanceRow]:
    """Lock the row; reads it, or raises `UnknownInstance`."""
    asked = QUERIES.ask(connection, "lock_instance", id=instance_id)
    return lambda: _instance(asked.row(), instance_id)


def ask_instance_of_item(connection: Connection, item_id: str) -> Callable[[], InstanceRow | None]:
    """Lock the instance of an open item; reads it, or None when the item is closed or never was."""
    asked = QUERIES.ask(connection, "lock_instance_of_item", item_id=item_id)

    def read() -> InstanceRow | None:
        row = asked.row()
        return _instance(row, item_id) if row else None

    return read


def ask_variables_of_item(connection: Connection, item_id: str) -> Callable[[], Variables]:
    """As `read_variables`, of the instance of an open item; to be asked after its lock."""
    asked = QUERIES.ask(connection, "variables_of_item", item_id=item_id)
    return lambda: _variables(connection, asked.rows())


def ask_variables(connection: Connection, instance_id: str) -> Callable[[], Variables]:
    """As `read_variables`; to be asked after the instance's lock."""
    asked = QUERIES.ask(connection, "variables", instance_id=instance_id)
    return lambda: _variables(connection, asked.rows())


def read_instance(connection: Connection, instance_id: str) -> InstanceRow:
    """Read the row without a lock, for looking. Raises `UnknownInstance`."""
    return _instance(QUERIES.row(connection, "read_instance", id=instance_id), instance_id)


def _instance(row: Row | None, instance_id: str) -> InstanceRow:
    if row is None:
        raise UnknownInstance(instance_id)
    row["state"] = bytes(row["state"])
    row["visits"] = Visits.read(row.pop("visits_json"))
    found = object.__new__(InstanceRow)  # its own way to begin sets twenty values one by one
    found.__dict__.update(row)
    return found


def read_context(text: str) -> dict[str, Any]:
    """The variables that were stored together as one FEEL context."""
    return cast(dict[str, Any], codec.loads(text))


def read_variables(connection: Connection, instance_id: str) -> Variables:
    """All variables of an instance by (scope id, name); long ones are read when somebody asks for them."""
    return ask_variables(connection, instance_id)()


def _variables(connection: Connection, rows: list[Row]) -> Variables:
    return {(row["scope_id"], row["name"]): stored_value(connection, row["value_text"]) for row in rows}


def insert_instance(
    connection: Connection, row: InstanceRow, execution: Execution, *, process_name: str
) -> Row:
    """Write a new instance's first row with its state; what was written. Variables follow with `save`."""
    written = written_of(row, execution)
    found_by = search_text(row.subject_name, row.matter, process_name)
    values: Row = {**row.__dict__, **written, "search_text": found_by}
    del values["visits"], values["followed"]
    insert_rows(connection, "instance", [values])
    return written


def written_of(row: InstanceRow, execution: Execution) -> Row:
    """The columns by which a step changes an instance's row, beside its version."""
    return {
        "status": row.status,
        "state": execution.dump(),
        "visits_json": row.visits.text(),
        "result_json": row.result_json,
        "audit_seq": row.audit_seq,
        "audit_head": row.audit_head,
        "ended_at": row.ended_at,
    }


def save(
    connection: Connection,
    row: InstanceRow,
    execution: Execution,
    *,
    written: Row | None = None,
    texts: Texts | None = None,
) -> None:
    """Write state and changed variables. Raises `Conflict` when the row has changed since it was read.

    `written` are the columns that this transaction has written already, `texts` the variables, where somebody
    has worked them out (`changed_texts`).
    """
    _save_variables(connection, row.id, changed_texts(execution) if texts is None else texts)
    changed = written_of(row, execution)
    if changed == written:
        return
    place = {"id": row.id, "lock_version": row.lock_version}
    if gathers(connection):
        QUERIES.expect(connection, "save_expected", Conflict(row.id), **place, **changed)
    elif QUERIES.run(connection, "save_instance", **place, **changed) != 1:
        raise Conflict(row.id)
    row.lock_version += 1


def changed_texts(execution: Execution) -> Texts:
    """What to store of the variables that differ from what was loaded; None for those that go."""
    changed = execution.changed_variables()
    return {place: None if value is DELETED else text_of(value) for place, value in changed.items()}


def _save_variables(connection: Connection, instance_id: str, texts: Texts) -> None:
    gone = [place for place, value in texts.items() if value is None]
    kept = {place: value for place, value in texts.items() if value is not None}
    insert_rows(
        connection,
        "variable",
        [
            {"instance_id": instance_id, "scope_id": scope, "name": name, "value_text": value}
            for (scope, name), value in kept.items()
        ],
        suffix="on conflict (instance_id, scope_id, name) do update set value_text = excluded.value_text",
    )
    _forget(connection, instance_id, gone, alive={scope for scope, _ in kept})


def _forget(
    connection: Connection, instance_id: str, gone: list[tuple[str, str]], *, alive: set[str]
) -> None:
    """A scope that ended goes as a whole; a single variable that was removed goes alone."""
    scopes = {scope for scope, _ in gone if scope and scope not in alive}
    for scope in sorted(scopes):
        QUERIES.send(connection, "forget_scope", instance_id=instance_id, scope_id=scope)
    for scope, name in gone:
        if scope not in scopes:
            QUERIES.send(connection, "forget_variable", instance_id=instance_id, scope_id=scope, name=name)
