"""Founding the virtual city: an assessor, units with divisions, people on every post, the cycle.

Under `hangzhou_13fyp` the units are the plan's own 58; elsewhere no names are known, so they are numbered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, inspect, select, update

from engine.clock import ZONE
from engine.people.calendar import seed_calendar
from engine.people.divisions import add_division
from engine.people.tables import Unit
from engine.people.units import ASSESSOR, UnitSpec, add_unit
from processes import demo
from processes.cycle.opening import define_posts_of, open_cycle
from processes.cycle.profile import Profile
from processes.demo_divisions import add_divisions
from processes.demo_people import LEADER_POST, MEMBERSHIPS, USERS, add_people
from processes.planning.participants import participants
from processes.planning.services import bring_targets
from processes.planning.steps import UNITS
from processes.simulation.chance import Chance
from processes.simulation.characters import Character, cast

NAMES: Mapping[str, tuple[str, str]] = {
    "zhangjiajie_2009": ("ZJJ", "张家界市"),
    "shenzhen_2008": ("SZ", "深圳市"),
    "shenzhen_2010": ("SZ", "深圳市"),
}
DISTRICTS_IN = (4, 49)
"""So many of so many units are districts (Source: 2009年纪实, 4 个区县和 45 个市直单位)."""
DIVISIONS = ("综合科", "业务科")
INVENTED = "模拟假设"


class CityRefused(Exception):
    """A city that cannot be founded: why, and what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Body:
    """A unit of the city that takes part in the year."""

    id: str
    code: str
    name: str
    assessed: bool
    character: Character


@dataclass(frozen=True)
class VirtualCity:
    """What was founded: the assessor, the cycle, units by id, who holds a post: (unit, post) → persons."""

    assessor_id: str
    cycle_id: str
    year: int
    bodies: Mapping[str, Body]
    holders: Mapping[tuple[str, str], tuple[str, ...]]
    logins: Mapping[str, str]
    """Person → log-in."""
    codes: Mapping[str, str]
    """Unit or division → code."""
    parents: Mapping[str, str]
    """Unit or division → what it belongs to."""

    @property
    def assessed(self) -> list[Body]:
        """The units that are graded, by code."""
        return sorted((one for one in self.bodies.values() if one.assessed), key=lambda one: one.code)

    @property
    def leaders(self) -> list[str]:
        """The city's leaders, by log-in."""
        return list(self.holders[self.assessor_id, LEADER_POST])


def begins(year: int) -> datetime:
    """When the virtual year begins: the morning of its fourth day."""
    return datetime(year, 1, 4, 1, 0, tzinfo=UTC)


def moment(day: date, hour: int) -> datetime:
    """An hour of a day in the city, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def found_city(
    connection: Connection, profile: Profile, *, units: int, year: int, chance: Chance, password_hash: str
) -> VirtualCity:
    """Found a city of so many assessed units. Raises CityRefused."""
    if year not in profile.content["years"]:
        years = "、".join(str(one) for one in profile.content["years"])
        raise CityRefused(f"方案“{profile.title}”没有 {year} 年度，它有的是 {years}。")
    require_empty(connection)
    define_posts_of(connection, profile)
    at = begins(year)
    city, known = (
        _hangzhou(connection, units) if profile.key == demo.PROFILE else _plain(connection, profile, units)
    )
    seed_calendar(connection, city.id, range(year - 1, year + 3))
    cycle_id = open_cycle(connection, profile, assessor_id=city.id, year=year, at=at)
    bring_targets(connection, cycle_id, at=at)
    working = _working(connection, known, cycle_id=cycle_id, city=city)
    divisions = (
        add_divisions(connection, working)
        if profile.key == demo.PROFILE
        else {
            unit.id: [add_division(connection, unit.id, name, note=INVENTED) for name in DIVISIONS]
            for unit in working
        }
    )
    add_people(
        connection,
        working,
        assessor=city,
        home_of=_Homes(known | demo.short_named(known) if profile.key == demo.PROFILE else known, city),
        divisions=divisions,
        password_hash=password_hash,
        at=at,
        from_on=date(year - 1, 1, 1),
    )
    return _read_city(connection, city, working, cycle_id=cycle_id, year=year, chance=chance)


def require_empty(connection: Connection) -> None:
    """Nobody lives in this database yet; it need not have a schema. Raises CityRefused."""
    if not inspect(connection).has_table(UNITS.name):
        return
    if connection.execute(select(UNITS.c.id).limit(1)).first() is not None:
        hint = "请给出一个新的数据库；模拟不写入已有的城市。"
        raise CityRefused("这个数据库里已经有单位。", hint=hint)


class _Homes(dict[str, Unit]):
    """Where people of the assessor's posts sit: the unit of that name, or the assessor itself."""

    def __init__(self, units: Mapping[str, Unit], city: Unit) -> None:
        super().__init__(units)
        self._city = city

    def __missing__(self, name: str) -> Unit:
        return self._city


