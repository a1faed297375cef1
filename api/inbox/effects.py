"""What an action leads to, said before it happens: read from the drawing."""

from api.inbox.signing import signature_effect
from api.language import gettext as _
from engine.bpmn.model import Element
from engine.verbs.showing.view import ItemView

_STOPS = frozenset({"userTask", "callActivity", "endEvent"})
_MOST = 3


def next_steps(task: ItemView) -> list[Element]:
    """Where the work may go from here: the nearest user tasks, called processes, joins and ends."""
    drawn = task.version.drawn
    found: dict[str, Element] = {}
    seen, waiting = {task.element.id}, [task.element]
    while waiting:
        element = waiting.pop(0)
        after = list(drawn.after(element))
        if not after and element.parent:
            after = list(drawn.after(drawn.elements[element.parent]))
        if element.kind == "subProcess":
            after = [inner for inner in drawn.children(element.id) if inner.kind == "startEvent"]
        for following in after:
            if following.id in seen:
                continue
            seen.add(following.id)
            inner_end = following.kind == "endEvent" and following.parent
            if _is_join(following) or (following.kind in _STOPS and not inner_end):
                found[following.id] = following
            else:
                waiting.append(following)
    return list(found.values())


def effect_of(task: ItemView, *, outcome: str = "") -> str:
    """`提交后进入：审核年度目标（分管领导）`, or straight back to whoever returned it."""
    first = task.outcomes[0].key if task.outcomes else ""
    waiting = signature_effect(task.signing, outcome or first)
    if waiting:
        return waiting
    if task.item.back_to and outcome in ("", first):
        back = task.version.drawn.elements.get(task.item.back_to)
        return _("提交后直接回到：{step}").format(step=back.name if back else task.item.back_to)
    steps = next_steps(task)
    if not steps:
        return ""
    if [step.kind for step in steps] == ["endEvent"]:
        return _("提交后本流程办结：{name}").format(name=steps[0].name or _("结束"))
    words = list(dict.fromkeys(_said(step) for step in steps))
    more = _("等") if len(words) > _MOST else ""
    return _("提交后进入：{steps}").format(steps=_(" 或 ").join(words[:_MOST]) + more)


def _is_join(element: Element) -> bool:
    """Whether the work waits here for what goes on beside it."""
    return element.kind == "parallelGateway" and len(element.incoming) > 1


def _said(step: Element) -> str:
    if _is_join(step):
        return _("等待其他并行步骤")
    if step.kind == "endEvent":
        return _("办结（{name}）").format(name=step.name) if step.name else _("办结")
    return _("{step}（{lane}）").format(step=step.name, lane=step.lane.name) if step.lane else step.name
