"""What a designer sends is checked in a process of its own, with the same findings everywhere."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.commands.line import line_for
from api.designer import deploying
from engine.bpmn import isolated
from engine.runtime.definitions import deploying as definitions
from tests.api.conftest import Browse
from tests.api.test_rest import API, _designer
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, good, line_up
from tests.engine.bpmn.test_soundness import starved
from tests.engine.runtime.world import World, form, in_a_row, user

BOMB = '<?xml version="1.0"?>\n<!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
PAPER = '<bpmn:dataObjectReference id="paper" dataObjectRef="gone" />'
TASK = '<bpmn:manualTask id="x" name="一步"><bpmn:documentation>&lt;</bpmn:documentation></bpmn:manualTask>'
HOSTILE = {
    "bomb.bpmn": BOMB + "<z>&b;</z>",
    "bomb.dmn": BOMB + DMN + "<description>&b;</description></definitions>",
    "deep.bpmn": "<a>" * 3_000 + "</a>" * 3_000,
    "deep.dmn": DMN + "<a>" * 3_000 + "</a>" * 3_000 + "</definitions>",
    "deep.form": "[" * 100_000,
    "expression.bpmn": starved().decode().replace("= x", "=" + "(" * 100_000),
    "dangling.bpmn": diagram(START, TASK, PAPER, END, line_up("begun", "x", "done")).decode(),
}
EXPECTED = {
    "bomb.bpmn": "dtd",
    "bomb.dmn": "dtd",
    "deep.bpmn": "too-deep",
    "deep.dmn": "too-deep",
    "deep.form": "malformed-json",
    "expression.bpmn": "feel-syntax",
    "dangling.bpmn": "dangling-reference",
}


@ON_SQLITE
def test_hostile_files_are_refused_by_name_and_the_page_and_the_command_line_say_the_same(
    world: World, browse: Browse, tmp_path: Path
) -> None:
    designer = browse(_designer(world))
    files = {**HOSTILE, "starved.bpmn": starved().decode()}
    told = designer.post(f"{API}/lint", json={"files": files, "level": "bpmn"}).json()
    wrong = {one["file"]: one["rule"] for one in told["findings"] if one["severity"] == "error"}
    assert wrong == EXPECTED
    assert [one["path"][-1] for one in told["findings"] if one["rule"] == "deadlock"] == ["j"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ["lint", str(tmp_path), "--json", "--level", "bpmn"]
    said = json.loads(CliRunner().invoke(line_for("lint"), command).stdout)
    assert [one | {"file": Path(one["file"]).name} for one in said["findings"]] == told["findings"]
    strictly = designer.post(f"{API}/lint", json={"files": files}).json()
    assert {one["file"]: one["rule"] for one in strictly["findings"]}.items() >= EXPECTED.items()
    assert designer.post("/designer/lint", json={"files": files}).json() == strictly
    refused = designer.post(f"{API}/deployments", json={"files": files})
    assert (refused.status_code, refused.json()["findings"]) == (422, strictly["findings"])
    assert designer.get(f"{API}/processes").json()["items"] == []


@ON_SQLITE
def test_more_than_a_request_may_hold_is_refused_before_it_is_read(world: World, browse: Browse) -> None:
    designer = browse(_designer(world))
    body = {"files": {"large.bpmn": "<a>" + " " * 3_000_000 + "</a>"}}
    for path in (f"{API}/lint", f"{API}/deployments", "/designer/lint", "/designer/deploy"):
        assert designer.post(path, json=body).status_code == 413, path
    assert designer.get(f"{API}/me").status_code == 200


@ON_SQLITE
def test_a_check_without_an_end_is_stopped_and_others_go_on_meanwhile(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    designer = browse(_designer(world))
    body = {"files": {"a.bpmn": good().decode()}}
    with monkeypatch.context() as patched:
        patched.setattr(deploying, "check_isolated", partial(isolated.check_isolated, seconds=0.01))
        for path in (f"{API}/lint", "/designer/lint"):
            assert [one["rule"] for one in designer.post(path, json=body).json()["findings"]] == [
                "check-timeout"
            ]
        assert designer.post(f"{API}/deployments", json=body).status_code == 422
    with monkeypatch.context() as patched:
        patched.setattr(deploying, "check_isolated", partial(isolated.check_isolated, megabytes=20))
        assert [one["rule"] for one in designer.post(f"{API}/lint", json=body).json()["findings"]] == [
            "check-failed"
        ]
    places = isolated.MOST_AT_ONCE
    with ThreadPoolExecutor(1) as others:
        for _ in range(places):
            isolated._AT_ONCE.acquire()
        try:  # every place is taken: this check waits, other work does not
            waiting = others.submit(designer.post, f"{API}/lint", json=body)
            assert browse("ling").get(f"{API}/me").status_code == 200
            assert not waiting.done()
        finally:
            for _ in range(places):
                isolated._AT_ONCE.release()
        assert waiting.result().status_code == 200


@ON_SQLITE
def test_a_deployment_is_checked_once_in_the_child_and_not_again_in_its_transaction(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    designer = browse(_designer(world))
    children: list[object] = []
    isolated = deploying.check_isolated

    def again(*_given: object, **_named: object) -> None:
        raise AssertionError("checked within the transaction")

    def in_a_child(*given: object, **named: object) -> object:
        children.append(given)
        return isolated(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(definitions, "lint", again)
    monkeypatch.setattr(deploying, "check_isolated", in_a_child)
    files = {"a.bpmn": in_a_row(user("fill", "unit.liaison")), "target.form": form("target", "value")}
    body = {"files": {name: data.decode() for name, data in files.items()}}
    assert designer.post(f"{API}/deployments", json=body).status_code == 201
    assert len(children) == 1


def test_what_was_changed_is_the_newest_version_or_nothing_is_deployed(world: World, browse: Browse) -> None:
    """Of two who had opened version 1 the second had silently taken the first one's change out again."""
    designer = browse(_designer(world))

    def deploy(step: str, **more: object) -> tuple[int, str]:
        files = {"a.bpmn": in_a_row(user(step, "unit.liaison")), "target.form": form("target", "value")}
        body = {"files": {name: data.decode() for name, data in files.items()}, **more}
        said = designer.post(f"{API}/deployments", json=body)
        return said.status_code, said.json().get("code", "")

    assert deploy("fill") == (201, "")
    assert deploy("one", based_on={"planning": 1}) == (201, "")
    assert deploy("two", based_on={"planning": 1}) == (409, "overtaken")
    assert world.scalar("select max(number) from definition_version") == 2
    assert deploy("two", based_on={"planning": 2, "unheard_of": 1}) == (201, "")
    assert deploy("three") == (201, "")
