"""The diagrams of the year: named, drawn, and readable, by the rules that the diagrams of planning keep."""

from pathlib import Path

import pytest

from tests.processes import test_diagrams as rules
from tests.processes.city import ROOT

DIAGRAMS = sorted((ROOT / "processes/cycle").glob("*.bpmn"))


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
