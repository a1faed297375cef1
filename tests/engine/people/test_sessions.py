"""Sessions and tokens: how long they last, how they end, that their secrets are kept nowhere."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.clock import VirtualClock
from engine.people import sessions
from engine.people.refusals import PeopleRefused
from engine.people.sessions import SessionRules
from engine.store import Database
from tests.engine.people.accounts import admitted, attempt, visitor
from tests.engine.people.conftest import GOOD


def test_session_slides_while_used_but_not_beyond_its_longest_life(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    rules = SessionRules(idle=timedelta(hours=2), longest=timedelta(hours=5))
    with database.write() as connection:
        secret = sessions.open_session(connection, user_id, rules=rules, clock=clock)

    def use() -> bool:
        with database.write() as connection:
            seen = sessions.visitor_of_session(connection, secret, rules=rules, clock=clock)
            if seen is not None and seen.worth_noting:
                sessions.note_use(connection, seen, rules=rules, clock=clock)
        return seen is not None

    for _ in range(4):
        clock.advance(timedelta(hours=1))
        assert use()
    clock.advance(timedelta(minutes=59))
    assert use()
    clock.advance(timedelta(minutes=2))
    assert not use()


def test_unused_session_ends(database: Database, clock: VirtualClock, user_id: str) -> None:
    secret = admitted(attempt(database, clock, GOOD)).secret
    fresh = visitor(database, clock, secret)
    assert fresh is not None and not fresh.worth_noting
    clock.advance(timedelta(hours=8, seconds=1))
    assert visitor(database, clock, secret) is None


def test_log_out_here_and_everywhere(database: Database, clock: VirtualClock, user_id: str) -> None:
    first, second, third = (admitted(attempt(database, clock, GOOD)).secret for _ in range(3))
    with database.write() as connection:
        sessions.end_session(connection, first, clock=clock)
    assert visitor(database, clock, first) is None and visitor(database, clock, second) is not None
    with database.write() as connection:
        lasting = [session.id for session in sessions.sessions_of(connection, user_id, clock=clock)]
        assert sorted(lasting) == sorted(sessions.digest(secret) for secret in (second, third))
        assert sessions.end_sessions(connection, user_id, clock=clock) == 2
        assert sessions.sessions_of(connection, user_id, clock=clock) == []
        assert sessions.sweep(connection, before=clock.now() + timedelta(days=30)) == 3
    assert visitor(database, clock, second) is None and visitor(database, clock, third) is None


def test_secrets_are_kept_nowhere(database: Database, clock: VirtualClock, user_id: str) -> None:
    secret = admitted(attempt(database, clock, GOOD)).secret
    with database.write() as connection:
        token = sessions.create_token(connection, user_id, name="报表", lasts=timedelta(days=1), clock=clock)
        for table in ("login_session", "api_token", "user_account"):
            kept = str(connection.execute(text(f"select * from {table}")).all())
            assert secret not in kept and token not in kept and GOOD not in kept


def test_token_works_until_revoked_or_over_and_only_its_owner_revokes_it(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    with database.write() as connection:
        token = sessions.create_token(connection, user_id, name="报表", lasts=timedelta(days=1), clock=clock)
        seen = sessions.visitor_of_token(connection, token, clock=clock)
        assert seen is not None and seen.program and seen.worth_noting
        sessions.note_use(connection, seen, clock=clock)
        assert sessions.tokens_of(connection, user_id)[0].last_used_at == clock.now()
        token_id = sessions.digest(token)
        assert not sessions.revoke_token(connection, token_id, user_id="somebody else", clock=clock)
        assert sessions.visitor_of_token(connection, token, clock=clock) is not None
        clock.advance(timedelta(days=2))
        assert sessions.visitor_of_token(connection, token, clock=clock) is None
        other = sessions.create_token(
            connection, user_id, name="另一个", lasts=timedelta(days=1), clock=clock
        )
        assert sessions.revoke_token(connection, sessions.digest(other), user_id=user_id, clock=clock)
        assert sessions.visitor_of_token(connection, other, clock=clock) is None
        assert sessions.visitor_of_session(connection, other, clock=clock) is None


def test_nameless_and_endless_tokens_are_refused(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    with database.write() as connection:
        for name, lasts in ((" ", timedelta(days=1)), ("报表", timedelta(days=800)), ("报表", timedelta())):
            with pytest.raises(PeopleRefused):
                sessions.create_token(connection, user_id, name=name, lasts=lasts, clock=clock)
