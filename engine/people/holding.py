"""Of two who change the same account or unit at once, one waits: nobody writes over what was not read."""

from sqlalchemy import Connection, select
from sqlmodel import col

from engine.people.tables import Unit, UserAccount


def hold(connection: Connection, of: type[UserAccount] | type[Unit], row_id: str) -> None:
    """Keep others from changing what belongs to an account or unit until the transaction ends."""
    row = select(col(of.id)).where(col(of.id) == row_id)
    connection.execute(row.with_for_update(key_share=True))  # SQLite has one writer anyway
