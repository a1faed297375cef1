"""What a task page shows to somebody who was asked or added: by whom, and what that person has filled in."""

from dataclasses import dataclass

import orjson

from engine.bpmn.votes import vote_rule
from engine.feel import codec
from engine.verbs.signers.seating import seats_of
from engine.verbs.visit import Visit
from engine.verbs.working.drafts import SavedDraft
from engine.work import signers


@dataclass(frozen=True)
class Beside:
    """Whose task it is beside which mine stands; `locked`: the form is theirs, I only say what I think."""

    name: str = ""
    draft: SavedDraft | None = None
    locked: bool = False


NOBODY = Beside()


def beside_of(visit: Visit) -> Beside:
    """Read for an item with a purpose; nothing is asked for any other."""
    if not visit.item.purpose:
        return NOBODY
    seats = {seat.id: seat for seat in seats_of(visit)}
    mine = next((seat for seat in seats.values() if seat.item_id == visit.item.id), None)
    owner = seats.get(mine.for_id or "") if mine else None
    if owner is None:
        return NOBODY
    solo = vote_rule(visit.element.properties) is None
    locked = solo and visit.item.purpose != "ask"
    name = owner.person_name or visit.item.from_name
    if owner.data_text is not None and locked and owner.signed_at is not None:
        return Beside(name, SavedDraft(_plain(owner.data_text), "", owner.signed_at, name), locked)
    row = owner.item_id and signers.QUERIES.row(
        visit.connection, "draft_of", item_id=owner.item_id, person_id=owner.assignee_id
    )
    if not row or not (solo or visit.item.purpose == "ask"):
        return Beside(name, None, locked)
    return Beside(name, SavedDraft(orjson.loads(row["data_text"]), "", row["saved_at"], name), locked)


def _plain(text: str) -> dict[str, object]:
    """A form as it was sent: the same JSON as a draft's."""
    data: dict[str, object] = orjson.loads(orjson.dumps(codec.loads(text), default=str))
    return data
