"""What instances were told lies in the entries of their chains: a migration takes it along, both ways."""

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from engine.schema import metadata
from engine.store import Database
from engine.store.migrations import configuration
from processes.schema import PLACES

ENTRY = """
insert into audit_entry
  (chain_id, seq, cycle_id, recorded_at, actor, act, digest, previous, hash, algorithm, events_text,
  told_text)
values ('i1', :seq, 'y', '2018-03-01 01:00:00Z', 'engine', 'start', 'd', 'p', 'h', 'sha256', '', :told)
"""


def told(connection: Connection) -> list[object]:
    return list(connection.execute(text("select told_text from audit_entry order by seq")).scalars())


def test_what_was_told_goes_back_to_rows_of_its_own_and_comes_again(database: Database) -> None:
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("set local session_replication_role = replica"))  # no instance is needed
        else:
            connection.execute(text("pragma defer_foreign_keys = on"))
        for seq, words in ((1, '{"t":[]}'), (2, None)):
            connection.execute(text(ENTRY), {"seq": seq, "told": words})
        settings = configuration(connection, metadata, PLACES)
        command.downgrade(settings, "engine@0022_ways")
        rows = connection.execute(text("select instance_id, seq, told_text from step_record")).all()
        assert [tuple(row) for row in rows] == [("i1", 1, '{"t":[]}')]
        command.upgrade(settings, "heads")
        assert told(connection) == ['{"t":[]}', None]


def test_what_was_told_is_only_ever_erased_and_once(database: Database) -> None:
    erase = text("update audit_entry set told_text = '#d', erased_at = '2019-01-01 00:00:00Z' where seq = 1")
    with database.write() as connection:
        connection.execute(text(ENTRY), {"seq": 1, "told": '{"t":[]}'})
    with pytest.raises(DatabaseError, match="never changed"), database.write() as connection:
        connection.execute(text("update audit_entry set told_text = '{}' where seq = 1"))
    with database.write() as connection:
        connection.execute(erase)
    with pytest.raises(DatabaseError, match="never changed"), database.write() as connection:
        connection.execute(erase)
    with database.read() as connection:
        assert told(connection) == ["#d"]
