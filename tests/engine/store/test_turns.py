"""What several machines do at once and only one may: each waits for the other, and finds it done."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine.store import Database
from processes.schema import differences, migrate
from tests.commands.bare import bare_database
from tests.engine.runtime.world import build_world, in_a_row, user


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do all of it at the same moment; what went wrong."""
    together, wrong = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.parametrize("home", ["postgresql"])
def test_machines_that_migrate_at_once_do_it_once(home: str, tmp_path: Path) -> None:
    with bare_database(home, tmp_path) as url:
        machines = [Database(url) for _ in range(2)]
        assert at_once(*(lambda one=one: migrate(one) for one in machines)) == []
        with machines[0].read() as connection:
            assert differences(connection) == []
        for one in machines:
            one.close()


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_deployments_at_once_number_their_versions_one_after_the_other(
    database: Database, database_url: str
) -> None:
    machines = [build_world(database), build_world(Database(database_url))]
    steps = ("fill", "check")
    wrong = at_once(
        *(
            lambda one=one, step=step: one.deploy(planning=in_a_row(user(step, "unit.liaison")))
            for one, step in zip(machines, steps, strict=True)
        )
    )
    assert wrong == []
    with database.read() as connection:
        versions = machines[0].engine.definitions.versions(connection, "process", "planning")
    assert [row["number"] for row in versions] == [2, 1]
    machines[1].engine.database.close()
