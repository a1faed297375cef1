"""The disk is full, connections are cut, answers are lost: refused with a sentence, nothing half done, and
work goes on as soon as the database does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from engine.jobs import queue
from engine.runtime.background import running
from engine.runtime.checks.whole import faults_in
from engine.runtime.steps import finishing, rows
from engine.store import Database
from engine.store.lines import Line
from engine.store.sql import execute
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, service, user

TWO_STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
ON_POSTGRESQL = pytest.mark.parametrize("home", ["postgresql"], indirect=True)
KEY = {"Idempotency-Key": "once"}
TABLES = ("instance", "variable", "work_item", "work_event", "work_text", "audit_entry", "job", "idempotency")
LONG_OPINION = "情况属实。" * 700


def begun(world: World) -> str:
    world.deploy(planning=TWO_STEPS)
    return world.start()


def stored(world: World) -> dict[str, int]:
    return {table: int(world.scalar(f"select count(*) from {table}")) for table in TABLES}


def send(person: TestClient, world: World, *, opinion: str = "", **headers: str) -> Any:
    """Submit the one open item through REST."""
    item = world.scalar("select id from work_item") or world.scalar("select item_id from work_event")
    said = {"version": 1, "outcome": "submit", "opinion": opinion, "fields": {}}
    return person.post(f"/api/v1/work-items/{item}/complete", json=said, headers={**KEY, **headers})


def assert_whole(world: World) -> None:
    with world.engine.database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """SQLite may not grow; PostgreSQL answers as it does when it cannot extend a table."""
    if database.dialect == "postgresql":
        with database.write() as connection:
            connection.exec_driver_sql(
                "create function no_room() returns trigger language plpgsql as $$ begin "
                "raise exception 'could not extend file' using errcode = '53100'; end $$"
            )
            connection.exec_driver_sql(
                "create trigger no_room before insert on audit_entry for each row execute function no_room()"
            )
        yield
        with database.write() as connection:
            connection.exec_driver_sql("drop trigger no_room on audit_entry")
        return

    def bound(connection: Any, _entry: object) -> None:
        pages = connection.execute("pragma page_count").fetchone()[0]
        connection.execute(f"pragma max_page_count={pages}")

    database.close()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("vacuum")
    database.close()  # now no page lies free
    event.listen(database.engine, "connect", bound)
    yield
    event.remove(database.engine, "connect", bound)
    database.close()


def test_on_a_full_disk_an_act_is_refused_whole_and_done_when_there_is_room(
    world: World,
    browse: Browse,
) -> None:
    instance, person = begun(world), browse("ling")
    before = stored(world)
    with full_disk(world.engine.database):
        refused = send(person, world, opinion=LONG_OPINION)
        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        assert refused.json()["title"] == "服务器的存储空间已满，这一步没有完成。"
        assert stored(world) == before
        assert len(person.get("/api/v1/work-items").json()["items"]) == 1, "reading goes on"
    assert send(person, world, opinion=LONG_OPINION).status_code == 200
    assert world.said(instance) == [("complete", "fill", 1)]
    assert_whole(world)


def test_a_job_on_a_full_disk_stays_as_it_was(world: World) -> None:
    world.services["test.note"] = lambda _call: {"note": LONG_OPINION}
    world.deploy(planning=in_a_row(service("note", "test.note", retries=1), user("fill", "unit.liaison")))
    world.start(drain=False)
    before = stored(world)
    with full_disk(world.engine.database):
        with pytest.raises(Exception, match=r"full|could not extend"):
            world.engine.drain()
        assert stored(world) == before
        assert world.scalar("select attempts from job") == 0, "the disk is no fault of the job"
    world.engine.drain()
    assert world.item("ling").element_id == "fill"
    assert_whole(world)


@contextmanager
def cut_at(place: Any, name: str, times: int) -> Iterator[list[int]]:
    """The server ends this very connection, the first `times` times that the function has done its work."""
    plain: Callable[..., Any] = getattr(place, name)
    cuts: list[int] = []

    def done_then_cut(connection: Any, *args: Any, **named: Any) -> Any:
        given = plain(connection, *args, **named)
        if len(cuts) < times:
            cuts.append(1)
            execute(connection, "select pg_terminate_backend(pg_backend_pid())", []).fetchall()
        return given

    setattr(place, name, done_then_cut)
    try:
        yield cuts
    finally:
        setattr(place, name, plain)


@ON_POSTGRESQL
def test_an_act_whose_connection_is_cut_is_done_once_on_the_next(
    world: World,
    browse: Browse,
) -> None:
    instance, person = begun(world), browse("ling")
    with cut_at(finishing, "save", times=1) as cuts:
        assert send(person, world).status_code == 200
    assert len(cuts) == 1
    assert world.said(instance) == [("complete", "fill", 1)]
    assert_whole(world)


@ON_POSTGRESQL
def test_while_connections_are_cut_an_act_is_refused_whole(
    world: World,
    browse: Browse,
) -> None:
    instance, person = begun(world), browse("ling")
    before = stored(world)
    with cut_at(finishing, "save", times=9):
        refused = send(person, world)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["retry-after"] == "5"
    assert refused.json()["title"] == "数据库暂时连不上，这一步没有完成。"
    assert stored(world) == before
    assert send(person, world).status_code == 200
    assert world.said(instance) == [("complete", "fill", 1)]
    assert_whole(world)


@ON_POSTGRESQL
def test_all_connections_cut_at_rest_are_noticed_by_nobody(
    world: World,
    browse: Browse,
) -> None:
    begun(world)
    person = browse("ling")
    assert person.get("/api/v1/work-items").status_code == 200
    with psycopg.connect(libpq(world), autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid, 9000) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert person.get("/api/v1/work-items").status_code == 200
    assert send(person, world).status_code == 200
    assert_whole(world)


def libpq(world: World) -> str:
    url = world.engine.database.url.render_as_string(hide_password=False)
    return url.replace("+psycopg", "", 1)


@ON_POSTGRESQL
@pytest.mark.parametrize("key", ["once", ""])
def test_a_commit_whose_answer_is_lost_is_not_done_again(
    world: World,
    browse: Browse,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance, person = begun(world), browse("ling")
    lost: list[int] = []

    plain = Line.commit

    def committed_but_unheard(line: Line) -> None:
        plain(line)
        if not lost:
            lost.append(1)
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(Line, "commit", committed_but_unheard)
        answer = send(person, world, **{"Idempotency-Key": key})
    assert lost
    if key:
        assert (answer.status_code, answer.json()["outcome"]) == (200, "submit")
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "closed")
        assert answer.json()["title"] == "此任务已由张玲办理完毕，不能重复办理。"
    assert world.said(instance) == [("complete", "fill", 1)]
    assert_whole(world)


@ON_POSTGRESQL
def test_a_job_whose_connection_is_cut_keeps_its_attempts(world: World) -> None:
    world.services["test.note"] = lambda _call: {"note": "x"}
    world.deploy(planning=in_a_row(service("note", "test.note", retries=1), user("fill", "unit.liaison")))
    world.start(drain=False)
    with world.engine.database.read() as connection:
        job_id = queue.due(connection, limit=1)[0]
    with cut_at(finishing, "save", times=9), pytest.raises(Exception, match="connection"):
        running.run_job(world.engine.setup, job_id)
    assert world.scalar("select attempts from job") == 0
    assert running.run_job(world.engine.setup, job_id)
    assert world.item("ling").element_id == "fill"
    assert rows.save is finishing.save
    assert_whole(world)


@ON_SQLITE
def test_a_database_that_another_holds_too_long_is_away(
    world: World,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance, person = begun(world), browse("ling")
    world.engine.database.close()

    def impatient(connection: Any, _entry: object) -> None:
        connection.execute("pragma busy_timeout=1")

    event.listen(world.engine.database.engine, "connect", impatient)
    other = Database(str(world.engine.database.url))
    with other.write():
        refused = send(person, world)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert send(person, world).status_code == 200
    assert world.said(instance) == [("complete", "fill", 1)]
    other.close()
