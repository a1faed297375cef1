"""The diagrams of accountability: nothing to find."""

from engine.bpmn.lint import Catalogue, lint
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from tests.accountability.conftest import library


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
