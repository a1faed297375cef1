"""The diagrams of accountability: nothing to find, and drawn as carefully as those of planning."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.bpmn.lint import Catalogue, lint
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from tests.accountability.conftest import library
from tests.processes.city import ROOT
from tests.rectification.test_drawings import CHECKS

DIAGRAMS = sorted((ROOT / "processes/accountability").glob("*.bpmn"))


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
        posts=frozenset(load_profile("shenzhen_2010").content["posts"]),
        handlers=frozenset(services) | {"bihuan:publish"},
        records=frozenset(records),
        functions=frozenset({"post", "add working days", "working days between"}),
    )
    assert lint(library(), catalogue=catalogue) == []
