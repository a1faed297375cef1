"""What administrators do to accounts and posts: the same for pages and REST. Each is one transaction.

Who may do it is asked here, at the person and the unit concerned, so that no caller can forget it.
"""

from dataclasses import dataclass
from datetime import date

from api.as_shown import check_as_shown
from api.errors import Trouble
from api.house import House
from api.people.allowed import check_may_appoint, check_not_oneself, named_unit, require, seen_account
from api.people.queries import seats_of
from api.people.recording import record_account, record_seat
from engine.people.administering import require_over_account, unit_thing
from engine.people.holding import hold
from engine.people.login import reset_password
from engine.people.memberships import appoint, end_membership
from engine.people.persons import Person
from engine.people.rights import require as require_at
from engine.people.standing import check_may_govern, check_may_reset
from engine.people.tables import Membership, UserAccount
from engine.people.users import NewUser, change_user, create_user, set_active
from engine.work.rerouting import settle


@dataclass(frozen=True)
class Account:
    """A new account with its first post, held from today."""

    login: str
    name: str
    unit_id: str
    post_key: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Seat:
    """A post at a unit; without `from_on` from today, without `until_on` for good."""

    unit_id: str
    post_key: str
    from_on: date | None = None
    until_on: date | None = None


def open_account(house: House, person: Person, wanted: Account) -> NewUser:
    """Open an account on a post; its one-time password is told this once. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        unit = named_unit(connection, person, wanted.unit_id)
        require_at(person, "manage_people", unit_thing(unit))
        check_may_appoint(connection, person, wanted.post_key, wanted.unit_id)
        made = create_user(
            connection,
            login=wanted.login,
            name=wanted.name,
            phone=wanted.phone,
            email=wanted.email,
            passwords=house.passwords,
            clock=house.security_clock,
        )
        appoint(
            connection,
            user_id=made.id,
            unit_id=wanted.unit_id,
            post_key=wanted.post_key,
            from_on=house.today,
            is_primary=True,
        )
        record_account(house, connection, person, "open", made.id, said=wanted.post_key)
        settle(connection, at=house.engine.clock.now(), today=house.today)
    return made


def change_account(
    house: House,
    person: Person,
    user_id: str,
    *,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    shown: str | None = None,
) -> None:
    """Change what is not None; `shown` is the mark of the page's form. Raises Trouble, PeopleRefused."""
    require(person, "manage_people")
    with house.database.write() as connection:
        hold(connection, UserAccount, user_id)
        user = seen_account(connection, person, user_id, on=house.today)
        require_over_account(connection, person, "manage_people", user_id, on=house.today)
        check_as_shown(shown, user.name, user.phone, user.email)
        change_user(connection, user_id, name=name, phone=phone, email=email)
        record_account(house, connection, person, "change", user_id)


def reset_account(house: House, person: Person, user_id: str) -> str:
    """重置密码: a one-time password, told this once. Raises Trouble, PeopleRefused."""
    require(person, "manage_people", "manage_rights")
    with house.database.write() as connection:
        seen_account(connection, person, user_id, on=house.today)
        check_may_reset(connection, person, user_id, on=house.today)
        record_account(house, connection, person, "reset", user_id)
        return reset_password(connection, user_id, passwords=house.passwords, clock=house.security_clock)


def switch_account(house: House, person: Person, user_id: str, *, active: bool) -> None:
    """停用 or 启用; what the person had claimed goes back. Raises Trouble, PeopleRefused."""
    require(person, "manage_people", "manage_rights")
    with house.database.write() as connection:
        seen_account(connection, person, user_id, on=house.today)
        check_may_govern(connection, person, user_id, on=house.today)
        set_active(connection, user_id, active=active, clock=house.security_clock)
        record_account(house, connection, person, "reopen" if active else "shut", user_id)
        settle(connection, at=house.engine.clock.now(), today=house.today)


def put_on_post(house: House, person: Person, user_id: str, seat: Seat) -> Membership:
    """任命; administrators' posts are the security administrator's to fill. Raises Trouble, PeopleRefused."""
    require(person, "manage_people", "manage_rights")
    with house.database.write() as connection:
        seen_account(connection, person, user_id, on=house.today)
        check_may_appoint(connection, person, seat.post_key, seat.unit_id)
        check_not_oneself(person, user_id)
        made = appoint(
            connection,
            user_id=user_id,
            unit_id=seat.unit_id,
            post_key=seat.post_key,
            from_on=seat.from_on or house.today,
            until_on=seat.until_on,
        )
        record_seat(house, connection, person, "appoint", user_id, home_id=seat.unit_id, post=seat.post_key)
        settle(connection, at=house.engine.clock.now(), today=house.today)
        return made


def take_off_post(house: House, person: Person, user_id: str, membership_id: str) -> None:
    """免去: today is the last day on the post. Raises Trouble, PeopleRefused."""
    require(person, "manage_people", "manage_rights")
    with house.database.write() as connection:
        seen_account(connection, person, user_id, on=house.today)
        seats = seats_of(connection, person, [user_id], on=None).get(user_id, [])
        seat = next((seat for seat in seats if seat["id"] == membership_id), None)
        if seat is None:
            raise Trouble(404, "not_found")
        check_may_appoint(connection, person, seat["post_key"], seat["home_id"])
        end_membership(connection, membership_id, until_on=house.today)
        home, post = seat["home_id"], seat["post_key"]
        record_seat(house, connection, person, "dismiss", user_id, home_id=home, post=post)
        settle(connection, at=house.engine.clock.now(), today=house.today)
