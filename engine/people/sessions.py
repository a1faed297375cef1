"""Log-in sessions and API tokens: who stands behind a secret that a browser or program shows.

Only the SHA-256 of a secret is kept. Always on the machine's own time, never on a city's clock; a test
passes its own.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlmodel import col

from engine.clock import Clock, SystemClock
from engine.people.queries import QUERIES
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import ApiToken, LoginSession
from engine.store import Row

TOKEN_PREFIX = "bihuan_"  # noqa: S105 (a mark to recognise tokens by, not one of them)


@dataclass(frozen=True)
class SessionRules:
    """How long a session lasts unused, how long at most, and how often its use is noted."""

    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(days=7)
    note_every: timedelta = timedelta(minutes=5)
    token_longest: timedelta = timedelta(days=366)


DEFAULT_RULES = SessionRules()


@dataclass(frozen=True)
class Visitor:
    """Who a secret belongs to. `program` is true for an API token.

    `worth_noting`: its last use was noted so long ago that `note_use` should be called (in a writing
    transaction; reading pages must not write on every request).
    """

    session_id: str
    user_id: str
    login: str
    name: str
    must_change_password: bool
    expires_at: datetime
    created_at: datetime
    program: bool = False
    worth_noting: bool = False


def digest(secret: str) -> str:
    """The identifier under which a secret's session or token is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    connection: Connection,
    user_id: str,
    *,
    user_agent: str = "",
    rules: SessionRules = DEFAULT_RULES,
    clock: Clock | None = None,
) -> str:
    """Start a session; the secret for the cookie, which nobody can read again."""
    now = (clock or SystemClock()).now()
    secret = secrets.token_urlsafe(32)
    with records(connection) as session:
        session.add(
            LoginSession(
                id=digest(secret),
                user_id=user_id,
                created_at=now,
                seen_at=now,
                expires_at=now + min(rules.idle, rules.longest),
                user_agent=user_agent[:300],
            )
        )
        session.flush()
    return secret


def visitor_of_session(
    connection: Connection,
    secret: str,
    *,
    rules: SessionRules = DEFAULT_RULES,
    clock: Clock | None = None,
) -> Visitor | None:
    """Who shows this session secret; None when it is unknown, over, ended, or the person inactive.

    One statement.
    """
    now = (clock or SystemClock()).now()
    row = QUERIES.row(connection, "session_visitor", id=digest(secret), now_at=now)
    return None if row is None else _visitor(row, worth_noting=now - row["seen_at"] >= rules.note_every)


def note_use(
    connection: Connection,
    visitor: Visitor,
    *,
    rules: SessionRules = DEFAULT_RULES,
    clock: Clock | None = None,
) -> None:
    """Note that the session or token was used; a session lasts on, up to its longest life."""
    now = (clock or SystemClock()).now()
    if visitor.program:
        QUERIES.run(connection, "touch_token", id=visitor.session_id, now_at=now)
        return
    until = min(now + rules.idle, visitor.created_at + rules.longest)
    QUERIES.run(connection, "touch_session", id=visitor.session_id, now_at=now, expires_at=until)


def end_session(connection: Connection, secret: str, *, clock: Clock | None = None) -> None:
    """退出: end this session; nothing happens when it is over already."""
    now = (clock or SystemClock()).now()
    connection.execute(
        update(LoginSession)
        .where(col(LoginSession.id) == digest(secret), col(LoginSession.ended_at).is_(None))
        .values(ended_at=now)
    )


def end_sessions(
    connection: Connection, user_id: str, *, keep: str | None = None, clock: Clock | None = None
) -> int:
    """全部退出: end every session of a person, but `keep` (a session id); how many ended."""
    now = (clock or SystemClock()).now()
    query = update(LoginSession).where(
        col(LoginSession.user_id) == user_id, col(LoginSession.ended_at).is_(None)
    )
    if keep is not None:
        query = query.where(col(LoginSession.id) != keep)
    return connection.execute(query.values(ended_at=now)).rowcount


