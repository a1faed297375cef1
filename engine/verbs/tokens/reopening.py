"""`reopen` (恢复办理): the office opens an instance that is over, at its last step; the reason is kept.

Not where a caller has gone on with its end, nor what was voided: that is started anew.
"""

from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.instances import reopening
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.step import RUNNING, Returned
from engine.verbs.refusals import Invalid
from engine.verbs.showing.lateness import why_open
from engine.verbs.tokens.ending import of_the_office
from engine.verbs.verb import InstanceVerb, Matter
from engine.work.bindings import FieldError

_TAKEN = "同一事项已经重新发起，不能再恢复办理这一个。"
_GONE_ON = "上级流程已经按它的结果继续，不能恢复办理；需要改变结果，请在上级流程退回或跳转。"


def _against(matter: Matter) -> str:
    row = matter.row
    if row.status == RUNNING:
        return why_open(matter.connection, row.id)
    if row.status == "voided":
        return "作废的流程不能恢复办理，请重新发起。"
    if row.parent_id is not None and not reopening.waited_for(matter.connection, row):
        return _GONE_ON
    if not reopening.last_steps(matter.step):
        return "这个流程没有人办理过，不能恢复办理，请重新发起。"
    return ""


def _reopen(matter: Matter) -> str:
    step, steps = matter.step, reopening.last_steps(matter.step)
    target = matter.request.target or steps[0]
    if target not in steps:
        names = "、".join(f"“{step.version.element(one).name}”" for one in steps)
        message = f"请从办理过的环节中选择：{names}。"
        raise Invalid(message, errors=(FieldError("target", "unknown_target", message),))
    if not reopening.take_key_again(matter.connection, step.row.id):
        raise Invalid(_TAKEN)
    if step.row.parent_id is not None and not reopening.uncount(matter.connection, step.row):
        raise Invalid(_GONE_ON)
    act = Act("reopen", matter.request.opinion.strip(), target=target)
    event = write_act(step.connection, step.row, target, act, actor=step.actor, at=step.at)
    step.events.append(event)
    step.returned = Returned(target, "", event["text_id"], straight_back=False)
    reopening.begin_again(step, target)
    finish(step, act=f"reopen:{target}")
    return f"已在“{step.version.element(target).name}”恢复办理。"


REOPEN = InstanceVerb("reopen", "恢复办理", of_the_office, "由考评办办理", _reopen, against=_against)
