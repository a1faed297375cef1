"""移动令牌: where the office may put a token, back by the rules of 退回, or on along its own branch.

Back goes to any activity on every path from the start to here, and, by opening a whole block or subprocess
again, to the activities of a block that is closed and to the personal steps of a subprocess that is over. On
goes to any activity to which every path leads through here, while no parallel block is entered or left on the
way: a join would wait for ever.
"""

from dataclasses import dataclass

from engine.bpmn.failures import IllegalMove
from engine.bpmn.graph import Graph
from engine.bpmn.moves import Move, in_closed_blocks, in_closed_scopes, plan, undoes
from engine.bpmn.tokens import Token

ACTIVITIES = (
    "userTask",
    "manualTask",
    "task",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
)


@dataclass(frozen=True)
class Jump:
    """A place where a token may be put; `forward` when it lies ahead."""

    target: str
    forward: bool
    move: Move


def jumps(token: Token) -> list[Jump]:
    """Every place where the token may be put: back, the nearest first, then on, in the order of the way."""
    return [] if undoes(token) else [*_back(token), *_on(token)]


def plan_jump(token: Token, target: str) -> Move:
    """How to put the token at `target`. Raises IllegalMove, which names what is possible."""
    allowed = jumps(token)
    for jump in allowed:
        if jump.target == target:
            return jump.move
    names = "、".join(f"“{_name(token, jump.target)}”" for jump in allowed)
    possible = f"可以移到：{names}" if names else "从这里没有可以移到的环节"
    raise IllegalMove(f"不能移到“{_name(token, target)}”；{possible}", element=target)


def _back(token: Token) -> list[Jump]:
    """The rules of 退回 (`moves.returnable`), for every kind of activity."""
    tokens, here = token.workflow, token
    found: list[Jump] = []
    while here is not tokens.root and not here.element.triggered_by_event:
        if here.task_spec.single:
            here = here.parent
            continue
        graph = tokens.process.graphs[here.element.parent]
        side = graph.side_path(here.element.id)
        for name in reversed(graph.on_every_path(here.element.id)):
            behind = side is None or graph.dominates(side, name)
            if graph.elements[name].kind in ACTIVITIES and behind:
                found.append(Jump(name, False, plan(token, name, kinds=ACTIVITIES)))
        found += [
            Jump(name, False, plan(token, name, kinds=ACTIVITIES))
            for name in reversed(in_closed_blocks(graph, here.element.id, kinds=ACTIVITIES))
        ]
        found += [Jump(name, False, plan(token, name)) for name in reversed(in_closed_scopes(token, here))]
        here = here.parent
    return found


def _on(token: Token) -> list[Jump]:
    here = token.parent if token.task_spec.single else token
    graph = token.workflow.process.graphs[here.element.parent]
    ahead = [name for name in _in_order(graph, here.element.id) if _follows(graph, here.element.id, name)]
    gone = [here, *(other for other in token.workflow.siblings(here) if here.parked and other is not here)]
    return [Jump(name, True, Move(scope=here.parent, place=name, cancelled=gone)) for name in ahead]


def _follows(graph: Graph, here: str, name: str) -> bool:
    element = graph.elements[name]
    if name == here or element.kind not in ACTIVITIES or element.triggered_by_event:
        return False
    return graph.dominates(here, name) and graph.same_branch(here, name)


def _in_order(graph: Graph, here: str) -> list[str]:
    """What can be reached from here, each once, in the order of the way."""
    seen: dict[str, None] = {}
    todo = [here]
    while todo:
        name = todo.pop(0)
        if name not in seen:
            seen[name] = None
            todo += graph.successors[name]
    return list(seen)


def _name(token: Token, element_id: str) -> str:
    element = token.workflow.process.model.elements.get(element_id)
    return (element.name or element_id) if element else element_id
