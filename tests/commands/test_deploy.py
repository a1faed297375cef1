"""`bihuan deploy`: what is accepted becomes versions together; what is refused changes nothing."""

from collections.abc import Mapping

from engine.people.posts import PostSpec, define_posts
from engine.store import Database
from tests.commands.line import Line, Said
from tests.engine.bpmn.lint_diagrams import line_of
from tests.engine.runtime.world import FORMS, form, in_a_row, user

PLANNING = in_a_row(user("fill", "unit.liaison"))
OTHER = in_a_row(user("check", "unit.head", form_id="review"), process='id="checking" name="复核"')
BROKEN = in_a_row(user("fill", "unit.liaison", form_id="nowhere"), process='id="broken" name="缺表单"')
TABLES = ("deployment", "definition", "definition_version", "deployment_item", "start_subscription")


def lay(line: Line, **files: bytes) -> None:
    """Files in the folder `all`, with the forms that they need."""
    for name, content in {**{f"{key}.bpmn": one for key, one in files.items()}, **FORMS}.items():
        line.write(f"all/{name}", content)


def deploy(line: Line, *paths: str) -> Said:
    return line.run("deploy", *(paths or ("all",)), "--json")


def numbers(said: Said) -> Mapping[str, tuple[int, bool]]:
    """Key -> version number, and whether it is new."""
    assert said.status == 0, said.err
    return {one["key"]: (one["number"], one["new"]) for one in said.json["versions"]}


def stored(line: Line) -> dict[str, int]:
    """How many rows the tables of definitions have."""
    database = Database(line.settings["BIHUAN_DATABASE_URL"])
    with database.read() as connection:
        counted = {
            table: int(connection.exec_driver_sql(f"select count(*) from {table}").scalar() or 0)
            for table in TABLES
        }
    database.close()
    return counted


def test_good_files_become_versions_once(installed: Line) -> None:
    lay(installed, planning=PLANNING)
    said = deploy(installed)
    assert numbers(said) == {"planning": (1, True), "target": (1, True), "review": (1, True)}
    assert said.json["findings"] == []
    told = installed.run("deploy", "all", "--note", "再来一次").out.splitlines()
    assert sorted(told) == [
        "form review：第 1 版（未变）",
        "form target：第 1 版（未变）",
        "process planning：第 1 版（未变）",
    ]
    assert stored(installed)["definition_version"] == 3


def test_a_changed_form_makes_a_new_version_of_the_process_that_uses_it(installed: Line) -> None:
    lay(installed, planning=PLANNING, checking=OTHER)
    deploy(installed)
    installed.write("all/target.form", form("target", "value", "note", "reason"))
    assert numbers(deploy(installed)) == {
        "planning": (2, True),
        "target": (2, True),
        "checking": (1, False),
        "review": (1, False),
    }


def test_a_diagram_alone_is_bound_to_the_forms_that_are_deployed(installed: Line) -> None:
    lay(installed)
    deploy(installed)
    installed.write("planning.bpmn", PLANNING)
    assert numbers(deploy(installed, "planning.bpmn")) == {"planning": (1, True)}


def test_one_bad_file_keeps_all_of_them_out(installed: Line) -> None:
    lay(installed, planning=PLANNING)
    deploy(installed)
    before = stored(installed)
    changed = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head"))
    lay(installed, planning=changed, checking=OTHER, broken=BROKEN)
    said = deploy(installed)
    assert said.status == 1
    assert [(one["file"], one["element"]) for one in said.json["findings"]] == [("all/broken.bpmn", "fill")]
    assert stored(installed) == before


def test_a_post_that_the_city_has_not_defined_is_refused(installed: Line) -> None:
    lay(installed, planning=in_a_row(user("fill", "unit.chief")))
    assert numbers(deploy(installed))["planning"] == (1, True), "no posts are defined yet: nothing to ask"
    before = stored(installed)
    database = Database(installed.settings["BIHUAN_DATABASE_URL"])
    with database.write() as connection:
        define_posts(connection, [PostSpec("liaison", "联络员")])
    database.close()
    changed = in_a_row(user("fill", "unit.chief"), user("sign", "unit.liaison"))
    lay(installed, planning=changed)
    said = deploy(installed)
    assert said.status == 1
    (found,) = said.json["findings"]
    assert (found["file"], found["line"], found["element"], found["message"]) == (
        "all/planning.bpmn",
        line_of(changed, 'id="fill"'),
        "fill",
        "没有岗位 “chief”。",
    )
    assert stored(installed) == before


def test_a_refusal_is_told_on_standard_error(installed: Line) -> None:
    installed.write("broken.bpmn", BROKEN)
    said = installed.run("deploy", "broken.bpmn")
    assert said.status == 1
    assert said.sentence.startswith("错误 broken.bpmn:")
    assert stored(installed) == dict.fromkeys(TABLES, 0)


def test_what_is_not_xml_is_refused(installed: Line) -> None:
    lay(installed, planning=PLANNING)
    installed.write("all/letter.bpmn", b"Sehr geehrte Damen und Herren")
    said = deploy(installed)
    assert said.status == 1
    assert [one["file"] for one in said.json["findings"]] == ["all/letter.bpmn"]
    assert stored(installed) == dict.fromkeys(TABLES, 0)


def test_what_is_no_form_is_refused(installed: Line) -> None:
    for number, content in enumerate((b"{", b"[]", b'{"id": "target"}')):
        installed.write(f"all/form{number}.form", content)
    said = deploy(installed)
    assert said.status == 1
    assert {one["file"] for one in said.json["findings"]} == {f"all/form{number}.form" for number in range(3)}
    assert stored(installed) == dict.fromkeys(TABLES, 0)
