"""What keeps an instance from going on in another version: one sentence each, with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.execution import Execution
from engine.bpmn.graph import FORKS
from engine.bpmn.library import TaskState
from engine.bpmn.migration.joins import starving
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import Element, Loop
from engine.bpmn.tokens import Token, Tokens

MAP_IT = "在映射里写明它对应新版的哪个环节，或等这一步办完再迁移。"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an instance cannot be moved: at which element (its old id), which rule, and what to do."""

    element: str
    rule: str
    message: str
    hint: str


def obstacles(execution: Execution, passage: Passage) -> list[Obstacle]:
    """Everything that stands in the way, each once; empty when the instance fits the new version."""
    tokens = execution._tokens
    gone = dropped(tokens, passage)
    found: list[Obstacle] = []
    for token in tokens.each():
        if token.listens or token.kept is not None:
            found += _of_listener(token, passage)
        elif not _kept_away(token):
            found += _of(token, passage)
        if gone.intersection(token.undo or ()):
            hint = "等撤销做完再迁移。"
            found.append(
                _obstacle(token.element, "undoing", "正在撤销办过的环节，新版里少了其中的一些", hint)
            )
    told = {one.element for one in found if one.rule == "join"}
    found += [one for one in _starving(tokens, passage) if one.element not in told]
    return list(dict.fromkeys(found))


def _starving(tokens: Tokens, passage: Passage) -> Iterator[Obstacle]:
    before = {new: old for old, new in passage.mapping.items()}
    for join, sources in starving(tokens, passage):
        what = f"在新版里还要等从“{'”“'.join(sources)}”来的令牌，实例已经走过分开的地方：会永远等下去"
        hint = "等各分支汇合后再迁移。"
        yield Obstacle(before.get(join.id, join.id), "join", f"“{join.name or join.id}”{what}。", hint)


def dropped(tokens: Tokens, passage: Passage) -> set[str]:
    """The tokens that do not come along: events that nobody waits for now, and what can be undone no more.

    With a scope that is kept goes all that lies in it.
    """
    gone: set[str] = set()
    for token in tokens.each():
        there = passage.target(token.element.id)
        lost = token.listens and not listens_on(token, there, passage)
        lost = lost or (token.kept is not None and not _still_kept(token, there, passage))
        if lost or token.parent.id in gone:
            gone.add(token.id)
    return gone


def _still_kept(token: Token, there: Element | None, passage: Passage) -> bool:
    """Can a completed scope still be undone in the new version?"""
    return there is not None and not _kind(token, passage, there) and _same_scope(token, there, passage)


def _kept_away(token: Token) -> bool:
    """Does it lie in a scope that is completed and only kept?"""
    around = token.parent
    while around is not None and around.parent is not None:
        if around.kept is not None:
            return True
        around = around.parent
    return False


def _of(token: Token, passage: Passage) -> Iterator[Obstacle]:
    here, there = token.element, passage.target(token.element.id)
    if there is None:
        yield _obstacle(here, "gone", "新版里没有这个环节，而实例正停在这里", MAP_IT)
        return
    if _kind(token, passage, there):
        yield _obstacle(here, "kind", f"在新版里是另一种元素（{there.kind}）", MAP_IT)
        return
    if _event_kind(here) != _event_kind(there):
        yield _obstacle(here, "event", "在新版里等待的是另一种事件", MAP_IT)
    if not _same_scope(token, there, passage):
        hint = "子流程里的实例要等它走出这个子流程再迁移。"
        yield _obstacle(here, "scope", "在新版里不在同一个（子）流程里", hint)
    if _loop_shape(here.loop) != _loop_shape(there.loop):
        yield _obstacle(
            here, "rounds", "多实例已经展开，新版改了它的展开方式", "等这一步的各份都办完再迁移。"
        )
    if here.kind in FORKS and token.arrived_by and passage.flow(token.arrived_by) is None:
        hint = "保留这条分支，或等各分支汇合后再迁移。"
        yield _obstacle(here, "join", f"汇合处已有一路到达，新版里没有这条来路（{token.arrived_by}）", hint)
    if here.kind == "callActivity":
        yield from _of_children(here, there)
    waiting = here.kind == "eventBasedGateway" and token.state == TaskState.STARTED
    if waiting and not _still_listens(token, passage):
        yield _obstacle(here, "event", "所等的事件在新版里一个也没有了", MAP_IT)


