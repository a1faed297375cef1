"""Joins of the new version that would wait for ever: a way into them that the instance takes no more."""

from collections.abc import Iterator

from engine.bpmn.graph import Graph
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import Element
from engine.bpmn.tokens import Token, Tokens

SCOPES = ("process", "subProcess", "transaction")


def starving(tokens: Tokens, passage: Passage) -> Iterator[tuple[Element, list[str]]]:
    """Parallel joins that the instance may come to, and the names of what leads to them only from before.

    A branch that is new in a block whose fork lies behind: nobody begins it, and the join asks for it.
    """
    known = {passage.flow(flow) for flow in passage.old.model.flows}
    for scope in [tokens.root, *tokens.each()]:
        graph = passage.new.graphs.get(passage.scope(scope.element))
        if graph is not None and scope.kept is None and scope.element.kind in SCOPES:
            yield from _in_scope(scope, graph, passage, known)


def _in_scope(
    scope: Token, graph: Graph, passage: Passage, known: set[str | None]
) -> Iterator[tuple[Element, list[str]]]:
    inside = [token for token in scope.children if not token.listens and token.kept is None]
    places = {passage.mapping.get(one.element.id, one.element.id) for one in inside if not one.parked}
    arrived = {passage.flow(one.arrived_by) for one in inside if one.parked and one.arrived_by}
    for join in graph.elements.values():
        if join.kind != "parallelGateway" or len(join.incoming) < 2:
            continue
        may_come = {flow for flow, nodes in graph.upstream(join.id).items() if places & nodes}
        lacking = set(join.incoming) - may_come - arrived - known
        if lacking and (may_come or arrived.intersection(join.incoming)):
            sources = (graph.elements[graph.flows[flow].source] for flow in sorted(lacking))
            yield join, [source.name or source.id for source in sources]
