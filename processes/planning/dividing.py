"""Targets and divisions (处室): which one answers for a target, who of it is in charge, who filled it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from engine.people.divisions import Seat, divisions_of, staff_of
from engine.people.tables import Unit, UserAccount
from engine.work.bindings import FieldError
from processes.planning.entry import Rows, text_of
from processes.planning.reading import TARGETS, TargetView
from processes.tables import table_of

UNITS = table_of(Unit)
USERS = table_of(UserAccount)
SELF = "liaison"
"""What the liaison chooses to fill in a target without any division."""
SELF_NAME = "联络员直接填报（不分处室）"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Offered:
    """What can be chosen in 分办: the unit's divisions of the day, and the people of each."""

    divisions: Mapping[str, Unit]
    staff: Mapping[str, Sequence[Seat]]

    def options(self) -> list[dict[str, str]]:
        """The divisions as a form offers them, the liaison last."""
        named = [{"label": unit.short_name, "value": unit.id} for unit in self.divisions.values()]
        return [*named, {"label": SELF_NAME, "value": SELF}]

    def people(self) -> list[dict[str, str]]:
        """The people of all divisions as a form offers them, each with the division."""
        return [
            {"label": f"{seat.name}（{unit.short_name}）", "value": f"{unit.id}/{seat.user_id}"}
            for unit in self.divisions.values()
            for seat in self.staff[unit.id]
        ]

    def proposed(self, target: TargetView, *, assigned_before: bool) -> str:
        """The division of a target that a form shows first: the one it has, else the unit's first."""
        kept = target.row["division_id"]
        if kept in self.divisions:
            return str(kept)
        if assigned_before and kept is None:
            return SELF
        return next(iter(self.divisions), SELF)

    def row_of(self, target: TargetView, *, assigned_before: bool) -> dict[str, Any]:
        """How a form shows who answers for a target: {division, person, other}."""
        division = self.proposed(target, assigned_before=assigned_before)
        name = str(target.row["responsible"])
        seats = self.staff.get(division, ())
        person = next((f"{division}/{seat.user_id}" for seat in seats if seat.name == name), None)
        return {"division": division, "person": person, "other": "" if person else name}

    def responsible(self, row: Mapping[str, Any]) -> str:
        """The name of who is in charge, as a form row says it; '' when the division shall say."""
        division, _, user_id = text_of(row.get("person")).partition("/")
        named = [seat.name for seat in self.staff.get(division, ()) if seat.user_id == user_id]
        return named[0] if named else text_of(row.get("other"))

    def check(self, rows: Rows, *, listed: str) -> list[FieldError]:
        """Only divisions of this unit that exist, only people of the division that is chosen, not two."""
        found = []
        for index, row in enumerate(rows):
            division, person = text_of(row.get("division")), text_of(row.get("person"))
            at = f"{listed}.{index}"
            if division != SELF and division not in self.divisions:
                found.append(FieldError(f"{at}.division", "choice", "请从本单位现有的处室中选择"))
            elif person and person not in self._people_of(division):
                told = "此人不在所选处室；请选该处室的人，或填“其他责任人”"
                found.append(FieldError(f"{at}.person", "choice", told))
            elif person and text_of(row.get("other")):
                found.append(FieldError(f"{at}.other", "twice", "已从名单中选了责任人，请留空"))
        return found

    def _people_of(self, division: str) -> set[str]:
        return {f"{division}/{seat.user_id}" for seat in self.staff.get(division, ())}


def offered(connection: Connection, unit_id: str, *, on: date) -> Offered:
    """The unit's divisions that exist on a day with their people, in two statements."""
    found = {unit.id: unit for unit in divisions_of(connection, unit_id, on=on)}
    return Offered(found, staff_of(connection, list(found), on=on))


def give(connection: Connection, target: TargetView, *, division_id: str | None, responsible: str) -> None:
    """Note who answers for a target; what another division filled in stays, but no longer as its work."""
    changed = target.row["division_id"] != division_id
    forgotten: dict[str, Any] = {"filled_by": None, "filled_at": None} if changed else {}
    connection.execute(
        update(TARGETS)
        .where(TARGETS.c.id == target.id)
        .values(division_id=division_id, responsible=responsible, **forgotten)
    )


def filled_by(connection: Connection, targets: Sequence[TargetView]) -> dict[str, str]:
    """Who filled in each target, in words: division, person and day; '' where the liaison does it."""
    ids = {target.row[name] for target in targets for name in ("division_id", "filled_by")}
    units = _names(connection, select(UNITS.c.id, UNITS.c.short_name).where(UNITS.c.id.in_(ids)))
    people = _names(connection, select(USERS.c.id, USERS.c.name).where(USERS.c.id.in_(ids)))
    return {target.id: _told(target.row, units, people) for target in targets}


def _names(connection: Connection, query: Any) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _told(row: Mapping[str, Any], units: Mapping[str, str], people: Mapping[str, str]) -> str:
    if row["division_id"] is None:
        return ""
    division = units[row["division_id"]]
    if row["filled_by"] is None:
        return f"{division}（尚未填报）"
    day = row["filled_at"].astimezone(ZONE).date()
    return f"{division}，{people[row['filled_by']]} 于 {day.isoformat()} 填报"
