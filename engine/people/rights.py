"""May this person do this to that? The rule is `acts.ACTS` and the person's rights; `visible` is its twin.

A thing is described by where it belongs and whom it concerns, never by its table:

    may(person, "act_item", Thing(unit_id=subject, cycle_id=cycle, concerns=(Concern(holder_id=assignee),)))
"""

from dataclasses import dataclass

from engine.people.acts import ACTS
from engine.people.persons import HeldPost, Person, Right, StandingIn
from engine.people.refusals import NotAllowed, PeopleRefused


@dataclass(frozen=True)
class Concern:
    """Whom a thing concerns: it is assigned to `holder_id`, waits at a post, or `involved_id` took part."""

    holder_id: str | None = None
    unit_id: str | None = None
    post_key: str | None = None
    involved_id: str | None = None


@dataclass(frozen=True)
class Thing:
    """What is to be seen or done: the unit it is about, that unit's assessor, its cycle, whom it concerns.

    `assessor_id` must be given for rights that reach an assessor's units to count. A thing without unit
    and assessor (a process definition, say) answers only to rights that reach everything.
    """

    unit_id: str | None = None
    assessor_id: str | None = None
    cycle_id: str | None = None
    concerns: tuple[Concern, ...] = ()
    process_key: str | None = None


INSTALLATION = Thing()
"""What belongs to no unit: definitions, posts, settings."""


def may(person: Person, act: str, thing: Thing) -> bool:
    """Whether `person` may do `act` to `thing`. Raises PeopleRefused for an act that does not exist."""
    if act not in ACTS:
        raise act_unknown(act)
    if act in person.withheld:
        return False
    return _own(person, act, thing) or stood_in_for(person, act, thing) is not None


def stood_in_for(person: Person, act: str, thing: Thing) -> StandingIn | None:
    """For whom the person does this as a stand-in (代理); None for what is their own, or forbidden."""
    if not person.stands_in or not ACTS[act].stand_in or act in person.withheld or _own(person, act, thing):
        return None
    for one in person.stands_in:
        if one.processes and thing.process_key not in one.processes:
            continue
        if any(_related_by(one, act, thing, concern) for concern in thing.concerns):
            return one
    return None


def _own(person: Person, act: str, thing: Thing) -> bool:
    for concern in thing.concerns:
        if _related(person, act, thing, concern):
            return True
    return any(_reaches(person, right, thing) for right in person.rights_to(act))


def may_somewhere(person: Person, act: str) -> bool:
    """Whether the person has a right to `act` anywhere: for menus, never for the act itself."""
    if act not in ACTS:
        raise act_unknown(act)
    return bool(person.rights_to(act))


def require(person: Person, act: str, thing: Thing) -> None:
    """Raises NotAllowed, with a sentence, unless `may`."""
    if not may(person, act, thing):
        reason = "（三员分立：您的其他岗位不允许）" if act in person.withheld else ""
        raise NotAllowed(act, f"您没有对此“{ACTS[act].name}”的权限{reason}。")


def act_unknown(act: str) -> PeopleRefused:
    """The refusal for an act that is none of acts.ACTS."""
    return PeopleRefused("act_unknown", f"没有“{act}”这项权限。", act=act)


def _related(person: Person, act: str, thing: Thing, concern: Concern) -> bool:
    for relation in ACTS[act].relations:
        if relation == "holder" and concern.holder_id == person.id:
            return True
        if relation == "involved" and concern.involved_id == person.id:
            return True
        if relation == "desk" or (relation == "free_desk" and concern.holder_id is None):
            for held in person.memberships:
                if _same_desk(held, thing, concern):
                    return True
    return False


def _related_by(standing: StandingIn, act: str, thing: Thing, concern: Concern) -> bool:
    """Like `_related`, for who is stood in for; that the other took part once gives a stand-in nothing."""
    desk = any(_same_desk(held, thing, concern) for held in standing.posts)
    relations = ACTS[act].relations
    if "holder" in relations and concern.holder_id == standing.user_id and (standing.whole or desk):
        return True
    return desk and ("desk" in relations or ("free_desk" in relations and concern.holder_id is None))


def _same_desk(held: HeldPost, thing: Thing, concern: Concern) -> bool:
    if (held.unit_id, held.post_key) != (concern.unit_id, concern.post_key):
        return False
    return held.cycle_id in (None, thing.cycle_id)


def _reaches(person: Person, right: Right, thing: Thing) -> bool:
    if right.cycle_id not in (None, thing.cycle_id):
        return False
    if right.reach == "all":
        return True
    if right.reach == "assessor":
        return right.assessor_id in (thing.assessor_id, thing.unit_id)
    if thing.unit_id is None:
        return False
    if right.reach == "below":
        return thing.unit_id in person.below.get(right.unit_id, frozenset())
    return thing.unit_id == right.unit_id
