"""`add_before` (前加签) and `add_after` (后加签): others sign first and it comes back to me; or after me, and
mine counts when theirs are done. Not both on one task.

On a step that several people decide they are signers like the others. On a step drawn for one, who signs
before only advises; who signs after must agree, or the step ends with their outcome.
"""

from collections.abc import Sequence

from engine.bpmn.votes import vote_rule
from engine.verbs.others.asking import check_may_seat, may_bring_in, told_of_waiting
from engine.verbs.others.whom import Named, check_apart, check_not_twice, others_named
from engine.verbs.refusals import NotAllowed
from engine.verbs.signers.seating import hold, my_seat, seat_others, seats_of
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit
from engine.work.signers import Seat

NAMES = {"before": "前加签", "after": "后加签"}
WHY = "请写明加签的理由。"


def add_before(visit: Visit) -> None:
    """前加签: mine waits, theirs first, then it comes back to me."""
    mine, added, reason = _prepared(visit, "before")
    seat_others(visit, [one.candidate for one in added], mine=mine, kind="before", opens=True)
    hold(visit, mine, names=_names(added))
    _record(visit, "before", added, reason)


def add_after(visit: Visit) -> None:
    """后加签: I sign, then they; mine counts when theirs are done."""
    mine, added, reason = _prepared(visit, "after")
    seat_others(visit, [one.candidate for one in added], mine=mine, kind="after", opens=False)
    _record(visit, "after", added, reason)


def _prepared(visit: Visit, kind: str) -> tuple[Seat, list[Named], str]:
    name = NAMES[kind]
    check_may_seat(visit, f"add_{kind}", name)
    reason, added = visit.reason(WHY), others_named(visit)
    mine = my_seat(visit)
    seats = seats_of(visit)
    _check_unmixed(seats, mine, kind)
    desk = visit.desk
    for one in added:
        check_not_twice(desk, seats, one, verb=name)
        check_apart(visit, desk, one, verb=name)
    return mine, added, reason


def _check_unmixed(seats: Sequence[Seat], mine: Seat, kind: str) -> None:
    other = "after" if kind == "before" else "before"
    if any(seat.for_id == mine.id and seat.kind == other for seat in seats):
        raise NotAllowed(
            f"您这一份已经{NAMES[other]}，不能再{NAMES[kind]}；可以再加{NAMES[other]}的人，或先收回。"
        )


def _record(visit: Visit, kind: str, added: list[Named], reason: str) -> None:
    said = visit.keep_text(f"{NAMES[kind]}：{_names(added)}。{reason}", kind="reason")
    visit.record(visit.doing(f"add_{kind}", text_id=said))


def _names(added: list[Named]) -> str:
    return "、".join(one.name for one in added)


def _told_of_order(visit: Visit) -> tuple[str, ...]:
    how = "" if vote_rule(visit.element.properties) else "有人不同意，就以他的结果办结。"
    return (f"您办理以后轮到他们；他们都办完，您这一份才算数。{how}",)


ADD_BEFORE = Verb(
    "add_before",
    "前加签",
    "act_item",
    add_before,
    offered=lambda visit: may_bring_in(visit, "add_before"),
    tell=told_of_waiting,
)
ADD_AFTER = Verb(
    "add_after",
    "后加签",
    "act_item",
    add_after,
    offered=lambda visit: may_bring_in(visit, "add_after"),
    tell=_told_of_order,
)
