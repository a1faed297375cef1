"""Diagrams made at random from the whole vocabulary: findings or a model, never an exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import dialect
from engine.bpmn.findings import Refused
from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.model import Model
from engine.bpmn.reader import read_model
from tests.engine.bpmn.lint_diagrams import HEAD

IDS = [f"e{number}" for number in range(8)]
NAMES = sorted(
    dialect.FLOW_NODES
    | dialect.DOCUMENTATION
    | dialect.RUN - {"definitions"}
    | set(dialect.EVENT_DEFINITIONS)
    | set(dialect.REFUSED_ELEMENTS)
    | {"nonsense"}
)
STEPS = sorted(dialect.FLOW_NODES) * 3 + ["sequenceFlow"] * 60 + ["laneSet", "extensionElements"]
ZEEBE = sorted(dialect.ZEEBE_ON) + sorted(dialect.REFUSED_ZEEBE) + ["property", "input", "header", "nonsense"]
ATTRIBUTES = [
    "id",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "messageRef",
    "errorRef",
    "processRef",
    "calledElement",
    "isSequential",
    "triggeredByEvent",
    "cancelActivity",
    "instantiate",
    "startQuantity",
    "gatewayDirection",
    "isCollection",
    "itemSubjectRef",
    "operationRef",
    "minimum",
    "errorCode",
    "name",
    "value",
    "expression",
    "type",
    "source",
    "bpmnElement",
]
VALUES = [*IDS, "", "true", "false", "=1", "= a +", "${x}", "P1D", "bihuan:post", "Diverging", "x:e1", "End"]


def written(name: str, attributes: dict[str, str], inner: str) -> str:
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>"


attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES), max_size=4)
texts = st.sampled_from(["", "e1", "e2", "=1", "=(", "P1D", "R3/PT1H", "import os"])
zeebe = st.builds(lambda n, a: written(f"zeebe:{n}", a, ""), st.sampled_from(ZEEBE), attributes)
leaves = st.one_of(
    zeebe, st.builds(lambda n, a, t: written(f"bpmn:{n}", a, t), st.sampled_from(NAMES), attributes, texts)
)
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda n, a, i: written(f"bpmn:{n}", a, "".join(i)),
        st.sampled_from(NAMES + STEPS),
        attributes,
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(trees, max_size=6), st.lists(trees, max_size=3), st.sampled_from(["bpmn", "dialect"]))
def test_random_vocabulary_raises_nothing_but_refusals(
    steps: list[str], roots: list[str], level: dialect.Level
) -> None:
    process = f'<bpmn:process id="p" isExecutable="true">{"".join(steps)}</bpmn:process>'
    data = f"{HEAD}{''.join(roots)}{process}</bpmn:definitions>".encode()
    lint({"a.bpmn": data}, catalogue=Catalogue(handlers=frozenset()), level=level)
    try:
        read_model(data, file="a.bpmn", level=level)
    except Refused as refused:
        assert refused.findings


KINDS = sorted(dialect.GATEWAYS | {"task", "userTask", "endEvent", "startEvent", "manualTask"})
flows = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), min_size=1, max_size=16)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(KINDS), min_size=8, max_size=8), flows)
def test_random_graphs_are_read_or_refused_and_what_is_read_hangs_together(
    kinds: list[str], pairs: list[tuple[str, str]]
) -> None:
    kinds[0] = "startEvent"
    nodes = "".join(f'<bpmn:{kind} id="{name}" />' for kind, name in zip(kinds, IDS, strict=True))
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{place}" sourceRef="{a}" targetRef="{b}" />'
        for place, (a, b) in enumerate(pairs)
    )
    data = f'{HEAD}<bpmn:process id="p">{nodes}{arrows}</bpmn:process></bpmn:definitions>'.encode()
    try:
        model = read_model(data, file="a.bpmn", level="bpmn")
    except Refused as refused:
        assert all(finding.line > 0 for finding in refused.findings)
    else:
        hangs_together(model)


def hangs_together(model: Model) -> None:
    for process in model.processes.values():
        for flow in process.flows.values():
            assert flow.id in process.elements[flow.source].outgoing
            assert flow.id in process.elements[flow.target].incoming
        assert all(process.elements[name].kind == "startEvent" for name in process.start_events)
