"""What a step costs: statements and commits, counted at the driver."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from engine.store import Database, sql
from engine.store.lines import Line
from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work import history, inbox
from tests.engine.runtime.world import World, in_a_row, user

TWO_STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))


@contextmanager
def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that reaches the database, begin and commit included, on connections of its own."""
    seen: list[str] = []
    database.close()
    if database.dialect == "sqlite":

        def trace(connection: sqlite3.Connection, *_: Any) -> None:
            connection.set_trace_callback(seen.append)

        event.listen(database.engine, "checkout", trace)
        yield seen
        event.remove(database.engine, "checkout", trace)
        database.close()
        return
    cursor, line = psycopg.Cursor._convert_query, Line._put  # every statement comes by one of them

    def converted(self: Any, query: Any, *rest: Any, **named: Any) -> Any:
        seen.append(str(query))
        return cursor(self, query, *rest, **named)

    def put(self: Line, text: bytes, values: Any) -> Any:
        seen.append(text.decode())
        return line(self, text, values)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "_convert_query", converted)
        patch.setattr(Line, "_put", put)
        yield seen
    database.close()


MOST_OF_A_START = 7
"""The newest version, the unit's name, who holds the post; instance, audit, item, variables."""
MOST_OF_A_COMPLETION = 12
"""Lock, variables and item; words, history, item closed, who holds the post, item opened; open items, audit,
variables, state."""
MOST_WAITS_OF_A_START = 2
"""Times that PostgreSQL is waited for, BEGIN and COMMIT included: the unit with its posts, and the end."""
MOST_WAITS_OF_A_COMPLETION = 2
"""The beginning, with who holds the posts of the item's unit, and the end."""


def _own(seen: list[str]) -> list[str]:
    """The statements of the engine, without what SQLite's foreign keys do of themselves (told again)."""
    return [text for text, before in zip(seen, ["", *seen], strict=False) if text != before]


def test_a_start_and_a_completion_cost_no_more_statements_than_they_need_and_one_commit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(planning=TWO_STEPS)
    for _ in range(2):  # the first one reads the definitions
        with counted(world.engine.database, monkeypatch) as started:
            world.start(drain=False)
        item, person = world.inbox("ling")[0], world.person("ling")
        with counted(world.engine.database, monkeypatch) as seen:
            request = Request(version=item.lock_version, fields={"value": "49"}, opinion="已核对")
            act(world.engine, person, item.item_id, "complete", request)
    for texts, most in ((started, MOST_OF_A_START), (seen, MOST_OF_A_COMPLETION)):
        assert len([text for text in texts if text.upper().startswith("COMMIT")]) == 1
        assert len(_own(texts)) <= most + 2, "\n".join(_own(texts))  # begin and commit beside them


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_postgresql_is_waited_for_a_few_times_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deploy(planning=TWO_STEPS)
    waits: list[str] = []
    exchange = Line._exchange

    def counted_exchange(line: Line) -> None:
        waits.append("")
        exchange(line)

    for _ in range(2):
        item, person = None, world.person("ling")
        with monkeypatch.context() as patch:
            patch.setattr(Line, "_exchange", counted_exchange)
            waits.clear()
            world.start(drain=False)
            of_a_start = len(waits)
            item = world.inbox("ling")[0]
            waits.clear()
            request = Request(version=item.lock_version, fields={"value": "49"})
            act(world.engine, person, item.item_id, "complete", request)
    assert of_a_start <= MOST_WAITS_OF_A_START
    assert len(waits) <= MOST_WAITS_OF_A_COMPLETION


@pytest.mark.parametrize("how_many", [10, 10_000])
def test_the_inbox_costs_the_same_statements_however_much_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch, how_many: int
) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    _multiply(world, how_many - 1)
    person = world.person("ling")
    with world.engine.database.read() as connection, counted(world.engine.database, monkeypatch):
        pass
    with counted(world.engine.database, monkeypatch) as seen, world.engine.database.read() as connection:
        page = inbox.mine(connection, person, limit=50)
        counts = inbox.counts(connection, person)
    assert counts["mine"] == min(how_many, inbox.MOST_COUNTED)
    assert len(page.items) == min(how_many, 50)
    assert len([text for text in seen if text.lower().startswith("select")]) == 2


def _multiply(world: World, copies: int) -> None:
    """More rows like the one open item, without a process behind them."""
    from sqlalchemy import text

    with world.engine.database.write() as connection:
        row = connection.execute(text("select * from work_item")).mappings().one()
        names = [name for name in row if name not in ("id", "order_at")]
        marks = ", ".join(f":{name}" for name in names)
        statement = text(
            f"insert into work_item (id, order_at, {', '.join(names)}) "
            f"select :id, order_at, {marks} from work_item limit 1"
        )
        connection.execute(
            statement,
            [{**{n: row[n] for n in names}, "id": f"copy-{number:08d}"} for number in range(copies)],
        )


def test_the_inbox_reads_indexes_and_never_the_whole_table(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    _multiply(world, 5_000)
    database = world.engine.database
    person = world.person("kao")
    with database.read() as connection:
        plan = _plan_of_inbox(connection, person)
    assert "work_item_of_person" in plan
    assert "work_item_of_post" in plan
    assert "scan w\n" not in plan.lower() and "seq scan on work_item" not in plan.lower(), plan


def _plan_of_inbox(connection: Any, person: Any) -> str:
    """The database's own plan for the person's list."""

    plans: list[str] = []
    plain = sql.execute

    def explained(connection: Any, text: str, values: Any) -> Any:
        explain = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
        if connection.dialect.name == "postgresql":
            plain(connection, "analyze work_item", []).close()
        plans.extend(" ".join(str(part) for part in row) for row in plain(connection, explain + text, values))
        return plain(connection, text, values)

    sql.execute = explained
    try:
        inbox.mine(connection, person)
    finally:
        sql.execute = plain
    return "\n".join(plans) + "\n"


STOOD_IN = {"person_id": "p", "root_id": "r", "instance_id": "i", "instance_id2": "i", "element_id": "e"}
STOOD_IN |= {"version_id": "v", "names_before": '["e"]', "subject_unit_id": "u"}


def test_what_an_approval_asks_of_a_whole_year_is_answered_by_an_index_of_its_own(world: World) -> None:
    """The year's process is the root of all: the history of one root is the history of the year."""
    plans: list[str] = []
    with world.engine.database.read() as connection:
        text, order = history.QUERIES._prepared("stood_in_before", connection.dialect.name)  # type: ignore[arg-type]
        explain = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set local enable_seqscan = off")  # a table of no rows needs no index
        values = [STOOD_IN[name] for name in order]
        plans = [str(row) for row in sql.execute(connection, explain + text, values).fetchall()]
    assert "work_event_stood_in" in " ".join(plans)


def test_an_item_that_closes_finds_its_reminders_by_an_index(world: World) -> None:
    with world.engine.database.read() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set local enable_seqscan = off")
        explain = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
        rows = sql.execute(connection, explain + "delete from reminder where item_id = 'x'", []).fetchall()
    assert "reminder_of_item" in " ".join(str(row) for row in rows)
