"""How often one address may speak. In memory only, as a keyed digest; nothing is ever stored.

For the one server of a city on SQLite. Those on PostgreSQL count together: api.security.shared_rates.
"""

import secrets
import time
from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Protocol

HOUR = 3600.0


class Limit(Protocol):
    """At most so many acts an hour for one address."""

    def is_spent(self, address: str) -> bool:
        """Whether the next act would be refused; counts nothing."""

    def admits(self, address: str) -> bool:
        """Whether one more act is fine, and if so, count it."""


_MOST_ADDRESSES = 50_000


class HourlyLimit:
    """`Limit` within this process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._key = secrets.token_bytes(16)
        self._seen: OrderedDict[bytes, list[float]] = OrderedDict()
        self._lock = Lock()

    def is_spent(self, address: str) -> bool:
        """Whether the next act would be refused; counts nothing."""
        who = blake2b(address.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            now = time.monotonic()
            return sum(now - moment < HOUR for moment in self._seen.get(who, ())) >= self.most

    def admits(self, address: str, *, at: float | None = None) -> bool:
        """Whether one more act is fine, and if so, count it. `at` is monotonic seconds."""
        now = time.monotonic() if at is None else at
        who = blake2b(address.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            recent = [moment for moment in self._seen.pop(who, []) if now - moment < HOUR]
            fine = len(recent) < self.most
            if fine:
                recent.append(now)
            self._seen[who] = recent
            while len(self._seen) > _MOST_ADDRESSES:
                self._seen.popitem(last=False)
            return fine
