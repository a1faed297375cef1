"""The year: the engine does what is due, people do what lies before them, the clock jumps to what is next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from processes.simulation.desk import Desk, OpenItem
from processes.simulation.pace import sits_down
from processes.simulation.working import GivenUp, Workers

Plan = Callable[[datetime, str, Callable[[], None]], None]
"""Lets something happen later: when, its name, and what."""
HORIZON = timedelta(days=365)
"""So long after the year's last day the clock goes on; what is open then is stuck."""


@dataclass(frozen=True)
class Event:
    """Something that happens outside the desks: citizens speak, the office starts something."""

    at: datetime
    name: str
    do: Callable[[], None]


@dataclass
class Year:
    """One virtual year of a city. `told` hears of every act (for a progress bar)."""

    engine: Engine
    clock: VirtualClock
    desk: Desk
    workers: Workers
    told: Callable[[datetime, int], None] = lambda _at, _acts: None
    listen: Callable[[], None] = lambda: None
    """What citizens look at whenever the clock has moved."""
    events: list[Event] = field(default_factory=list)
    _planned: dict[str, datetime] = field(default_factory=dict)

    def plan(self, at: datetime, name: str, do: Callable[[], None]) -> None:
        """Let something happen later; at once when its time is over."""
        self.events.append(Event(at, name, do))

    def run(self) -> None:
        """Work until nobody has anything to do any more, or the horizon is reached."""
        end = datetime(self.desk.city.year + 1, 1, 1, tzinfo=UTC) + HORIZON
        while True:
            self.engine.drain()
            if self._happen():
                continue
            waiting = self._waiting()
            due = [item for item in waiting if self._planned[item.id] <= self.clock.now()]
            for item in due:
                self.workers.do(item)
            self.told(self.clock.now(), sum(self.workers.acts.values()))
            if due:
                continue
            coming = self._next(waiting)
            if coming is None or coming > end:
                return
            self.clock.set(coming)
            self.listen()

    def _happen(self) -> bool:
        """Let the events happen whose time has come, in order of time and name."""
        due = sorted(
            (one for one in self.events if one.at <= self.clock.now()), key=lambda one: (one.at, one.name)
        )
        self.events = [one for one in self.events if one.at > self.clock.now()]
        for one in due:
            try:
                one.do()
            except Exception as fault:  # a stage's own fault must not end everybody's year: it is told
                reason = f"程序出错：{type(fault).__name__}: {fault}"
                self.workers.given_up[one.name] = GivenUp(one.name, "", reason)
        return bool(due)

    def _waiting(self) -> list[OpenItem]:
        with self.engine.database.read() as connection:
            items = self.desk.items(connection)
        open_now = [item for item in items if item.id not in self.workers.given_up]
        for item in open_now:
            if item.id not in self._planned:
                self._planned[item.id] = sits_down(item, self.desk.city, self.workers.chance)
        return open_now

    def _next(self, waiting: list[OpenItem]) -> datetime | None:
        with self.engine.database.read() as connection:
            alarm = self.desk.next_alarm(connection)
        moments = [self._planned[item.id] for item in waiting]
        moments += [one.at for one in self.events]
        if alarm is not None:
            moments.append(alarm)
        return min(moments, default=None)
