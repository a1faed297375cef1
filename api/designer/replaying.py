"""回放: what was recorded, played on another version before it is deployed; the same for page and REST.

Whoever may deploy may replay, as they may move instances. The data that decided an instance's way is shown
to who may see that instance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection

from api.designer.deploying import content_of, findings_of, require_for_definitions
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from engine.bpmn.findings import Refused, errors
from engine.people.persons import Person
from engine.runtime.replaying import orders
from engine.runtime.replaying.orders import Order, Wanted
from engine.runtime.replaying.replay import target_files
from engine.runtime.setup import Actor
from engine.store import Row
from engine.work.history import may_see

MOST_SHOWN = 100


@dataclass(frozen=True)
class Parted:
    """An instance that would not go the same way. `seen` is the data that decided it, where `visible`."""

    instance_id: str
    subject: str
    matter: str
    status: str
    version: int
    state: str
    reason: str
    visible: bool
    seen: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """An order, how many instances are in which state, and what differs: the ways, then whom and when."""

    order: Order
    counts: dict[str, int]
    reasons: list[Row]
    changes: list[Row]
    parted: list[Parted]

    @property
    def total(self) -> int:
        """How many instances the order has."""
        return sum(self.counts.values())

    @property
    def played(self) -> int:
        """How many have been played."""
        return self.total - self.counts.get("waiting", 0)


def replay_files(
    house: House,
    person: Person,
    key: str,
    files: Mapping[str, str],
    *,
    mapping: Mapping[str, str] | None = None,
    cycle_id: str = "",
) -> str:
    """Replay on files that need not be deployed; the order's id.

    Raises NotAllowed, Trouble(404), Trouble(422), and `Refused` for files that could not be deployed.
    """
    require_for_definitions(person, "deploy")
    content = content_of(files)
    findings = findings_of(house, content)
    if errors(findings):
        raise Refused(findings)
    try:
        label = target_files(content, key).label
    except LookupError:
        said = _("给出的文件里没有流程 {key}。").format(key=key)
        raise Trouble(422, "malformed", said) from None
    return _order(house, person, Wanted(key, label, files=content, mapping=mapping, cycle_id=cycle_id))


def replay_version(
    house: House,
    person: Person,
    key: str,
    number: int,
    *,
    mapping: Mapping[str, str] | None = None,
    cycle_id: str = "",
) -> str:
    """Replay on a deployed version; the order's id. Raises NotAllowed, Trouble(404), Trouble(422)."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        rows = _versions(house, connection, key)
    found = next((row for row in rows if row["number"] == number), None)
    if found is None:
        raise Trouble(422, "malformed", _("没有第 {n} 版。").format(n=number))
    label = f"第 {number} 版"
    wanted = Wanted(key, label, version_id=found["id"], mapping=mapping, cycle_id=cycle_id)
    return _order(house, person, wanted)


def _order(house: House, person: Person, wanted: Wanted) -> str:
    with house.database.write() as connection:
        _versions(house, connection, wanted.process_key)
        by = Actor(person.id, person.name)
        return orders.give_order(house.engine.setup, connection, wanted, by=by)


def _versions(house: House, connection: Connection, key: str) -> list[Row]:
    rows = house.engine.definitions.versions(connection, "process", key)
    if not rows:
        raise Trouble(404, "not_found")
    return rows


def versions_and_orders(house: House, person: Person, key: str) -> tuple[list[Row], list[Row]]:
    """The versions of a process and the replays on it, newest first. Raises NotAllowed, Trouble(404)."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        return _versions(house, connection, key), orders.orders(connection, key)


def outcome(house: House, person: Person, order_id: str) -> Outcome:
    """How far a replay is and what it found. Raises NotAllowed, Trouble(404)."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        try:
            order = orders.read_order(connection, order_id)
        except orders.UnknownReplay:
            raise Trouble(404, "not_found") from None
        rows = orders.parted(connection, order_id, limit=MOST_SHOWN)
        return Outcome(
            order,
            orders.counts(connection, order_id),
            orders.reasons(connection, order_id),
            orders.changes(connection, order_id),
            [_parted(connection, person, row) for row in rows],
        )


def _parted(connection: Connection, person: Person, row: Row) -> Parted:
    visible = may_see(connection, person, row["instance_id"])
    return Parted(
        row["instance_id"],
        row["subject_name"],
        row["matter"],
        row["status"],
        row["number"],
        row["state"],
        row["reason_text"],
        visible,
        orjson.loads(row["seen_text"]) if visible else [],
    )
