"""Deploying: everything together or nothing, and nothing that could run Python."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.bpmn.findings import Refused
from engine.runtime import engine as engines
from engine.runtime.definitions import deploying
from engine.runtime.definitions.checking import Overtaken
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


def calling(called: str, *, process: str) -> bytes:
    """A process that calls another one."""
    call = (
        '<bpmn:callActivity id="call" name="调用"><bpmn:extensionElements><zeebe:calledElement '
        f'processId="{called}" propagateAllChildVariables="false" />'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    return in_a_row(call, process=f'id="{process}" name="{process}"')


def plain(process: str) -> bytes:
    return in_a_row(user("fill", "unit.liaison"), process=f'id="{process}" name="{process}"')


def meanwhile(monkeypatch: pytest.MonkeyPatch, *others: Callable[[], object]) -> list[int]:
    """While files are checked, each time somebody does the next of `others`; how often that was."""
    lint, left, times = engines.lint_files, list(others), []

    def slow(*given: Any, **named: Any) -> Any:
        times.append(len(times))
        if left:
            monkeypatch.setattr(engines, "lint_files", lint)
            left.pop(0)()
            monkeypatch.setattr(engines, "lint_files", slow)
        return lint(*given, **named)

    monkeypatch.setattr(engines, "lint_files", slow)
    return times


def test_nobody_waits_for_the_check_and_it_is_asked_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked again in the transaction: on SQLite the whole city waited for large files."""
    world.deploy(planning=GOOD)

    def again(*_given: object, **_named: object) -> None:
        raise AssertionError("checked within the transaction")

    monkeypatch.setattr(deploying, "lint", again)
    times = meanwhile(monkeypatch, lambda: world.start(drain=False))  # an act on SQLite's only writer
    world.deploy(planning=choosing("= 1 > 0"))
    assert len(times) == 1
    assert world.scalar("select max(number) from definition_version") == 2


def test_what_was_deployed_during_the_check_is_seen_by_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is right by itself; together they would call each other for ever."""
    world.deploy(first=plain("first"), second=plain("second"))
    times = meanwhile(monkeypatch, lambda: world.deploy(second=calling("first", process="second")))
    with pytest.raises(Refused) as refused:
        world.deploy(first=calling("second", process="first"))
    assert "call-cycle" in {finding.rule for finding in refused.value.findings}
    assert len(times) == 2
    assert world.scalar("select max(v.number) from definition_version v where v.file = 'first.bpmn'") == 1


def test_who_is_overtaken_again_and_again_is_told_to_try_once_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(planning=GOOD)
    others = [plain(f"other{number}") for number in range(5)]
    meanwhile(monkeypatch, *(lambda one=one: world.deploy(other=one) for one in others))  # type: ignore[misc]
    with pytest.raises(Overtaken, match="请再部署一次"):
        world.deploy(planning=choosing("= 1 > 0"))
    assert world.scalar("select max(number) from definition_version") == 1
