"""The diagrams of changes: named, drawn, and readable, by the rules that the diagrams of planning keep."""

from pathlib import Path

import pytest

from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.lint.catalogue import ENGINE_HANDLERS
from engine.bpmn.reader import read_model
from processes.adjusting import bindings as adjusting
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from tests.adjusting.city import library
from tests.processes import test_diagrams as rules
from tests.processes.city import ROOT

DIAGRAMS = sorted((ROOT / "processes/adjusting").glob("*.bpmn"))


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "rule",
    [
        rules.test_every_step_has_a_name_in_both_languages,
        rules.test_everything_is_drawn,
        rules.test_no_two_shapes_overlap,
        rules.test_every_step_lies_inside_its_lane,
        rules.test_lines_are_upright_or_level_and_run_through_nothing,
        rules.test_no_two_flows_cross,
        rules.test_no_label_lies_under_a_line_a_step_or_another_label,
        rules.test_tasks_have_one_size_and_lanes_room,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_diagram_keeps_the_rule(path: Path, rule: object) -> None:
    assert callable(rule)
    rule(path)


def test_the_diagrams_use_all_that_changes_register_and_lint_finds_nothing() -> None:
    used: set[str | None] = set()
    for path in DIAGRAMS:
        for process in read_model(path.read_bytes(), file=path.name).processes.values():
            for element in process.elements.values():
                used |= {element.task_type, element.properties.get("bihuan:record")}
    mine = adjusting.SERVICES.keys() | adjusting.RECORDS.keys()
    assert used - {None} - ENGINE_HANDLERS - {"planning.tell_units"} == mine
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
