"""意见整改: a year's issues and one issue, for the office (all) and units (their own); starting the batch.

A unit's people see what is theirs; contact data is for who organises the year, complaints for supervision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from api.calendars import assessors_of
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.office.cycles import may_run
from api.office.following import chosen_cycle, was_started
from api.office.sight import cycle_to_run
from engine.people.persons import Person
from engine.people.rights import Thing, may
from engine.runtime.events.messages import NewMessage
from processes.planning.queries import cycles_of
from processes.rectification.reading import ISSUES, newest_sortings
from processes.rectification.saying import CONTACTS, SayingRefused, collect
from processes.rectification.showing import Story, figures_of, flags_of, issues_of, released_replies, story_of

BATCH = "opinion_batch"
SOURCES = ("survey", "observer", "informant")


@dataclass(frozen=True)
class IssueList:
    """A year's issues that the person may see, and what the office alone reads."""

    cycles: Sequence[Mapping[str, Any]]
    cycle: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    figures: Mapping[str, int]
    replies: Sequence[Mapping[str, Any]]
    flags: Sequence[Mapping[str, Any]]
    may_start: bool


def read_issues(connection: Connection, person: Person, cycle_id: str = "") -> IssueList:
    """The issues of a cycle (the newest by default). Raises Trouble(403, 404)."""
    if not person.rights_to("see_instance"):
        raise Trouble(403, "not_allowed")
    cycles = [one for assessor in assessors_of(person) for one in cycles_of(connection, assessor)]
    chosen = chosen_cycle(cycles, cycle_id)
    rows = [
        row
        for row in issues_of(connection, ISSUES.c.cycle_id == chosen["id"])
        if _may_see(person, row, str(chosen["assessor_id"]))
    ]
    office = may_run(person, chosen)
    return IssueList(
        cycles=cycles,
        cycle=chosen,
        rows=rows,
        figures=figures_of(rows),
        replies=released_replies(connection, chosen["id"]) if office else [],
        flags=flags_of(connection, chosen["id"]) if office else [],
        may_start=office and not was_started(connection, chosen["id"], BATCH),
    )


def read_issue(connection: Connection, person: Person, issue_id: str) -> tuple[Story, list[dict[str, Any]]]:
    """One issue, and the contact data of who spoke (for the office only). Raises Trouble(404)."""
    story = story_of(connection, issue_id)
    if story is None or not _may_see(person, story.issue, str(story.issue["assessor_id"])):
        raise Trouble(404, "not_found")
    whole = Thing(assessor_id=story.issue["assessor_id"], cycle_id=story.issue["cycle_id"])
    contacts = _contacts(connection, issue_id) if may(person, "run_cycle", whole) else []
    return story, contacts


def take_opinions(
    house: House,
    person: Person,
    cycle_id: str,
    texts: Sequence[Mapping[str, str]],
    *,
    source: str,
    batch: str,
) -> list[str]:
    """Opinions from a survey (for the batch), or of observers and informants: each starts its own process.

    With `batch` they wait for the batch's merging; without, they are handled one by one. All or none.
    Raises NotAllowed, Trouble(404, 422).
    """
    with house.database.write() as connection:
        cycle = cycle_to_run(connection, person, cycle_id)
        at = house.engine.clock.now()
        try:
            taken = collect(connection, cycle_id, texts, source=source, batch=batch, at=at)
        except SayingRefused as refused:
            error = {"field": refused.field, "code": "refused", "message": f"{refused}。"}
            raise Trouble(422, "invalid", _("没有导入任何一条意见。"), errors=[error]) from None
        for opinion_id in () if batch else taken:
            message = NewMessage(
                cycle_id=cycle_id,
                name="opinion.arrived",
                correlation_key=opinion_id,
                message_id=opinion_id,
                variables={"opinionId": opinion_id},
                surroundings=cycle.variables(),
                sender=person.name,
            )
            house.engine.publish(connection, message)
    return taken


def _may_see(person: Person, issue: Mapping[str, Any], assessor_id: str) -> bool:
    thing = Thing(unit_id=issue["unit_id"], assessor_id=assessor_id, cycle_id=issue["cycle_id"])
    return may(person, "see_instance", thing)


def _contacts(connection: Connection, issue_id: str) -> list[dict[str, Any]]:
    opinions = [row["id"] for row in newest_sortings(connection, issue_id=issue_id)]
    query = select(CONTACTS).where(CONTACTS.c.opinion_id.in_(opinions)).order_by(CONTACTS.c.opinion_id)
    return [dict(row) for row in connection.execute(query).mappings()]
