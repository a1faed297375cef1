"""A leader's ballot: paper, vote, and the work item that then only says 已投; the same for page and REST."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from api.errors import Trouble
from api.house import House
from engine.people.persons import Person
from engine.runtime.steps.rows import UnknownInstance, read_instance, read_variables
from engine.verbs import door
from engine.verbs.visit import Request as VerbRequest
from engine.work.tables import WorkItem
from processes.evaluation.ballots.leader_voting import BallotPaper, paper, vote
from processes.tables import table_of

ITEMS = table_of(WorkItem)


@dataclass(frozen=True)
class Turn:
    """A leader's own step: its instance, the paper, and the open item, if it is still open."""

    id: str
    year: int
    paper: BallotPaper
    item_id: str
    item_version: int


def turn_of(house: House, connection: Connection, person: Person, turn_id: str) -> Turn:
    """The person's own turn. Raises Trouble(404): anybody else's turn is nobody's business."""
    try:
        row = read_instance(connection, turn_id)
    except UnknownInstance:
        raise Trouble(404, "not_found") from None
    variables = read_variables(connection, turn_id)
    leader, evaluation = (variables.get(("", name)) for name in ("leader", "evaluationId"))
    if not isinstance(leader, Mapping) or leader.get("id") != person.id or not isinstance(evaluation, str):
        raise Trouble(404, "not_found")
    item = connection.execute(
        select(ITEMS.c.id, ITEMS.c.lock_version).where(
            ITEMS.c.instance_id == turn_id, ITEMS.c.assignee_id == person.id
        )
    ).first()
    return Turn(
        id=turn_id,
        year=row.year or 0,
        paper=paper(connection, evaluation, person_id=person.id, turn=turn_id, today=house.today),
        item_id=item.id if item else "",
        item_version=int(item.lock_version) if item else 0,
    )


def cast_ballot(house: House, person: Person, turn_id: str, *, secret: str, marks: Mapping[str, str]) -> None:
    """Put the marks into the box, then complete the work item without them.

    What broke on the way is mended by sending the same paper again. When the ballot is in the box and only
    the item is open, no marks are needed. Raises Trouble(404), BallotRefused, and what the door raises.
    """
    with house.database.read() as connection:
        turn = turn_of(house, connection, person, turn_id)
    if marks or not turn.paper.cast:
        vote(house.database, turn.paper, turn=turn_id, secret=secret, marks=marks)
    if turn.item_id:
        door.act(house.engine, person, turn.item_id, "complete", VerbRequest(version=turn.item_version))
