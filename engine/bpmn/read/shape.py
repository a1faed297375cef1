"""Look-ups over one process, built once, so that no check is quadratic."""

from engine.bpmn.model import Element, Flow, ProcessModel


class Shape:
    """A process with its boundary events by host and its elements by scope."""

    def __init__(self, process: ProcessModel) -> None:
        self.process = process
        self._boundaries: dict[str, list[Element]] = {}
        self._inside: dict[str | None, list[Element]] = {}
        for element in process.elements.values():
            self._inside.setdefault(element.parent, []).append(element)
            if element.attached_to is not None:
                self._boundaries.setdefault(element.attached_to, []).append(element)

    def boundaries(self, element_id: str) -> list[Element]:
        """The boundary events attached to an activity."""
        return self._boundaries.get(element_id, [])

    def inside(self, scope: str | None) -> list[Element]:
        """The elements directly in the process (None) or a subprocess."""
        return self._inside.get(scope, [])

    def outgoing(self, element: Element) -> list[Flow]:
        """The flows out of an element, in the order of the file."""
        return [self.process.flows[name] for name in element.outgoing]
