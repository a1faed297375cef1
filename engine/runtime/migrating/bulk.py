"""Orders: many instances moved one after the other, each in its own transaction, to be taken up again.

An order lists its instances when it is given; what became of each is written as it goes. An order that was
interrupted goes on with those that still wait.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
import structlog
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import Connection

from engine.ids import new_id
from engine.runtime.migrating.items import QUERIES
from engine.runtime.migrating.moving import Checked, check, move
from engine.runtime.migrating.plan import Plan
from engine.runtime.migrating.undoing import Stays, move_back
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.rows import Conflict
from engine.store import Row, insert_rows

log = structlog.get_logger(__name__)
BATCH = 200
TRIES = 3
RACES = (Conflict, DeadlockDetected, SerializationFailure)


@dataclass(frozen=True)
class Order:
    """An order as it was given; one that `only_looks` moves nothing."""

    id: str
    plan: Plan
    ordered_by_name: str
    ordered_at: datetime
    only_looks: bool = False


@dataclass(frozen=True)
class Settled:
    """What became of one instance: waiting, moved, refused, back, stays, fits; why, where there is one."""

    instance_id: str
    state: str
    reason: str = ""


class UnknownOrder(LookupError):
    """No such order."""


def examine(setup: Setup, plan: Plan, *, cycle_id: str = "") -> Iterator[Checked]:
    """What would become of every instance of the plan's old version, oldest first. Writes nothing."""
    after = ""
    while True:
        with setup.database.read() as connection:
            rows = QUERIES.rows(
                connection,
                "candidates",
                version_id=plan.old.version.id,
                after=after,
                cycle_id=cycle_id,
                cycle_id2=cycle_id,
                row_limit=BATCH,
            )
            found = [check(setup, connection, plan, row["id"]) for row in rows]
        yield from found
        if len(rows) < BATCH:
            return
        after = rows[-1]["id"]


def give_order(
    setup: Setup,
    connection: Connection,
    plan: Plan,
    *,
    by: Actor,
    cycle_id: str = "",
    instance_ids: Sequence[str] = (),
    only_looks: bool = False,
) -> str:
    """Order that instances of the old version (of a cycle, those named) be moved, or looked at; its id."""
    order_id = new_id()
    row: Row = {
        "id": order_id,
        "process_key": plan.process_key,
        "from_version_id": plan.old.version.id,
        "to_version_id": plan.new.version.id,
        "mapping_text": _text(plan.mapping),
        "ordered_by": by.person_id,
        "ordered_by_name": by.name,
        "ordered_at": setup.clock.now(),
        "only_looks": only_looks,
    }
    insert_rows(connection, "migration", [row])
    for instance_id in instance_ids:
        QUERIES.run(connection, "order_one", migration_id=order_id, instance_id=instance_id)
    if not instance_ids:
        place = {"cycle_id": cycle_id, "cycle_id2": cycle_id}
        version_id = plan.old.version.id
        QUERIES.run(connection, "order", migration_id=order_id, from_version_id=version_id, **place)
    return order_id


def unfinished(connection: Connection, plan: Plan) -> str | None:
    """An order for the same plan that was interrupted, if there is one."""
    row = QUERIES.row(
        connection,
        "unfinished",
        from_version_id=plan.old.version.id,
        to_version_id=plan.new.version.id,
        mapping_text=_text(plan.mapping),
    )
    return row["id"] if row else None


def read_order(setup: Setup, connection: Connection, order_id: str) -> Order:
    """An order by its id. Raises `UnknownOrder`."""
    row = QUERIES.row(connection, "migration", id=order_id)
    if row is None:
        raise UnknownOrder(order_id)
    definitions = setup.definitions
    plan = Plan(
        definitions.process(connection, row["from_version_id"]),
        definitions.process(connection, row["to_version_id"]),
        orjson.loads(row["mapping_text"]),
    )
    only_looks = bool(row["only_looks"])
    return Order(row["id"], plan, row["ordered_by_name"], row["ordered_at"], only_looks)


def counts(connection: Connection, order_id: str) -> dict[str, int]:
    """How many instances of an order are in which state."""
    rows = QUERIES.rows(connection, "counts", migration_id=order_id)
    return {row["state"]: int(row["count"]) for row in rows}


def orders(connection: Connection, process_key: str, *, limit: int = 20) -> list[Row]:
    """The orders about a process, newest first, with their numbers."""
    return QUERIES.rows(connection, "migrations", process_key=process_key, row_limit=limit)


def reasons(connection: Connection, order_id: str, *, limit: int = 100) -> list[Row]:
    """Why instances of an order stay where they are: each reason with its number, the largest first."""
    return QUERIES.rows(connection, "reasons", migration_id=order_id, row_limit=limit)


