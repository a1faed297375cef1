"""From the bytes of a diagram to its end: the reader's model means to the engine what the file says."""

from decimal import Decimal

from engine.bpmn.compile import compile_process
from engine.bpmn.reader import read_model

from .drawing import Desk

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://bihuan/test">
  <bpmn:message id="m_paid" name="paid">
    <bpmn:extensionElements><zeebe:subscription correlationKey="= unit.id"/></bpmn:extensionElements>
  </bpmn:message>
  <bpmn:error id="e_back" name="退回" errorCode="BACK"/>
  <bpmn:process id="year" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:callActivity id="each_unit" name="逐家填报">
      <bpmn:extensionElements>
        <zeebe:calledElement processId="unit_targets" propagateAllParentVariables="false"/>
        <zeebe:ioMapping><zeebe:input source="= year" target="year"/></zeebe:ioMapping>
      </bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics>
        <bpmn:extensionElements>
          <zeebe:loopCharacteristics inputCollection="= units" inputElement="unit"
              outputCollection="totals" outputElement="= total"/>
        </bpmn:extensionElements>
      </bpmn:multiInstanceLoopCharacteristics>
    </bpmn:callActivity>
    <bpmn:subProcess id="review" name="审核">
      <bpmn:startEvent id="r_start"/>
      <bpmn:sequenceFlow id="r1" sourceRef="r_start" targetRef="office_review"/>
      <bpmn:userTask id="office_review" name="绩效办审核">
        <bpmn:extensionElements><zeebe:userTask/>
          <zeebe:assignmentDefinition assignee="= &quot;office&quot;"/></bpmn:extensionElements>
      </bpmn:userTask>
      <bpmn:sequenceFlow id="r2" sourceRef="office_review" targetRef="passed"/>
      <bpmn:exclusiveGateway id="passed" name="通过?" default="r4"/>
      <bpmn:sequenceFlow id="r3" name="否" sourceRef="passed" targetRef="sent_back">
        <bpmn:conditionExpression>= outcome = "return"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="r4" name="是" sourceRef="passed" targetRef="r_end"/>
      <bpmn:endEvent id="sent_back" name="已退回">
        <bpmn:errorEventDefinition errorRef="e_back"/>
      </bpmn:endEvent>
      <bpmn:endEvent id="r_end" name="已通过"/>
    </bpmn:subProcess>
    <bpmn:boundaryEvent id="returned" name="被退回" attachedToRef="review">
      <bpmn:errorEventDefinition errorRef="e_back"/>
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="overdue" name="逾期" attachedToRef="review" cancelActivity="false">
      <bpmn:timerEventDefinition><bpmn:timeCycle>R2/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="reminded" name="已提醒"/>
    <bpmn:userTask id="correct" name="修改">
      <bpmn:extensionElements><zeebe:userTask/>
        <zeebe:assignmentDefinition assignee="= &quot;liaison&quot;"/></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:receiveTask id="wait_for_payment" name="等待拨付" messageRef="m_paid"/>
    <bpmn:endEvent id="end" name="已办结"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="each_unit"/>
    <bpmn:sequenceFlow id="f2" sourceRef="each_unit" targetRef="review"/>
    <bpmn:sequenceFlow id="f3" sourceRef="review" targetRef="wait_for_payment"/>
    <bpmn:sequenceFlow id="f4" sourceRef="returned" targetRef="correct"/>
    <bpmn:sequenceFlow id="f5" sourceRef="correct" targetRef="review"/>
    <bpmn:sequenceFlow id="f6" sourceRef="overdue" targetRef="reminded"/>
    <bpmn:sequenceFlow id="f7" sourceRef="wait_for_payment" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>
"""


def test_a_diagram_runs_from_its_file_to_its_end() -> None:
    process = compile_process(read_model(DIAGRAM.encode(), file="year.bpmn"), "year")
    desk = Desk(process, reload=True, units=["u1", "u2"], unit={"id": "city"}, year=Decimal(2018))
    (fan_out,) = desk.x.waits().values()
    assert fan_out.process_id == "unit_targets"
    assert list(fan_out.children or []) == [
        {"unit": "u1", "loopCounter": 1, "year": 2018},
        {"unit": "u2", "loopCounter": 2, "year": 2018},
    ]
    desk.finish("each_unit", [{"total": Decimal(10)}, {"total": Decimal(20)}])
    assert desk.x.evaluate(None, "= sum(totals)") == 30
    desk.fire("overdue")
    desk.fire("overdue")
    assert desk.at() == ["office_review"]
    desk.complete("office_review", outcome="return")
    assert desk.at() == ["correct"]
    desk.complete("correct")
    assert desk.at() == ["office_review", "overdue"]
    desk.complete("office_review", outcome="approve")
    assert desk.x.waits()[desk.key("wait_for_payment")].correlation_key == "city"
    desk.receive("wait_for_payment", paid=True)
    assert desk.x.ended and desk.x.results()["paid"] is True
