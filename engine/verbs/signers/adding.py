"""`add_signer` and `remove_signer`: 加签 (并) and 减签, by somebody who signs the step themself."""

from engine.bpmn.votes import VoteRule, vote_rule
from engine.runtime.steps.desks import meant_by, open_item
from engine.runtime.steps.signing import not_yet
from engine.store import Row
from engine.verbs.others.asking import take_out
from engine.verbs.others.whom import check_not_twice, named
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import drawn
from engine.verbs.signers.seating import like, named_seat, seats_of, settle_for
from engine.verbs.signers.signing import judge_anew
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit, in_hand
from engine.work import signers
from engine.work.bindings import FieldError
from engine.work.signers import Seat, SeatName

WHY = "请写明理由，最多 4000 字。"


def add_signer(visit: Visit) -> None:
    """加签: one more person or post signs beside the others; in turn (顺签) as the last. Nobody twice."""
    rule = _rule(visit, "add_signer")
    reason = visit.reason(WHY)
    desk = visit.desk
    added = named(visit, visit.request.target, unknown="没有这位可以加签的人员或岗位。")
    seats = seats_of(visit)
    others = check_not_twice(desk, seats, added, verb="加签")
    opens = rule.form != "turn"
    item = open_item(desk, added.candidate, without=others) if opens else not_yet(desk)
    if opens:
        item |= like(visit)  # a step that was sent back is so for who comes last as well
    state = signers.OPEN if opens else signers.WAITING
    place = max(seat.place for seat in seats) + 1
    meant = meant_by(visit.step, added.candidate)
    row = signers.seat_row(item, meant, place=place, state=state, kind="added")
    signers.write_seats(visit.connection, [row])
    text_id = visit.keep_text(f"加签：{added.name}。{reason}", kind="reason")
    visit.record(visit.doing("add_signer", text_id=text_id), of=_item(visit, item["id"], meant))


def remove_signer(visit: Visit) -> None:
    """减签: take out a signer who has not acted; the step is judged anew. One's own signature stays."""
    rule = _rule(visit, "remove_signer")
    reason = visit.reason(WHY)
    seats = seats_of(visit)
    gone = named_seat(visit, seats)
    if gone is None or gone.kind == "ask":
        asked = visit.request.target
        why = "选的人不在本环节的签署人中，可能刚被减去" if asked else "没有选减去哪一位"
        error = FieldError("target", "unknown_signer", f"{why}。请从本环节的签署人中选择减去哪一位。")
        raise Invalid(error.message, errors=(error,))
    if gone.event_id is not None:
        raise NotAllowed(f"{gone.person_name}已经表示过意见，不能减签。")
    if gone.item_id == visit.item.id:
        raise NotAllowed("不能减去您自己这一份；请办理，或者请其他签署人减签。")
    left = [seat for seat in seats if seat.id != gone.id and not _goes_with(seat, gone)]
    if not any(rule.counts(seat.kind) for seat in left):
        raise NotAllowed("不能减去最后一位签署人；请办理，或者退回。")
    name = _named(visit, gone)
    signers.QUERIES.run(visit.connection, "gone" if rule.voters == "start" else "remove", id=gone.id)
    if gone.item_id is not None:
        signers.QUERIES.run(visit.connection, "close_item", id=gone.item_id)
    lay = {"meant_unit_id": gone.unit_id or gone.meant_unit_id, "meant_post_key": gone.post_key}
    text_id = visit.keep_text(f"减签：{name}。{reason}", kind="reason")
    visit.record(visit.doing("remove_signer", text_id=text_id), of=_item(visit, gone.item_id, lay))
    for helper in (seat for seat in seats if _goes_with(seat, gone)):
        take_out(visit, helper, verb="remove_signer", said=f"减签：{name}。{reason}")
    settle_for(visit, seats, gone)
    judge_anew(visit)


def _goes_with(seat: Seat, gone: Seat) -> bool:
    """Whether who was asked by, or signs after, the one taken out goes too; who signs before stays."""
    return seat.for_id == gone.id and seat.event_id is None and seat.kind != "before"


def _rule(visit: Visit, verb: str) -> VoteRule:
    rule = vote_rule(visit.element.properties)
    if rule is None or not drawn(visit.element, verb):
        raise NotAllowed("此环节不能加签。" if verb == "add_signer" else "此环节不能减签。")
    return rule


def _item(visit: Visit, item_id: str | None, lay: Row) -> Row:
    """The signer's own item for the history, not the one by whose holder it was done."""
    at = {"id": item_id, "unit_id": lay["meant_unit_id"], "post_key": lay["meant_post_key"]}
    return visit.item.__dict__ | at


def _named(visit: Visit, seat: Seat) -> str:
    item = visit.item
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    name = names.get(seat.id, SeatName("", "", ""))
    return name.person or " · ".join(part for part in (name.unit, name.post) if part)


def _votes(visit: Visit) -> bool:
    return in_hand(visit) and vote_rule(visit.element.properties) is not None


ADD_SIGNER = Verb(
    "add_signer",
    "加签",
    "act_item",
    add_signer,
    offered=lambda visit: _votes(visit) and drawn(visit.element, "add_signer"),
)
REMOVE_SIGNER = Verb(
    "remove_signer",
    "减签",
    "act_item",
    remove_signer,
    offered=lambda visit: _votes(visit) and drawn(visit.element, "remove_signer"),
)
