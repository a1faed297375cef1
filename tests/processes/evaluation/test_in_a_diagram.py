"""A diagram's business rule tasks ask the same decisions, with the profile's parameters as a variable."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engine.bpmn.execution import Execution, Services, compile_process
from engine.bpmn.reader import read_model
from engine.clock import VirtualClock
from tests.processes.evaluation.asking import exact, rulebook, scheme
from tests.processes.evaluation.cities import scored

STEPS = ("total_score", "veto", "grade")
FLOWS = list(zip(("start", *STEPS), (*STEPS, "done"), strict=True))


def rule(decision: str, source: str) -> str:
    return f"""<bpmn:businessRuleTask id="{decision}" name="判断"><bpmn:extensionElements>
      <zeebe:calledDecision decisionId="{decision}" resultVariable="{decision}_result" />
      <zeebe:ioMapping><zeebe:input source="{source}" target="unit" /></zeebe:ioMapping>
    </bpmn:extensionElements></bpmn:businessRuleTask>"""


GRADE_OF = "= {score: total_score_result.score, vetoed: veto_result.vetoed, place: &quot;none&quot;}"
DIAGRAM = f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="grading" name="定级" isExecutable="true">
    <bpmn:startEvent id="start" name="开始" /><bpmn:endEvent id="done" name="已定级" />
    {rule("total_score", "= facts")}{rule("veto", "= facts")}{rule("grade", GRADE_OF)}
    {"".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in FLOWS)}
  </bpmn:process></bpmn:definitions>"""


def test_a_diagram_comes_to_the_same_grade_as_the_scoring() -> None:
    marks = {"electronic": Decimal("95.2"), "leaders": 92, "survey": Decimal("70.5"), "epoll": 88}
    more = {"plus": None, "minus": None, "innovation": None, "veto": False, "veto_items": []}
    services = Services(
        now=VirtualClock(datetime(2010, 12, 31, tzinfo=UTC)).now,
        decide=lambda decision, variables: rulebook().decide(decision, variables).value,
    )
    process = compile_process(read_model(DIAGRAM.encode(), file="grading.bpmn", level="bpmn"), "grading")
    variables = {"facts": exact({**marks, **more}), "scheme": scheme("shenzhen_2010")}
    execution = Execution.start(process, variables=variables, services=services)
    execution.run()
    assert execution.ended
    found: dict[str, Any] = execution.results()
    [unit] = scored("shenzhen_2010", [{"unit": "甲局", **marks}]).units
    assert found["total_score_result"]["total"] == unit.total == Decimal("88.51")
    assert found["grade_result"]["grade"] == unit.grade == "良"
