"""`complete` (办理) and `register_for` (代录): the step is done, the token moves on."""

import orjson

from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.rules import opinion_offered, opinion_required, outcomes, registers_for
from engine.verbs.showing.form import accept, handed_in
from engine.verbs.signers.signing import rule_of, sign
from engine.verbs.verb import Verb
from engine.verbs.visit import MOST_OPINION, Visit, in_hand, sent_back
from engine.verbs.working.choosing import chosen_text
from engine.verbs.working.deciding import Decision, decide
from engine.verbs.working.registering import registration_of
from engine.verbs.working.signing_by_hand import signed_with
from engine.work.bindings import FieldError, FormData


def complete(visit: Visit) -> None:
    """办理: finish the step with an outcome that the designer drew."""
    body = registers_for(visit.element)
    if body is not None:
        raise NotAllowed(f"此环节由{body}决定，请用“代录”登记会议、日期、文号和结果。")
    _finish(visit, verb="complete", on_behalf_of="")


def register_for(visit: Visit) -> None:
    """代录: enter a decision that a body made outside; shown as entered by whom for whom."""
    body = registers_for(visit.element)
    if body is None:
        raise NotAllowed("此环节由办理人本人办理，不能代录。")
    _finish(visit, verb="register_for", on_behalf_of=body)


def _finish(visit: Visit, *, verb: str, on_behalf_of: str) -> None:
    if not in_hand(visit):
        raise NotAllowed("请先认领此任务，再办理。")
    outcome = _outcome(visit)
    _check_opinion(visit, outcome)
    asked = visit.request
    rule = rule_of(visit)
    data = form_sent(visit, outcome) if rule is None or not rule.solo or not visit.item.purpose else {}
    signature, chosen = signed_with(visit, outcome), chosen_text(visit)
    words = [registration_of(visit, data)] if on_behalf_of else []
    words += [asked.opinion.strip()] if asked.opinion.strip() else []
    visit.record(
        visit.doing(
            verb,
            outcome=outcome,
            on_behalf_of=on_behalf_of,
            text_id=visit.keep_text("。".join(words)),
            submission_id=submission(visit, data),
            signature_digest=signature,
            chosen_text=chosen,
        )
    )
    visit.step.handed_in = sent_back(visit.item)
    decision = sign(visit, rule, outcome=outcome, data=data) if rule else Decision(outcome, data)
    if decision is not None:
        decide(visit, decision)


def form_sent(visit: Visit, outcome: str) -> FormData:
    """What the form takes of what was sent."""
    return accept(
        visit.setup,
        visit.step.version,
        visit.element,
        visit.context,
        fields=visit.request.fields,
        files=visit.request.files,
        outcome=outcome,
    )


def _outcome(visit: Visit) -> str:
    offered = outcomes(visit.element)
    chosen = visit.request.outcome or (offered[0].key if len(offered) == 1 else "")
    if chosen not in [one.key for one in offered]:
        labels = "、".join(one.label for one in offered)
        error = FieldError("outcome", "unknown_outcome", f"请选择办理结果：{labels}。")
        raise Invalid(error.message, errors=(error,))
    return chosen


def _check_opinion(visit: Visit, outcome: str) -> None:
    opinion = visit.request.opinion.strip()
    if opinion and not opinion_offered(visit.element):
        raise Invalid("此环节不填写意见。")
    if opinion_required(visit.element, outcome) and not opinion and not visit.rehearsal:
        error = FieldError("opinion", "required", "请填写意见：这个结果需要说明理由。")
        raise Invalid(error.message, errors=(error,))
    if len(opinion) > MOST_OPINION:
        error = FieldError("opinion", "too_long", f"意见最多 {MOST_OPINION} 字，现有 {len(opinion)} 字。")
        raise Invalid(error.message, errors=(error,))


def submission(visit: Visit, data: dict[str, object]) -> str | None:
    """The form as it was handed in, kept for the history; None without one."""
    if not data:
        return None
    data = handed_in(visit.setup, visit.connection, visit.step.version, visit.element, data)
    return visit.keep_text(orjson.dumps(data, default=str).decode(), kind="form")


COMPLETE = Verb(
    "complete",
    "办理",
    "act_item",
    complete,
    offered=lambda visit: in_hand(visit) and registers_for(visit.element) is None,
)
REGISTER_FOR = Verb(
    "register_for",
    "代录",
    "act_item",
    register_for,
    offered=lambda visit: in_hand(visit) and registers_for(visit.element) is not None,
)
