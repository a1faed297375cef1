"""`return_to`: 退回. One person sends the work back to a step that was done before."""

from engine.bpmn.votes import may_seat, vote_rule
from engine.runtime.steps import closing
from engine.runtime.steps.step import Returned, Step
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import drawn, usual_return
from engine.verbs.signers.seating import seats_of
from engine.verbs.signers.signing import seated
from engine.verbs.verb import Verb
from engine.verbs.visit import Visit, in_hand, sent_back
from engine.work.bindings import FieldError

STRAIGHT = "straight_back"
"""The history of a return says so when what is handed in again goes straight back."""


def targets(visit: Visit) -> list[str]:
    """User tasks to which this one may be sent back: on every path here, and visited.

    The one that the designer named first (`bihuan:returnTo`), then the nearest first.
    """
    visited = visit.step.row.visits.elements
    allowed = visit.step.execution.returnable(visit.wait.token)
    usual = usual_return(visit.element)
    found = [element_id for element_id in reversed(allowed) if visited.get(element_id, 0) > 0]
    return sorted(found, key=lambda element_id: element_id != usual)


def return_to(visit: Visit) -> None:
    """退回: history first, then the tokens downstream of the target go and a new one stands there.

    With `straight_back` the re-submission comes straight back here, and what was decided in between
    stays valid; without it every step between is taken anew and earlier decisions are superseded.
    """
    if not drawn(visit.element, "return_to"):
        raise NotAllowed("此环节不能退回。")
    reason = visit.reason("请写明退回的理由，对方会在任务页最上方看到。")
    target = visit.request.target
    if target not in targets(visit):
        error = FieldError("target", "unknown_target", "请从列出的环节中选择退回到哪一步。")
        raise Invalid(error.message, errors=(error,))
    text_id = visit.keep_text(reason, kind="reason")
    how = STRAIGHT if visit.request.straight_back else ""
    visit.record(visit.doing("return_to", outcome=how, text_id=text_id, target_element_id=target))
    if (
        vote_rule(visit.element.properties) is not None
    ):  # the whole step goes back, with what some have signed
        closing.supersede_visited(visit.step, [visit.item.element_id])
    if not visit.request.straight_back:
        place = visit.step.execution.preview(visit.wait.token, target=target).place
        begins = place if visit.step.version.element(place).kind == "subProcess" else target
        closing.supersede_visited(visit.step, downstream(visit.step, begins))
    visit.step.handed_in = sent_back(visit.item)
    if may_seat(visit.element.properties):
        visit.step.seated = seated(visit, vote_rule(visit.element.properties), seats_of(visit))
    visit.step.returned = Returned(
        target=target,
        from_element=visit.item.element_id,
        reason_id=text_id,
        straight_back=visit.request.straight_back,
    )
    visit.step.execution.move(visit.wait.token, target=target)


def downstream(step: Step, target: str) -> list[str]:
    """User tasks that can be reached from `target` by the drawing, itself included."""
    diagram = step.version.drawn
    found, waiting = {target}, [target]
    while waiting:
        element = diagram.elements[waiting.pop()]
        nexts = [after.id for after in diagram.after(element)]
        nexts += [inner.id for inner in diagram.children(element.id)] if element.kind == "subProcess" else []
        for element_id in nexts:
            if element_id not in found:
                found.add(element_id)
                waiting.append(element_id)
    return [element_id for element_id in sorted(found) if diagram.elements[element_id].kind == "userTask"]


def _offered(visit: Visit) -> bool:
    return in_hand(visit) and drawn(visit.element, "return_to") and bool(targets(visit))


RETURN_TO = Verb("return_to", "退回", "act_item", return_to, offered=_offered)
