"""What a change of postings costs: as much as it touches, however much work is open."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from engine.people.changes import Changes
from engine.store import Database, sql
from engine.work.rerouting import affected
from tests.engine.runtime.world import World, build_world, in_a_row, user

DAY = date(2018, 3, 1)
MANY = 5_000


@pytest.fixture
def world(database: Database) -> World:
    """Five thousand open items at five hundred units, and one at each of two."""
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    world.start(unit=world.unit("U2"))
    world.start()
    with database.write() as connection:
        row = connection.execute(
            text("select * from work_item where unit_id = :u"), {"u": world.units["U1"]}
        ).mappings().one()  # fmt: skip
        names = [name for name in row if name not in ("id", "unit_id", "meant_unit_id")]
        into, values = ", ".join(["id", "unit_id", "meant_unit_id", *names]), ", ".join(names)
        connection.execute(
            text(
                f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {MANY}) "
                f"insert into work_item ({into}) select 'copy' || n.i, 'u' || (n.i % 500), "
                f"'u' || (n.i % 500), {values} from work_item cross join n where id = :id"
            ),
            {"id": row["id"]},
        )
    if database.dialect == "postgresql":
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("analyze")
    return world


def plan(connection: Connection, changes: Changes, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database's own plan of the question."""
    plain, plans = sql.execute, []

    def explained(connection: Connection, statement: str, values: Any) -> Any:
        explain = "explain query plan " if connection.dialect.name == "sqlite" else "explain "
        plans.extend(str(row[-1]) for row in plain(connection, explain + statement, values).fetchall())
        return plain(connection, statement, values)

    with monkeypatch.context() as patch:
        patch.setattr(sql, "execute", explained)
        affected(connection, changes, on=DAY)
    return "\n".join(plans)


@pytest.mark.parametrize("who", ["a unit", "the office", "a person"])
def test_a_change_reads_the_work_that_it_concerns_by_indexes(
    world: World, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """Every change of a posting read all open work of the city, for each unit alike."""
    changes = {
        "a unit": Changes(units=frozenset({world.units["U2"]})),
        "the office": Changes(units=frozenset({world.units["OF"]})),
        "a person": Changes(users=frozenset({world.people["ling2"]})),
    }[who]
    with world.engine.database.read() as connection:
        found = affected(connection, changes, on=DAY)
        told = plan(connection, changes, monkeypatch)
    assert len(found) == {"a unit": 1, "the office": 0, "a person": 0}[who]
    for name in ("work_item_of_post", "work_item_of_person", "work_item_astray", "work_item_left"):
        assert name in told, told
    assert "Seq Scan on work_item" not in told and "SCAN w\n" not in told + "\n", told
