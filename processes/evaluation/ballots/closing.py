"""Closing a box: every row is written anew, in shuffled order, so that neither place nor version tells
when it came; the ballots get new keys, and claims are wiped.

On PostgreSQL the tables are truncated and filled again: their old files, with every old row version, are
gone at the commit, and all rows are of one transaction. On SQLite the rows are written anew here; what is
left of the old ones in the file is taken out by `scrubbing`, after the commit.
"""

import random
from datetime import datetime

from sqlalchemy import Connection, Table, delete, insert, select, update

from processes.evaluation.ballots.boxes import ISSUED
from processes.evaluation.ballots.casting import BALLOTS, BOXES, SPENT, WORDS
from processes.evaluation.ballots.proofs import fresh_key
from processes.evaluation.ballots.scrubbing import scrub_later

KEYS = {"ballot": "key", "survey_opinion": "id"}
"""The tables whose rows get a new key, and its column."""
_SHUFFLE = random.SystemRandom().shuffle


def close_box(connection: Connection, box_id: str, *, at: datetime) -> None:
    """Take no more ballots, and break what order there was. A box that is closed stays as it is."""
    box = connection.execute(select(BOXES).where(BOXES.c.id == box_id).with_for_update()).one()
    if box.closed_at is not None:
        return
    connection.execute(update(BOXES).where(BOXES.c.id == box_id).values(closed_at=at))
    for table in (BALLOTS, WORDS, SPENT, ISSUED):
        _write_anew(connection, table, box_id)
    if connection.dialect.name == "sqlite":
        scrub_later(connection)
    else:
        connection.execute(update(BOXES).where(BOXES.c.id == box_id).values(scrubbed=True))


def _write_anew(connection: Connection, table: Table, box_id: str) -> None:
    whole = connection.dialect.name == "postgresql"
    if whole:
        connection.exec_driver_sql(f"lock table {table.name} in access exclusive mode")
    query = select(table) if whole else select(table).where(table.c.box_id == box_id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        if row["box_id"] == box_id:
            if table.name in KEYS:
                row[KEYS[table.name]] = fresh_key()
            if "claim" in row:
                row["claim"] = ""
    _SHUFFLE(rows)
    if whole:
        connection.exec_driver_sql(f"truncate table {table.name}")
    else:
        connection.execute(delete(table).where(table.c.box_id == box_id))
    if rows:
        connection.execute(insert(table), rows)
