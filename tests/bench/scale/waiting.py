"""Very many timers and messages that wait: finding what is due, delivering one."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from engine.ids import new_id
from engine.runtime.events import clockwork
from engine.runtime.events.messages import NewMessage
from tests.bench.scale.figures import Cost, Figure, cost_of, middle
from tests.bench.scale.town import Town
from tests.engine.runtime.world import in_a_row, user

MANY = 100_000
TRIES = 100

TIMER = (
    '<bpmn:intermediateCatchEvent id="wait" name="等待"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
MESSAGE = (
    '<bpmn:intermediateCatchEvent id="wait" name="等待">'
    '<bpmn:messageEventDefinition id="m" messageRef="assigned" /></bpmn:intermediateCatchEvent>'
)
ROOT = (
    '<bpmn:message id="assigned" name="assigned"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
)
NUMBERS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})"


def timers(town: Town) -> Iterator[Figure]:
    """Timers that wait, then all of them due at once."""
    count = town.size(MANY)
    town.world.deploy(planning=in_a_row(TIMER, user("fill", "unit.liaison")))
    _copy(town, town.world.start(), count, {"timer": {}})
    setup, clock = town.world.engine.setup, town.world.clock

    def look() -> None:
        with town.database.read() as connection:
            clockwork.ask_due(setup, connection)()

    quiet = middle(cost_of(look) for _ in range(TRIES))
    yield Figure(f"finding that none of {count:,} timers is due", 1000 * quiet.wall, "ms", 5)
    with town.database.write() as connection:
        moment = clock.now() + timedelta(days=1)
        some = "update timer set due_at = :at where id in (select id from timer order by id desc limit 10)"
        connection.execute(
            text(some), {"at": moment if town.database.dialect != "sqlite" else _stored(moment)}
        )
    clock.advance(timedelta(days=2))
    found = cost_of(look)
    yield Figure(f"finding the 10 of {count:,} timers that are due", 1000 * found.wall, "ms", 5)
    one = cost_of(lambda: clockwork.tick(setup))
    yield Figure("queueing them", 1000 * one.wall, "ms", 5)
    assert town.rows("select count(*) as n from job")[0]["n"] == 10
    yield from _stampede(town, count)


def _stampede(town: Town, count: int) -> Iterator[Figure]:
    """All due at once: what a turn of the engine costs, and how long it keeps others from writing."""
    town.world.clock.advance(timedelta(days=60))
    town.database.held.clear()
    turns = [cost_of(town.world.engine.run_due) for _ in range(5)]
    told = f"longest transaction of {len(turns)} turns with {count:,} due"
    yield Figure("all timers due at once: the longest transaction", max(town.database.held), "s", 0.5, told)
    yield Figure("a turn then", max(turn.wall for turn in turns), "s", None)
    waiting = town.rows("select count(*) as n from job")[0]["n"]
    yield Figure("jobs that lie in the queue then", waiting, "", 400, "no more are queued than are soon run")


def messages(town: Town) -> Iterator[Figure]:
    """Receivers that wait and messages that wait; one is published and delivered."""
    count = town.size(MANY)
    town.world.deploy(planning=in_a_row(MESSAGE, user("fill", "unit.liaison"), root=ROOT))
    _copy(town, town.world.start(), count, {"subscription": {"correlation_key": "'key' || n.i"}})
    _buffer(town, count)
    town.settle()
    published, delivered, told = [], [], []
    for number in range(1, TRIES + 1):
        message = NewMessage(
            town.world.cycle.id, "assigned", f"key{number * 7}", f"told{number}", {"value": "1"}
        )
        published.append(_publish(town, message))
        delivered.append(cost_of(town.world.engine.run_due))
        told.append(cost_of(town.world.engine.drain))
    assert town.rows("select count(*) as n from work_item")[0]["n"] == TRIES
    wait = f"{count:,} receivers and {count:,} messages wait"
    yield Figure("publishing one message", 1000 * middle(published).wall, "ms", 5, wait)
    whole = middle(delivered)
    yield Figure("delivering one message, CPU", 1000 * whole.cpu, "ms", 5, "with the step that it begins")
    yield Figure("delivering one message", 1000 * whole.wall, "ms", 5, "with the step that it begins")
    yield Figure("telling whose task that is", 1000 * middle(told).wall, "ms", None)
    begun = [cost_of(lambda: _subscriber(town, number)) for number in range(TRIES)]  # noqa: B023
    yield Figure(
        "a new receiver finds its message", 1000 * middle(begun).cpu, "ms", 5, "start and delivery, CPU"
    )


def _publish(town: Town, message: NewMessage) -> Cost:
    def publish() -> None:
        with town.database.write() as connection:
            town.world.engine.publish(connection, message)

    return cost_of(publish)


def _subscriber(town: Town, number: int) -> None:
    town.world.start(unit={**town.world.unit("U1"), "code": f"late{number + 1}"})


def _buffer(town: Town, count: int) -> None:
    expires = town.world.clock.now() + timedelta(days=300)
    sql = (
        "insert into message (id, cycle_id, name, correlation_key, message_id, variables_text, published_at, "
        f"expires_at) {NUMBERS.format(count=count)} select 'kept' || i, :cycle, 'assigned', 'late' || i, "
        "'kept' || i, '{}', :at, :expires from n"
    )
    given = {"at": town.world.clock.now(), "expires": expires}
    if town.database.dialect == "sqlite":
        given = {name: _stored(value) for name, value in given.items()}  # type: ignore[misc]
    with town.database.write() as connection:
        connection.execute(text(sql), {"cycle": town.world.cycle.id, **given})


def _copy(town: Town, instance: str, count: int, waits: dict[str, dict[str, str]]) -> None:
    """`count` more instances that wait as this one does."""
    mark = new_id()[:8]
    changed = {"instance": {"id": f"'{mark}' || n.i", "root_id": f"'{mark}' || n.i"}, "variable": {}, **waits}
    for table, changes in changed.items():
        given = {"instance_id": f"'{mark}' || n.i", "id": f"'{mark}' || n.i"} | changes
        with town.database.write() as connection:
            found = connection.execute(text(f"select * from {table} where 1 = 0"))
            names = list(found.keys())
            values = ", ".join(given.get(name, f"c.{name}") for name in names)
            whose = "c.id" if table == "instance" else "c.instance_id"
            connection.execute(
                text(
                    f"insert into {table} ({', '.join(names)}) {NUMBERS.format(count=count)} "
                    f"select {values} from {table} c cross join n where {whose} = :instance"
                ),
                {"instance": instance},
            )
    town.settle()


def _stored(moment: object) -> str:
    from engine.store.types import instant_text

    return instant_text(moment)  # type: ignore[arg-type]
