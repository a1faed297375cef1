"""What every request may use: settings, the engine and its database. One object a running server."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from starlette.requests import Request

from api.settings import Settings
from engine.clock import Clock, SystemClock, today
from engine.people.passwords import PasswordRules, Passwords
from engine.people.sessions import SessionRules
from engine.runtime.engine import Engine
from engine.store import Database


@dataclass(frozen=True)
class House:
    """The parts of one running server. `security_clock` is the machine's own but in tests."""

    settings: Settings
    engine: Engine
    passwords: Passwords
    session_rules: SessionRules
    security_clock: Clock = field(default_factory=SystemClock)

    @property
    def database(self) -> Database:
        """Where everything is stored."""
        return self.engine.database

    @property
    def today(self) -> date:
        """The civil date on the clock of business."""
        return today(self.engine.clock)


def make_house(settings: Settings, engine: Engine, *, security_clock: Clock | None = None) -> House:
    """The House of `settings` around `engine`."""
    hours = timedelta(hours=settings.session_hours)
    return House(
        settings=settings,
        engine=engine,
        passwords=Passwords(password_rules(settings)),
        session_rules=SessionRules(idle=hours, longest=max(hours, timedelta(days=7))),
        security_clock=security_clock or SystemClock(),
    )


def password_rules(settings: Settings) -> PasswordRules:
    """The city's rules for passwords and lock-outs."""
    return PasswordRules(
        min_length=settings.password_length,
        failures=settings.lock_after_failures,
        lock_minutes=settings.lock_minutes,
        time_cost=settings.argon2_time,
        memory_cost=settings.argon2_memory_kib,
        parallelism=settings.argon2_parallelism,
    )


def house_of(request: Request) -> House:
    """The House behind `request`."""
    house: House = request.app.state.house
    return house
