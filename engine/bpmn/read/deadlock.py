"""Parallel joins that can never fire.

Two flows into a parallel join can both get a token only if somewhere upstream one token becomes several and
two different branches lead to them. Where no such place exists the join waits for ever. The test is sound
(what it reports is a deadlock) but not complete: it does not count tokens.
"""

from collections.abc import Iterable

from engine.bpmn.dialect import ACTIVITIES
from engine.bpmn.model import Element, Model
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape

_MOST_FLOWS = 2_000
"""Beyond this the search, which looks at pairs of flows, is left out."""


def check_deadlocks(model: Model, report: Report) -> None:
    """Reports each parallel join that must wait for ever (an error at level dialect)."""
    for process in model.processes.values():
        joins = [e for e in process.elements.values() if e.kind == "parallelGateway" and len(e.incoming) > 1]
        if not joins or len(process.flows) > _MOST_FLOWS:
            continue
        shape = Shape(process)
        reach = _Reach(shape)
        forks = [branches for e in process.elements.values() if len(branches := _branches(shape, e)) > 1]
        for join in joins:
            pair = _starved(join, forks, reach)
            if pair is not None:
                _report(join, pair, report)


def _report(join: Element, pair: tuple[str, str], report: Report) -> None:
    report.add(
        join.line,
        join.id,
        "join-deadlock",
        f"并行汇合永远等不齐：“{pair[0]}” 与 “{pair[1]}” 两条线不会同时有令牌。",
        "上游是二选一时请用排他网关汇合；要同时进行，请用并行网关分开。",
        severity="error" if report.level == "dialect" else "warning",
    )


class _Reach:
    """Which flows a token may take after a given flow, as bit sets."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.bit = {name: 1 << place for place, name in enumerate(shape.process.flows)}
        self.known: dict[str, int] = {}

    def after(self, flow: str) -> int:
        """The flow itself and every flow reachable from it, boundary events of what it enters included."""
        if flow in self.known:
            return self.known[flow]
        process = self.shape.process
        found, waiting = 0, [flow]
        while waiting:
            name = waiting.pop()
            if found & self.bit[name]:
                continue
            found |= self.bit[name]
            target = process.elements[process.flows[name].target]
            waiting += target.outgoing
            for boundary in self.shape.boundaries(target.id):
                waiting += boundary.outgoing
        self.known[flow] = found
        return found


def _branches(shape: Shape, element: Element) -> list[str]:
    """The flows that may all get a token when `element` is done; fewer than two: it does not fork."""
    if element.kind in ("exclusiveGateway", "eventBasedGateway"):
        return []
    flows = list(element.outgoing)
    if element.kind in ACTIVITIES:
        for boundary in shape.boundaries(element.id):
            if boundary.event is not None and not boundary.event.cancel_activity:
                flows += boundary.outgoing
    return flows


def _starved(join: Element, forks: Iterable[list[str]], reach: _Reach) -> tuple[str, str] | None:
    """The first two flows into the join that no fork feeds together."""
    partners = dict.fromkeys(join.incoming, 0)
    for branches in forks:
        _pair(partners, [reach.after(branch) for branch in branches], reach)
    for place, first in enumerate(join.incoming):
        for second in join.incoming[place + 1 :]:
            if not partners[first] & reach.bit[second]:
                return first, second
    return None


def _pair(partners: dict[str, int], masks: list[int], reach: _Reach) -> None:
    """Adds to each flow the flows that another branch of the same fork can feed at the same time."""
    together = 0
    twice = 0
    for mask in masks:
        twice |= together & mask
        together |= mask
    for flow in partners:
        bit = reach.bit[flow]
        feeding = [mask for mask in masks if mask & bit]
        if len(feeding) > 1:
            partners[flow] |= together
        elif feeding:
            partners[flow] |= (together & ~feeding[0]) | twice
