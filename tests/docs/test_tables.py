"""Tables in the documents that repeat what the code says: they must say the same."""

import re
from collections.abc import Iterable

import pytest

from api.commands.line import COMMANDS
from api.settings import Settings
from engine.bpmn import dialect
from engine.bpmn.dialect import BIHUAN_PROPERTIES, EVENT_NAMES, POSITION_NAMES, ZEEBE_ON, Position
from engine.people.acts import ACTS
from engine.verbs.door import VERBS
from processes.cycle.profile import load_profile
from tests.docs.pages import DOCS, ROOT, table

DESIGNER, ADMINISTRATOR = DOCS / "designer.md", DOCS / "administrator.md"


def places(carriers: Iterable[str]) -> str:
    names = sorted(carriers)
    return "任何元素" if "*" in names else "、".join(names)


def kinds(found: Iterable[str]) -> str:
    wanted = set(found)
    return "、".join(f"{name} {kind}" for kind, name in EVENT_NAMES.items() if kind in wanted) or "无"


def test_refused_elements_are_those_of_the_dialect() -> None:
    said = [tuple(row) for row in table(DESIGNER, after="不支持的元素")]
    assert said == [(element, *words) for element, words in dialect.REFUSED_ELEMENTS.items()]


def test_events_are_those_of_the_dialect() -> None:
    def line(position: Position) -> tuple[str, str, str]:
        runs = dialect.supported_events(position, "dialect")
        return POSITION_NAMES[position], kinds(runs), kinds(dialect.ALLOWED_BY_STANDARD[position] - runs)

    said = [tuple(row) for row in table(DESIGNER, after="事件")]
    assert said == [line(position) for position in dialect.SUPPORTED_EVENTS]


def test_elements_that_run_are_those_of_the_dialect() -> None:
    said = {row[0]: set(row[1].split("、")) for row in table(DESIGNER, after="可以画的元素")}
    assert said == {
        "任务": dialect.TASKS,
        "子流程": dialect.SCOPES,
        "调用活动": {"callActivity"},
        "网关": dialect.GATEWAYS,
        "事件": dialect.EVENTS,
    }


def test_what_is_refused_as_unsupported_is_listed_with_what_is_said() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "engine/bpmn/read").glob("*.py"))
    said = table(DOCS / "bpmn.md", after="点名拒绝的")
    assert {rule for rule, _ in said} == set(re.findall(r'"(unsupported-[a-z-]+)"', source))
    for _, sentence in said:
        assert all(piece.strip() in source for piece in sentence.split("…")), sentence


def test_refused_extensions_are_those_of_the_dialect() -> None:
    said = [tuple(row) for row in table(DESIGNER, after="不支持的扩展元素")]
    assert said == [(f"zeebe:{name}", *words) for name, words in dialect.REFUSED_ZEEBE.items()]


def test_extensions_that_mean_something_are_those_of_the_dialect() -> None:
    said = {row[0]: row[1] for row in table(DESIGNER, after="zeebe 扩展元素")}
    assert said == {f"zeebe:{name}": places(carriers) for name, carriers in ZEEBE_ON.items()}


def test_our_properties_are_those_of_the_dialect() -> None:
    said = {row[0]: row[1] for row in table(DESIGNER, after="bihuan 属性")}
    assert said == {name: places(carriers) for name, carriers in BIHUAN_PROPERTIES.items()}


def test_settings_are_those_of_the_program() -> None:
    said = {row[0]: row[1] for row in table(ADMINISTRATOR, after="设置")}
    assert said == {
        f"BIHUAN_{name.upper()}": "空" if field.default in ("", None) else str(field.default)
        for name, field in Settings.model_fields.items()
    }


def test_commands_are_those_of_the_program() -> None:
    said = [row[0].split()[1] for row in table(ADMINISTRATOR, after="命令")]
    assert sorted(said) == sorted(COMMANDS)


def test_rights_are_those_of_the_program() -> None:
    said = {row[0]: row[1] for row in table(ADMINISTRATOR, after="权限")}
    assert said == {key: act.name for key, act in ACTS.items()}


def test_posts_and_their_rights_are_those_of_the_profile() -> None:
    profile = load_profile("hangzhou_13fyp").content
    said = {
        row[0]: (row[1], set(filter(None, row[2].split("、")))) for row in table(ADMINISTRATOR, after="岗位")
    }
    assert said == {
        key: (post["name"], {act for acts in profile["grants"].get(key, {}).values() for act in acts})
        for key, post in profile["posts"].items()
    }


@pytest.mark.parametrize("page", ["api.md", "developer.md"])
def test_verbs_are_those_of_the_door(page: str) -> None:
    said = {
        row[0]: row[1] for row in table(DOCS / page, after="Verbs" if page == "developer.md" else "办理方式")
    }
    assert said == {**{key: verb.name for key, verb in VERBS.items()}, "save_draft": "暂存"}
