"""`add_signer` and `remove_signer`: 加签 (并) and 减签, by somebody who signs the step themself."""

from engine.bpmn.votes import VoteRule, vote_rule
from engine.people.memberships import holders, postings_of
from engine.people.posts import parse_reference
from engine.people.queries import QUERIES as PEOPLE
from engine.people.refusals import PeopleRefused
from engine.people.units import assessor_of
from engine.runtime.steps.desks import Desk, desk_of, meant_by, open_item
from engine.runtime.steps.signing import not_yet, taken_for
from engine.store import Row
from engine.verbs.deciding import decide
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import drawn
from engine.verbs.seating import seats_of
from engine.verbs.signing import decision_of
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit, in_hand
from engine.work import signers
from engine.work.bindings import FieldError
from engine.work.items import event_row, write_events, write_texts
from engine.work.routing import Candidate
from engine.work.signers import Seat, SeatName

WHY = "请写明理由，最多 4000 字。"


def add_signer(visit: Visit) -> None:
    """加签: one more person or post signs beside the others; in turn (顺签) as the last. Nobody twice."""
    rule = _rule(visit, "add_signer")
    reason = visit.reason(WHY)
    desk = desk_of(visit.step, visit.item.wait_key, visit.wait)
    added, name = _wanted(visit)
    seats = seats_of(visit)
    others = taken_for(desk, seats, added)
    _may_sign(desk, seats, added, name, others)
    opens = rule.form != "turn"
    item = open_item(desk, added, without=others) if opens else not_yet(desk)
    state = signers.OPEN if opens else signers.WAITING
    place = max(seat.place for seat in seats) + 1
    meant = meant_by(visit.step, added)
    row = signers.seat_row(item, meant, place=place, state=state, kind="added")
    signers.write_seats(visit.connection, [row])
    _record(visit, "add_signer", f"加签：{name}。{reason}", item["id"], meant)


def remove_signer(visit: Visit) -> None:
    """减签: take out a signer who has not acted; the step is judged anew. One's own signature stays."""
    rule = _rule(visit, "remove_signer")
    reason = visit.reason(WHY)
    seats = seats_of(visit)
    gone = next((seat for seat in seats if seat.id == visit.request.target), None)
    if gone is None:
        error = FieldError("target", "unknown_signer", "请从本环节的签署人中选择减去哪一位。")
        raise Invalid(error.message, errors=(error,))
    if gone.event_id is not None:
        raise NotAllowed(f"{gone.person_name}已经表示过意见，不能减签。")
    if gone.item_id == visit.item.id:
        raise NotAllowed("不能减去您自己这一份；请办理，或者请其他签署人减签。")
    name = _named(visit, gone)
    signers.QUERIES.run(visit.connection, "gone" if rule.voters == "start" else "remove", id=gone.id)
    if gone.item_id is not None:
        signers.QUERIES.run(visit.connection, "close_item", id=gone.item_id)
    lay = {"meant_unit_id": gone.unit_id or gone.meant_unit_id, "meant_post_key": gone.post_key}
    _record(visit, "remove_signer", f"减签：{name}。{reason}", gone.item_id, lay)
    decision = decision_of(visit, rule, [seat for seat in seats if seat.id != gone.id])
    if decision is not None:
        decide(visit, decision)


def _rule(visit: Visit, verb: str) -> VoteRule:
    rule = vote_rule(visit.element.properties)
    if rule is None or not drawn(visit.element, verb):
        raise NotAllowed("此环节不能加签。" if verb == "add_signer" else "此环节不能减签。")
    return rule


def _wanted(visit: Visit) -> tuple[Candidate, str]:
    """Who is to sign as well, and their name: an active person, or a held post, of this assessor's."""
    target, on = visit.request.target.strip(), visit.step.today
    unknown = FieldError("target", "unknown_person", "没有这位可以加签的人员或岗位。")
    try:
        if "#" in target:
            post = parse_reference(target)
            units, user_id = [post.unit_id], None
            people = holders(
                visit.connection, post.unit_id, post.post_key, on=on, cycle_id=visit.item.cycle_id
            )
            found, name = (
                Candidate(unit_id=post.unit_id, post_key=post.post_key),
                "、".join(one.name for one in people),
            )
        else:
            account = PEOPLE.row(visit.connection, "account", id=target)
            held = postings_of(visit.connection, [target], on=on).get(target, [])
            units, user_id = [one.unit_id for one in held], target
            name = account["name"] if account and account["active"] else ""
            found = Candidate(user_id=user_id)
        ours = visit.item.assessor_id
        known = any(ours in (None, unit, assessor_of(visit.connection, unit)) for unit in units)
    except PeopleRefused:
        raise Invalid(unknown.message, errors=(unknown,)) from None
    if not (known and name):
        raise Invalid(unknown.message, errors=(unknown,))
    return found, name


def _may_sign(desk: Desk, seats: list[Seat], added: Candidate, name: str, others: frozenset[str]) -> None:
    """Raises `NotAllowed` when they sign already, or did a step that is kept apart from this one."""
    step = desk.step
    if added.user_id is not None:
        people = {added.user_id}
    else:
        at = (str(added.unit_id), str(added.post_key))
        people = {
            one.user_id for one in holders(step.connection, *at, on=step.today, cycle_id=step.row.cycle_id)
        }
    if any(seat.meant == added for seat in seats) or people <= others:
        raise NotAllowed(f"{name}已是本环节的签署人，同一人不能签署两次。")
    if people <= others | desk.apart:
        raise NotAllowed(f"{name}办理过须与本环节分人办理的环节（双人复核），不能加签。")


def _named(visit: Visit, seat: Seat) -> str:
    item = visit.item
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    name = names.get(seat.id, SeatName("", "", ""))
    return name.person or " · ".join(part for part in (name.unit, name.post) if part)


def _record(visit: Visit, verb: str, said: str, item_id: str | None, lay: Row) -> None:
    """History of the signer's own item, not of the one by whose holder it was done."""
    text_id = visit.keep_text(said, kind="reason")
    write_texts(visit.connection, visit.texts)
    visit.texts.clear()
    at = {"id": item_id, "unit_id": lay["meant_unit_id"], "post_key": lay["meant_post_key"]}
    row = event_row(visit.item.__dict__ | at, visit.doing(verb, text_id=text_id), at=visit.step.at)
    write_events(visit.connection, [row])
    visit.step.events.append(row)


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
