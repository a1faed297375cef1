"""A way through a diagram in the words of its labels: 起草 → 并行网关 → 审核；审核 → 归档."""

from collections.abc import Iterable, Sequence

from engine.bpmn.lint.soundness_net import Step
from engine.bpmn.model import Element, ProcessModel

_KINDS = {
    "startEvent": "开始",
    "endEvent": "结束",
    "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "捕获事件",
    "intermediateThrowEvent": "抛出事件",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
    "subProcess": "子流程",
    "transaction": "事务子流程",
    "callActivity": "调用活动",
}
MOST_STEPS = 14
"""Of a longer way only the end is told."""


def named(process: ProcessModel, identity: str) -> str:
    """What people call an element: its label, else its kind and id."""
    element: Element = process.elements[identity]
    return element.name.strip() or f"{_KINDS.get(element.kind, '任务')} {element.id}"


def in_words(process: ProcessModel, steps: Sequence[Step]) -> str:
    """The steps, parted by semicolons; within one, arrows along the flows."""
    told = [_step(process, step) for step in steps]
    return "；".join((["…"] if len(told) > MOST_STEPS else []) + told[-MOST_STEPS:])


def _step(process: ProcessModel, step: Step) -> str:
    chains: list[list[str]] = [[step.actor]]
    for name in step.flows:
        flow = process.flows[name]
        fitting = next((chain for chain in chains if chain[-1] == flow.source), None)
        if fitting is None:
            fitting = [flow.source]
            chains.append(fitting)
        fitting.append(flow.target)
    return "，".join(" → ".join(named(process, name) for name in chain) for chain in chains)


def elements_of(process: ProcessModel, steps: Iterable[Step]) -> tuple[str, ...]:
    """The ids of elements and flows on the way, in order, each once: for the drawing to light up."""
    found: dict[str, None] = {}
    for step in steps:
        found[step.actor] = None
        for name in step.flows:
            flow = process.flows[name]
            found |= dict.fromkeys((flow.source, name, flow.target))
    return tuple(found)
