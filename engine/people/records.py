"""Sessions for records inside a transaction that somebody else began."""

from sqlalchemy import Connection
from sqlmodel import Session


def records(connection: Connection) -> Session:
    """A session on `connection` that leaves committing, and savepoints around it, to whoever began them.

    Without this, a session inside a savepoint makes one of its own and takes its writes back when it closes.
    """
    if not connection.in_transaction():  # on SQLite nobody told SQLAlchemy of the one that is open
        connection.begin()
    return Session(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