def _hangzhou(connection: Connection, units: int) -> tuple[Unit, dict[str, Unit]]:
    city, known = demo.add_units(connection)
    assessed = [unit for unit in known.values() if unit.assessed]
    if units > len(assessed):
        raise CityRefused(
            f"规划里参加考评的单位是 {len(assessed)} 个，没有 {units} 个。",
            hint=f"请把 --units 写成 1 至 {len(assessed)}。",
        )
    left = [unit.id for unit in sorted(assessed, key=_municipal_first)[units:]]
    connection.execute(update(UNITS).where(UNITS.c.id.in_(left)).values(assessed=False))
    for unit in known.values():
        unit.assessed = unit.assessed and unit.id not in left
    return city, known


def _municipal_first(unit: Unit) -> tuple[bool, str]:
    return unit.kind != "municipal", unit.code


def _plain(connection: Connection, profile: Profile, units: int) -> tuple[Unit, dict[str, Unit]]:
    code, name = NAMES.get(profile.key, ("CITY", "本市"))
    city = add_unit(connection, UnitSpec(code=code, name=name, kind=ASSESSOR))
    specs = [_spec(city, letter, number) for letter, number in numbered(units)]
    return city, {spec.name: add_unit(connection, spec) for spec in specs}


def numbered(units: int) -> list[tuple[str, str]]:
    """Letter and number of each unit's code, districts (D) first; wide enough to stand in their order."""
    districts = units * DISTRICTS_IN[0] // DISTRICTS_IN[1]
    wide = max(2, len(str(units)))
    many = (("D", districts), ("U", units - districts))
    return [(letter, f"{n:0{wide}d}") for letter, count in many for n in range(1, count + 1)]


def _spec(city: Unit, letter: str, number: str) -> UnitSpec:
    district = letter == "D"
    return UnitSpec(
        code=f"{letter}{number}",
        name=f"区县{number}" if district else f"市直单位{number}",
        kind="district" if district else "municipal",
        tier="district" if district else "city",
        unit_group="区县" if district else "市直单位",
        service_class="" if district else "more" if int(number) % 2 else "less",
        parent_id=city.id,
        assessor_id=city.id,
        assessed=True,
    )


def _working(connection: Connection, known: Mapping[str, Unit], *, cycle_id: str, city: Unit) -> list[Unit]:
    """Units that have something to do in the year: the assessed, who plans besides, and hot issues' leads."""
    planning = {unit["id"] for unit in participants(connection, cycle_id=cycle_id, assessor_id=city.id)}
    leads = demo.issue_leaders(known) if city.code == demo.CODE else []
    wanted = planning | {unit.id for unit in leads}
    by_id = {unit.id: unit for unit in known.values() if unit.id in wanted or unit.assessed}
    return sorted(by_id.values(), key=lambda unit: unit.code)


def _read_city(
    connection: Connection, city: Unit, working: list[Unit], *, cycle_id: str, year: int, chance: Chance
) -> VirtualCity:
    people = select(MEMBERSHIPS.c.unit_id, MEMBERSHIPS.c.post_key, USERS.c.id, USERS.c.login)
    rows = connection.execute(people.join(USERS, USERS.c.id == MEMBERSHIPS.c.user_id)).all()
    holders: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda row: (len(row.login), row.login)):
        place = row.unit_id, row.post_key
        holders[place] = (*holders.get(place, ()), row.id)
    characters = cast([unit.code for unit in working if unit.assessed], chance)
    plain = Character("ordinary", 0.6, 1.0, 1.0, 0.8)
    bodies = {
        unit.id: Body(unit.id, unit.code, unit.name, unit.assessed, characters.get(unit.code, plain))
        for unit in working
    }
    units = connection.execute(select(UNITS.c.id, UNITS.c.code, UNITS.c.parent_id)).all()
    return VirtualCity(
        city.id,
        cycle_id,
        year,
        bodies,
        holders,
        logins={row.id: row.login for row in rows},
        codes={row.id: row.code for row in units},
        parents={row.id: row.parent_id for row in units if row.parent_id},
    )
