"""Drawings that say the same as plainer ones, put into plain words before anything is checked."""

from collections import Counter

from engine.bpmn.dialect import BPMN
from engine.bpmn.read.markup import Node, all_of, child


def simplify(root: Node) -> None:
    """A complex gateway that only splits, by conditions, is an inclusive one (BPMN 2.0.2, 13.3.5).

    What makes it complex is how it joins: one with several ways in, or with an activation condition, stays.
    """
    flows = list(all_of(root, "sequenceFlow"))
    into = Counter(flow.get("targetRef", "") for flow in flows)
    out = Counter(flow.get("sourceRef", "") for flow in flows)
    for gateway in list(all_of(root, "complexGateway")):
        name = gateway.get("id", "")
        if into[name] == 1 and out[name] > 1 and child(gateway, "activationCondition") is None:
            gateway.tag = f"{{{BPMN}}}inclusiveGateway"
