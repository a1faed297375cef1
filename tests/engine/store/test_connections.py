"""Connections stay open between transactions, and nothing of one transaction reaches the next."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, event, text

from engine.store import Database


def _driver(connection: Connection) -> object:
    return connection.connection.driver_connection


def test_the_next_transaction_has_the_last_ones_connection_as_if_it_were_new(database: Database) -> None:
    with database.write() as first:
        driver = _driver(first)
        first.execute(text("create table thing (name varchar(10))"))
    with pytest.raises(RuntimeError), database.write() as failed:
        assert _driver(failed) is driver
        failed.execute(text("insert into thing values ('a')"))
        raise RuntimeError
    with database.read() as after:
        assert _driver(after) is driver
        assert after.execute(text("select name from thing")).all() == []


def test_what_is_remembered_with_a_connection_is_seen_to_when_its_transaction_is_over(
    database: Database,
) -> None:
    """Emptying SQLite's log after a ballot waits for this moment."""
    seen: list[object] = []
    event.listen(database.engine, "checkin", lambda _raw, entry: seen.append(entry.info.pop("mark", None)))
    with database.write():
        pass
    assert seen == []
    with database.write() as connection:
        connection.info["mark"] = "here"
    assert seen == ["here"]


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_has_cut_is_replaced(database: Database) -> None:
    with database.write() as first, database.write() as second:
        cut = first.execute(text("select pg_backend_pid()")).scalar_one()
        assert second.execute(text("select pg_backend_pid()")).scalar_one() != cut
        second.commit()
    other = Database(database.url.render_as_string(hide_password=False))
    with other.write() as connection:
        ended = text("select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid = :cut")
        assert connection.execute(ended, {"cut": cut}).scalar_one()
    other.close()
    for _ in range(3):
        with database.read() as connection:
            assert connection.execute(text("select pg_backend_pid()")).scalar_one() != cut


def test_more_threads_than_connections_take_turns(database: Database) -> None:
    few = Database(database.url.render_as_string(hide_password=False), pool_size=1)

    def asked(number: int) -> int:
        with few.read() as connection:
            return int(connection.execute(text("select 0 + :number"), {"number": number}).scalar_one())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(asked, range(40))) == list(range(40))
    few.close()
