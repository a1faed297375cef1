"""`urge`: 催办. A notice to who has the item, on record, at most once a day a person."""

from datetime import date

from engine.people.rights import may
from engine.store import insert_rows
from engine.verbs.others.telling import notice_about
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.verb import Verb
from engine.verbs.visit import MOST_OPINION, Visit, thing_of
from engine.work.items import QUERIES
from engine.work.notices import Notice, notify
from engine.work.routing import Candidate


def urge(visit: Visit) -> None:
    """催办: tell whoever has the item that it is waited for."""
    record_urging(visit, "urge")


def record_urging(visit: Visit, verb: str) -> None:
    """Write down that the item was urged today, put it first in lists, and tell whoever has it."""
    day = visit.step.today
    _check(visit, day)
    visit.record(visit.doing(verb, text_id=visit.keep_text(visit.request.opinion)))
    row = {
        "item_id": visit.item.id,
        "urged_on": day,
        "person_id": visit.person.id,
        "event_id": visit.step.events[-1]["id"],
    }
    insert_rows(visit.connection, "urge", [row])
    QUERIES.send(visit.connection, "mark_urged", id=visit.item.id, at=visit.step.at)
    notify(visit.connection, [notice_of(visit)], at=visit.step.at)


def _check(visit: Visit, day: date) -> None:
    """Who has the item must not use up the day's urging, and nobody urges twice a day about one item."""
    if may(visit.person, "act_item", thing_of(visit.item)):
        raise NotAllowed("这项任务由您自己办理，不用催办。")
    if len(visit.request.opinion) > MOST_OPINION:
        raise Invalid(f"催办的话最多 {MOST_OPINION} 字。")
    if _urged_on(visit, day):
        raise NotAllowed("您今天已经催办过这项任务，每项任务每天只催办一次。")


def _urged_on(visit: Visit, day: date) -> bool:
    known = {"item_id": visit.item.id, "day": day, "person_id": visit.person.id}
    return QUERIES.row(visit.connection, "urged", **known) is not None


def may_be_urged(visit: Visit) -> bool:
    """Whether the task is somebody else's, and the person has not urged about it today."""
    if may(visit.person, "act_item", thing_of(visit.item)):
        return False
    return not _urged_on(visit, visit.step.today)


def notice_of(visit: Visit) -> Notice:
    """The notice to whoever has the item."""
    item = visit.item
    whose = item.assignee_id
    to = Candidate(user_id=whose) if whose else Candidate(unit_id=item.unit_id, post_key=item.post_key)
    due_on = item.due_on.isoformat() if item.due_on else None
    return notice_about(visit, "urge", to, visit.request.opinion.strip(), due_on=due_on)


URGE = Verb(
    "urge",
    "催办",
    "urge",
    urge,
    offered=may_be_urged,
    while_waiting=True,
    when_asked=True,
)
