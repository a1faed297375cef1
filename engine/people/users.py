"""用户: the people who can log in. An account is never deleted; it is made inactive."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from engine.clock import Clock, SystemClock
from engine.people.changes import note_change
from engine.people.names import person_spelling
from engine.people.passwords import Passwords
from engine.people.queries import QUERIES
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.sessions import end_everything
from engine.people.tables import UserAccount

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class NewUser:
    """An account just made, and the password with which the person logs in for the first time."""

    id: str
    login: str
    name: str
    one_time_password: str


def create_user(
    connection: Connection,
    *,
    login: str,
    name: str,
    passwords: Passwords,
    phone: str = "",
    email: str = "",
    clock: Clock | None = None,
) -> NewUser:
    """Open an account with a one-time password. Raises PeopleRefused for a taken or malformed login."""
    login = normal_login(login)
    check_person(login=login, name=name, phone=phone, email=email)
    if find_user(connection, login) is not None:
        raise _login_taken(login)
    secret, kept = passwords.one_time()
    user = UserAccount(
        login=login,
        name=name.strip(),
        pinyin=person_spelling(name),
        phone=phone.strip(),
        email=email.strip(),
        password_hash=kept,
        created_at=(clock or SystemClock()).now(),
    )
    made = NewUser(user.id, login, user.name, secret)
    with records(connection) as session:
        session.add(user)
        try:
            session.flush()
        except IntegrityError as error:
            raise _login_taken(login) from error
    return made


def read_user(connection: Connection, user_id: str) -> UserAccount:
    """The account with this id. Raises PeopleRefused when there is none."""
    with records(connection) as session:
        user = session.get(UserAccount, user_id)
        if user is None:
            raise PeopleRefused("user_missing", "没有这个用户。", user_id=user_id)
        session.expunge(user)
        return user


def find_user(connection: Connection, login: str) -> UserAccount | None:
    """The account with this login, or None."""
    with records(connection) as session:
        query = select(UserAccount).where(col(UserAccount.login) == normal_login(login))
        user = session.scalars(query).first()
        session.expunge_all()
        return user


def list_users(
    connection: Connection, *, active: bool | None = None, after: str = "", limit: int = 50
) -> list[UserAccount]:
    """Accounts by login, those after a login: one page of a list."""
    query = select(UserAccount).where(col(UserAccount.login) > after).order_by(col(UserAccount.login))
    if active is not None:
        query = query.where(col(UserAccount.active) == active)
    with records(connection) as session:
        users = list(session.scalars(query.limit(limit)))
        session.expunge_all()
        return users


def change_user(
    connection: Connection,
    user_id: str,
    *,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> None:
    """Change what is not None. Raises PeopleRefused."""
    user = read_user(connection, user_id)
    new_name = user.name if name is None else name.strip()
    new_phone = user.phone if phone is None else phone.strip()
    new_email = user.email if email is None else email.strip()
    check_person(login=user.login, name=new_name, phone=new_phone, email=new_email)
    connection.execute(
        update(UserAccount)
        .where(col(UserAccount.id) == user_id)
        .values(name=new_name, pinyin=person_spelling(new_name), phone=new_phone, email=new_email)
    )


def set_active(connection: Connection, user_id: str, *, active: bool, clock: Clock | None = None) -> None:
    """停用 or 启用 an account. An inactive person is logged out everywhere at once, tokens included."""
    read_user(connection, user_id)
    connection.execute(update(UserAccount).where(col(UserAccount.id) == user_id).values(active=active))
    note_change(connection, user_id=user_id)
    for row in QUERIES.rows(connection, "units_of_person", user_id=user_id):
        note_change(connection, unit_id=row["unit_id"])
    if not active:
        end_everything(connection, user_id, clock=clock)


def normal_login(login: str) -> str:
    """Logins have no letter case and no spaces around them."""
    return login.strip().lower()


def check_person(*, login: str, name: str, phone: str = "", email: str = "") -> None:
    """Raises PeopleRefused, naming the field, when a person's data are malformed."""
    if not _LOGIN.fullmatch(login):
        raise PeopleRefused(
            "login_malformed",
            f"登录名“{login}”不合规。",
            hint="2 到 60 位小写英文字母、数字或 . _ @ -，以字母或数字开头。",
            field="login",
        )
    if not 0 < len(name.strip()) <= 100:
        raise PeopleRefused("name_malformed", "姓名不能为空，且不超过 100 个字。", field="name")
    if phone.strip() and not _PHONE.fullmatch(phone.strip()):
        raise PeopleRefused(
            "phone_malformed", f"电话“{phone}”不合规。", hint="只写数字，可带区号。", field="phone"
        )
    if email.strip() and not (_EMAIL.fullmatch(email.strip()) and len(email) <= 200):
        raise PeopleRefused("email_malformed", f"邮箱“{email}”不合规。", field="email")


def _login_taken(login: str) -> PeopleRefused:
    return PeopleRefused("login_taken", f"登录名“{login}”已被使用。", field="login", login=login)
