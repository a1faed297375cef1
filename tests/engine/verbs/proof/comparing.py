"""What the database holds after an act, against the paper; and what may never happen to it."""

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection

from engine.runtime.checks.whole import faults_in, steady
from engine.store.database import dialect_of
from engine.store.sql import execute
from tests.engine.runtime.world import World

from .blocks import DESKS
from .paper import Paper
from .pieces import Piece
from .places import Matter
from .waiting import Working

INSTANCES = """
select i.id, i.parent_id, i.child_index, i.status, f.element_id from instance i
left join fan_out f on f.id = i.fan_out_id where i.root_id = :root order by i.id
"""
ITEMS = """
select id, instance_id, element_id, round, meant_user_id, meant_post_key, assignee_id, returned_from, back_to,
  lock_version from work_item where root_id = :root
"""
EVENTS = "select * from work_event where root_id = :root order by id"
TEXTS = """
select t.id, t.content_text from work_text t join instance i on i.id = t.instance_id where i.root_id = :root
"""
STOPPED = """
select n.id, n.instance_id, n.element_id from incident n join instance i on i.id = n.instance_id
where i.root_id = :root and n.resolved_at is null
"""
TIMERS = """
select count(*) as many from timer t join instance i on i.id = t.instance_id where i.root_id = :root
"""
SEATS = """
select s.instance_id, w.element_id, s.meant_user_id, s.meant_post_key, s.kind, s.state, s.for_id, s.id
from signer s join (select distinct instance_id, wait_key, element_id from work_item where root_id = :root) w
  on w.instance_id = s.instance_id and w.wait_key = s.wait_key
where s.state <> 'gone'
order by s.place
"""
STRAY = """
select count(*) as many from work_item w where w.root_id = :root and not exists
  (select 1 from instance i where i.id = w.instance_id and i.status in ('running', 'suspended'))
"""
CLOSING = ("complete", "register_for", "return_to", "close", "remove_signer", "answer", "recall")
"""The verbs by which an item is gone for good."""
DESK_OF = {desk.partition(".")[2]: desk for desk in DESKS}


