"""Time is a parameter: whatever asks the time asks a `Clock`.

Security (sessions, tokens, lock-outs) is the exception and always runs on `SystemClock`.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"
"""The assessor's zone unless it says otherwise: civil dates begin and end in it."""


class Clock(Protocol):
    """What tells the time. `now()` is aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class OffsetClock:
    """A clock that was set to `start` when it was made and runs on from there at the usual pace."""

    def __init__(self, start: datetime) -> None:
        self._offset = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset


class VirtualClock:
    """A clock that stands still until it is moved: for tests and for simulated years."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move on by `step`."""
        self._now += step

    def set(self, moment: datetime) -> None:
        """Move to `moment`; it must carry a zone."""
        self._now = moment.astimezone(UTC)


def today(clock: Clock, zone: str = ZONE) -> date:
    """The civil date on `clock` in `zone`."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str = ZONE) -> datetime:
    """The instant at which civil date `day` is over (24:00 in `zone`), in UTC."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
