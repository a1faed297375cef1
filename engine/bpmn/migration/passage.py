"""Which element of a new version stands for which of the old one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.compile import Process
from engine.bpmn.model import Element


@dataclass(frozen=True)
class Passage:
    """From `old` to `new`. `mapping` names the new id of an old element; every other keeps its id."""

    old: Process
    new: Process
    mapping: Mapping[str, str] = field(default_factory=dict)

    def target(self, element_id: str) -> Element | None:
        """The new element that stands for an old one; None when there is none."""
        return self.new.model.elements.get(self.mapping.get(element_id, element_id))

    def scope(self, element: Element) -> str | None:
        """The new id of the container that a token of `element` is for those inside: None is the process."""
        if element.kind == "process":
            return None
        return self.mapping.get(element.id, element.id)

    def flow(self, flow_id: str) -> str | None:
        """The new flow that stands for an old one: of the same id, else the only one between the same two."""
        old = self.old.model.flows.get(flow_id)
        if old is None:
            return None
        source, target = self.target(old.source), self.target(old.target)
        if source is None or target is None:
            return None
        between = [
            flow.id
            for flow in self.new.model.flows.values()
            if (flow.source, flow.target) == (source.id, target.id)
        ]
        if flow_id in between:
            return flow_id
        return between[0] if len(between) == 1 else None

    def images(self, events: list[Element]) -> set[str]:
        """The new ids of old events, as far as they are still there and wait for the same kind of thing."""
        found = ((event, self.target(event.id)) for event in events)
        return {new.id for old, new in found if new is not None and _alike(old, new)}

    def behind(self, gateway: Element, *, old: bool) -> list[Element]:
        """The events behind an event-based gateway of the old or the new version."""
        model = (self.old if old else self.new).model
        return list(model.after(gateway))


def _alike(old: Element, new: Element) -> bool:
    kinds = [event.event.kind if event.event else None for event in (old, new)]
    return old.kind == new.kind and kinds[0] == kinds[1]
