"""What one diagram says, another hears: no message goes out to nobody."""

from collections.abc import Iterator

from engine.bpmn.model import Element
from engine.bpmn.reader import read_model
from tests.processes.city import ROOT

OUTSIDE = {"annual.report"}
"""Heard outside the system: the report to the standing committee of the people's congress."""


def elements() -> Iterator[tuple[str, dict[str, str], Element]]:
    """Every element of every diagram, with its file and the names of the file's messages."""
    for path in sorted((ROOT / "processes").rglob("*.bpmn")):
        model = read_model(path.read_bytes(), file=path.name)
        names = {key: message.name for key, message in model.messages.items()}
        for process in model.processes.values():
            for element in process.elements.values():
                yield path.name, names, element


def test_every_message_is_heard() -> None:
    said, heard = set(), set(OUTSIDE)
    for file, names, element in elements():
        if element.task_type == "bihuan:publish":
            said |= {(one.source, file) for one in element.inputs if one.target == "messageName"}
        elif element.event is not None and element.event.kind == "message" and element.event.ref:
            heard.add(names.get(element.event.ref, element.event.ref))
    assert said
    assert sorted(pair for pair in said if pair[0] not in heard) == []
