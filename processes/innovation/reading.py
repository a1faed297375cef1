"""What the steps of 创新创优 read: projects with their units, the profile's numbers, who has ties to whom."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from engine.people.tables import Unit, UnitAlias, UserAccount
from engine.work.bindings import StepContext, Value
from processes.cycle.reading import scheme_of
from processes.evaluation import scheme as schemes
from processes.innovation.records import (
    AwardObjection,
    AwardPublicity,
    InnovationAward,
    InnovationPartner,
    InnovationProject,
    InnovationTopic,
)
from processes.innovation.review_records import ExpertReview, ExpertSeat, InnovationExpert, RoundResult
from processes.tables import table_of

TOPICS = table_of(InnovationTopic)
PROJECTS = table_of(InnovationProject)
PARTNERS = table_of(InnovationPartner)
AWARDS = table_of(InnovationAward)
PUBLICITIES = table_of(AwardPublicity)
OBJECTIONS = table_of(AwardObjection)
EXPERTS = table_of(InnovationExpert)
SEATS = table_of(ExpertSeat)
REVIEWS = table_of(ExpertReview)
RESULTS = table_of(RoundResult)
UNITS = table_of(Unit)
ALIASES = table_of(UnitAlias)
USERS = table_of(UserAccount)

SECTION = "innovation"
Row = dict[str, Any]


class NoInnovation(Exception):
    """The cycle's profile has no section for innovation projects."""

    def __init__(self) -> None:
        super().__init__("本年度的方案没有“innovation”一节，不能组织创新创优；请先在方案里写上。")


def limits_in(content: Mapping[str, Any]) -> dict[str, Value]:
    """The numbers of a profile's section as decisions and diagrams read them. Raises: NoInnovation."""
    if SECTION not in content:
        raise NoInnovation
    return {name: _exact(entry["value"]) for name, entry in content[SECTION].items()}


def limits_of(connection: Connection, cycle_id: str) -> dict[str, Value]:
    """The numbers of the cycle's own profile version. Raises: NoInnovation."""
    return limits_in(scheme_of(connection, cycle_id))


def scoring_of(connection: Connection, cycle_id: str) -> schemes.Scheme:
    """The input `scheme` of the decisions, from the cycle's profile version."""
    return schemes.scheme_of(scheme_of(connection, cycle_id))


def project_of(connection: Connection, project_id: str) -> Row:
    """One project with its unit and topic: the row and `unit_name`, `unit_code`, `direction`, `domain`."""
    return _projects(connection, PROJECTS.c.id == project_id)[0]


def projects_in(connection: Connection, cycle_id: str, states: Iterable[str]) -> list[Row]:
    """The cycle's projects in these states, by number."""
    return _projects(connection, PROJECTS.c.cycle_id == cycle_id, PROJECTS.c.state.in_(list(states)))


def project_of_unit(connection: Connection, cycle_id: str, unit_id: str) -> Row | None:
    """The unit's own project of the year, or None."""
    found = _projects(connection, PROJECTS.c.cycle_id == cycle_id, PROJECTS.c.unit_id == unit_id)
    return found[0] if found else None


def _projects(connection: Connection, *where: Any) -> list[Row]:
    query = (
        select(
            PROJECTS,
            UNITS.c.name.label("unit_name"),
            UNITS.c.code.label("unit_code"),
            TOPICS.c.direction,
            TOPICS.c.domain,
            TOPICS.c.focus,
        )
        .join(UNITS, UNITS.c.id == PROJECTS.c.unit_id)
        .join(TOPICS, TOPICS.c.id == PROJECTS.c.topic_id)
        .where(*where)
        .order_by(PROJECTS.c.number)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def partners_of(connection: Connection, project_id: str) -> list[Row]:
    """The project's partner units: {id, name, code}, as diagrams pass units."""
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .join(PARTNERS, PARTNERS.c.unit_id == UNITS.c.id)
        .where(PARTNERS.c.project_id == project_id)
        .order_by(UNITS.c.code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def reference(project: Mapping[str, Any]) -> dict[str, Value]:
    """A project as diagrams pass it; its unit only to steps that are the unit's own."""
    unit = {"id": project["unit_id"], "name": project["unit_name"], "code": project["unit_code"]}
    return {"id": project["id"], "number": project["number"], "unit": unit}


def units_of_project(connection: Connection, project: Mapping[str, Any]) -> set[str]:
    """Ids of the units behind a project: the lead and its partners."""
    return {str(project["unit_id"]), *(str(unit["id"]) for unit in partners_of(connection, project["id"]))}


def names_in(connection: Connection, unit_ids: Iterable[str], text: str) -> list[str]:
    """Which names of these units stand in a text, longest first, none inside another."""
    query = select(ALIASES.c.alias).where(ALIASES.c.unit_id.in_(list(unit_ids)))
    found: list[str] = []
    for alias in sorted(connection.execute(query).scalars(), key=len, reverse=True):
        if len(alias) > 1 and alias in text and not any(alias in longer for longer in found):
            found.append(alias)
    return found


def project_label(project: Mapping[str, Any]) -> str:
    """How lists of the office name a project."""
    return f"{project['number']} {project['title']}"


def variable(step: StepContext, name: str) -> Mapping[str, Any]:
    """A context among the step's variables, such as `seat`."""
    found = step.variables[name]
    assert isinstance(found, Mapping)
    return found


def plain(number: Decimal | None, digits: int = 2) -> str:
    """A figure as people write it."""
    if number is None:
        return ""
    shown = f"{number:.{digits}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _exact(value: Any) -> Value:
    if isinstance(value, list):
        return [_exact(one) for one in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
