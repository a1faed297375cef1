"""An account to log in with, and what tests of log-in and sessions ask again and again."""

from engine.clock import VirtualClock
from engine.people import sessions
from engine.people.login import Admitted, Rejected, log_in
from engine.store import Database
from tests.engine.people.conftest import CHEAP


def attempt(database: Database, clock: VirtualClock, password: str, login: str = "wang.wu") -> object:
    return log_in(database, login=login, password=password, passwords=CHEAP, clock=clock)


def visitor(database: Database, clock: VirtualClock, secret: str) -> sessions.Visitor | None:
    with database.read() as connection:
        return sessions.visitor_of_session(connection, secret, clock=clock)


def admitted(outcome: object) -> Admitted:
    assert isinstance(outcome, Admitted)
    return outcome


def rejected(outcome: object) -> Rejected:
    assert isinstance(outcome, Rejected)
    return outcome
