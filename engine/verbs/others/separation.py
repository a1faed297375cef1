"""Why a person must not act on an item that lies with them: two-person check, nobody signs twice."""

from engine.bpmn.own_approval import keeps_initiator_away
from engine.bpmn.votes import steps_apart, vote_rule
from engine.runtime.steps.desks import began_by
from engine.verbs.others.standing_in import DECIDING, apart_because
from engine.verbs.refusals import NotAllowed
from engine.verbs.signers.seating import seats_of
from engine.verbs.signers.signing import twice_because
from engine.verbs.visit import Visit
from engine.work.apart import handlings

ACTING = DECIDING | {"claim", "return_to", "add_signer", "remove_signer", "ask", "add_before", "add_after"}
"""The verbs that whoever did an earlier step must not use here (`bihuan:distinct`)."""


def check_separation(visit: Visit, verb: str) -> None:
    """Raises `NotAllowed` with the reason when the person must not do `verb` here."""
    reason = because(visit) if verb in DECIDING else _of_the_step(visit) if verb in ACTING else None
    if reason:
        raise NotAllowed(reason)


def because(visit: Visit) -> str | None:
    """Why the person must not decide this step, or None."""
    return _of_the_step(visit) or apart_because(visit)


def _of_the_step(visit: Visit) -> str | None:
    return _distinct(visit) or _twice(visit)


def _distinct(visit: Visit) -> str | None:
    """双人复核: who did one of the steps that the diagram names, or in whose name it was done."""
    if keeps_initiator_away(visit.element.properties) and (began := began_by(visit.step)):
        if visit.person.id == began:
            return "这是您本人发起的，不能由您审批；请由同岗位的其他人办理。"
        if visit.holder_id == began and visit.standing:
            return f"这是{visit.standing.name}发起的，不能由{visit.standing.name}或代其办理的人审批。"
    visits = visit.step.row.visits
    steps = {name: one for one in steps_apart(visit.element.properties) for name in visits.names_of(one)}
    for row in handlings(visit.connection, visit.item.instance_id, list(steps)):
        people = {row["person_id"], row["stood_in_for_id"]}
        name = visit.step.version.element(steps[row["element_id"]]).name
        if visit.person.id in people:
            return f"您已办理过“{name}”，本环节须由另一人办理（双人复核）；请由同岗位的其他人办理。"
        if visit.holder_id in people and visit.standing:
            other = visit.standing.name
            return f"“{name}”是{other}办理的，本环节须由另一人办理（双人复核），不能代{other}办理。"
    return None


def _twice(visit: Visit) -> str | None:
    if vote_rule(visit.element.properties) is None:
        return None
    return twice_because(seats_of(visit), visit.person, visit.item, visit.standing)
