"""What one machine does at a time: a lock that ends with its transaction, so that none is left behind."""

from sqlalchemy import Connection

from engine.store.sql import execute


def one_at_a_time(connection: Connection, what: str) -> None:
    """Wait until no other transaction does `what`, and keep it from others until this one ends.

    On SQLite a transaction that writes is the only one anyway. The lock is the transaction's, not the
    connection's, so it holds behind a transaction pool too.
    """
    if connection.dialect.name == "postgresql":
        execute(connection, "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [what]).close()
