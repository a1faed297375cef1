"""What was broken down and answered stays: the database refuses to change it, and old forms do no harm."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.decomposition.test_objections import all_to, at_divisions, given_to
from tests.decomposition.town import Town

AIR, LIAISON = "u39.division2", "u39.liaison"


@pytest.mark.parametrize("table", ["decomposition", "decomposition_part", "decomposition_answer"])
def test_rows_are_only_added(town_at: Town, table: str) -> None:
    at_divisions(town_at)
    town_at.do(AIR, "accept_share", given_to(town_at, AIR))
    assert town_at.city.scalar(f"select count(*) from {table}") > 0
    for statement in (f"delete from {table}", f"update {table} set id = id"):
        with pytest.raises(DatabaseError), town_at.city.engine.database.write() as connection:
            connection.execute(text(statement))


def test_a_divisions_open_form_forgets_what_a_later_run_has_taken(town: Town) -> None:
    at_divisions(town)
    for version, code in enumerate(("KPI08", "KPI09", "KPI10", "ST08"), 2):
        town.change("U39", code, version=version)
        town.do(LIAISON, "break_down", all_to(town, "水环境处"))
        left = {row["label"].split()[0] for row in town.shown(AIR, "accept_share")["shares"]}
        assert code not in left
    town.do(AIR, "accept_share")
    assert town.verdicts(AIR) == []
    assert town.city.scalar("select count(*) from incident") == 0
