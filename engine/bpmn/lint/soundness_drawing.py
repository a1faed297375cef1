"""What the drawing of a scope says beforehand: ways out, joins, and steps that concern nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

from engine.bpmn.dialect import ACTIVITIES
from engine.bpmn.graph import Graph
from engine.bpmn.model import Element, ProcessModel

MOST_CONDITIONS = 6
"""Of more conditions at one split, single ones, pairs and all together are tried."""


@dataclass(frozen=True)
class Drawing:
    """The nodes directly inside one scope of a process."""

    model: ProcessModel
    graph: Graph

    def choices(self, element: Element) -> list[tuple[str, ...]]:
        """The sets of flows that may be taken out of an element."""
        flows = element.outgoing
        if element.kind == "exclusiveGateway":
            return [(flow,) for flow in flows] or [()]
        asked = [f for f in flows if self.model.flows[f].condition is not None and f != element.default]
        if element.kind == "parallelGateway" or not asked:
            return [tuple(f for f in flows if f != element.default or len(flows) == 1)]
        always = {flow for flow in flows if flow not in asked and flow != element.default}
        found = [
            tuple(flow for flow in flows if flow in always or flow in some)
            for some in _some_of(asked)
            if some or always
        ]
        return found if element.default is None or always else [*found, (element.default,)]

    @cached_property
    def borders(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in self.graph.elements.values():
            if element.attached_to is not None and (
                element.event is None or element.event.kind != "compensation"
            ):
                found.setdefault(element.attached_to, []).append(element)
        return found

    @cached_property
    def inclusive_joins(self) -> list[Element]:
        elements = self.graph.elements.values()
        return [e for e in elements if e.kind == "inclusiveGateway" and len(e.incoming) > 1]

    @cached_property
    def alone(self) -> frozenset[str]:
        """Nodes whose step concerns no other token: it is enough to let it happen first.

        The other orders lead to the same states. And a second token that would meet the first here meets it
        earlier in another order: at the step from which alone one comes here, or behind the last merge, where
        all orders are tried. After a round that need not be so: a token may be left behind by the round.
        """
        return frozenset(
            e.id
            for e in self.graph.elements.values()
            if rests(e) and e.start_quantity == 1 and self._comes_one_way(e) and self._leads_apart(e)
        )

    def _comes_one_way(self, element: Element) -> bool:
        """Only from one step, which sends nothing elsewhere; or neither behind a merge nor behind a round."""
        once = element.id in self._before_any_round
        only, seen = True, set[str]()
        while not merges(element):
            before = self._before(element)
            if before is None or element.id in seen:
                return once
            seen.add(element.id)
            only = only and not self._sends_several(before)
            stays = rests(before) and before.kind != "eventBasedGateway"
            if stays or (joins(before) and before.kind == "parallelGateway"):
                return once or (stays and only)
            element = before
        return False

    def _before(self, element: Element) -> Element | None:
        """From where a token comes that is here, None at the beginning."""
        if element.attached_to is not None:
            return self.graph.elements[element.attached_to]
        return self.graph.elements[self.model.flows[element.incoming[0]].source] if element.incoming else None

    def _sends_several(self, element: Element) -> bool:
        beside = any(not cancels(border) for border in self.borders.get(element.id, ()))
        return beside or any(len(chosen) > 1 for chosen in self.choices(element))

    @cached_property
    def _before_any_round(self) -> frozenset[str]:
        """Nodes that no round of the drawing leads to: they are reached once, whatever happens."""
        ahead, incoming = self.graph.successors, dict.fromkeys(self.graph.elements, 0)
        for targets in ahead.values():
            for target in targets:
                incoming[target] += 1
        free = [name for name, count in incoming.items() if not count]
        found: list[str] = []
        while free:
            name = free.pop()
            found.append(name)
            for target in ahead[name]:
                incoming[target] -= 1
                if not incoming[target]:
                    free.append(target)
        return frozenset(found)

    def _leads_apart(self, element: Element) -> bool:
        ways = [element, *self.borders.get(element.id, ())]
        todo = [self.model.flows[flow].target for way in ways for flow in way.outgoing]
        seen: set[str] = set()
        while todo:
            target = self.graph.elements[todo.pop()]
            if target.id in seen:
                continue
            seen.add(target.id)
            stops = target.kind == "endEvent" and target.event is not None
            if merges(target) or stops or target.start_quantity > 1 or target.id in self.graph.links:
                return False
            if not rests(target) or element.kind == "eventBasedGateway":
                todo += [self.model.flows[flow].target for flow in target.outgoing]
        return True


def rests(element: Element) -> bool:
    link = element.event is not None and element.event.kind == "link"
    return (
        element.kind in ACTIVITIES
        or element.kind == "eventBasedGateway"
        or (element.kind == "intermediateCatchEvent" and not link)
    )


def joins(element: Element) -> bool:
    return element.kind in ("parallelGateway", "inclusiveGateway") and len(element.incoming) > 1


def merges(element: Element) -> bool:
    """May a token come here in more than one way, without waiting for the others?"""
    link = element.kind == "intermediateCatchEvent" and element.event and element.event.kind == "link"
    return bool(link) or (len(element.incoming) > 1 and element.kind != "parallelGateway")


def cancels(border: Element) -> bool:
    return border.event is None or border.event.cancel_activity


def _some_of(asked: list[str]) -> Iterator[tuple[str, ...]]:
    sizes = range(len(asked) + 1) if len(asked) <= MOST_CONDITIONS else (0, 1, 2, len(asked))
    return chain.from_iterable(combinations(asked, size) for size in sizes)
