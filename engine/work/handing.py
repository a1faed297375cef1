"""An open item goes to somebody else: where it lies, for whom it is meant, and what was drafted of it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries, Row
from engine.work import signers
from engine.work.placing import Place, tell

QUERIES = Queries(Path(__file__).with_name("handing.sql"))


def hand(
    connection: Connection, item_id: str, *, place: Place, meant: Row, sender: str, at: datetime
) -> None:
    """Lay an open item with `place`, as new from `sender`; drafts of whoever had it are left to the next."""
    lies = {"unit_id": place.unit_id, "post_key": place.post_key, "assignee_id": place.user_id}
    QUERIES.run(connection, "hand", id=item_id, from_name=sender, at=at, **lies, **meant)
    QUERIES.run(connection, "leave_drafts", item_id=item_id, at=at)
    signers.QUERIES.run(connection, "mean", item_id=item_id, **meant)
    if place.notice:
        row = QUERIES.row(connection, "item", id=item_id)
        assert row is not None  # it has just been changed
        tell(connection, row, place, kind="vacant", text=place.notice, at=at)