def end_everything(
    connection: Connection, user_id: str, *, keep: str | None = None, clock: Clock | None = None
) -> None:
    """End every session of a person, but `keep` (a session id), and revoke every token."""
    now = (clock or SystemClock()).now()
    end_sessions(connection, user_id, keep=keep, clock=clock)
    connection.execute(
        update(ApiToken)
        .where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now)
    )


def sessions_of(connection: Connection, user_id: str, *, clock: Clock | None = None) -> list[LoginSession]:
    """The sessions of a person that still last, last used first."""
    now = (clock or SystemClock()).now()
    query = (
        select(LoginSession)
        .where(col(LoginSession.user_id) == user_id, col(LoginSession.ended_at).is_(None))
        .where(col(LoginSession.expires_at) > now)
        .order_by(col(LoginSession.seen_at).desc(), col(LoginSession.id))
    )
    with records(connection) as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def sweep(connection: Connection, *, before: datetime) -> int:
    """Delete sessions that were over before an instant; how many."""
    return connection.execute(delete(LoginSession).where(col(LoginSession.expires_at) < before)).rowcount


def create_token(
    connection: Connection,
    user_id: str,
    *,
    name: str,
    lasts: timedelta,
    rules: SessionRules = DEFAULT_RULES,
    clock: Clock | None = None,
) -> str:
    """Make an API token for programs that act as `user_id`; the secret is shown this once only.

    Raises PeopleRefused without a name or when it would last too long.
    """
    if not name.strip():
        raise PeopleRefused("token_name", "请给令牌起个名字，以便日后辨认。")
    if not timedelta() < lasts <= rules.token_longest:
        days = rules.token_longest.days
        raise PeopleRefused("token_lasts", f"令牌的有效期必须在 1 到 {days} 天之间。", days=days)
    now = (clock or SystemClock()).now()
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with records(connection) as session:
        session.add(
            ApiToken(
                id=digest(secret),
                user_id=user_id,
                name=name.strip()[:100],
                created_at=now,
                expires_at=now + lasts,
            )
        )
        session.flush()
    return secret


def visitor_of_token(
    connection: Connection,
    secret: str,
    *,
    rules: SessionRules = DEFAULT_RULES,
    clock: Clock | None = None,
) -> Visitor | None:
    """Who shows this bearer token; None when it is unknown, over, revoked, or the person inactive."""
    now = (clock or SystemClock()).now()
    row = QUERIES.row(connection, "token_visitor", id=digest(secret), now_at=now)
    if row is None:
        return None
    used = row["last_used_at"]
    return _visitor(row, program=True, worth_noting=used is None or now - used >= rules.note_every)


def tokens_of(connection: Connection, user_id: str) -> list[ApiToken]:
    """A person's tokens, newest first, revoked and expired ones too."""
    query = select(ApiToken).where(col(ApiToken.user_id) == user_id).order_by(col(ApiToken.created_at).desc())
    with records(connection) as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def revoke_token(
    connection: Connection, token_id: str, *, user_id: str | None = None, clock: Clock | None = None
) -> bool:
    """Revoke a token at once; with `user_id`, only when it is theirs. Whether one was revoked."""
    query = update(ApiToken).where(col(ApiToken.id) == token_id, col(ApiToken.revoked_at).is_(None))
    if user_id is not None:
        query = query.where(col(ApiToken.user_id) == user_id)
    return connection.execute(query.values(revoked_at=(clock or SystemClock()).now())).rowcount == 1


def _visitor(row: Row, *, program: bool = False, worth_noting: bool) -> Visitor:
    return Visitor(
        session_id=row["session_id"],
        user_id=row["user_id"],
        login=row["login"],
        name=row["name"],
        must_change_password=bool(row["must_change_password"]),
        expires_at=row["expires_at"],
        created_at=row["created_at"],
        program=program,
        worth_noting=worth_noting,
    )