def _of_children(here: Element, there: Element) -> Iterator[Obstacle]:
    hint = "等子流程都办完再迁移。"
    if here.called_process != there.called_process:
        yield _obstacle(here, "children", f"已经发起了子流程，新版改为调用“{there.called_process}”", hint)
    elif _taken_from(here) != _taken_from(there):
        yield _obstacle(here, "children", "已经发起了子流程，新版改了从子流程取回什么", hint)


def _taken_from(call: Element) -> tuple[object, ...]:
    """What a call takes from its children: it is cut down to that when each of them ends."""
    loop = call.loop
    more = (loop.output_element, loop.completion_condition) if loop is not None else ()
    return (call.outputs, call.propagate_all_child, *more)


def _of_listener(token: Token, passage: Passage) -> Iterator[Obstacle]:
    """An event beside a step may go; one that is mapped by hand must fit."""
    here, there = token.element, passage.target(token.element.id)
    fits = listens_on(token, there, passage) if token.listens else _still_kept(token, there, passage)
    if here.id in passage.mapping and there is not None and not fits:
        hint = "让它对应同一环节上同一种事件，或去掉这一行映射。"
        yield _obstacle(
            here, "event", f"与它所对应的“{there.name or there.id}”不是同一环节上的同一种事件", hint
        )


def listens_on(token: Token, there: Element | None, passage: Passage) -> bool:
    """Does a listener go on as `there`: the same kind of event, on behalf of the same step or scope?"""
    here = token.element
    if there is None or there.kind != here.kind or _event_kind(there) != _event_kind(here):
        return False
    owner = token.parent.element
    if token.undoable:
        host = passage.target(here.attached_to or "")
        return host is not None and there.attached_to == host.id and _same_scope(token, there, passage)
    if here.attached_to is not None:
        return there.attached_to == passage.scope(owner)
    if here.kind == "startEvent":
        around = passage.new.model.elements.get(there.parent or "")
        return around is not None and around.triggered_by_event and around.parent == passage.scope(owner)
    gateway = passage.target(owner.id)
    return gateway is not None and there in passage.behind(gateway, old=False)


def _still_listens(token: Token, passage: Passage) -> bool:
    return any(listens_on(child, passage.target(child.element.id), passage) for child in token.children)


def _kind(token: Token, passage: Passage, there: Element) -> bool:
    """Is it another kind of element, or run by another part of the engine?"""
    here = token.element
    if here.kind != there.kind or here.triggered_by_event != there.triggered_by_event:
        return True
    if (here.loop is None) != (there.loop is None):
        return False  # said as `rounds`
    return type(passage.old.specs[here.id]) is not type(passage.new.specs[there.id])


def _same_scope(token: Token, there: Element, passage: Passage) -> bool:
    if token.task_spec.single:  # a round lies in the whole of its own activity
        return True
    around = token.parent
    if around.task_spec.multiplies:  # what undoes a round is drawn beside the activity
        around = around.parent
    return there.parent == passage.scope(around.element)


def _event_kind(element: Element) -> str | None:
    return element.event.kind if element.event else None


def _loop_shape(loop: Loop | None) -> tuple[object, ...] | None:
    return None if loop is None else (loop.sequential, loop.input_collection is None, loop.output_collection)


def _obstacle(element: Element, rule: str, what: str, hint: str) -> Obstacle:
    return Obstacle(element.id, rule, f"“{element.name or element.id}”{what}。", hint)