def settled(connection: Connection, order_id: str, *, limit: int = 200) -> list[Row]:
    """What became of the instances of an order: those refused first, at most `limit`."""
    return QUERIES.rows(connection, "settled", migration_id=order_id, row_limit=limit)


def carry_out(
    setup: Setup, order: Order, *, by: Actor, told: Callable[[Settled], None] = lambda _one: None
) -> None:
    """Move all that still wait, one after the other; `told` hears of each."""
    for instance_id in listed(setup, order.id, "waiting"):
        told(move_one(setup, order, instance_id, by=by))


def take_back(
    setup: Setup, order: Order, *, by: Actor, told: Callable[[Settled], None] = lambda _one: None
) -> None:
    """Undo an order: all that were moved and have not gone on since."""
    for instance_id in listed(setup, order.id, "moved"):
        told(move_one_back(setup, order, instance_id, by=by))


def listed(setup: Setup, order_id: str, state: str) -> Iterator[str]:
    """The instances of an order in a state, read in batches."""
    after = ""
    while True:
        with setup.database.read() as connection:
            rows = QUERIES.rows(
                connection, "waiting", migration_id=order_id, state=state, after=after, row_limit=BATCH
            )
        yield from (row["instance_id"] for row in rows)
        if len(rows) < BATCH:
            return
        after = rows[-1]["instance_id"]


def move_one(setup: Setup, order: Order, instance_id: str, *, by: Actor) -> Settled:
    """Move one instance of an order in a transaction of its own, and write what became of it."""
    return _safely(setup, order, instance_id, lambda one: move_within(setup, one, order, instance_id, by=by))


def move_one_back(setup: Setup, order: Order, instance_id: str, *, by: Actor) -> Settled:
    """Move one instance of an order back in a transaction of its own, and write what became of it."""
    return _safely(
        setup, order, instance_id, lambda one: back_within(setup, one, order, instance_id, by=by), back=True
    )


def move_within(
    setup: Setup, connection: Connection, order: Order, instance_id: str, *, by: Actor
) -> Settled:
    """`move_one` in the caller's transaction."""
    if order.only_looks:
        found = check(setup, connection, order.plan, instance_id)
        return settle(setup, connection, order, _seen(found))
    checked = move(setup, connection, order.plan, instance_id, migration_id=order.id, by=by)
    if checked.state == "moved":
        return Settled(instance_id, "moved")
    return settle(setup, connection, order, _seen(checked))


def _seen(checked: Checked) -> Settled:
    """What a look found: it fits, or why it does not; one that is there or over already fits by itself."""
    reason = " ".join(f"{one.message}{one.hint}" for one in checked.obstacles)
    return Settled(checked.instance_id, "refused" if checked.obstacles else "fits", reason)


def back_within(
    setup: Setup, connection: Connection, order: Order, instance_id: str, *, by: Actor
) -> Settled:
    """`move_one_back` in the caller's transaction."""
    try:
        move_back(setup, connection, order.plan, instance_id, migration_id=order.id, by=by)
    except Stays as reason:
        return settle(setup, connection, order, Settled(instance_id, "stays", str(reason)))
    return Settled(instance_id, "back")


def _safely(
    setup: Setup,
    order: Order,
    instance_id: str,
    run: Callable[[Connection], Settled],
    *,
    back: bool = False,
) -> Settled:
    """Once more after a lost race; what fails leaves the instance as it was, and is written down."""
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with setup.database.write() as connection:
                return run(connection)
        except RACES as race:
            failure: Exception = race
            if last:
                break
        except Exception as error:
            failure = error
            break
    log.error("instance not migrated", instance=instance_id, error=str(failure))
    with setup.database.write() as connection:
        return settle(setup, connection, order, failed(instance_id, failure, back=back))


def failed(instance_id: str, failure: Exception, *, back: bool) -> Settled:
    """What to write of an instance on which something unforeseen went wrong."""
    said = f"迁移时出错，实例没有改变：{str(failure) or type(failure).__name__}"
    return Settled(instance_id, "stays" if back else "refused", said)


def settle(setup: Setup, connection: Connection, order: Order, what: Settled) -> Settled:
    """Write what became of an instance that was not moved, or not moved back."""
    place = {"migration_id": order.id, "instance_id": what.instance_id}
    at, was = setup.clock.now(), "moved" if what.state == "stays" else "waiting"
    QUERIES.run(connection, "settle", **place, was=was, state=what.state, reason_text=what.reason, at=at)
    return what


def _text(mapping: Mapping[str, str]) -> str:
    return orjson.dumps(dict(mapping), option=orjson.OPT_SORT_KEYS).decode()
