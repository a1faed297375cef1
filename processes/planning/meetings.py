"""登记会议决定: the record of a body's decision, whatever the body decided on."""

from datetime import date

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FormData, StepContext
from processes.planning.decisions import DecisionRecord
from processes.planning.entry import text_of
from processes.tables import table_of

DECISIONS = table_of(DecisionRecord)


def record_decision(step: StepContext, data: FormData, *, body: str = "") -> str:
    """Store meeting, day, document number and minutes of a decision entered for a body; its id.

    `body` names it where the diagram cannot: which body decides differs from case to case.
    """
    decision_id = new_id()
    files = data.get("minutes")
    insert_row(
        step.connection,
        DECISIONS,
        id=decision_id,
        cycle_id=step.cycle_id,
        body=body or step.on_behalf or "",
        meeting=text_of(data.get("meeting")),
        decided_on=day_of(data.get("decided_on")) or step.today,
        document_number=text_of(data.get("document_number")),
        minutes_file_id=str(files[0]) if isinstance(files, list) and files else None,
        entered_by=step.person_id,
        entered_at=step.at,
        instance_id=step.instance_id,
    )
    return decision_id


def day_of(given: object) -> date | None:
    """A day of a form; None for none."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None
