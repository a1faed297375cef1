"""`hand_over` (转办): another person answers for the task; who had it stays on record and can still read it.

The office may hand over what lies with others (离职转办), whatever the step says, to anybody of its assessor:
also what waits for others, and what somebody was asked to do (委派).
"""

from engine.people.persons import Person
from engine.people.rights import may
from engine.runtime.steps.desks import meant_by, open_place
from engine.verbs.others.receiving import check_receives
from engine.verbs.others.telling import notice_about
from engine.verbs.others.whom import Named, all_named, check_apart, check_not_twice
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import drawn
from engine.verbs.showing.seeing import busy
from engine.verbs.signers.seating import name_anew, seats_of
from engine.verbs.tokens.mending import may_mend
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit, in_hand, thing_of
from engine.work import handing
from engine.work.bindings import FieldError
from engine.work.items import Item
from engine.work.notices import notify

WHY = "请写明转办的理由，接手的人会看到。"


def hand_over(visit: Visit) -> None:
    """转办: the task as it stands, with what was drafted, goes to one other person or post."""
    bound = not reassigns(visit.person, visit.item)
    if bound:
        _check_own(visit)
    reason = visit.reason(WHY)
    to = _one(visit)
    _check_new(visit, to)
    if bound:
        check_receives(visit, to)
    desk = visit.desk
    check_apart(visit, desk, to, verb="转办")
    seats = seats_of(visit)
    others = [seat for seat in seats if seat.item_id != visit.item.id]
    without = check_not_twice(desk, others, to, verb="转办") if others else frozenset[str]()
    place = open_place(desk, to.candidate, without=without)
    handing.hand(
        visit.connection,
        visit.item.id,
        place=place,
        meant=meant_by(visit.step, to.candidate),
        sender=visit.step.actor.name,
        at=visit.step.at,
    )
    for mine in (seat for seat in seats if seat.item_id == visit.item.id):
        name_anew(visit, seats, mine)
    text = visit.keep_text(f"转办给{to.name}。{reason}", kind="reason")
    visit.record(visit.doing("hand_over", text_id=text))
    notify(visit.connection, [notice_about(visit, "hand_over", to.candidate, reason)], at=visit.step.at)


def reassigns(person: Person, item: Item) -> bool:
    """Whether the person is the office, which hands over what lies with others."""
    return may_mend(person, {"assessor_id": item.assessor_id, "cycle_id": item.cycle_id})


def _check_own(visit: Visit) -> None:
    if visit.standing:
        away = visit.standing.name
        raise NotAllowed(f"您正在代{away}办理，不能再转给别人；请代为办理，或者请{away}本人转办。")
    if why := busy(visit.item, "转办"):
        raise NotAllowed(why)
    if not drawn(visit.element, "hand_over"):
        raise NotAllowed("此环节不能转办。")
    if not in_hand(visit):
        raise NotAllowed("请先认领此任务，再转办。")


def _one(visit: Visit) -> Named:
    found = all_named(visit)
    if len(found) != 1:
        message = "转办只能交给一个人或一个岗位；要几个人一起办，请用加签。"
        raise Invalid(message, errors=(FieldError("people", "only_one", message),))
    return found[0]


def _check_new(visit: Visit, to: Named) -> None:
    item, who = visit.item, to.candidate
    same_post = item.assignee_id is None and (who.unit_id, who.post_key) == (item.unit_id, item.post_key)
    if who.user_id is not None and who.user_id == item.assignee_id:
        raise NotAllowed(f"这项任务本来就在{to.name}名下，不用转办。")
    if same_post and who.post_key is not None:
        raise NotAllowed(f"这项任务本来就在{to.name}的岗位上，不用转办。")


def _offered(visit: Visit) -> bool:
    """On the task's own page only to whose it is; the office has a page for all that lies with one person."""
    own = may(visit.person, "act_item", thing_of(visit.item))
    free = in_hand(visit) and not busy(visit.item, "转办") and visit.standing is None
    return own and free and drawn(visit.element, "hand_over")


HAND_OVER = Verb(
    "hand_over",
    "转办",
    "act_item",
    hand_over,
    offered=_offered,
    also=reassigns,
    while_waiting=True,
    when_asked=True,
)
