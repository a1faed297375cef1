"""Parallel joins that can never fire.

Two flows into a parallel join can both get a token only if somewhere upstream one token becomes several and
two different branches lead to them. Where no such place exists the join waits for ever. The test is sound
(what it reports is a deadlock) but not complete: it does not count tokens.
"""

from collections.abc import Iterable
from itertools import combinations

from engine.bpmn.dialect import ACTIVITIES
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.markup import Report

_MOST_FLOWS = 2_000
"""Beyond this the quadratic search is left out."""


def check_deadlocks(model: Model, report: Report) -> None:
    """Reports each parallel join that must wait for ever (an error at level dialect)."""
    for process in model.processes.values():
        joins = [e for e in process.elements.values() if e.kind == "parallelGateway" and len(e.incoming) > 1]
        if not joins or len(process.flows) > _MOST_FLOWS:
            continue
        reach = _Reach(process)
        forks = [branches for e in process.elements.values() if len(branches := _branches(process, e)) > 1]
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

    def __init__(self, process: ProcessModel) -> None:
        self.process = process
        self.bit = {name: 1 << place for place, name in enumerate(process.flows)}
        self.known: dict[str, int] = {}

    def after(self, flow: str) -> int:
        """The flow itself and every flow reachable from it, boundary events of what it enters included."""
        if flow in self.known:
            return self.known[flow]
        found, waiting = 0, [flow]
        while waiting:
            name = waiting.pop()
            if found & self.bit[name]:
                continue
            found |= self.bit[name]
            target = self.process.elements[self.process.flows[name].target]
            waiting += target.outgoing
            for boundary in self.process.boundaries(target.id):
                waiting += boundary.outgoing
        self.known[flow] = found
        return found


def _branches(process: ProcessModel, element: Element) -> list[str]:
    """The flows that may all get a token when `element` is done; fewer than two: it does not fork."""
    if element.kind in ("exclusiveGateway", "eventBasedGateway"):
        return []
    flows = list(element.outgoing)
    if element.kind in ACTIVITIES:
        for boundary in process.boundaries(element.id):
            if boundary.event is not None and not boundary.event.cancel_activity:
                flows += boundary.outgoing
    return flows


def _starved(join: Element, forks: Iterable[list[str]], reach: _Reach) -> tuple[str, str] | None:
    for first, second in combinations(join.incoming, 2):
        if not any(_feeds(branches, first, second, reach) for branches in forks):
            return first, second
    return None


def _feeds(branches: list[str], first: str, second: str, reach: _Reach) -> bool:
    one, two = reach.bit[first], reach.bit[second]
    to_first = {branch for branch in branches if reach.after(branch) & one}
    to_second = {branch for branch in branches if reach.after(branch) & two}
    return bool(to_first) and bool(to_second) and len(to_first | to_second) > 1
