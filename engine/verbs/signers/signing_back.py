"""撤回 of a signature while the step is not decided: the seat opens again, and who followed in turn waits."""

from dataclasses import dataclass

from engine.bpmn.votes import vote_rule
from engine.runtime.instances.taking_back import QUERIES as TAKING_BACK
from engine.runtime.steps import closing
from engine.runtime.steps.desks import desk_of, open_item
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.signing import taken_for
from engine.runtime.steps.step import Step
from engine.store import Row
from engine.store.texts import json_text
from engine.work import signers
from engine.work.items import Doing, event_row, write_events
from engine.work.signers import Seat

_DID = {"return_to": "退回", "remove_signer": "减签", "recall": "收回"}
_FINAL = frozenset({"remove_signer", "recall"})
"""What decides a step and is itself not taken back."""


@dataclass(frozen=True)
class Signed:
    """A signature on a step that is still open, among its seats; `why_not` it cannot be taken back."""

    wait_key: str
    seat: Seat
    seats: list[Seat]
    why_not: str


def seat_signed(step: Step, event: Row) -> Signed | None:
    """The seat of this signature; None when its step is decided, or was no step of several."""
    for key, wait in step.before.items():
        if wait.kind != "user" or wait.element != event["element_id"]:
            continue
        seats = signers.seats_of(step.connection, instance_id=step.row.id, wait_key=key)
        for seat in seats:
            if seat.event_id == event["id"]:
                return Signed(key, seat, seats, _why_not(step, key, seat, seats))
    return None


def _why_not(step: Step, key: str, seat: Seat, seats: list[Seat]) -> str:
    if seat.state == signers.OPEN:
        return "您的意见没有计入，任务还在您这里，不用撤回，直接再办即可。"
    if seat.kind in ("before", "after") or any(
        one.for_id == seat.id and one.kind == "after" for one in seats
    ):
        return "这份意见连着前加签或后加签，不能单独撤回；可请还没有签署的人退回。"
    rule = vote_rule(step.version.element(step.before[key].element).properties)
    if rule is None or rule.form != "turn":
        return ""
    later = [one for one in seats if one.place > seat.place]
    after = [one for one in later if one.signed and (one.event_id or "") > (seat.event_id or "")]
    if after:  # not those who were asked first
        return f"{after[0].person_name}已经接着签署，不能撤回。"
    opened = [one.item_id for one in later if one.state == signers.OPEN and one.item_id]
    row = TAKING_BACK.row(step.connection, "acted_items", ids=json_text(opened), me=seat.person_id or "")
    return f"{row['person_name']}已经动手办理下一份签署，不能撤回。" if row else ""


def why_not_alone(step: Step, event: Row) -> str:
    """Why a signature that moved no token is not taken back once its step is decided; "" when it was none."""
    place = {"instance_id": step.row.id, "element_id": event["element_id"], "round": event["round"]}
    row = TAKING_BACK.row(step.connection, "went_on", **place, id=event["id"])
    if row is None:
        several = vote_rule(step.version.element(event["element_id"]).properties) is not None
        return "您签署以后，本环节已到期自动作出决定，不能撤回。" if several else ""
    name, did = row["person_name"], _DID.get(row["verb"], "签署")
    instead = "可请下一环节退回" if row["verb"] in _FINAL else f"可请{name}撤回，或请下一环节退回"
    return f"您签署以后，{name}{did}，本环节已有结果，您这一份不能单独撤回；{instead}。"


def sign_back(step: Step, signed: Signed, event: Row) -> Row:
    """Take the signature out of the count and open its item anew, sent back like the others; its columns."""
    place = {"instance_id": step.row.id, "wait_key": signed.wait_key}
    sent_back = TAKING_BACK.row(step.connection, "sent_back", **place)
    assert sent_back is not None  # a step that is not decided has open items
    wait = step.before[signed.wait_key]
    desk = desk_of(step, signed.wait_key, wait, round_number=sent_back["round"])
    _make_wait(step, signed)
    _forget(step, signed.seat)
    closing.replace_opinion(step, event)
    others = [one for one in signed.seats if one.id != signed.seat.id]
    item = open_item(desk, signed.seat.meant, without=taken_for(desk, others, signed.seat.meant))
    item |= sent_back
    signers.QUERIES.run(step.connection, "open_seat", id=signed.seat.id, item_id=item["id"])
    TAKING_BACK.run(
        step.connection, "keep_apart_no_more",
        **place, person_id=signed.seat.person_id,
    )  # fmt: skip
    finish(step, act=f"take_back:{event['element_id']}", run=False)
    return item


def _make_wait(step: Step, signed: Signed) -> None:
    """顺签: the next one's turn has not come after all; their item goes, and the history says so."""
    rule = vote_rule(step.version.element(step.before[signed.wait_key].element).properties)
    if rule is None or rule.form != "turn":
        return
    for seat in signed.seats:
        if seat.place > signed.seat.place and seat.state == signers.OPEN and seat.item_id:
            row = TAKING_BACK.row(step.connection, "take_item", id=seat.item_id)
            TAKING_BACK.run(step.connection, "wait_again", id=seat.id)
            if row is not None:
                closed = event_row(row, Doing("close", person_name="系统"), at=step.at)
                write_events(step.connection, [closed])
                step.events.append(closed)


def _forget(step: Step, seat: Seat) -> None:
    nothing = dict.fromkeys(("event_id", "person_id", "holder_id", "signed_at", "data_text"))
    signers.QUERIES.run(
        step.connection, "sign",
        id=seat.id, state=signers.WAITING, item_id=None, outcome="", person_name="", **nothing,
    )  # fmt: skip
