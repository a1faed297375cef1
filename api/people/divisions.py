"""What may be done to a unit's divisions (处室) and who sits there: one transaction each, asked at the unit.

`manage_divisions` at the unit lets somebody add, name and end divisions, and put the unit's own people on
their posts. Accounts, and people of other units, stay with the system administrator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.as_shown import check_as_shown
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.people.allowed import LOOK_AT_UNITS
from api.people.recording import record_seat, record_unit
from engine.people.acts import act_to_appoint
from engine.people.administering import may_any, unit_thing
from engine.people.divisions import (
    POST,
    Seat,
    add_division,
    divisions_of,
    end_division,
    people_of,
    rename_division,
    staff_of,
)
from engine.people.holding import hold
from engine.people.memberships import appoint, end_membership
from engine.people.persons import Person
from engine.people.posts import list_posts
from engine.people.refusals import PeopleRefused
from engine.people.rights import Thing, may, require
from engine.people.tables import Unit
from engine.people.units import read_unit

ACT = "manage_divisions"
LOOK = (ACT, "see_target", "see_people", "manage_people", "manage_rights", "run_cycle")


@dataclass(frozen=True)
class SeenDivisions:
    """A unit's divisions by code, the people of each, and whom the unit has to put there."""

    unit: Unit
    divisions: Sequence[Unit]
    staff: Mapping[str, Sequence[Seat]]
    people: Mapping[str, str]
    may_change: bool
    sees_targets: bool
    sees_unit: bool


def divisions_seen(house: House, person: Person, unit_id: str) -> SeenDivisions:
    """The unit's divisions; ended ones stay in the list. Raises Trouble(404)."""
    with house.database.read() as connection:
        unit = _seen(connection, person, unit_id)
        found = divisions_of(connection, unit_id)
        return SeenDivisions(
            unit,
            found,
            staff_of(connection, [one.id for one in found], on=house.today),
            people_of(connection, unit_id, on=house.today),
            may_change=may(person, ACT, _thing(unit)),
            sees_targets=may(person, "see_target", _thing(unit)),
            sees_unit=may_any(person, LOOK_AT_UNITS, unit_thing(unit)),
        )


def add(house: House, person: Person, unit_id: str, name: str) -> Unit:
    """建立. Raises Trouble(404), NotAllowed, PeopleRefused."""
    with house.database.write() as connection:
        require(person, ACT, _thing(_seen(connection, person, unit_id)))
        made = add_division(connection, unit_id, name)
        record_unit(house, connection, person, "add_unit", made)
        return made


def rename(
    house: House, person: Person, unit_id: str, division_id: str, name: str, *, shown: str | None = None
) -> None:
    """改名; `shown` is the mark of the page's form. Raises Trouble(404, 409), NotAllowed, PeopleRefused."""
    with house.database.write() as connection:
        hold(connection, Unit, division_id)
        division = _own(connection, person, unit_id, division_id)
        check_as_shown(shown, division.short_name)
        rename_division(connection, division_id, name)
        record_unit(house, connection, person, "change_unit", division, said=name)


def end(house: House, person: Person, unit_id: str, division_id: str) -> None:
    """撤销 from today; open work goes to the unit's head. Raises Trouble(404), NotAllowed, PeopleRefused."""
    with house.database.write() as connection:
        division = _own(connection, person, unit_id, division_id)
        end_division(connection, division_id, on=house.today)
        record_unit(house, connection, person, "end_unit", division)


def put(house: House, person: Person, unit_id: str, division_id: str, user_id: str) -> None:
    """任命 somebody of the unit. Raises Trouble(404), NotAllowed, PeopleRefused."""
    with house.database.write() as connection:
        division = _own(connection, person, unit_id, division_id)
        if division.valid_until_on is not None and division.valid_until_on < house.today:
            raise PeopleRefused("division_ended", _("这个处室已经撤销，不能任命人员。"))
        if user_id == person.id:
            raise PeopleRefused("own_post", _("不能任命自己，请由另一位管理员办理。"), user_id=user_id)
        if user_id not in people_of(connection, unit_id, on=house.today):
            raise PeopleRefused(
                "not_of_unit",
                _("此人不是本单位的人员。"),
                hint=_("别的单位的人、还没有帐号的人，请系统管理员在“人员”页办理。"),
            )
        _ordinary(connection, person, division)
        appoint(connection, user_id=user_id, unit_id=division_id, post_key=POST, from_on=house.today)
        record_seat(house, connection, person, "appoint", user_id, home_id=division_id, post=POST)


def take_off(house: House, person: Person, unit_id: str, division_id: str, membership_id: str) -> None:
    """免去: today is the last day. Raises Trouble(404), NotAllowed."""
    with house.database.write() as connection:
        division = _own(connection, person, unit_id, division_id)
        seats = staff_of(connection, [division_id], on=house.today)[division_id]
        seat = next((seat for seat in seats if seat.membership_id == membership_id), None)
        if seat is None:
            raise Trouble(404, "not_found")
        _ordinary(connection, person, division)
        end_membership(connection, membership_id, until_on=house.today)
        record_seat(house, connection, person, "dismiss", seat.user_id, home_id=division_id, post=POST)


def _ordinary(connection: Connection, person: Person, division: Unit) -> None:
    """Where a city gives the division's post an administrator's rights, who fills those fills it."""
    post = next((one for one in list_posts(connection) if one.key == POST), None)
    act = act_to_appoint(grant.act for grant in post.grants) if post else "manage_people"
    if act != "manage_people":
        require(person, act, _thing(division))


def _own(connection: Connection, person: Person, unit_id: str, division_id: str) -> Unit:
    unit = _seen(connection, person, unit_id)
    found = next((one for one in divisions_of(connection, unit_id) if one.id == division_id), None)
    if found is None:
        raise Trouble(404, "not_found")
    require(person, ACT, _thing(unit))
    return found


def _seen(connection: Connection, person: Person, unit_id: str) -> Unit:
    try:
        unit = read_unit(connection, unit_id)
    except PeopleRefused as missing:
        raise Trouble(404, "not_found") from missing
    if not any(may(person, act, _thing(unit)) for act in LOOK):
        raise Trouble(404, "not_found")
    return unit


def _thing(unit: Unit) -> Thing:
    return Thing(unit_id=unit.id, assessor_id=unit.assessor_id)
