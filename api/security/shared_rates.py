"""How often one address may speak, counted by all servers of an installation together, on PostgreSQL.

What is stored is a digest, another one every hour, under a key that lies in the shared data folder and never
in the database. Rows are gone after an hour, in a table that is not logged. So neither the database nor its
backups tell who was here.
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from engine.clock import Clock, SystemClock
from engine.ids import new_id
from engine.store import Database, Queries

QUERIES = Queries(Path(__file__).with_suffix(".sql"))
KEY_FILE = "rates.key"
HOUR = timedelta(hours=1)


class SharedLimit:
    """At most `most` acts an hour for one address, whichever server it comes to."""

    def __init__(
        self, most: int, *, name: str, database: Database, folder: Path, clock: Clock | None = None
    ) -> None:
        self.most = most
        self._name = name
        self._database = database
        self._folder = folder
        self._clock = clock or SystemClock()

    def is_spent(self, address: str) -> bool:
        """Whether the next act would be refused; counts nothing."""
        now = self._clock.now()
        who = self._digests(address, now)
        with self._database.read() as connection:
            row = QUERIES.row(connection, "recent", since=now - HOUR, **who)
        return row is not None and int(row["acts"]) >= self.most

    def admits(self, address: str) -> bool:
        """Whether one more act is fine, and if so, count it."""
        now = self._clock.now()
        who = self._digests(address, now)
        since = now - HOUR
        with self._database.write() as connection:
            QUERIES.rows(connection, "one_at_a_time", who=who["who"])
            QUERIES.run(connection, "forget", since=since)
            row = QUERIES.row(connection, "recent", since=since, **who)
            fine = row is not None and int(row["acts"]) < self.most
            if fine:
                QUERIES.run(connection, "note", id=new_id(), who=who["who"], now=now)
        return fine

    def _digests(self, address: str, now: datetime) -> dict[str, str]:
        hour = int(now.timestamp() // HOUR.total_seconds())
        return {"who": self._digest(address, hour), "who_before": self._digest(address, hour - 1)}

    def _digest(self, address: str, hour: int) -> str:
        said = f"{self._name} {hour} {address}".encode()
        return blake2b(said, key=self._key, digest_size=16).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        """The installation's key; who comes first makes it, for all servers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / KEY_FILE
        fresh = self._folder / f"{KEY_FILE}.{new_id()}"
        if not place.exists():
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(32))
            with suppress(FileExistsError):
                place.hardlink_to(fresh)  # whole, and never over one that is there
            fresh.unlink()
        return place.read_bytes()
