"""procrastinate's own tables follow the installed version, from wherever a database stands."""

from collections.abc import Iterator

import pytest

from engine.ids import new_id
from engine.jobs.upgrading import UNRECORDED, is_upgraded, shipped, upgrade_procrastinate
from engine.store import Database
from tests.databases import administer, postgresql_url, require

SHAPE = """
select 'column', table_name || '.' || column_name || ' ' || data_type from information_schema.columns
where table_schema = 'public' and table_name like 'procrastinate_%'
  and table_name <> 'procrastinate_migration'
union all
select 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' from pg_proc p
where p.proname like 'procrastinate_%'
union all
select 'index', indexname from pg_indexes where tablename like 'procrastinate_%'
union all
select 'trigger', tgname from pg_trigger where tgname like 'procrastinate_%'
union all
select 'value', t.typname || '.' || e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid
order by 1, 2
"""
BEFORE_HEARTBEATS = "03.00.00_50_post_cancel_notification.sql"


@pytest.fixture
def blank() -> Iterator[Database]:
    """A PostgreSQL database without any table."""
    require("postgresql")
    name = f"blank_{new_id()}"
    administer(f'create database "{name}"')
    database = Database(postgresql_url(name))
    yield database
    database.close()
    administer(f'drop database "{name}" with (force)')


def shape(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(kind, what) for kind, what in connection.exec_driver_sql(SHAPE.replace("%", "%%"))]


def current(database: Database) -> bool:
    with database.read() as connection:
        return is_upgraded(connection)


def bring_to(database: Database, newest: str, *, recorded: bool) -> None:
    """The tables as an older procrastinate would have made them."""
    done = [name for name in shipped() if name <= newest]
    for name in done:
        with database.write() as connection:
            connection.connection.driver_connection.execute(shipped()[name].read_text("utf-8"))  # type: ignore[union-attr]
    if recorded:
        with database.write() as connection:
            connection.exec_driver_sql(
                "create table procrastinate_migration (name varchar(200) primary key, "
                "ran_at timestamptz not null default now())"
            )
            for name in done:
                connection.exec_driver_sql("insert into procrastinate_migration (name) values (%s)", (name,))


def test_an_older_queue_is_brought_to_what_a_new_database_has(blank: Database) -> None:
    bring_to(blank, BEFORE_HEARTBEATS, recorded=True)
    assert not current(blank)
    assert upgrade_procrastinate(blank) == [name for name in shipped() if name > BEFORE_HEARTBEATS]
    assert current(blank)
    upgraded = shape(blank)
    with blank.write() as connection:
        connection.exec_driver_sql("drop schema public cascade")
        connection.exec_driver_sql("create schema public")
    assert upgrade_procrastinate(blank) == []
    assert current(blank)
    assert upgraded == shape(blank)
    assert upgrade_procrastinate(blank) == []


def test_tables_from_before_anything_was_recorded_are_known_by_their_version(blank: Database) -> None:
    bring_to(blank, UNRECORDED, recorded=False)
    assert not current(blank)
    assert upgrade_procrastinate(blank) == [name for name in shipped() if name > UNRECORDED]
    assert current(blank)


def test_an_upgrade_that_stopped_goes_on_where_it_stopped(blank: Database) -> None:
    bring_to(blank, BEFORE_HEARTBEATS, recorded=True)
    heartbeat = next(name for name in shipped() if name > BEFORE_HEARTBEATS)
    with blank.write() as connection:  # something stands in the way of the next step but one
        connection.exec_driver_sql(
            "create function procrastinate_defer_jobs_v1() returns int language sql as 'select 1'"
        )
        connection.exec_driver_sql("create type procrastinate_job_to_defer_v1 as (nothing int)")
    with pytest.raises(Exception, match="procrastinate_job_to_defer_v1"):
        upgrade_procrastinate(blank)
    assert not current(blank)
    with blank.write() as connection:
        connection.exec_driver_sql("drop type procrastinate_job_to_defer_v1")
        connection.exec_driver_sql("drop function procrastinate_defer_jobs_v1()")
    ran = upgrade_procrastinate(blank)
    assert heartbeat not in ran
    assert current(blank)
