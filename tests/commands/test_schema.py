"""`bihuan migrate` and `init`: a database comes to its newest schema, once or many times."""

from api.library import library_files
from engine.store import Database
from processes.schema import differences, is_current
from tests.commands.line import Line
from tests.engine.runtime.world import FORMS


def url(line: Line) -> str:
    return line.settings["BIHUAN_DATABASE_URL"]


def current(line: Line) -> bool:
    """Whether the schema is what the code expects."""
    database = Database(url(line))
    with database.read() as connection:
        answer = is_current(connection) and differences(connection) == []
    database.close()
    return answer


def count(line: Line, table: str) -> int:
    database = Database(url(line))
    with database.read() as connection:
        found = connection.exec_driver_sql(f"select count(*) from {table}").scalar()
    database.close()
    return int(found or 0)


def test_migrate_makes_the_schema_and_may_be_run_again(bare: Line) -> None:
    first = bare.run("migrate")
    assert (first.status, first.err) == (0, "")
    assert current(bare)
    again = bare.run("migrate")
    assert (again.status, again.out) == (0, first.out)
    assert current(bare)


def test_nothing_runs_on_a_schema_that_is_not_there(bare: Line) -> None:
    bare.write("target.form", FORMS["target.form"])
    for command in (["serve", "--port", "0"], ["worker"], ["deploy", "target.form"]):
        said = bare.run(*command)
        assert (said.status, said.sentence) == (1, "数据库结构不是最新的。 请先运行 bihuan migrate。")


def test_nothing_runs_on_an_old_schema(installed: Line) -> None:
    database = Database(url(installed))
    with database.write() as connection:
        connection.exec_driver_sql("delete from alembic_version")
    database.close()
    said = installed.run("serve", "--port", "0")
    assert (said.status, "请先运行 bihuan migrate" in said.sentence) == (1, True)


def test_init_deploys_the_library_once(bare: Line) -> None:
    first = bare.run("init")
    assert (first.status, first.err) == (0, "")
    assert current(bare)
    versions = count(bare, "definition_version")
    assert versions > 0
    assert f"部署了 {versions} 个新版本，共 {versions} 项" in first.out
    again = bare.run("init")
    assert f"部署了 0 个新版本，共 {versions} 项" in again.out
    assert count(bare, "definition_version") == versions


def test_init_leaves_alone_what_the_city_has_changed(bare: Line) -> None:
    bare.run("init")
    files = library_files()
    diagram = files["processes/planning/target_assigned.bpmn"]
    bare.write("target_assigned.bpmn", diagram.replace("确认下达指标".encode(), "签收指标".encode()))
    assert bare.run("deploy", "target_assigned.bpmn").status == 0
    versions = count(bare, "definition_version")
    said = bare.run("init")
    assert said.status == 0, said.err
    assert "部署了 0 个新版本" in said.out
    assert said.out.splitlines()[1:2] == ["没有动 process target_assigned：第 2 版是本市改过的。"]
    assert count(bare, "definition_version") == versions


def test_what_the_city_deployed_unchanged_is_still_the_product_s(bare: Line) -> None:
    bare.run("init")
    bare.write("target_assigned.bpmn", library_files()["processes/planning/target_assigned.bpmn"])
    assert "第 1 版（未变）" in bare.run("deploy", "target_assigned.bpmn").out
    assert "没有动" not in bare.run("init").out
