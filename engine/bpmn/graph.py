"""The shape of one container (the process, or one embedded subprocess): who leads to whom.

A boundary event counts as a way out of its activity. "On every path from the start" is dominance in this
graph. Node sets are kept as bit masks; everything is worked out once per definition version.
"""

from functools import cached_property

from engine.bpmn.model import Element, Flow, ProcessModel

FORKS = frozenset({"parallelGateway", "inclusiveGateway"})


class Graph:
    """Nodes and flows directly inside `parent` (None: the process)."""

    def __init__(self, model: ProcessModel, parent: str | None) -> None:
        self.parent = parent
        self.elements: dict[str, Element] = {e.id: e for e in model.children(parent)}
        self.flows: dict[str, Flow] = model.flows
        self._order = list(self.elements)
        self._bit = {name: 1 << index for index, name in enumerate(self._order)}

    @cached_property
    def entries(self) -> list[str]:
        """Where tokens may begin: start events, or what nothing leads to when there are none."""
        nodes = [e for e in self.elements.values() if not e.triggered_by_event]
        starts = [e.id for e in nodes if e.kind == "startEvent"]
        caught = set(self.links.values())
        return starts or [
            e.id
            for e in nodes
            if not e.incoming and e.attached_to is None and e.id not in caught and not e.for_compensation
        ]

    @cached_property
    def links(self) -> dict[str, str]:
        """Throwing link event -> the catching one of that name."""
        events = [e for e in self.elements.values() if e.event is not None and e.event.kind == "link"]
        catches = {e.event.name: e.id for e in events if e.event and e.kind == "intermediateCatchEvent"}
        return {
            e.id: catches[e.event.name]
            for e in events
            if e.event and e.kind == "intermediateThrowEvent" and e.event.name in catches
        }

    @cached_property
    def successors(self) -> dict[str, list[str]]:
        """Where a token may go next, boundary events of the node included."""
        ahead = {
            e.id: [self.flows[f].target for f in e.outgoing if self.flows[f].target in self.elements]
            for e in self.elements.values()
        }
        for throw, catch in self.links.items():
            ahead[throw].append(catch)
        for element in self.elements.values():
            if element.attached_to in ahead:
                ahead[element.attached_to].append(element.id)
        return ahead

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """The reverse of `successors`."""
        behind: dict[str, list[str]] = {name: [] for name in self.elements}
        for name, targets in self.successors.items():
            for target in targets:
                behind[target].append(name)
        return behind

    @cached_property
    def dominators(self) -> dict[str, int]:
        """For each node, the mask of nodes on every path from an entry to it, itself included."""
        return self._dominance(self.entries, self.predecessors)

    @cached_property
    def _postdominators(self) -> dict[str, int]:
        """For each node, the mask of nodes on every path from it to an end, itself included.

        Ways out by boundary events are left aside: branches are drawn to meet where their flows meet.
        """
        ahead = {
            name: [n for n in nodes if self.elements[n].attached_to is None]
            for name, nodes in self.successors.items()
        }
        return self._dominance([name for name, nodes in ahead.items() if not nodes], ahead)

    def _dominance(self, entries: list[str], before: dict[str, list[str]]) -> dict[str, int]:
        everything = (1 << len(self._order)) - 1
        above = {n: self._bit[n] if n in entries else everything for n in self._order}
        changed = True
        while changed:
            changed = False
            for name in self._order:
                if name in entries:
                    continue
                mask = everything
                for other in before[name]:
                    mask &= above[other]
                mask |= self._bit[name]
                if mask != above[name]:
                    above[name], changed = mask, True
        return above

    def dominates(self, first: str, second: str) -> bool:
        """Does every path from the start to `second` pass `first`? True for a node and itself."""
        return bool(self.dominators[second] & self._bit[first])

    def on_every_path(self, node: str) -> list[str]:
        """The nodes that every path from the start to `node` passes, nearest to the start first."""
        mask = self.dominators[node] & ~self._bit[node]
        names = [name for name in self._order if mask & self._bit[name]]
        return sorted(names, key=self.depth)

    def depth(self, node: str) -> int:
        """How many nodes every path from the start to `node` passes."""
        return self.dominators[node].bit_count()

    def parting(self, first: str, second: str) -> str | None:
        """The last node that lies on every path to both: where the ways to them part."""
        mask = self.dominators[first] & self.dominators[second]
        common = [name for name in self._order if mask & self._bit[name]]
        return max(common, key=self.depth, default=None)

    def splits(self, node: str) -> bool:
        """May this node send out several tokens at once?"""
        element = self.elements[node]
        if len(element.outgoing) < 2:
            return False
        return element.kind in FORKS or element.kind not in ("exclusiveGateway", "eventBasedGateway")

    def side_path(self, node: str) -> str | None:
        """The innermost non-interrupting boundary event that every way to `node` passes, if any.

        What runs behind it runs beside its activity, and joins nothing.
        """
        for name in reversed([*self.on_every_path(node), node]):
            element = self.elements[name]
            if element.attached_to is not None and element.event and not element.event.cancel_activity:
                return name
        return None

    def same_branch(self, first: str, second: str) -> bool:
        """Is there no fork after `first`, nor side path, whose branches still run apart at `second`?

        `first` must lie on every path to `second`.
        """
        after = [name for name in [first, *self.on_every_path(second)] if self.dominates(first, name)]
        return self.side_path(first) == self.side_path(second) and not self._apart(after, second)

    def alone(self, node: str) -> bool:
        """Does a single token stand for the whole scope here, outside every block and side path?"""
        return self.side_path(node) is None and not self._apart(self.on_every_path(node), node)

    def closed(self, fork: str, node: str) -> bool:
        """Have all branches of the fork met again before `node`?"""
        return not self._apart([fork], node)

    def block(self, fork: str) -> list[str]:
        """The nodes between a fork and where its branches meet; all that it leads to where they never do."""
        meeting = self._meeting(fork)
        behind = (name for name in self._order if name != fork and self.dominates(fork, name))
        return [name for name in behind if meeting is None or not self.dominates(meeting, name)]

    def _apart(self, forks: list[str], node: str) -> bool:
        """Do the branches of one of these still run apart at `node`? They meet where all their flows meet."""
        for fork in filter(self.splits, forks):
            meeting = self._meeting(fork)
            if meeting is None or not self.dominates(meeting, node):
                return True
        return False

    def _meeting(self, fork: str) -> str | None:
        """The first node that every path from the fork to an end passes: its join."""
        mask = self._postdominators[fork] & ~self._bit[fork]
        names = [name for name in self._order if mask & self._bit[name]]
        return max(names, key=lambda name: self._postdominators[name].bit_count(), default=None)

    def reaches(self, first: str, second: str, *, avoiding: str) -> bool:
        """Is there a path from `first` to `second` that does not pass `avoiding`?"""
        return first in self._reaching(second, avoiding=avoiding)

    @cached_property
    def remembered(self) -> dict[object, list[str]]:
        """Answers that are asked for again and again at the same node (see `engine.bpmn.moves`)."""
        return {}

    @cached_property
    def _upstream(self) -> dict[str, dict[str, frozenset[str]]]:
        return {}

    def upstream(self, join: str) -> dict[str, frozenset[str]]:
        """For each incoming flow of `join`, the nodes from which it can be reached without passing `join`."""
        if join not in self._upstream:
            self._upstream[join] = {
                flow: self._reaching(self.flows[flow].source, avoiding=join)
                for flow in self.elements[join].incoming
            }
        return self._upstream[join]

    def _reaching(self, node: str, *, avoiding: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [node]
        while todo:
            name = todo.pop()
            if name in seen or name == avoiding:
                continue
            seen.add(name)
            todo.extend(self.predecessors[name])
        return frozenset(seen)
