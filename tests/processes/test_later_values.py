"""What the year brings after its beginning: values from above, and deadlines."""

from datetime import timedelta
from decimal import Decimal

from processes.planning import queries
from processes.planning.assigning import assign_target
from tests.processes.city import City


def test_a_value_from_above_makes_version_two_and_a_task(city: City) -> None:
    with city.engine.database.read() as connection:
        pending = queries.pending_targets(connection, city.cycle.id)
    [found] = [row for row in pending if row["target"].row["code"] == "KPI03"]
    target = found["target"]
    assert (found["unit_name"], target.row["scorable"], target.measures[0].value) == ("市发改委", False, None)
    with city.engine.database.write() as connection:
        message = assign_target(
            connection,
            target.id,
            {target.measures[0].id: Decimal("4200.5")},
            document="杭政函〔2018〕12号",
            by=city.people["office.staff"],
            at=city.clock.now(),
        )
    city.publish(message)
    city.publish(message)
    assert city.elements("u13.liaison") == ["confirm_assigned"]
    shown = city.form("u13.liaison", "confirm_assigned")
    assert (shown["version"], shown["measures"][0]["value"]) == (2, "4200.5")
    with city.engine.database.read() as connection:
        year = queries.unit_year(connection, cycle_id=city.cycle.id, unit_id=city.demo.units["市发改委"])
    [investment] = [one for one in year if one.target.row["code"] == "KPI03"]
    assert [version["number"] for version in investment.versions] == [1, 2]
    assert [version["figures"][0]["value"] for version in investment.versions] == [None, "4200.5"]
    assert investment.target.row["scorable"] is True
    city.complete("u13.liaison", "confirm_assigned", fields=shown)
    assert city.elements("u13.liaison") == []


def test_who_has_not_reported_is_reminded_before_and_escalated_after_the_deadline(city: City) -> None:
    city.start("U20", "U39")
    city.report("u20")
    city.clock.advance(timedelta(days=33))
    city.engine.drain()
    assert _told(city, "planning.soon_due") == {"市环保局"}
    assert _told(city, "planning.overdue") == set()
    city.clock.advance(timedelta(days=7))
    city.engine.drain()
    assert _told(city, "planning.overdue") == {"市环保局"}
    assert len(city.rows("select id from notification where kind = 'planning.overdue_units'")) == 1


def _told(city: City, kind: str) -> set[str]:
    rows = city.rows(
        "select distinct u.name from notification n join unit u on u.id = n.unit_id where n.kind = :kind",
        kind=kind,
    )
    return {row["name"] for row in rows}
