"""Whom a person names for a task: an active person or a held post of this assessor's, and why not them."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from engine.bpmn.own_approval import keeps_initiator_away
from engine.people.acts import ADMINISTER
from engine.people.memberships import holders, postings_of
from engine.people.posts import parse_reference
from engine.people.queries import QUERIES as PEOPLE
from engine.people.refusals import PeopleRefused
from engine.people.units import assessor_of
from engine.runtime.steps.desks import Desk, began_by
from engine.runtime.steps.signing import taken_for
from engine.store import Queries
from engine.store.texts import json_text
from engine.verbs.others.standing_in import decides, did_another
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.visit import Visit
from engine.work.bindings import FieldError
from engine.work.routing import Candidate
from engine.work.signers import Seat

QUERIES = Queries(Path(__file__).with_name("whom.sql"))
MOST = 20
"""So many people may be added or asked at once."""


@dataclass(frozen=True)
class Named:
    """A person or a post, the name that people read, and who may act for it today."""

    candidate: Candidate
    name: str
    people: frozenset[str]


def named(
    visit: Visit, target: str, *, unknown: str = "没有这位人员或岗位，或其不在本考评单位任职。"
) -> Named:
    """The person with this id, or the post `<unit id>#<post key>`. Raises `Invalid` for none of ours, and
    `NotAllowed` for one of the three administrators."""
    said = target.strip()
    try:
        found, units = _post(visit, said) if "#" in said else _person(visit, said)
        ours = visit.item.assessor_id
        known = any(ours in (None, unit, assessor_of(visit.connection, unit)) for unit in units)
    except PeopleRefused:
        known, found = False, None
    if not known or found is None or not found.name:
        raise Invalid(unknown, errors=(FieldError("target", "unknown_person", unknown),))
    if _administers(visit, found.people):
        raise NotAllowed(f"{found.name}是管理员，按三员分立不能承办业务工作。")
    return found


def all_named(visit: Visit) -> list[Named]:
    """Everybody whom the request names (`people`, else `target`), each once. Raises `Invalid` without any."""
    asked = visit.request.people or (visit.request.target,)
    wanted = list(dict.fromkeys(one.strip() for one in asked if one.strip()))
    if not wanted:
        raise _invalid("required", "请选择人员或岗位。")
    if len(wanted) > MOST:
        raise _invalid("too_many", f"一次最多选择 {MOST} 人。")
    return [named(visit, one) for one in wanted]


def others_named(visit: Visit) -> list[Named]:
    """As `all_named`. Raises `NotAllowed` for the very person who asks."""
    found = all_named(visit)
    if any(one.people == {visit.person.id} for one in found):
        raise NotAllowed("这项任务就在您手里，请选择别人。")
    return found


def check_not_twice(desk: Desk, seats: list[Seat], one: Named, *, verb: str) -> frozenset[str]:
    """Who must not get it in `one`'s place. Raises `NotAllowed` when they sign the step already."""
    others = taken_for(desk, seats, one.candidate)
    if any(seat.meant == one.candidate for seat in seats) or one.people <= others:
        raise NotAllowed(f"{one.name}已是本环节的签署人，同一人不能签署两次。")
    if one.people <= others | desk.apart:
        raise NotAllowed(f"{_why_apart(desk, one)}，不能{verb}。")
    return others


def check_apart(visit: Visit, desk: Desk, one: Named, *, verb: str) -> None:
    """Raises `NotAllowed` when the diagram keeps them from the step, or they would judge their own work."""
    if one.people <= desk.apart:
        raise NotAllowed(f"{_why_apart(desk, one)}，不能{verb}。")
    if not decides(visit.element):
        return
    own = {person for person in one.people if did_another(visit, person)}
    if one.people <= own | desk.apart:
        raise NotAllowed(f"{one.name}办理过本事项的前面环节，不能审批自己办过的，不能{verb}。")


def _why_apart(desk: Desk, one: Named) -> str:
    if keeps_initiator_away(desk.element.properties) and one.people == {began_by(desk.step)}:
        return f"本事项是{one.name}发起的，不能由其本人审批"
    return f"{one.name}办理过须与本环节分人办理的环节（双人复核）"


def _administers(visit: Visit, people: Collection[str]) -> bool:
    day = visit.step.today
    given = {"ids": json_text(sorted(people)), "acts": json_text(sorted(ADMINISTER))}
    return bool(QUERIES.rows(visit.connection, "administrators", **given, on_day=day, on_day2=day))


def _post(visit: Visit, said: str) -> tuple[Named, Collection[str]]:
    post = parse_reference(said)
    at = (post.unit_id, post.post_key)
    people = holders(visit.connection, *at, on=visit.step.today, cycle_id=visit.item.cycle_id)
    name = "、".join(one.name for one in people)
    ids = frozenset(one.user_id for one in people)
    return Named(Candidate(unit_id=post.unit_id, post_key=post.post_key), name, ids), [post.unit_id]


def _person(visit: Visit, said: str) -> tuple[Named, Collection[str]]:
    account = PEOPLE.row(visit.connection, "account", id=said)
    held = postings_of(visit.connection, [said], on=visit.step.today).get(said, [])
    name = account["name"] if account and account["active"] else ""
    return Named(Candidate(user_id=said), name, frozenset({said})), [one.unit_id for one in held]


def _invalid(code: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError("people", code, message),))
