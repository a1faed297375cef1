"""What an instance has called, a page at a time: a fan-out may have ten thousand children."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from api.errors import Trouble
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("children.sql"))
RUNNING = "running"


@dataclass(frozen=True)
class Children:
    """Some of them, those still running first, and the cursor of those after them (None at the end)."""

    rows: list[Row]
    next: str | None


def children_of(connection: Connection, instance_id: str, *, after: str = "", limit: int = 100) -> Children:
    """The instances called by this one; how many items are open in each. Two statements of `limit` rows.

    Raises Trouble(422) for a cursor that was never given. A child that ends between two pages may be told
    twice, none is left out.
    """
    status, index, last = _read(after)
    place = {"instance_id": instance_id, "child_index": index, "id": last}
    rows = (
        QUERIES.rows(connection, "running", **place, row_limit=limit + 1) if status in ("", RUNNING) else []
    )
    if len(rows) <= limit:
        over = place if status not in ("", RUNNING) else {**place, "child_index": -1, "id": ""}
        status = "" if status == RUNNING else status
        rows += QUERIES.rows(connection, "over", **over, status=status, row_limit=limit + 1 - len(rows))
    shown = rows[:limit]
    return Children(shown, _cursor(shown[-1]) if len(rows) > limit else None)


def _cursor(row: Row) -> str:
    return f"{row['status']}.{row['child_index']}.{row['id']}"


def _read(cursor: str) -> tuple[str, int, str]:
    if not cursor:
        return "", -1, ""
    status, _, rest = cursor.partition(".")
    index, _, last = rest.partition(".")
    if not (status and last and index.isdecimal() and len(index) < 10):
        raise Trouble(422, "bad_cursor", "after 不是本列表给出的游标。")
    return status, int(index), last
