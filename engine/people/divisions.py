"""处室: the divisions of a unit, each with people of its own.

A division is a unit of kind `DIVISION` under the one it belongs to, so that posts are held at it
(`<division id>#division`) like anywhere else. Its name is the unit's and its own together (市环保局水处),
so it is told from other units' divisions wherever it stands alone; `short_name` is its own name (水处).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Connection, Table, bindparam, or_, select, update
from sqlmodel import col

from engine.people.kinds import DIVISION
from engine.people.memberships import end_membership, members_of
from engine.people.names import fold
from engine.people.refusals import PeopleRefused
from engine.people.tables import Membership, Unit, UserAccount
from engine.people.units import UnitSpec, add_unit, read_unit, rename_unit
from engine.store.prepared import Prepared

POST = "division"
"""The post by which diagrams address a division (责任处室)."""
LONGEST_NAME = 60


UNITS = cast(Table, Unit.__dict__["__table__"])
ALL_DIVISIONS = (
    select(UNITS)
    .where(UNITS.c.parent_id == bindparam("parent_id"), UNITS.c.kind == DIVISION)
    .order_by(UNITS.c.code)
)
DIVISIONS = Prepared(ALL_DIVISIONS)
DIVISIONS_ON = Prepared(
    ALL_DIVISIONS.where(
        or_(UNITS.c.valid_from_on.is_(None), UNITS.c.valid_from_on <= bindparam("on")),
        or_(UNITS.c.valid_until_on.is_(None), UNITS.c.valid_until_on >= bindparam("on")),
    )
)
STAFF = Prepared(
    select(
        col(Membership.unit_id).label("division_id"),
        col(Membership.id).label("membership_id"),
        col(UserAccount.id).label("user_id"),
        col(UserAccount.name),
    )
    .join(UserAccount, col(UserAccount.id) == col(Membership.user_id))
    .where(col(Membership.unit_id).in_(bindparam("division_ids", expanding=True)))
    .where(
        col(Membership.post_key) == POST, col(UserAccount.active), col(Membership.from_on) <= bindparam("on")
    )
    .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= bindparam("on")))
    .order_by(col(Membership.is_primary).desc(), col(Membership.id))
)


WITHIN = (UNITS.c.parent_id == bindparam("unit_id")) & (UNITS.c.kind == DIVISION)
PEOPLE = Prepared(
    select(col(UserAccount.id), col(UserAccount.name))
    .join(Membership, col(Membership.user_id) == col(UserAccount.id))
    .join(UNITS, UNITS.c.id == col(Membership.home_id))
    .where(or_(UNITS.c.id == bindparam("unit_id"), WITHIN), col(UserAccount.active))
    .where(col(Membership.from_on) <= bindparam("on"))
    .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= bindparam("on")))
    .order_by(col(UserAccount.pinyin), col(UserAccount.id))
)


@dataclass(frozen=True)
class Seat:
    """Somebody on a division's post."""

    membership_id: str
    user_id: str
    name: str


def divisions_of(connection: Connection, unit_id: str, *, on: date | None = None) -> list[Unit]:
    """The unit's divisions by code; with `on` only those that exist on that day."""
    rows = (
        DIVISIONS.rows(connection, parent_id=unit_id)
        if on is None
        else DIVISIONS_ON.rows(connection, parent_id=unit_id, on=on)
    )
    return [Unit(**row) for row in rows]


def add_division(connection: Connection, unit_id: str, name: str, *, note: str = "") -> Unit:
    """Add a division to a unit; one that ended and is named so is taken up again.

    `note` is kept as the division's group and shown beside it ("演示假设"). Raises PeopleRefused.
    """
    unit, own = read_unit(connection, unit_id), _own_name(name)
    if unit.kind == DIVISION:
        raise PeopleRefused("division_of_division", "处室之下不能再设处室。", unit_id=unit_id)
    known = divisions_of(connection, unit_id)
    same = next((one for one in known if fold(one.short_name) == fold(own)), None)
    if same is not None and same.valid_until_on is None:
        raise _name_taken(own, unit)
    if same is not None:
        connection.execute(update(Unit).where(col(Unit.id) == same.id).values(valid_until_on=None))
        return read_unit(connection, same.id)
    spec = UnitSpec(
        code=_free_code(unit, known),
        name=_full_name(unit, own),
        kind=DIVISION,
        tier=unit.tier,
        unit_group=note,
        parent_id=unit.id,
        assessor_id=unit.assessor_id,
    )
    made = add_unit(connection, spec)
    connection.execute(update(Unit).where(col(Unit.id) == made.id).values(short_name=own))
    return read_unit(connection, made.id)


