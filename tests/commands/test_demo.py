"""`bihuan demo`: a city that is made once and kept, until it is thrown away on purpose."""

import re
from pathlib import Path

import httpx
import pytest

from engine.store import Database
from tests.commands.line import Line
from tests.commands.test_serve import serving


def facts(folder: Path) -> tuple[int, int, str]:
    """Units, open tasks and the name that a test gave to one unit."""
    database = Database(f"sqlite:///{folder / 'var' / 'bihuan.db'}")
    with database.read() as connection:

        def one(sql: str) -> object:
            return connection.exec_driver_sql(sql).scalar()

        found = (one("select count(*) from unit"), one("select count(*) from work_item"))
        name = one("select name from unit order by id desc limit 1")
    database.close()
    return int(str(found[0])), int(str(found[1])), str(name)


def rename_last_unit(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'var' / 'bihuan.db'}")
    with database.write() as connection:
        connection.exec_driver_sql(
            "update unit set name = '改过的名字' where id = (select id from unit order by id desc limit 1)"
        )
    database.close()


def test_it_is_made_once_kept_and_made_anew_on_demand(line: Line) -> None:
    made = line.run("demo", "--no-serve")
    assert (made.status, made.err) == (0, "")
    assert "bihuan-2018" in made.out and "u20.liaison" in made.out
    assert {"s12", "s13", "s15"} <= set(re.findall(r"\bs\d+\b", made.out)), "they plan too; all wait for them"
    units, tasks, name = facts(line.folder)
    assert units >= 58
    assert tasks >= 58
    rename_last_unit(line.folder)
    again = line.run("demo", "--no-serve")
    assert (again.status, again.out) == (0, made.out)
    assert facts(line.folder) == (units, tasks, "改过的名字")

    with serving(line, "demo", "--port", "0") as (process, address):
        page = httpx.get(f"{address}/login", timeout=60)
        assert page.status_code == 200
        process.terminate()
        assert process.wait(timeout=60) == 0

    assert line.run("demo", "--no-serve", "--reset").status == 0
    assert facts(line.folder) == (units, tasks, name)

    (line.folder / "var" / "demo.json").unlink()
    said = line.run("demo", "--no-serve")
    assert said.status == 1
    assert said.sentence == "var/demo.json: 演示数据不完整。 请用 --reset 重新建立演示。"


@pytest.mark.parametrize("arguments", [["--no-serve"], ["--no-serve", "--reset"]])
def test_it_leaves_a_real_installation_alone(line: Line, arguments: list[str]) -> None:
    line.write("city", "a file that is called like the database")
    said = line.run("demo", *arguments, database_url="postgresql+psycopg://nobody@127.0.0.1:1/city")
    assert (said.status, said.sentence) == (2, "演示只用 SQLite。 正式安装请用 bihuan init。")
    assert (line.folder / "city").exists()
