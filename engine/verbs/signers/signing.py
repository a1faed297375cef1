"""会签, 或签, 票决, 顺签: one signer's `complete`, and whether the step is decided with it.

The signers' items belong to one token. Votes are counted here; the token moves once, with the outcome and
the variable `vote` {passed, approvals, rejections, signers}.
"""

from fractions import Fraction

from engine.bpmn.votes import VoteRule, may_seat, most_chosen, solo_rule, vote_rule
from engine.feel import codec
from engine.people.changes import note_change
from engine.people.persons import Person, StandingIn
from engine.runtime.steps import closing
from engine.runtime.steps.reseating import Seated
from engine.runtime.steps.signing import open_next
from engine.store import Row
from engine.verbs.refusals import Stale
from engine.verbs.rules import outcomes
from engine.verbs.signers.seating import (
    like,
    open_after,
    seats_of,
    settle_for,
    waiting_for_me,
    write_signature,
)
from engine.verbs.visit import Visit
from engine.verbs.working.deciding import Decision, decide
from engine.work import apart, signers
from engine.work.bindings import FormData, Signature
from engine.work.items import Item
from engine.work.signers import Seat


def sign(visit: Visit, rule: VoteRule, *, outcome: str, data: FormData) -> Decision | None:
    """Count this signer's outcome; the decision of the step, or None while others are waited for."""
    before, event_id = seats_of(visit), visit.step.events[-1]["id"]
    visit.step.seated = seated(visit, rule, before)
    mine = seat_of(visit, before)
    if mine.event_id is not None:
        _take_back(visit, mine)
    after = waiting_for_me(before, mine, rule, outcome)
    state = signers.OPEN if rule.stays(outcome) else signers.GIVEN if after else signers.SIGNED
    write_signature(visit, mine, outcome=outcome, event_id=event_id, data=data, state=state)
    if state == signers.OPEN:
        signers.QUERIES.run(visit.connection, "keep_item", id=visit.item.id)
        return None
    if state == signers.GIVEN:
        open_after(visit, after, seats_of(visit))
    elif mine.for_id is not None:
        settle_for(visit, before, mine)
    seats = seats_of(visit)
    decision = decision_of(visit, rule, seats)
    if decision is None:
        signers.QUERIES.run(visit.connection, "close_item", id=visit.item.id)
        _keep_apart(visit, seats)
        go_on(visit, rule, seats)
    return decision


def seated(visit: Visit, rule: VoteRule | None, seats: list[Seat]) -> Seated | None:
    """Who signs the step, as it is now; None where nobody but who has the task works on it."""
    if not seats:
        return None
    item = visit.item
    place = {"instance_id": item.instance_id, "wait_key": item.wait_key}
    counts_all = rule is not None and rule.voters == "start"
    gone = signers.QUERIES.rows(visit.connection, "gone_of", **place) if counts_all else ()
    return Seated(item.wait_key, item.element_id, seats, gone)


def judge_anew(visit: Visit) -> None:
    """Somebody was taken out: decide the step where those who are left have decided it."""
    rule = rule_of(visit)
    decision = decision_of(visit, rule, seats_of(visit)) if rule is not None else None
    if decision is not None:
        decide(visit, decision)


def rule_of(visit: Visit) -> VoteRule | None:
    """How the step is decided: as drawn; by its owner with those who sign after, where some were asked or
    added; None where one person decides alone."""
    properties = visit.element.properties
    drawn = vote_rule(properties)
    if drawn is not None or not may_seat(properties):
        return drawn
    return solo_rule(properties) if seats_of(visit) else None


def seat_of(visit: Visit, seats: list[Seat] | None = None) -> Seat:
    """The signer to whom the item belongs. Raises `Stale` when there is none any more."""
    for seat in seats_of(visit) if seats is None else seats:
        if seat.item_id == visit.item.id and not seat.signed:
            return seat
    raise Stale("此任务刚刚有变动，请刷新后再试。")


def decision_of(visit: Visit, rule: VoteRule, seats: list[Seat]) -> Decision | None:
    """Judge the step by the signatures it has; None when it is not decided yet."""
    counted = [seat for seat in seats if rule.counts(seat.kind)]
    signed = sorted((seat for seat in counted if seat.signed), key=lambda seat: seat.event_id or "")
    passed = judged(visit, rule, counted, signed)
    if passed is None:
        return None
    visit.step.decided = visit.item.wait_key
    side = [seat for seat in signed if rule.ballot(seat.outcome) == passed]
    owner = next((seat for seat in counted if seat.kind == "" and seat.data_text is not None), None)
    if rule.solo and owner is not None:
        return _as_owner(side, owner)
    approvals = sum(rule.ballot(seat.outcome) for seat in signed)
    vote = {
        "passed": passed,
        "approvals": approvals,
        "rejections": len(signed) - approvals,
        "signers": len(counted),
    }
    order = [one.key for one in outcomes(visit.element)]
    chosen = [seat.outcome for seat in side] or [key for key in order if rule.ballot(key) == passed]
    return Decision(
        outcome=most_chosen(chosen, order),
        data=_data((side or signed)[-1]),
        variables={"vote": vote},
        signatures=tuple(
            Signature(seat.person_id or "", seat.outcome, rule.ballot(seat.outcome), _data(seat))
            for seat in signed
        ),
    )


