"""Moving an issue on, and writing who did it."""

from typing import Any

from sqlalchemy import func, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.cycle.reading import cycle_of
from processes.rectification.reading import ACTS, CYCLES, ISSUES, SORTINGS


def move(step: StepContext, issue_id: str, **values: Any) -> None:
    """Change the issue's row: `state`, `unit_id`, `round` …"""
    step.connection.execute(update(ISSUES).where(ISSUES.c.id == issue_id).values(**values))


def note(
    step: StepContext, issue_id: str, kind: str, *, text: str = "", unit_id: str | None = None, round: int = 0
) -> None:
    """Add an act to the issue's way."""
    insert_row(
        step.connection,
        ACTS,
        id=new_id(),
        issue_id=issue_id,
        kind=kind,
        unit_id=unit_id,
        round=round,
        text=text,
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )


def sort_opinion(
    step: StepContext,
    opinion_id: str,
    outcome: str,
    *,
    issue_id: str | None = None,
    public_text: str = "",
    reason: str = "",
) -> None:
    """What the office does with an opinion."""
    insert_row(
        step.connection,
        SORTINGS,
        id=new_id(),
        opinion_id=opinion_id,
        issue_id=issue_id,
        outcome=outcome,
        public_text=public_text,
        reason=reason,
        by_person=step.person_id,
        made_at=step.at,
    )


def new_issue(step: StepContext, *, code: str = "", **values: Any) -> str:
    """A new issue of the step's cycle; its id. Without a code it gets the year's next number."""
    issue_id = new_id()
    defaults = {
        "batch": "", "domain": "", "text": "", "volume": 1, "impact": False, "solvable": False,
        "years_repeated": 1, "solved": False, "hearing_topic": False, "route": "", "state": "draft",
        "result": "", "round": 0, "public": False,
    }  # fmt: skip
    insert_row(
        step.connection,
        ISSUES,
        **{
            **defaults,
            "id": issue_id,
            "cycle_id": step.cycle_id,
            "code": code or _next_code(step),
            "opened_at": step.at,
            **values,
        },
    )
    return issue_id


def _next_code(step: StepContext) -> str:
    year = cycle_of(step.connection, step.cycle_id)["year"]
    # Two of the office may dispatch at the same moment: one number is given once.
    step.connection.execute(select(CYCLES.c.id).where(CYCLES.c.id == step.cycle_id).with_for_update())
    mine = ISSUES.c.cycle_id == step.cycle_id, ISSUES.c.code.like(f"{year}-%")
    last = step.connection.execute(select(func.max(ISSUES.c.code)).where(*mine)).scalar()
    number = int(str(last).partition("-")[2]) + 1 if last else 1
    return f"{year}-{number:05d}"
