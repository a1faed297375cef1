"""登录: from a login and a password to a session; changing and resetting the password.

The slow hash is never computed inside a transaction: on SQLite that would hold up every writer.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, update
from sqlmodel import col

from engine.clock import Clock, SystemClock
from engine.people.passwords import Passwords
from engine.people.queries import QUERIES
from engine.people.refusals import PeopleRefused
from engine.people.sessions import DEFAULT_RULES, SessionRules, end_everything, open_session
from engine.people.tables import UserAccount
from engine.people.users import normal_login, read_user
from engine.store import Database, Row


@dataclass(frozen=True)
class Admitted:
    """Logged in: the cookie's secret, and whether the password must be changed before anything else."""

    user_id: str
    secret: str
    must_change_password: bool


@dataclass(frozen=True)
class Rejected:
    """Not logged in. `message` is the same for every cause, so that it tells nobody which accounts exist;
    `code` ("unknown", "inactive", "locked", "password") is for the log only."""

    code: str
    message: str
    user_id: str | None = None


def log_in(
    database: Database,
    *,
    login: str,
    password: str,
    passwords: Passwords,
    rules: SessionRules = DEFAULT_RULES,
    user_agent: str = "",
    clock: Clock | None = None,
) -> Admitted | Rejected:
    """Check a password and open a session; count the failure otherwise and lock after too many.

    Takes as long for a login that does not exist. Runs its own transactions.
    Raises Crowded when too many log in at once.
    """
    clock = clock or SystemClock()
    with passwords.place():
        with database.read() as connection:
            account = QUERIES.row(connection, "credentials", login=normal_login(login))
        right = passwords.matches(password, account["password_hash"] if account else None)
    if account is None:
        return _rejected("unknown", passwords)
    if not account["active"]:
        return _rejected("inactive", passwords, account)
    now = clock.now()
    with database.write() as connection:
        if account["locked_until_at"] is not None and account["locked_until_at"] > now:
            return _rejected("locked", passwords, account)
        if not right:
            _count_failure(connection, account["id"], passwords, clock)
            return _rejected("password", passwords, account)
        # The account may have been locked, reset or closed while the hash was computed.
        same = QUERIES.run(
            connection,
            "forget_failures",
            id=account["id"],
            password_hash=account["password_hash"],
            now_at=now,
        )
        if not same:
            return _rejected("locked", passwords, account)
        secret = open_session(connection, account["id"], user_agent=user_agent, rules=rules, clock=clock)
    return Admitted(account["id"], secret, bool(account["must_change_password"]))


def change_password(
    database: Database,
    *,
    user_id: str,
    current: str,
    new: str,
    passwords: Passwords,
    keep_session: str | None = None,
    clock: Clock | None = None,
) -> None:
    """Set a new password; every other session of the person ends, every token is revoked.

    `keep_session` is the id of the session that stays. A wrong current password counts as a failed log-in.
    Raises PeopleRefused.
    """
    clock = clock or SystemClock()
    with database.read() as connection:
        user = read_user(connection, user_id)
    if user.locked_until_at is not None and user.locked_until_at > clock.now():
        raise PeopleRefused("locked", "连续输错密码，暂时不能修改。", hint="请稍后再试。")
    if not passwords.matches(current, user.password_hash):
        with database.write() as connection:
            _count_failure(connection, user_id, passwords, clock)
        raise PeopleRefused("password_wrong", "当前密码不正确。", field="current")
    passwords.check_strength(new, login=user.login)
    if passwords.matches(new, user.password_hash):
        raise PeopleRefused("password_same", "新密码不能与当前密码相同。", field="new")
    kept = passwords.hash(new)
    with database.write() as connection:
        changed = connection.execute(
            update(UserAccount)
            .where(col(UserAccount.id) == user_id, col(UserAccount.password_hash) == user.password_hash)
            .values(password_hash=kept, must_change_password=False, failed_count=0, locked_until_at=None)
        ).rowcount
        if not changed:
            raise PeopleRefused("password_stale", "密码刚刚被改过，请重新登录。")
        end_everything(connection, user_id, keep=keep_session, clock=clock)


def reset_password(
    connection: Connection, user_id: str, *, passwords: Passwords, clock: Clock | None = None
) -> str:
    """重置密码, by the administrator: a one-time password, shown once, to be changed at first use.

    Unlocks the account, ends every session and revokes every token of the person.
    """
    read_user(connection, user_id)
    secret, kept = passwords.one_time()
    connection.execute(
        update(UserAccount)
        .where(col(UserAccount.id) == user_id)
        .values(password_hash=kept, must_change_password=True, failed_count=0, locked_until_at=None)
    )
    end_everything(connection, user_id, clock=clock)
    return secret


def set_password(connection: Connection, user_id: str, kept: str, *, must_change: bool) -> None:
    """Store a hash made by `Passwords.hash` beforehand: for demonstration cities and restored accounts."""
    connection.execute(
        update(UserAccount)
        .where(col(UserAccount.id) == user_id)
        .values(password_hash=kept, must_change_password=must_change)
    )


def _count_failure(connection: Connection, user_id: str, passwords: Passwords, clock: Clock) -> None:
    now = clock.now()
    QUERIES.run(
        connection,
        "count_failure",
        id=user_id,
        now_at=now,
        until_at=now + timedelta(minutes=passwords.rules.lock_minutes),
        most=passwords.rules.failures,
    )


def _rejected(code: str, passwords: Passwords, account: Row | None = None) -> Rejected:
    rules = passwords.rules
    message = (
        "登录名或密码不正确，或帐号暂不能登录。"
        f"连续输错 {rules.failures} 次将锁定 {rules.lock_minutes} 分钟；忘记密码请联系系统管理员重置。"
    )
    return Rejected(code, message, account["id"] if account else None)
