"""Item definitions: which of two declared data agree in type, as the standard's typing rules ask."""

from dataclasses import dataclass

from engine.bpmn.read.markup import Node, all_of, is_true, reference


@dataclass(frozen=True, slots=True)
class Items:
    """The item definitions of a file: id -> (structure or None, is it a collection)."""

    known: dict[str, tuple[str | None, bool]]

    @classmethod
    def of(cls, root: Node) -> "Items":
        return cls(
            {
                node.get("id", ""): (node.get("structureRef"), is_true(node, "isCollection"))
                for node in all_of(root, "itemDefinition")
            }
        )

    def agree(self, first: str | None, second: str | None) -> bool:
        """Is it the same item definition, or two with one stated structure?"""
        if first == second:
            return True
        one, _ = self.known.get(first or "", (None, False))
        two, _ = self.known.get(second or "", (None, False))
        return one is not None and one == two

    def collection(self, item: str | None) -> bool | None:
        """Whether an item definition is a collection; None when there is none."""
        found = self.known.get(item or "")
        return found[1] if found is not None else None


def item_of(node: Node) -> str | None:
    """The item definition that a data element, message or signal refers to."""
    for attribute in ("itemSubjectRef", "itemRef", "structureRef"):
        if node.get(attribute) is not None:
            return reference(node.get(attribute))
    return None


def inputs_of(node: Node) -> list[Node]:
    """Data inputs of an activity, process or event."""
    return _data(node, "dataInput")


def outputs_of(node: Node) -> list[Node]:
    """Data outputs of an activity, process or event."""
    return _data(node, "dataOutput")


def _data(node: Node, name: str) -> list[Node]:
    found = []
    for item in all_of(node, name):
        holder = item.getparent()
        if holder is node or (holder is not None and holder.getparent() is node):
            found.append(item)
    return found
