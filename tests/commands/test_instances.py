"""`instances` and `replay` on a database with running work: listed, moved, moved back, played once more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store import Database
from tests.commands.line import Line
from tests.databases import Templates
from tests.engine.runtime.world import FORMS, WORLD, World, build_world, in_a_row, user

FIRST = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
RENAMED = in_a_row(user("fill_in", "unit.vice_head"), user("sign", "unit.head", form_id="review"))
LONGER = in_a_row(
    user("fill", "unit.liaison"),
    user("check", "assessor.office.reviewer", name="复核"),
    user("sign", "unit.head", form_id="review"),
)


@pytest.fixture
def working(templates: Templates, tmp_path: Path) -> Iterator[tuple[World, Line]]:
    with templates.copy("sqlite", tmp_path, filling=WORLD) as url:
        database = Database(url)
        world = build_world(database)
        world.deploy(planning=FIRST)
        yield world, Line(tmp_path, {"BIHUAN_DATABASE_URL": url})
        database.close()


def test_instances_are_listed_shown_moved_and_moved_back(working: tuple[World, Line]) -> None:
    world, line = working
    first, second = world.start(), world.start(unit=world.unit("U2"))
    world.complete("ling2")
    listed = line.run("instances", "list", "--process", "planning", "--json").json["items"]
    assert [(one["id"], one["version"], one["subject"], one["open_items"]) for one in listed] == [
        (second, 1, "市环境保护局", 1),
        (first, 1, "市旅游委员会", 1),
    ]
    shown = line.run("instances", "show", first, "--json").json
    assert [(one["element"], one["kind"]) for one in shown["waits"]] == [("fill", "user")]
    assert "办理：办理fill（fill）" in line.run("instances", "show", first).out

    world.deploy(planning=RENAMED)
    dry = line.run("instances", "migrate", "planning", "--dry-run", "--json")
    assert (dry.status, dry.json["counts"]) == (1, {"refused": 1, "fits": 1})
    refused = next(one for one in dry.json["instances"] if one["state"] == "refused")
    assert (refused["id"], refused["obstacles"][0]["rule"]) == (first, "gone")
    moved = line.run("instances", "migrate", "planning", "--json")
    assert (moved.status, moved.json["counts"]) == (1, {"refused": 1, "moved": 1})
    told = line.run("instances", "migrate", "planning", "--map", "fill=fill_in")
    assert (told.status, told.out.splitlines()[0]) == (0, "planning 第 1 版 → 第 2 版：已迁移 1 个。")
    assert world.item("lu").element_id == "fill_in"
    order = told.out.split("--undo ")[1].strip()
    back = line.run("instances", "migrate", "--undo", order)
    assert (back.status, back.out) == (0, "planning 第 1 版 → 第 2 版：已退回 1 个。\n")
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from administration_event where act = 'migrate'") == 3


def test_what_is_asked_wrongly_is_one_sentence(working: tuple[World, Line]) -> None:
    _, line = working
    said = line.run("instances", "migrate", "planning")
    assert (said.status, said.sentence) == (2, "别的版本上没有进行中的实例。 用 --from 写明从第几版。")
    said = line.run("instances", "migrate", "planning", "--from", "1", "--to", "4")
    assert (said.status, said.sentence) == (2, "planning: 没有第 4 版。 已部署的版本：1。")
    said = line.run("instances", "migrate", "plan", "--to", "2")
    assert (said.status, said.sentence) == (2, "plan: 没有部署过流程 plan。")
    said = line.run("instances", "migrate", "planning", "--map", "fill", "--to", "2")
    assert (said.status, said.sentence) == (2, "--map 应当写成 旧环节=新环节，不是“fill”。")
    assert line.run("instances", "show", "12345678", "--json").error["message"] == "没有这个实例。"
    assert line.run("instances", "migrate", "--undo", "x", "--json").error["message"] == "没有这次迁移。"
    assert line.run("instances", "list", "--status", "lost").status == 2


def test_replay_says_who_would_go_another_way_on_a_file_or_a_version(working: tuple[World, Line]) -> None:
    world, line = working
    instance_id = world.start()
    world.complete("ling")
    for name, content in FORMS.items():
        line.write(name, content)
    same = line.run("replay", "planning", "--to", "1")
    print(same)
    assert (same.status, same.out) == (0, "planning → 第 1 版：走向相同 1 个。\n")
    file = line.write("longer.bpmn", LONGER)
    other = line.run("replay", "planning", "--to", file)
    assert other.status == 1
    assert other.out.splitlines()[0] == "planning → longer.bpmn：走向不同 1 个。"
    assert "走向不同在“办理fill”：当时到“办理sign”，新版到“复核”。图上这里的去向改了。" in other.out
    found = line.run("replay", "planning", "--to", file, "--json").json["instances"]
    assert [(one["id"], one["state"], one["element"]) for one in found] == [(instance_id, "other", "fill")]
    renamed = line.run(
        "replay", "planning", "--to", line.write("newer.bpmn", RENAMED), "--map", "fill=fill_in"
    )
    told = "当时是“市旅游委员会 · 联络员”，新版是“市旅游委员会 · 分管领导”。"
    assert (renamed.status, renamed.out.splitlines()) == (
        0,
        [
            "planning → newer.bpmn：走向相同 1 个。",
            f"  “办理fill”办理人不同：1 个，例如 {instance_id} {told}",
        ],
    )
    assert line.run("replay", "planning", "--to", "9").sentence == "planning: 没有第 9 版。"
    assert line.run("replay", "other", "--to", file).sentence == "other: 给出的文件里没有流程 other。"
