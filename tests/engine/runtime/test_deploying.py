"""Deploying: everything together or nothing, and nothing that could run Python."""

import pytest

from engine.bpmn.findings import Refused
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, form, in_a_row, user

GOOD = in_a_row(user("fill", "unit.liaison"))


def choosing(condition: str) -> bytes:
    return diagram(
        SUBJECT,
        START,
        '<bpmn:exclusiveGateway id="choose" name="够高？" default="no" />',
        user("fill", "unit.liaison"),
        END,
        flow("f1", "begun", "choose"),
        flow("yes", "choose", "fill", name="是", condition=condition),
        flow("no", "choose", "done", name="否"),
        flow("f3", "fill", "done"),
    )


@pytest.mark.parametrize(
    "condition",
    [
        '= __import__("os").system("id")',
        '= eval("1")',
        '= open("/etc/passwd").read() = ""',
        "score >= 60",
        '= (function(x) external {java: {class: "Runtime", method signature: "exec(String)"}})("id")',
    ],
)
def test_python_is_refused_where_it_stands_even_when_it_looks_like_feel(world: World, condition: str) -> None:
    with pytest.raises(Refused) as refused:
        world.deploy(other=in_a_row(user("a", "unit.liaison"), process='id="other" name="另一个"'),
                     planning=choosing(condition))  # fmt: skip
    places = {(finding.file, finding.element) for finding in refused.value.findings}
    assert places == {("planning.bpmn", "yes")}
    assert all(finding.line > 0 and finding.message for finding in refused.value.findings)
    assert world.scalar("select count(*) from definition_version") == 0


def test_an_unchanged_file_keeps_its_version_and_a_changed_form_makes_its_process_new(world: World) -> None:
    world.deploy(planning=GOOD)
    same = world.engine.deploy({"planning.bpmn": GOOD, "target.form": form("target", "value", "note")})
    assert {(one.key, one.number, one.new) for one in same.versions} == {
        ("planning", 1, False),
        ("target", 1, False),
    }
    other = world.engine.deploy({"planning.bpmn": GOOD, "target.form": form("target", "value")})
    assert {(one.key, one.number, one.new) for one in other.versions} == {
        ("planning", 2, True),
        ("target", 2, True),
    }


def test_running_instances_stay_on_their_version(world: World) -> None:
    world.deploy(planning=GOOD)
    world.start()
    longer = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
    world.deploy(planning=longer)
    world.complete("ling")
    assert world.inbox("tou") == []
    world.start()
    world.complete("ling")
    assert world.item("tou").element_id == "sign"
