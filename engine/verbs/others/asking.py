"""`ask` (委派), `answer` (回复委派) and `recall` (收回): another does it, it comes back to me, I complete.

Both opinions stay in the history; what was filled in lies in my draft. Who was asked asks nobody else.
"""

from collections.abc import Sequence

from engine.bpmn.votes import vote_rule
from engine.verbs.others.whom import check_not_twice, others_named
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import drawn, outcomes
from engine.verbs.signers import seating
from engine.verbs.signers.seating import hold, my_seat, named_seat, seat_others, seats_of, settle_for
from engine.verbs.signers.signing import judge_anew
from engine.verbs.verb import Verb
from engine.verbs.visit import MOST_OPINION, Visit, in_hand
from engine.verbs.working import drafts
from engine.verbs.working.completing import form_sent, submission
from engine.work import handing, signers
from engine.work.signers import Seat


def ask(visit: Visit) -> None:
    """委派: mine waits while others do it."""
    check_may_seat(visit, "ask", "委派")
    reason = visit.reason("请写明请对方做什么。")
    asked = others_named(visit)
    mine = my_seat(visit)
    desk = visit.desk
    seats = seats_of(visit)
    for one in asked:
        check_not_twice(desk, seats, one, verb="委派")
    names = "、".join(one.name for one in asked)
    seat_others(visit, [one.candidate for one in asked], mine=mine, kind="ask", opens=True)
    hold(visit, mine, names=names)
    visit.record(visit.doing("ask", text_id=visit.keep_text(f"委派{names}。{reason}", kind="reason")))


def answer(visit: Visit) -> None:
    """回复委派: what I did goes back to who asked me, as their draft; they decide."""
    if visit.item.purpose != "ask":
        raise NotAllowed("这项任务不是委派给您的，请直接办理。")
    outcome = visit.request.outcome
    if outcome and outcome not in [one.key for one in outcomes(visit.element)]:
        raise Invalid("没有这个办理结果；可以不选，只写意见。")
    opinion = visit.request.opinion.strip()
    if len(opinion) > MOST_OPINION:
        raise Invalid(f"意见最多 {MOST_OPINION} 字。")
    suggested = outcome or outcomes(visit.element)[0].key
    data = form_sent(visit, suggested)
    said = {"text_id": visit.keep_text(opinion), "submission_id": submission(visit, data)}
    visit.record(visit.doing("answer", outcome=outcome, **said))
    seats = seats_of(visit)
    mine = next(seat for seat in seats if seat.item_id == visit.item.id)
    owner = next(seat for seat in seats if seat.id == mine.for_id)
    _hand_back(visit, owner, data)
    seating.sign_aside(visit, mine, outcome=outcome, event_id=visit.step.events[-1]["id"], data=data)
    signers.QUERIES.run(visit.connection, "close_item", id=visit.item.id)
    settle_for(visit, seats, mine)


def recall(visit: Visit) -> None:
    """收回: take back whom I have asked or added and who has not acted; `target` names one, else all.

    Whom they had brought in goes with them, and the step is judged by those who are left.
    """
    reason = visit.reason("请写明收回的理由。")
    seats = seats_of(visit)
    mine = next((seat for seat in seats if seat.item_id == visit.item.id), None)
    gone = [seat for seat in seats if mine and seat.for_id == mine.id and seat.event_id is None]
    if visit.request.target:
        picked = named_seat(visit, gone)
        gone = [picked] if picked else []
    if mine is None or not gone:
        raise NotAllowed("没有可以收回的：您请的人都已办完，或者还没有请人。")
    out = with_whom_they_brought(seats, gone)
    for seat in out:
        take_out(visit, seat, verb="recall", said=reason)
    left = [seat for seat in seats if seat not in out]
    for seat in gone:
        settle_for(visit, [*left, seat], seat)
    judge_anew(visit)