def judged(visit: Visit, rule: VoteRule, counted: list[Seat], signed: list[Seat]) -> bool | None:
    """Passed, rejected or not yet, by those of `counted` who have `signed`: their weight (票决) or number."""
    if rule.form == "any":
        return rule.ballot(signed[0].outcome) if signed else None
    one = Fraction(1)
    weight = [seat.weight if rule.form == "ratio" else one for seat in signed]
    approvals = sum(
        (w for w, seat in zip(weight, signed, strict=True) if rule.ballot(seat.outcome)), Fraction()
    )
    cast = sum(weight, Fraction())
    whole = sum((seat.weight if rule.form == "ratio" else one for seat in counted), Fraction())
    return rule.decided(
        approvals=approvals,
        rejections=cast - approvals,
        signers=whole if rule.voters == "now" else _at_start(visit),
        left=whole - cast,
    )


def _at_start(visit: Visit) -> Fraction:
    item = visit.item
    return signers.weight_at_start(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)


def _as_owner(side: list[Seat], owner: Seat) -> Decision:
    """A step drawn for one: what its owner handed in, with their outcome or that of who objected."""
    agreed = owner if owner in side else side[-1]
    return Decision(outcome=agreed.outcome, data=_data(owner), by=owner)


def go_on(visit: Visit, rule: VoteRule, seats: list[Seat]) -> None:
    """顺签: when nobody's turn is open, the next one's begins."""
    waiting = (seat for seat in seats if seat.state == signers.WAITING and seat.kind != "after")
    following = next(waiting, None)
    if rule.form != "turn" or following is None:
        return
    busy = (signers.OPEN, signers.HELD)
    if any(seat.state in busy and seat.item_id != visit.item.id for seat in seats):
        return
    open_next(visit.desk, following, seats=seats, like=like(visit))


def twice_because(seats: list[Seat], person: Person, item: Item, standing: StandingIn | None) -> str | None:
    """Why the person must not sign this item: nobody signs a step twice. None when nothing is against it."""
    holder_id = standing.user_id if standing else person.id
    taken = signers.spoken_for(seats)
    if person.id in taken:
        return "您已在本环节签署过，同一人不能签署两次；这一份请由他人签署。"
    if holder_id in taken:
        return f"{standing.name if standing else ''}在本环节已有签署，不能再签署一份；请由他人签署。"
    others = [seat for seat in seats if seat.item_id != item.id and not seat.signed and seat.kind != "ask"]
    if any(seat.meant_user_id == person.id for seat in others):
        return "您本人也是本环节的签署人，请签署您自己的那一份；这一份请由他人签署。"
    if standing and any(_of_post(seat, person) for seat in others):
        return f"您所在岗位也要在本环节签署，不能再代{standing.name}签署；请由{standing.name}本人办理。"
    return None


def _of_post(seat: Seat, person: Person) -> bool:
    post_key = seat.post_key or seat.meant_post_key
    unit_id = seat.unit_id if seat.post_key else seat.meant_unit_id
    return post_key is not None and person.holds(post_key, unit_id=unit_id)


def _take_back(visit: Visit, seat: Seat) -> None:
    """A rejection that did not count (stay) is replaced by what the same signer says now."""
    earlier: Row = {
        "id": seat.event_id,
        "element_id": visit.item.element_id,
        "round": visit.item.round,
        "item_id": visit.item.id,
    }
    closing.replace_opinion(visit.step, earlier)


def _keep_apart(visit: Visit, seats: list[Seat]) -> None:
    """Who has signed does not find the step's other items any more; a post of theirs alone is placed anew."""
    people = {visit.person.id, visit.holder_id}
    new = {row["id"] for row in visit.step.opened}  # opened just now, and not for them
    have = (signers.OPEN, signers.HELD)
    opened = [seat for seat in seats if seat.state in have and seat.item_id and seat.item_id not in new]
    rows = [{"item_id": seat.item_id, "person_id": one} for seat in opened for one in sorted(people)]
    apart.keep_apart(visit.connection, rows)
    held = {(post.unit_id, post.post_key) for post in visit.person.memberships}
    for unit_id in sorted(
        {seat.unit_id for seat in opened if (seat.unit_id, seat.post_key) in held and seat.unit_id}
    ):
        note_change(visit.connection, unit_id=unit_id)


def _data(seat: Seat) -> FormData:
    data: FormData = codec.loads(seat.data_text or "{}")  # type: ignore[assignment]
    return data
