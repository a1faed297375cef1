"""Machines that are set up at the same moment: one installs, the other finds everything there."""

import subprocess
from pathlib import Path

import pytest

from engine.store import Database
from processes.schema import is_current
from tests.commands.bare import bare_database
from tests.commands.line import BIHUAN, Line
from tests.commands.test_founding import CITY

ONCE = (
    "select count(*) from unit where code = 'HZ'",
    "select count(*) from cycle",
    "select max(number) from definition_version",
)


@pytest.mark.proof
@pytest.mark.parametrize("home", ["postgresql"])
def test_two_machines_that_install_at_once_make_one_city(home: str, tmp_path: Path) -> None:
    with bare_database(home, tmp_path) as url:
        line = Line(tmp_path, {"BIHUAN_DATABASE_URL": url})
        running = [
            subprocess.Popen(
                [BIHUAN, "init", *CITY],
                cwd=tmp_path,
                env=line.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        said = [process.communicate(timeout=300) for process in running]
        assert [process.returncode for process in running] == [0, 0], said
        assert sorted("一次性密码：" in out for out, _ in said) == [False, True]
        database = Database(url)
        with database.read() as connection:
            assert is_current(connection)
            assert [connection.exec_driver_sql(sql).scalar() for sql in ONCE] == [1, 1, 1]
        database.close()
