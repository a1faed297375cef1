"""The demonstration city: Hangzhou's units, targets and calendar of the 13th five-year plan.

Units and targets are the plan's own; people are invented. Dates that the plan does not give are the
profile's assumptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import Connection, select, update

from engine.people.calendar import seed_calendar
from engine.people.tables import Unit
from engine.people.units import ASSESSOR, UnitSpec, add_alias, add_unit
from processes.cycle.documents import proposed_number, put_document
from processes.cycle.opening import define_posts_of, open_cycle
from processes.cycle.profile import Profile, load_profile
from processes.cycle.reading import cycle_of
from processes.data.tables import rows_of
from processes.demo_divisions import add_divisions
from processes.demo_people import Login, add_people
from processes.planning.arrival import TARGETS
from processes.planning.participants import participants
from processes.planning.services import bring_targets
from processes.planning.steps import PLANS, UNITS, open_plans

PROFILE = "hangzhou_13fyp"
CITY = "杭州市"
CODE = "HZ"
ELSEWHERE = frozenset({"国家统计局哈尔滨调查队"})
"""Named in the table of supporting bodies, but belonging to another city."""


@dataclass(frozen=True)
class Demo:
    """What was made: the assessor, the cycles by year, the units by name, and who can log in."""

    assessor_id: str
    cycles: Mapping[int, str]
    units: Mapping[str, str]
    logins: Sequence[Login] = field(default_factory=tuple)


def build_demo(connection: Connection, *, password_hash: str, year: int = 2018) -> Demo:
    """Make the city with the cycle of `year` (targets arrived, planning begins) and of the year before.

    All people share `password_hash`. Raises what the profile or the tables refuse.
    """
    profile = load_profile(PROFILE)
    at = datetime(year, 1, 2, 1, 0, tzinfo=UTC)
    define_posts_of(connection, profile)
    city, units = add_units(connection)
    seed_calendar(connection, city.id, range(year - 1, year + 2))
    cycles = {
        year - 1: _past_cycle(connection, profile, city.id, year - 1),
        year: open_cycle(connection, profile, assessor_id=city.id, year=year, at=at),
    }
    bring_targets(connection, cycles[year], at=at)
    planning = participants(connection, cycle_id=cycles[year], assessor_id=city.id)
    open_plans(connection, cycles[year], [unit["id"] for unit in planning])
    by_id = {unit.id: unit for unit in units.values()}
    planners = [by_id[unit["id"]] for unit in planning]
    planners += [unit for unit in issue_leaders(units) if unit not in planners]
    logins = add_people(
        connection,
        planners,
        assessor=city,
        home_of={**units, CITY: city, **short_named(units)},
        divisions=add_divisions(connection, planners),
        password_hash=password_hash,
        at=at,
        from_on=date(year - 1, 1, 1),
    )
    return Demo(city.id, cycles, {name: unit.id for name, unit in units.items()}, logins)


def add_units(connection: Connection) -> tuple[Unit, dict[str, Unit]]:
    """The city and its units by name: 45 municipal ones, 13 districts, and supporting bodies."""
    city = add_unit(connection, UnitSpec(code=CODE, name=CITY, kind=ASSESSOR))
    specs = [*_municipal(city), *_districts(city), *_supporting(city)]
    units = {spec.name: add_unit(connection, spec) for spec in specs}
    for row in rows_of("aliases"):
        add_alias(connection, units[row["unit"]].id, row["alias"])
    return city, units


def _municipal(city: Unit) -> list[UnitSpec]:
    return [
        UnitSpec(
            code=row["unit_code"],
            name=row["unit_name"],
            kind="municipal",
            unit_group=row["unit_group"],
            service_class=row["social_service_class"],
            parent_id=city.id,
            assessor_id=city.id,
            assessed=True,
        )
        for row in rows_of("units_municipal")
    ]


def _districts(city: Unit) -> list[UnitSpec]:
    return [
        UnitSpec(
            code=row["district_code"],
            name=row["district_name"],
            kind="district",
            tier="district",
            unit_group="区、县(市)",
            parent_id=city.id,
            assessor_id=city.id,
            assessed=True,
            aliases=(f"{row['district_name']}政府",),
        )
        for row in rows_of("districts")
    ]


def _supporting(city: Unit) -> list[UnitSpec]:
    rows = [row for row in rows_of("units_support") if row["unit_name"] not in ELSEWHERE]
    return [
        UnitSpec(
            code=f"S{number:02d}",
            name=row["unit_name"],
            kind=row["kind"],
            unit_group="支撑单位",
            parent_id=city.id,
            assessor_id=city.id,
        )
        for number, row in enumerate(rows, 1)
    ]


def short_named(units: Mapping[str, Unit]) -> dict[str, Unit]:
    """Units by the other names that the plan uses for them."""
    return {row["alias"]: units[row["unit"]] for row in rows_of("aliases")}


def issue_leaders(units: Mapping[str, Unit]) -> list[Unit]:
    """The units that lead a hot issue of the plan, once each: 市地铁集团 and 市城投集团 are not assessed."""
    named = {**units, **short_named(units)}
    return list({row["lead_unit"]: named[row["lead_unit"]] for row in rows_of("hot_issues")}.values())


def _past_cycle(connection: Connection, profile: Profile, assessor_id: str, year: int) -> str:
    """Last year as it stands when this one is planned: its targets were issued long ago."""
    at = datetime(year, 4, 20, 1, 0, tzinfo=UTC)
    cycle_id = open_cycle(connection, profile, assessor_id=assessor_id, year=year, at=at, state="running")
    bring_targets(connection, cycle_id, at=at)
    units = participants(connection, cycle_id=cycle_id, assessor_id=assessor_id)
    open_plans(connection, cycle_id, [unit["id"] for unit in units])
    cycle = cycle_of(connection, cycle_id)
    number = proposed_number(connection, cycle, kind="targets")
    title = f"{year} {profile.content['documents']['targets']['label']}"
    put_document(connection, cycle, kind="targets", number=number, title=title, issued_on=at.date())
    connection.execute(update(TARGETS).where(TARGETS.c.cycle_id == cycle_id).values(state="issued"))
    connection.execute(update(PLANS).where(PLANS.c.cycle_id == cycle_id).values(state="issued"))
    return cycle_id


def is_built(connection: Connection) -> bool:
    """Is the demonstration city there already?"""
    city = select(UNITS.c.id).where(UNITS.c.code == CODE, UNITS.c.kind == ASSESSOR)
    return connection.execute(city).first() is not None
