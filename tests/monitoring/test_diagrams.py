"""The diagrams of monitoring: nothing to find, nothing registered in vain."""

from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.lint.catalogue import ENGINE_HANDLERS
from engine.bpmn.reader import read_model
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from processes.monitoring import bindings as monitoring
from tests.monitoring.city import library
from tests.processes.city import ROOT

DIAGRAMS = sorted((ROOT / "processes/monitoring").glob("*.bpmn"))


def test_the_diagrams_use_all_that_monitoring_registers_and_lint_finds_nothing() -> None:
    used: set[str | None] = set()
    for path in DIAGRAMS:
        for process in read_model(path.read_bytes(), file=path.name).processes.values():
            for element in process.elements.values():
                used |= {element.task_type, element.properties.get("bihuan:record")}
    mine = monitoring.SERVICES.keys() | monitoring.RECORDS.keys()
    others = {"planning.tell_units", "accountability.raise_flag"}
    assert used - {None} - ENGINE_HANDLERS - others == mine
    services, records = bindings_parts()
    catalogue = Catalogue(
        forms=frozenset(),
        decisions=frozenset(),
        processes=frozenset(),
        posts=frozenset(load_profile("hangzhou_13fyp").content["posts"]),
        handlers=frozenset(services),
        records=frozenset(records),
        functions=frozenset({"post", "add working days", "working days between"}),
    )
    assert lint(library(), catalogue=catalogue) == []
