"""Reading issues and opinions: what every step of rectification asks of the tables."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from engine.people.tables import Unit
from engine.work.bindings import StepContext, Value
from processes.cycle.reading import cycle_of, scheme_of
from processes.cycle.records import Cycle
from processes.evaluation.scheme import scheme_of as decision_scheme
from processes.rectification.records import (
    Issue,
    IssueAct,
    IssueSatisfaction,
    Opinion,
    OpinionSorting,
    OpinionVerdict,
    PromiseComment,
    PromisePlan,
    PromiseProgress,
)
from processes.tables import table_of

ISSUES = table_of(Issue)
OPINIONS = table_of(Opinion)
SORTINGS = table_of(OpinionSorting)
VERDICTS = table_of(OpinionVerdict)
ACTS = table_of(IssueAct)
PLANS = table_of(PromisePlan)
PROGRESS = table_of(PromiseProgress)
SATISFACTION = table_of(IssueSatisfaction)
COMMENTS = table_of(PromiseComment)
UNITS = table_of(Unit)
CYCLES = table_of(Cycle)

Row = Mapping[str, Any]

FACTS = ("volume", "impact", "solvable", "years_repeated", "solved", "hearing_topic")
"""What the office says of an issue, and D16 asks."""


class UnknownIssue(LookupError):
    """A step or a page names an issue that is not there."""

    def __init__(self, issue_id: str) -> None:
        super().__init__(f"没有编号为 {issue_id} 的整改事项")
        self.issue_id = issue_id


def issue_of(connection: Connection, issue_id: str) -> Row:
    """An issue with its unit's name (`unit_name`). Raises UnknownIssue."""
    query = (
        select(ISSUES, UNITS.c.name.label("unit_name"))
        .join(UNITS, UNITS.c.id == ISSUES.c.unit_id, isouter=True)
        .where(ISSUES.c.id == issue_id)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise UnknownIssue(issue_id)
    return dict(row)


def issue_in(step: StepContext) -> Row:
    """The issue that a step is about (variable `issueId`). Raises UnknownIssue."""
    return issue_of(step.connection, str(step.variables.get("issueId") or ""))


def unit_reference(connection: Connection, unit_id: str) -> dict[str, Value]:
    """A unit as diagrams pass it: {id, name, code}."""
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.code).where(UNITS.c.id == unit_id)
    return dict(connection.execute(query).mappings().one())


def unit_options(connection: Connection, cycle_id: str) -> list[dict[str, str]]:
    """The units that may lead an issue, for a choice: assessed or not, no divisions, by code."""
    assessor = select(CYCLES.c.assessor_id).where(CYCLES.c.id == cycle_id).scalar_subquery()
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .where(UNITS.c.assessor_id == assessor, UNITS.c.id != assessor, UNITS.c.kind != "division")
        .order_by(UNITS.c.code)
    )
    return [{"value": row.id, "label": row.name} for row in connection.execute(query)]


def newest_sortings(connection: Connection, *, issue_id: str) -> list[Row]:
    """The opinions that belong to an issue now, oldest first: the opinion's columns and `public_text`."""
    once_here = select(SORTINGS.c.opinion_id).where(SORTINGS.c.issue_id == issue_id)
    newest = (
        select(SORTINGS.c.opinion_id, func.max(SORTINGS.c.id).label("id"))
        .where(SORTINGS.c.opinion_id.in_(once_here))
        .group_by(SORTINGS.c.opinion_id)
        .subquery()
    )
    query = (
        select(OPINIONS, SORTINGS.c.public_text, SORTINGS.c.issue_id)
        .join(SORTINGS, SORTINGS.c.opinion_id == OPINIONS.c.id)
        .join(newest, newest.c.id == SORTINGS.c.id)
        .where(SORTINGS.c.issue_id == issue_id)
        .order_by(OPINIONS.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def open_issues(connection: Connection, cycle_id: str) -> list[dict[str, str]]:
    """Issues into which another opinion may be merged, for a choice."""
    query = (
        select(ISSUES.c.id, ISSUES.c.code, ISSUES.c.title)
        .where(ISSUES.c.cycle_id == cycle_id, ISSUES.c.closed_at.is_(None))
        .order_by(ISSUES.c.code)
    )
    return [{"value": row.id, "label": f"{row.code} {row.title}"} for row in connection.execute(query)]


def newest_plan(connection: Connection, issue_id: str, round_number: int) -> Row | None:
    """The plan of a round that counts."""
    query = (
        select(PLANS)
        .where(PLANS.c.issue_id == issue_id, PLANS.c.round == round_number)
        .order_by(PLANS.c.id.desc())
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def terms_of(connection: Connection, cycle_id: str) -> dict[str, Value]:
    """The city's terms for rectification by name, from the profile's section `rectification`."""
    section = scheme_of(connection, cycle_id)["rectification"]
    return {name: entry["value"] for name, entry in section.items()}


def asked_scheme(connection: Connection, cycle_id: str) -> dict[str, Value]:
    """What the decisions on opinions and satisfaction ask of the profile."""
    scheme = decision_scheme(scheme_of(connection, cycle_id))
    return {name: scheme[name] for name in ("opinions", "survey")}


def calendar_day(connection: Connection, cycle_id: str, name: str) -> str:
    """A date of the cycle's calendar, ISO."""
    return str(cycle_of(connection, cycle_id)["calendar"][name]["on"])


def facts_of(issue: Row) -> dict[str, Value]:
    """The input `opinion` of D16."""
    return {
        "volume": issue["volume"],
        "impact": issue["impact"],
        "solvable_this_year": issue["solvable"],
        "years_repeated": issue["years_repeated"],
        "solved": issue["solved"],
        "hearing_topic": issue["hearing_topic"],
    }
