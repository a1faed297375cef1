"""The diagrams of collection and assessment: nothing is registered in vain."""

from engine.bpmn.lint.catalogue import ENGINE_HANDLERS
from engine.bpmn.reader import read_model
from processes.evaluation.assessment import bindings as assessment
from processes.evaluation.collection import bindings as collection
from tests.processes.city import ROOT

ROOM = ROOT / "processes/evaluation"
DIAGRAMS = sorted([*(ROOM / "collection").glob("*.bpmn"), *(ROOM / "assessment").glob("*.bpmn")])


def test_the_diagrams_use_all_that_is_registered() -> None:
    used: set[str | None] = set()
    for path in DIAGRAMS:
        for process in read_model(path.read_bytes(), file=path.name).processes.values():
            for element in process.elements.values():
                used |= {element.task_type, element.properties.get("bihuan:record")}
    rooms = (collection, assessment)
    mine = {name for room in rooms for name in (*room.SERVICES, *room.RECORDS)}
    assert used - {None} - ENGINE_HANDLERS == mine