def with_whom_they_brought(seats: Sequence[Seat], gone: Sequence[Seat]) -> list[Seat]:
    """`gone`, and whoever came in for one of them and has said nothing: they wait for nobody any more."""
    out = list(gone)
    for one in out:
        out += [seat for seat in seats if seat.for_id == one.id and seat.event_id is None and seat not in out]
    return out


def take_out(visit: Visit, seat: Seat, *, verb: str, said: str) -> None:
    """The seat goes, with its open task; the history says by whom and why."""
    signers.QUERIES.run(visit.connection, "remove", id=seat.id)
    item = visit.item.__dict__ | {"id": seat.item_id, "unit_id": seat.unit_id, "post_key": seat.post_key}
    if seat.item_id is not None:
        signers.QUERIES.run(visit.connection, "close_item", id=seat.item_id)
    visit.record(visit.doing(verb, text_id=visit.keep_text(said, kind="reason")), of=item)


def check_may_seat(visit: Visit, verb: str, name: str) -> None:
    """Raises `NotAllowed` where the step, or the task as it lies, does not let others in."""
    if not drawn(visit.element, verb):
        raise NotAllowed(f"此环节不能{name}。")
    if not in_hand(visit):
        raise NotAllowed(f"请先认领此任务，再{name}。")
    if _among_several(visit):
        raise NotAllowed(f"这一步同时交给了几个人，先办的算数，不能{name}；可以直接办理，或转办。")


def may_bring_in(visit: Visit, verb: str) -> bool:
    """Whether `verb` may bring others in beside the task as it lies."""
    return in_hand(visit) and drawn(visit.element, verb) and not _among_several(visit)


def _among_several(visit: Visit) -> bool:
    """Whether it lies with several of whom the first to act counts; nothing is asked where one is drawn."""
    one = visit.element
    if vote_rule(one.properties) is not None or not (one.candidate_groups or one.candidate_users):
        return False
    beside = {"instance_id": visit.item.instance_id, "wait_key": visit.item.wait_key}
    row = signers.QUERIES.row(visit.connection, "beside", **beside)
    return row is not None and row["how_many"] > 1 and not seats_of(visit)


def waiting(visit: Visit) -> bool:
    """Whether the task waits for others."""
    return bool(visit.item.waits_for)


def told_of_waiting(visit: Visit) -> tuple[str, ...]:
    """What no row shows of a task that begins to wait."""
    return ("您的任务等对方办完后回到您这里，由您办结；对方没有办完以前可以收回。",)


def _hand_back(visit: Visit, owner: Seat, data: dict[str, object]) -> None:
    item_id, holder_id = owner.item_id, owner.assignee_id or visit.holder_id
    if item_id is None or not data:
        return
    own = signers.QUERIES.row(visit.connection, "draft_of", item_id=item_id, person_id=holder_id)
    opinion = own["opinion"] if own else ""
    drafts.keep(visit.connection, item_id, holder_id, fields=data, opinion=opinion, at=visit.step.at)
    if owner.assignee_id is None:  # it was handed over to a post meanwhile: it is left to whoever takes it
        handing.QUERIES.run(visit.connection, "leave_drafts", item_id=item_id, at=visit.step.at)


def _asked(visit: Visit) -> bool:
    return visit.item.purpose == "ask"


def _recallable(visit: Visit) -> bool:
    if waiting(visit):
        return True
    if not drawn(visit.element, "add_after"):
        return False
    seats = seats_of(visit)
    mine = next((seat for seat in seats if seat.item_id == visit.item.id), None)
    return mine is not None and any(seat.for_id == mine.id and seat.event_id is None for seat in seats)


ASK = Verb(
    "ask", "委派", "act_item", ask, offered=lambda visit: may_bring_in(visit, "ask"), tell=told_of_waiting
)
ANSWER = Verb("answer", "回复委派", "act_item", answer, offered=_asked, when_asked=True)
RECALL = Verb("recall", "收回", "act_item", recall, offered=_recallable, while_waiting=True)
