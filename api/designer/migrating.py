"""Moving instances to another version: the same for page and REST. Whoever may deploy may move."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from api.designer.deploying import require_for_definitions
from api.errors import Trouble
from api.house import House
from engine.bpmn.migration.differences import Difference, differences, suggested
from engine.people.persons import Person
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.migrating import bulk
from engine.runtime.migrating.background import queue_order
from engine.runtime.migrating.moving import Checked
from engine.runtime.migrating.noting import note_order
from engine.runtime.migrating.plan import Plan, PlanRefused, plan_of
from engine.runtime.setup import Actor
from engine.store import Row

MOST_CHECKED = 300
"""How many instances a page looks into before it is shown; all of them are looked into in the background."""
MOST_SHOWN = 100


@dataclass(frozen=True)
class Outlook:
    """What would become of the instances: at most `MOST_CHECKED` were looked into, of `running` ones."""

    plan: Plan
    running: int
    checked: list[Checked]
    differences: list[Difference]
    suggested: dict[str, str]

    @property
    def fitting(self) -> int:
        """How many fit."""
        return sum(one.state == "fits" for one in self.checked)

    @property
    def reasons(self) -> list[tuple[str, int, str]]:
        """Each sentence against it, how many instances it concerns, and one of them."""
        return _counted((f"{why.message}{why.hint}", one) for one in self.checked for why in one.obstacles)

    @property
    def remarks(self) -> list[tuple[str, int, str]]:
        """Each sentence about what changes, how many instances it concerns, and one of them."""
        return _counted((what.message, one) for one in self.checked for what in one.remarks)


@dataclass(frozen=True)
class Progress:
    """An order, how many instances are in which state, and what became of those that can be shown."""

    order: bulk.Order
    counts: dict[str, int]
    reasons: list[Row]
    rows: list[Row]

    @property
    def total(self) -> int:
        """How many instances the order has."""
        return sum(self.counts.values())


def _counted(found: Iterable[tuple[str, Checked]]) -> list[tuple[str, int, str]]:
    """Each sentence, how often it is said, and of which instance first."""
    sentences = list(found)
    counts = Counter(sentence for sentence, _ in sentences)
    examples = {sentence: one.instance_id for sentence, one in reversed(sentences)}
    return [(sentence, count, examples[sentence]) for sentence, count in counts.most_common()]


def read_plan(
    house: House, connection: Connection, key: str, *, old: int, new: int, mapping: Mapping[str, str]
) -> Plan:
    """The plan that is asked for. Raises Trouble(404), Trouble(422)."""
    try:
        return plan_of(connection, house.engine.definitions, key, old=old, new=new, mapping=mapping)
    except UnknownDefinition:
        raise Trouble(404, "not_found") from None
    except PlanRefused as refused:
        raise Trouble(422, "plan_refused", f"{refused.message}{refused.hint}") from None


def outlook(
    house: House, person: Person, key: str, *, old: int, new: int, mapping: Mapping[str, str]
) -> Outlook:
    """What would become of the instances of a version. Raises NotAllowed, Trouble."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        plan = read_plan(house, connection, key, old=old, new=new, mapping=mapping)
        rows = house.engine.definitions.versions(connection, "process", key)
    running = next(row["running"] for row in rows if row["number"] == old)
    checked = list(islice(bulk.examine(house.engine.setup, plan), MOST_CHECKED))
    drawn = (plan.old.drawn, plan.new.drawn)
    return Outlook(plan, running, checked, differences(*drawn), suggested(*drawn))


def give_order(
    house: House, person: Person, key: str, *, old: int, new: int, mapping: Mapping[str, str]
) -> str:
    """Order the move, note it, and let workers carry it out; the order's id. Raises NotAllowed, Trouble."""
    require_for_definitions(person, "deploy")
    by = Actor(person.id, person.name)
    with house.database.write() as connection:
        plan = read_plan(house, connection, key, old=old, new=new, mapping=mapping)
        order_id = bulk.give_order(house.engine.setup, connection, plan, by=by)
        order = bulk.read_order(house.engine.setup, connection, order_id)
        count = sum(bulk.counts(connection, order_id).values())
        note_order(connection, plan, by=by, at=house.security_clock.now(), count=count)
        queue_order(house.engine.setup, connection, order, by=by)
    return order_id


def look_at_all(
    house: House, person: Person, key: str, *, old: int, new: int, mapping: Mapping[str, str]
) -> str:
    """Let workers look into every instance of a version; the order's id. Raises NotAllowed, Trouble."""
    require_for_definitions(person, "deploy")
    by, setup = Actor(person.id, person.name), house.engine.setup
    with house.database.write() as connection:
        plan = read_plan(house, connection, key, old=old, new=new, mapping=mapping)
        order_id = bulk.give_order(setup, connection, plan, by=by, only_looks=True)
        queue_order(setup, connection, bulk.read_order(setup, connection, order_id), by=by)
    return order_id


def take_back(house: House, person: Person, order_id: str) -> bulk.Order:
    """Let workers undo an order; what has gone on since stays. Raises NotAllowed, Trouble(404)."""
    require_for_definitions(person, "deploy")
    by = Actor(person.id, person.name)
    with house.database.write() as connection:
        order = _order(house, connection, order_id)
        moved = bulk.counts(connection, order_id).get("moved", 0)
        at = house.security_clock.now()
        note_order(connection, order.plan, by=by, at=at, count=moved, back=True)
        queue_order(house.engine.setup, connection, order, by=by, back=True)
    return order


def progress(house: House, person: Person, order_id: str) -> Progress:
    """How far an order is. Raises NotAllowed, Trouble(404)."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        order = _order(house, connection, order_id)
        rows = bulk.settled(connection, order_id, limit=MOST_SHOWN)
        reasons = bulk.reasons(connection, order_id)
        return Progress(order, bulk.counts(connection, order_id), reasons, rows)


def orders(house: House, person: Person, key: str) -> list[Row]:
    """The orders about a process, newest first. Raises NotAllowed."""
    require_for_definitions(person, "deploy")
    with house.database.read() as connection:
        return bulk.orders(connection, key)


def _order(house: House, connection: Connection, order_id: str) -> bulk.Order:
    try:
        return bulk.read_order(house.engine.setup, connection, order_id)
    except bulk.UnknownOrder:
        raise Trouble(404, "not_found") from None