@dataclass
class Eyes:
    """Looks at all rows of one story; remembers the history and every item that it has seen."""

    world: World
    paper: Paper
    root: str
    names: Mapping[str, str]
    events: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    items: dict[tuple[str, str, int, str], Any] = field(default_factory=dict)
    stopped: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def row_of(self, piece: Piece) -> Any:
        """The row of an open item."""
        return self.items[self._key(piece)]

    def look(self) -> None:
        """Everything holds; raises AssertionError."""
        with self.world.engine.database.read() as connection:
            steady(connection)
            self._instances(connection)
            self._items(connection)
            self._counts(connection)
            self._history(connection)
            faults = list(faults_in(self.world.engine.setup, connection))
        assert faults == [], faults

    def _rows(self, connection: Connection, query: str) -> list[Any]:
        """Rows as the driver gives them: nothing is made of what is only compared."""
        mark = "?" if dialect_of(connection) == "sqlite" else "%s"
        cursor = execute(connection, query.replace(":root", mark), [self.root] * query.count(":root"))
        row = _shape(tuple(column[0] for column in cursor.description))
        return [row(*values) for values in cursor.fetchall()]

    def _instances(self, connection: Connection) -> None:
        rows = self._rows(connection, INSTANCES)
        status = "running" if self.paper.rested_since is None else "suspended"
        living = {row.id: row for row in rows if row.status in ("running", "suspended")}
        known = set()
        for matter in self.paper.matters():
            matter.id = matter.id or self._new(matter, living)
            assert matter.id in living, ("this instance should live", _place(matter))
            _same("status", living[matter.id].status, status)
            known.add(matter.id)
        assert known == set(living), ("these should have ended", set(living) - known)
        if self.paper.root.over:
            found = next(row.status for row in rows if row.id == self.root)
            _same("status", found, self.paper.root.status)

    def _new(self, matter: Matter, living: Mapping[str, Any]) -> str:
        if matter.caller is None:
            return self.root
        taken = {other.id for other in self.paper.matters()}
        caller = matter.caller
        for row in living.values():
            place = (row.parent_id, row.element_id, row.child_index)
            if row.id not in taken and place == (caller.matter.id, caller.block.name, matter.index):
                return str(row.id)
        raise AssertionError(("this child was never made", _place(matter)))

    def _key(self, piece: Piece) -> tuple[str, str, int, str]:
        step = piece.step
        return step.matter.id, step.block.name, step.round, piece.meant

    def _items(self, connection: Connection) -> None:
        rows = self._rows(connection, ITEMS)
        found = {}
        for row in rows:
            found[row.instance_id, row.element_id, row.round, self._meant(row)] = row
        assert len(found) == len(rows), ("doubled", rows)
        lies = {key: self.names.get(row.assignee_id) for key, row in found.items()}
        _same("items", lies, {self._key(piece): piece.holder for piece in self.paper.pieces()})
        came = {key: (row.returned_from or "", row.back_to or "") for key, row in found.items()}
        said = {self._key(one): (one.step.came_back, one.step.back_to) for one in self.paper.pieces()}
        _same("returned from, back to", came, said)
        self.items = found
        for piece in self.paper.pieces():
            piece.dirty = False

    def _counts(self, connection: Connection) -> None:
        """The same numbers once more, counted by the database alone."""
        _same("stray items", self._rows(connection, STRAY)[0].many, 0)
        _same("timers", self._rows(connection, TIMERS)[0].many, len(self.paper.timers()))
        self._seats(connection)
        works = (leaf for leaf in self.paper.leaves() if isinstance(leaf, Working) and leaf.stopped)
        self.stopped = {(row.instance_id, row.element_id): row.id for row in self._rows(connection, STOPPED)}
        _same("incidents", set(self.stopped), {(work.matter.id, work.block.name) for work in works})

    def _seats(self, connection: Connection) -> None:
        """Everybody who signs or was asked, in order: how they came, for whom, and whose turn it is."""
        found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        rows = self._rows(connection, SEATS)
        names = {row.id: self._meant(row) for row in rows}
        for row in rows:
            seat = (names[row.id], row.kind, row.state, names.get(row.for_id, ""))
            found.setdefault((row.instance_id, row.element_id), []).append(seat)
        expected = {}
        for step in self.paper.steps():
            if step.ballot.seated:
                seats = step.ballot.seats
                expected[step.matter.id, step.block.name] = [
                    (one.name, one.kind, one.state, one.owner.name if one.owner in seats else "")
                    for one in seats
                ]
        _same("seats", found, expected)

    def _meant(self, row: Any) -> str:
        return self.names[row.meant_user_id] if row.meant_user_id else DESK_OF[row.meant_post_key]

    def _history(self, connection: Connection) -> None:
        rows = self._rows(connection, EVENTS)
        now = {row.id: tuple(row) for row in rows}
        for identity, before in self.events.items():
            assert now.get(identity) == before, ("history was changed", before, now.get(identity))
        self.events = now
        self._texts(connection)
        did: dict[str, list[Any]] = {}
        for row in rows:
            if row.person_id is not None:
                said = (row.verb, row.element_id, str(row.round), row.outcome, self.names[row.person_id])
                did.setdefault(row.instance_id, []).append(said)
        for matter in self.paper.matters() + ([self.paper.root] if self.paper.root.over else []):
            found = did.get(matter.id, [])
            assert _alike(matter.did, found), f"history: found {found}, expected {matter.did}"
        gone = self.seen - {row.id for row in self.items.values()}
        told = {row.item_id for row in rows if row.verb in CLOSING}
        assert gone <= told, ("nobody said what became of these items", gone - told)
        self.seen |= {row.id for row in self.items.values()}
        self._superseded(rows)

    def _texts(self, connection: Connection) -> None:
        texts = {row.id: row.content_text for row in self._rows(connection, TEXTS)}
        assert self.texts.items() <= texts.items(), "words were changed"
        self.texts = texts

    def _superseded(self, rows: list[Any]) -> None:
        """Where a step is open anew, what was decided there before does not count any more."""
        settled = {row.supersedes_id for row in rows}
        for step in self.paper.steps():
            before = [
                row
                for row in rows
                if row.verb in ("complete", "register_for")
                and (row.instance_id, row.element_id) == (step.matter.id, step.block.name)
                and row.round < step.round
                and not step.aside
            ]
            left = [row for row in before if row.id not in settled]
            assert left == [], ("earlier opinions still count", step.block.name, left)


@cache
def _shape(names: tuple[str, ...]) -> Any:
    return namedtuple("Seen", names)


def _same(what: str, found: object, expected: object) -> None:
    assert found == expected, f"{what}: found {found}, expected {expected}"


def _alike(said: list[tuple[str, ...]], found: list[Any]) -> bool:
    """The same acts in the same order; "" on paper is what the paper does not keep."""
    pairs = list(zip(said, found, strict=False))
    return len(said) == len(found) and all(
        all(mine in ("", theirs) for mine, theirs in zip(one, other, strict=True)) for one, other in pairs
    )


def _place(matter: Matter) -> str:
    return f"{matter.caller.block.name}[{matter.index}]" if matter.caller else "root"
