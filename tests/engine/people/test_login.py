"""Log-in: passwords, lock after failures, resets; on real time, moved by a test's clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.clock import VirtualClock
from engine.people import sessions, users
from engine.people.login import Admitted, change_password, reset_password, set_password
from engine.people.passwords import PasswordRules, Passwords
from engine.people.refusals import PeopleRefused
from engine.store import Database
from tests.engine.people.accounts import admitted, attempt, rejected, visitor
from tests.engine.people.conftest import CHEAP, GOOD


def test_first_log_in_with_the_one_time_password_must_change_it(
    database: Database, clock: VirtualClock, account: users.NewUser
) -> None:
    first = admitted(attempt(database, clock, account.one_time_password, login=" WANG.WU "))
    assert first.must_change_password
    seen = visitor(database, clock, first.secret)
    assert seen is not None and seen.must_change_password and seen.login == "wang.wu"
    change_password(
        database,
        user_id=account.id,
        current=account.one_time_password,
        new=GOOD,
        passwords=CHEAP,
        keep_session=seen.session_id,
        clock=clock,
    )
    kept = visitor(database, clock, first.secret)
    assert kept is not None and not kept.must_change_password
    assert rejected(attempt(database, clock, account.one_time_password)).code == "password"
    assert not admitted(attempt(database, clock, GOOD)).must_change_password


def test_account_locks_after_failures_and_opens_when_the_time_is_over(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    for _ in range(CHEAP.rules.failures):
        assert rejected(attempt(database, clock, "falsch")).code == "password"
    assert rejected(attempt(database, clock, GOOD)).code == "locked"
    clock.advance(timedelta(minutes=CHEAP.rules.lock_minutes - 1))
    assert rejected(attempt(database, clock, GOOD)).code == "locked"
    clock.advance(timedelta(minutes=2))
    assert rejected(attempt(database, clock, "falsch")).code == "password"
    assert admitted(attempt(database, clock, GOOD)).user_id == user_id


def test_a_lock_that_is_over_gives_all_attempts_again(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    for _ in range(CHEAP.rules.failures):
        attempt(database, clock, "falsch")
    clock.advance(timedelta(minutes=CHEAP.rules.lock_minutes + 1))
    for _ in range(CHEAP.rules.failures - 1):
        attempt(database, clock, "falsch")
    assert admitted(attempt(database, clock, GOOD)).user_id == user_id


def test_parallel_failures_are_all_counted(database: Database, clock: VirtualClock, user_id: str) -> None:
    with ThreadPoolExecutor(CHEAP.rules.failures) as pool:
        list(pool.map(lambda _: attempt(database, clock, "falsch"), range(CHEAP.rules.failures)))
    assert rejected(attempt(database, clock, GOOD)).code == "locked"


def test_success_forgets_earlier_failures(database: Database, clock: VirtualClock, user_id: str) -> None:
    for _ in range(3):
        for _ in range(CHEAP.rules.failures - 1):
            attempt(database, clock, "falsch")
        assert isinstance(attempt(database, clock, GOOD), Admitted)


def test_refusals_tell_nobody_which_accounts_exist(
    database: Database, clock: VirtualClock, user_id: str, account: users.NewUser
) -> None:
    with database.write() as connection:
        other = users.create_user(connection, login="idle", name="停用", passwords=CHEAP)
        set_password(connection, other.id, CHEAP.hash(GOOD), must_change=False)
        users.set_active(connection, other.id, active=False)
    outcomes = [
        rejected(attempt(database, clock, GOOD, login="nobody")),
        rejected(attempt(database, clock, GOOD, login="idle")),
        rejected(attempt(database, clock, "falsch")),
    ]
    assert [outcome.code for outcome in outcomes] == ["unknown", "inactive", "password"]
    assert len({outcome.message for outcome in outcomes}) == 1


def test_a_check_for_nobody_and_for_a_one_time_password_costs_a_full_hash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passwords, asked = Passwords(PasswordRules(time_cost=1, memory_cost=128, parallelism=1)), []
    secret, kept = passwords.one_time()
    real = passwords._slow.verify
    monkeypatch.setattr(passwords._slow, "verify", lambda p, h: asked.append(h) or real(p, h))
    assert not passwords.matches("x", None)
    assert not passwords.matches("x", "")
    assert passwords.matches(secret, kept)
    assert sum("m=128," in hashed for hashed in asked) == 3


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kurz", "short"),
        ("x" * 201, "long"),
        ("wang.wu-2018!", "login"),
        ("WANG.WU-2018!", "login"),
        ("aaaaaaaaaaaa", "repeats"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(PeopleRefused) as refused:
        CHEAP.check_strength(password, login="wang.wu")
    assert refused.value.fields["reason"] == reason


def test_changing_the_password_needs_the_current_one_and_a_new_one(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    def change(current: str, new: str) -> str:
        with pytest.raises(PeopleRefused) as refused:
            change_password(database, user_id=user_id, current=current, new=new, passwords=CHEAP, clock=clock)
        return refused.value.code

    assert change("falsch", "另一个很长的密码") == "password_wrong"
    assert change(GOOD, GOOD) == "password_same"
    assert change(GOOD, "kurz") == "password_weak"
    for _ in range(CHEAP.rules.failures - 1):
        change("falsch", "另一个很长的密码")
    assert change(GOOD, "另一个很长的密码了吧") == "locked"


def test_changing_the_password_ends_the_other_sessions(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    here, there = (admitted(attempt(database, clock, GOOD)).secret for _ in range(2))
    change_password(
        database,
        user_id=user_id,
        current=GOOD,
        new="钱塘江的潮水 2018",
        passwords=CHEAP,
        keep_session=sessions.digest(here),
        clock=clock,
    )
    assert visitor(database, clock, here) is not None
    assert visitor(database, clock, there) is None


def test_reset_gives_a_one_time_password_unlocks_and_ends_everything(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    secret = admitted(attempt(database, clock, GOOD)).secret
    with database.write() as connection:
        token = sessions.create_token(connection, user_id, name="报表", lasts=timedelta(days=30), clock=clock)
    for _ in range(CHEAP.rules.failures):
        attempt(database, clock, "falsch")
    with database.write() as connection:
        once = reset_password(connection, user_id, passwords=CHEAP, clock=clock)
    assert visitor(database, clock, secret) is None
    with database.read() as connection:
        assert sessions.visitor_of_token(connection, token, clock=clock) is None
    assert rejected(attempt(database, clock, GOOD)).code == "password"
    assert admitted(attempt(database, clock, once)).must_change_password


def test_deactivated_person_is_out_at_once_and_stays_out(
    database: Database, clock: VirtualClock, user_id: str
) -> None:
    secret = admitted(attempt(database, clock, GOOD)).secret
    with database.write() as connection:
        users.set_active(connection, user_id, active=False, clock=clock)
    assert visitor(database, clock, secret) is None
    assert rejected(attempt(database, clock, GOOD)).code == "inactive"
    with database.write() as connection:
        users.set_active(connection, user_id, active=True, clock=clock)
    assert visitor(database, clock, secret) is None
    assert isinstance(attempt(database, clock, GOOD), Admitted)


def test_malformed_and_taken_logins_are_refused(database: Database, account: users.NewUser) -> None:
    with database.write() as connection:
        for login in ("王五", "a", "a b", "-x", "x" * 61):
            with pytest.raises(PeopleRefused) as refused:
                users.create_user(connection, login=login, name="王五", passwords=CHEAP)
            assert refused.value.code == "login_malformed"
        with pytest.raises(PeopleRefused) as refused:
            users.create_user(connection, login="WANG.WU", name="王五", passwords=CHEAP)
        assert refused.value.code == "login_taken"


def test_rules_too_loose_are_refused() -> None:
    with pytest.raises(PeopleRefused):
        PasswordRules(failures=1)
