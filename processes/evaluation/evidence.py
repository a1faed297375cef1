"""佐证: files of a form named as what proves a row, whatever the row is."""

from sqlalchemy import insert

from engine.ids import new_id
from engine.work.bindings import StepContext
from processes.evaluation.data_records import Evidence
from processes.tables import table_of

EVIDENCE = table_of(Evidence)


def add_evidence(step: StepContext, *, owner_kind: str, owner_id: str, files: object) -> None:
    """Name the files of a form's field as evidence of a row."""
    rows = [
        {
            "id": new_id(),
            "cycle_id": step.cycle_id,
            "owner_kind": owner_kind,
            "owner_id": owner_id,
            "file_id": str(one),
            "caption": "",
            "added_by": step.person_id,
            "added_at": step.at,
        }
        for one in (files if isinstance(files, list) else [])
    ]
    if rows:
        step.connection.execute(insert(EVIDENCE), rows)
