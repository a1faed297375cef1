"""代理: a stand-in acts under their own name for somebody else, and never approves their own work.

A step where one decides is closed to a stand-in who did another step of the same
matter, and to anybody who did one as a stand-in: otherwise one person could both draft and approve.
"""

from engine.bpmn.model import Element
from engine.bpmn.outcomes import SUBMIT
from engine.people.persons import Person, StandingIn
from engine.store.texts import json_text
from engine.verbs.rules import outcomes
from engine.verbs.visit import Visit
from engine.work.history import QUERIES

DECIDING = frozenset({"complete", "register_for"})
"""The verbs by which a step is decided; what is sent back is not approved."""


def signature(person: Person, standing: StandingIn | None) -> str:
    """The person's name, and for whom they stand in: `李联（代王局）`."""
    return f"{person.name}（代{standing.name}）" if standing else person.name


def decides(element: Element) -> bool:
    """Does the step judge work, as the diagram names its outcomes (同意, 通过 …), rather than hand it in?"""
    return any(outcome.key != SUBMIT[0] for outcome in outcomes(element))


def apart_because(visit: Visit) -> str | None:
    """Why the person must not decide this step, or None."""
    standing = visit.standing
    if not decides(visit.element):
        return None
    if not did_another(visit, visit.person.id, only_for_others=standing is None):
        return None
    if standing:
        return f"您办理过本事项的前面环节，不能再代{standing.name}审批；请由{standing.name}本人办理。"
    return "您在本事项的前面环节代他人办理过，不能再由您审批；请由同岗位的其他人办理，或另设代理人。"


def did_another(visit: Visit, person_id: str, *, only_for_others: bool = False) -> bool:
    """Whether they did another step of the matter; an earlier word of theirs at this one does not count."""
    item = visit.item
    row = QUERIES.row(
        visit.connection,
        "stood_in_before" if only_for_others else "worked_before",
        person_id=person_id,
        root_id=item.root_id,
        instance_id=item.instance_id,
        instance_id2=item.instance_id,
        version_id=item.definition_version_id,
        element_id=item.element_id,
        names_before=json_text(visit.step.row.visits.names_before(item.element_id)),
        subject_unit_id=item.subject_unit_id,
    )
    return row is not None
