"""退回 and 跳转: where a token may go, and what has to be cancelled for it. Source: VERBS.md.

Everything is decided on the graph of the scope that holds the target. A token that stands deeper is seen
there as the subprocess it runs in.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.bpmn.failures import IllegalMove
from engine.bpmn.graph import Graph
from engine.bpmn.tokens import Token, Tokens

PERSONAL = ("userTask", "manualTask")
SCOPES = ("subProcess",)


@dataclass(frozen=True)
class Move:
    """A move that is allowed: cancel `cancelled`, then place one token at `place` inside `scope`.

    `place` is the target itself, or the fork or subprocess that has to be opened again as a whole for it.
    """

    scope: Token
    place: str
    cancelled: list[Token]


def returnable(token: Token) -> list[str]:
    """User tasks on every path from the start to here, in this scope and those around it, outermost first;
    among them those of blocks that are closed and of subprocesses that are over, which are opened again as a
    whole.

    A step inside an open parallel block is on every path only for its own branch, so no sibling branch ever
    appears. A token beside an activity (behind a non-interrupting boundary event) can
    only go back behind that event: what it left behind may have gone on long ago. Nothing leads into an
    event subprocess.
    """
    found: list[str] = []
    tokens, here = token.workflow, token
    if undoes(token):
        return found
    while here is not tokens.root and not here.element.triggered_by_event:
        if here.task_spec.single:  # a round goes back with all the others
            here = here.parent
            continue
        graph = tokens.process.graphs[here.element.parent]
        before = graph.on_every_path(here.element.id)
        side = graph.side_path(here.element.id)
        on_the_way = [
            name
            for name in before
            if graph.elements[name].kind in PERSONAL and (side is None or graph.dominates(side, name))
        ]
        closed = in_closed_blocks(graph, here.element.id)
        found = sorted([*on_the_way, *closed], key=graph.depth) + in_closed_scopes(token, here) + found
        here = here.parent
    return found


def in_closed_scopes(token: Token, here: Token) -> list[str]:
    """The personal steps of subprocesses that every way to `here` has left, around which `token` stands: no
    token can begin within one that is over, so the whole subprocess begins anew."""
    tokens = token.workflow
    graph = tokens.process.graphs[here.element.parent]
    side = graph.side_path(here.element.id)
    before = graph.on_every_path(here.element.id)
    over = [name for name in before if side is None or graph.dominates(side, name)]
    over += in_closed_blocks(graph, here.element.id, kinds=SCOPES)
    return [name for scope in over if graph.elements[scope].kind in SCOPES for name in _within(tokens, scope)]


def _within(tokens: Tokens, scope: str) -> list[str]:
    """The personal steps of a subprocess and of those in it, but for what an event leads to."""
    graph = tokens.process.graphs[scope]
    found: list[str] = []
    for name in sorted(graph.elements, key=graph.depth):
        element = graph.elements[name]
        if graph.side_path(name) is not None or element.triggered_by_event:
            continue
        if element.kind in PERSONAL:
            found.append(name)
        elif element.kind in SCOPES:
            found += _within(tokens, name)
    return found


def in_closed_blocks(graph: Graph, here: str, *, kinds: Collection[str] = PERSONAL) -> list[str]:
    """What stands in parallel blocks that every way to `here` has passed and closed, nearest the start first.

    One of their steps alone is never opened again: the join would wait for ever, or fire twice.
    """
    asked = (here, *sorted(kinds))
    if asked not in graph.remembered:
        others = [e.id for e in graph.elements.values() if e.kind in kinds and not e.triggered_by_event]
        found = [name for name in others if _in_closed_block(graph, here, name)]
        graph.remembered[asked] = sorted(found, key=graph.depth)
    return graph.remembered[asked]


def _in_closed_block(graph: Graph, here: str, name: str) -> bool:
    fork = None if graph.dominates(name, here) else graph.parting(name, here)
    if fork is None or fork in (name, here) or not graph.splits(fork):
        return False
    if graph.side_path(name) != graph.side_path(here):
        return False
    return graph.closed(fork, here) and graph.reaches(name, here, avoiding=fork)


def plan(token: Token, target: str, *, kinds: Collection[str] = PERSONAL) -> Move:
    """How to move the token back to `target`, an element of one of `kinds`. Raises IllegalMove."""
    tokens = token.workflow
    element = tokens.process.model.elements.get(target)
    if element is None or element.kind not in kinds:
        raise IllegalMove(f"“{target}”不是可以退回的办理环节", element=target)
    here, seen_as = token, target
    while here is not tokens.root and (here.task_spec.single or here.element.parent != element.parent):
        here = here.parent
    if here is tokens.root:
        here, seen_as = _around(token, target)
    if undoes(token):
        raise IllegalMove("当前环节在撤销已办的事项（补偿），不能退回", element=target)
    graph = tokens.process.graphs[here.element.parent]
    place = _place(graph, here.element.id, seen_as)
    cancelled = [
        other
        for other in here.parent.inner()
        if not other.element.triggered_by_event and graph.dominates(place, _stands(tokens, other))
    ]
    return Move(scope=here.parent, place=place, cancelled=cancelled)


def _around(token: Token, target: str) -> tuple[Token, str]:
    """Where the token stands beside the subprocess, now over, that holds `target`; and that subprocess."""
    tokens, here = token.workflow, token
    elements = tokens.process.model.elements
    while here is not tokens.root and not here.element.triggered_by_event:
        if not here.task_spec.single and target in in_closed_scopes(token, here):
            around = elements[target]
            while around.parent != here.element.parent:
                around = elements[str(around.parent)]
            return here, around.id
        here = here.parent
    name = elements[target].name
    raise IllegalMove(f"环节“{name}”在当前环节之外的子流程中，不能单独退回", element=target)


def carry_out(move: Move) -> None:
    """Cancel, then place the new token."""
    tokens = move.scope.workflow
    for token in move.cancelled:
        tokens.cancel_token(token)
    tokens.place(move.place, move.scope)


def below(token: Token) -> Iterator[Token]:
    """Everything under the token: what runs inside it, and what listens for it."""
    for child in token.children:
        yield child
        yield from below(child)


def may_skip(token: Token, target: str) -> bool:
    """May the token, when completed, go straight to `target` further on (直送退回人)?

    Only inside the same scope, when the token's step is on every path to the target, the flow out of it leads
    there (and not its boundary event alone), and no parallel block that opens between them is still open
    there: its join would wait for ever.
    """
    tokens = token.workflow
    element = tokens.process.model.elements.get(target)
    here = token.element
    if undoes(token):
        return False
    if element is None or element.kind not in PERSONAL or element.parent != here.parent or target == here.id:
        return False
    graph = tokens.process.graphs[here.parent]
    if not (graph.dominates(here.id, target) and graph.same_branch(here.id, target)):
        return False
    nexts = (graph.flows[flow].target for flow in here.outgoing)
    return any(graph.reaches(one, target, avoiding=here.id) for one in nexts)


def reopening_place(tokens: Tokens, target: str) -> str:
    """Where an instance that is over begins again for `target`: there, or at the outermost subprocess or fork
    around it, for one token alone cannot go on from within. Raises IllegalMove."""
    elements = tokens.process.model.elements
    element = elements.get(target)
    if element is None or element.kind not in PERSONAL:
        raise IllegalMove(f"不能在“{target}”恢复办理", element=target)
    while True:
        graph = tokens.process.graphs[element.parent]
        if element.triggered_by_event or graph.side_path(element.id) is not None:
            name = elements[target].name or target
            raise IllegalMove(f"环节“{name}”由事件引出，不能单独恢复办理", element=target)
        if element.parent is None:
            break
        element = elements[element.parent]
    open_forks = (one for one in graph.on_every_path(element.id) if graph.splits(one))
    return next((fork for fork in open_forks if not graph.closed(fork, element.id)), element.id)


def _place(graph: Graph, here: str, target: str) -> str:
    name = graph.elements[target].name or target
    if target == here:
        raise IllegalMove(f"已在环节“{name}”，无需退回", element=target)
    if graph.elements[here].triggered_by_event:
        raise IllegalMove(f"当前环节在事件子流程中，不能退回到外面的“{name}”", element=target)
    side = graph.side_path(here)
    if side is not None and not graph.dominates(side, target):
        raise IllegalMove(f"当前环节由附加事件引出，不能退回到主流程的“{name}”", element=target)
    if graph.dominates(target, here):
        return target
    fork = graph.parting(target, here)
    if fork is None or fork == here or not graph.splits(fork):
        raise IllegalMove(f"环节“{name}”不是到达当前环节的必经环节，不能退回", element=target)
    onward = graph.reaches(here, target, avoiding=fork) and not graph.reaches(target, here, avoiding=fork)
    if onward:
        raise IllegalMove(f"环节“{name}”在当前环节之后，不能越过汇合", element=target)
    return fork


def undoes(token: Token) -> bool:
    """Does the token, or what it stands in, carry out a compensation?"""
    here = token
    while here is not token.workflow.root:
        if here.serves is not None:
            return True
        here = here.parent
    return False


def _stands(tokens: Tokens, token: Token) -> str:
    """Where the token is for the graph: an arrival parked before a join is still with the flow's source.

    What undoes something stands where that was asked for: no flow leads to it.
    """
    runner = tokens.tasks.get(token.serves or "")
    if runner is not None and runner.parent is token.parent:
        return _stands(tokens, runner)
    if token.parked and token.arrived_by is not None:
        return tokens.process.model.flows[token.arrived_by].source
    return token.element.id
