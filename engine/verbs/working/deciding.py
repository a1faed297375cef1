"""A step is decided: its form is stored, and the token moves on with the outcome."""

from dataclasses import dataclass, field, replace
from typing import Any

from engine.runtime.steps.step import Returned
from engine.verbs.rules import outcomes
from engine.verbs.showing.form import store
from engine.verbs.visit import Visit
from engine.work.bindings import FormData, Signature
from engine.work.signers import Seat


@dataclass(frozen=True)
class Decision:
    """How a step ends: its outcome, the form to be stored, and, where several signed, their votes."""

    outcome: str
    data: FormData
    variables: dict[str, Any] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    by: Seat | None = None
    """Whose it is, when somebody else was the last to sign."""


def decide(visit: Visit, decision: Decision) -> None:
    """Store the form and complete the token; `outcome` is a variable like the form's own."""
    step, outcome = visit.step, decision.outcome
    context = visit.context
    if decision.signatures:
        context = replace(context, signatures=decision.signatures)
    if decision.by is not None and decision.by.item_id != visit.item.id:
        context = replace(context, person_id=decision.by.person_id, unit_id=visit.step.row.subject_unit_id)
    stored = store(visit.setup, step.version, visit.element, context, decision.data, outcome=outcome)
    variables = {**stored, **decision.variables, "outcome": outcome}
    step.execution.complete(visit.wait.token, variables, toward=_straight_back(visit, outcome))


def _straight_back(visit: Visit, outcome: str) -> str | None:
    """退回后直达: a re-submission goes to whoever returned it, if the diagram allows the short way.

    It skips people, not the diagram's checks: where one sends it back here, it stays a returned task. Without
    a short way it is told all the same: whoever takes the submission back has a task that goes straight back.
    """
    item = visit.item
    if item.back_to is None or outcome != outcomes(visit.element)[0].key:
        return None
    if visit.step.execution.skips(visit.wait.token, item.back_to):
        visit.step.returned = Returned(
            target=item.element_id,
            from_element=item.back_to,
            reason_id=item.return_reason_id,
            straight_back=True,
        )
    return item.back_to