def rename_division(connection: Connection, division_id: str, name: str) -> None:
    """Give a division another name of its own. Raises PeopleRefused."""
    division, own = read_division(connection, division_id), _own_name(name)
    unit = read_unit(connection, str(division.parent_id))
    if any(
        one.id != division.id and fold(one.short_name) == fold(own)
        for one in divisions_of(connection, unit.id)
    ):
        raise _name_taken(own, unit)
    _name(connection, division, unit, own)


def follow_name(connection: Connection, unit_id: str) -> None:
    """After a unit was renamed: its divisions carry its new name."""
    unit = read_unit(connection, unit_id)
    for division in divisions_of(connection, unit_id):
        _name(connection, division, unit, division.short_name)


def end_division(connection: Connection, division_id: str, *, on: date) -> None:
    """撤销: from `on` the division is no more and nobody holds a post there. Nothing is deleted.

    Raises PeopleRefused when it has ended already: its last day stays as it was.
    """
    division = read_division(connection, division_id)
    if division.valid_until_on is not None and division.valid_until_on < on:
        ended = f"“{division.short_name}”已经撤销（至 {division.valid_until_on}），不用再撤销。"
        raise PeopleRefused("division_ended", ended, unit_id=division_id)
    last = on - timedelta(days=1)
    connection.execute(update(Unit).where(col(Unit.id) == division.id).values(valid_until_on=last))
    for held in members_of(connection, division.id, on=on):
        end_membership(connection, held.id, until_on=last)


def read_division(connection: Connection, division_id: str) -> Unit:
    """The division. Raises PeopleRefused when there is none of this id."""
    unit = read_unit(connection, division_id)
    if unit.kind != DIVISION:
        raise PeopleRefused("division_missing", f"“{unit.name}”不是处室。", unit_id=division_id)
    return unit


def find_division(connection: Connection, unit_id: str, name: str, *, on: date) -> Unit:
    """The unit's division of that name (its own or the full one) on a day. Raises PeopleRefused."""
    found = divisions_of(connection, unit_id, on=on)
    for division in found:
        if fold(name) in (fold(division.short_name), fold(division.name)):
            return division
    unit = read_unit(connection, unit_id)
    named = f"它有：{'、'.join(one.short_name for one in found)}。" if found else "它还没有处室。"
    raise PeopleRefused("division_unknown", f"“{unit.name}”没有处室“{name}”。", hint=named, name=name)


def staff_of(connection: Connection, division_ids: Sequence[str], *, on: date) -> Mapping[str, list[Seat]]:
    """Who holds the post of each of these divisions on a day, by division id: one statement."""
    found: dict[str, list[Seat]] = {division_id: [] for division_id in division_ids}
    rows = STAFF.rows(connection, division_ids=list(division_ids), on=on) if division_ids else []
    for row in rows:
        found[row["division_id"]].append(Seat(row["membership_id"], row["user_id"], row["name"]))
    return found


def people_of(connection: Connection, unit_id: str, *, on: date) -> Mapping[str, str]:
    """Who sits in the unit or one of its divisions on a day: name by id, in order of pinyin."""
    return {row["id"]: row["name"] for row in PEOPLE.rows(connection, unit_id=unit_id, on=on)}


def _name(connection: Connection, division: Unit, unit: Unit, own: str) -> None:
    rename_unit(connection, division.id, _full_name(unit, own))
    connection.execute(update(Unit).where(col(Unit.id) == division.id).values(short_name=own))


def _own_name(name: str) -> str:
    own = name.strip()
    if not own or len(own) > LONGEST_NAME:
        raise PeopleRefused(
            "division_name", f"处室必须有名称，不超过 {LONGEST_NAME} 个字。", field="name", name=own
        )
    return own


def _full_name(unit: Unit, own: str) -> str:
    return f"{unit.short_name or unit.name}{own}"


def _free_code(unit: Unit, known: Sequence[Unit]) -> str:
    taken = {one.code for one in known}
    number = len(known) + 1
    while f"{unit.code}-{number:02d}" in taken:
        number += 1
    return f"{unit.code}-{number:02d}"


def _name_taken(own: str, unit: Unit) -> PeopleRefused:
    return PeopleRefused("division_taken", f"“{unit.name}”已有处室“{own}”。", field="name", name=own)
