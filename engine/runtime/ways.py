"""Ways out of the house: when each last took a letter, and when and why it last did not."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries

QUERIES = Queries(Path(__file__).with_name("ways.sql"))
MAIL = "mail"
"""All mail goes one way, whoever sends it."""


@dataclass(frozen=True)
class Way:
    """What is known of one way; `sent_at` and `failed_at` on the city's clock, None where there was none."""

    key: str
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    last_error: str = ""


def way_of(kind: str, channel: str) -> str:
    """The way that letters of a kind and channel go: `mail`, `webhook:dashboard`, `chat:wecom`."""
    return MAIL if kind == MAIL else f"{kind}:{channel}"


def took(connection: Connection, way: str, *, at: datetime) -> None:
    """Note that a letter was taken there."""
    QUERIES.send(connection, "took", way=way, at=at)


def refused(connection: Connection, way: str, *, at: datetime, why: str, recipient: str) -> None:
    """Note that a letter was not taken, and why; for whom it was is nobody else's business."""
    said = why.replace(recipient, "…") if recipient else why
    QUERIES.send(connection, "refused", way=way, at=at, why=said)


def ways(connection: Connection) -> dict[str, Way]:
    """The ways that were gone, by key."""
    rows = QUERIES.rows(connection, "all_ways")
    return {
        row["way"]: Way(row["way"], row["sent_at"], row["failed_at"], row["last_error"] or "") for row in rows
    }
