"""A unit's targets go to divisions and on to persons; everybody confirms; the rows say who carries what."""

from decimal import Decimal

from tests.decomposition.town import Said, Town

LIAISON, AIR = "u39.liaison", "u39.division2"


def to_air(town: Town, data: Said) -> Said:
    """Every target to 大气环境处 but the first, which it shares with 水环境处."""
    air, water = town.division("大气环境处"), town.division("水环境处")
    rows = [{**row, "holder": air} for row in data["parts"]]
    first = {**rows[0], "weight": "60"}
    other = {**first, "holder": water, "weight": "40", "duty": "监测水体"}
    other.pop("id", None)
    return {**data, "parts": [first, other, *rows[1:]]}


def to_clerk(town: Town, data: Said) -> Said:
    """The first task half to a clerk and half to the head of the division, the rest to the head."""
    me, clerk = town.person(AIR), town.person("clerk1")
    rows = [{**row, "holder": me} for row in data["parts"]]
    mine, theirs = {**rows[0], "weight": "50"}, {**rows[0], "holder": clerk, "weight": "50", "duty": "写周报"}
    return {**data, "parts": [mine, theirs, *rows[1:]]}


def test_targets_reach_divisions_then_persons_who_confirm(town_at: Town) -> None:
    town = town_at
    town.issue()
    assert town.waiting(LIAISON) == town.waiting("u20.liaison") == ["break_down"]
    shown = town.shown(LIAISON, "break_down")
    assert [row["label"].split()[0] for row in shown["targets"]] == ["KPI08", "KPI09", "KPI10", "ST08"]
    town.do(LIAISON, "break_down", lambda data: to_air(town, data))
    assert town.waiting(AIR) == town.waiting("u39.division3") == ["accept_share"]
    assert town.waiting("u39.division") == town.waiting("u39.division4") == []

    town.do(AIR, "accept_share", lambda data: to_clerk(town, data))
    assert town.waiting("clerk1") == ["confirm_duties"]
    [duty] = town.shown("clerk1", "confirm_duties")["duties"]
    assert (duty["duty"], Decimal(duty["weight"]), duty["due_on"]) == ("写周报", Decimal(50), "2018-12-31")
    town.do("u39.division3", "accept_share")
    assert town.verdicts("u39.division3") == ["own"]

    town.do("clerk1", "confirm_duties", outcome="accept")
    assert town.verdicts("clerk1") == ["accepted"]
    assert town.verdicts(AIR) == ["own"] * 4
    sql = "select status from instance where process_key = 'unit_decomposition' and business_key = 'U39'"
    assert town.city.rows(sql) == [{"status": "completed"}]
    told = town.city.rows("select params_json from notification where kind = 'decomposition.done'")
    assert len(told) == 2
    assert town.city.scalar("select count(*) from incident") == 0


def test_the_year_is_broken_down_once(town: Town) -> None:
    town.issue()
    town.issue()
    sql = "select count(*) from instance where process_key = 'unit_decomposition'"
    assert town.city.scalar(sql) == 2
