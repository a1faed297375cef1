"""The diagrams of the decomposition: nothing to find, and drawn as carefully as those of planning."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.bpmn.lint import Catalogue, lint
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from tests.decomposition.town import library
from tests.processes import test_diagrams as drawn
from tests.processes.city import ROOT

DIAGRAMS = sorted((ROOT / "processes/decomposition").glob("*.bpmn"))
CHECKS = (
    drawn.test_every_step_has_a_name_in_both_languages,
    drawn.test_everything_is_drawn,
    drawn.test_no_two_shapes_overlap,
    drawn.test_every_step_lies_inside_its_lane,
    drawn.test_lines_are_upright_or_level_and_run_through_nothing,
    drawn.test_no_two_flows_cross,
    drawn.test_no_label_lies_under_a_line_a_step_or_another_label,
    drawn.test_tasks_have_one_size_and_lanes_room,
)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("test_"))
def test_the_drawing(check: Callable[[Path], None], path: Path) -> None:
    check(path)


def test_there_is_nothing_to_find() -> None:
    services, records = bindings_parts()
    catalogue = Catalogue(
        forms=frozenset(),
        decisions=frozenset(),
        processes=frozenset(),
        posts=frozenset(load_profile("hangzhou_13fyp").content["posts"]),
        handlers=frozenset(services) | {"bihuan:publish"},
        records=frozenset(records),
        functions=frozenset({"post", "add working days", "working days between", "today"}),
    )
    assert lint(library(), catalogue=catalogue) == []
