"""A second value from above while the first still waits for its confirmation."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.verbs.refusals import Closed, Invalid
from engine.verbs.showing.view import view
from engine.work.history import HistoryEvent, events
from engine.work.notices import notices_of
from processes.planning import queries
from processes.planning.assigning import MessageToPublish, assign_target
from processes.planning.queries import TargetHistory
from tests.processes.city import City

LIAISON = "u13.liaison"
FIRST, SECOND = "杭政函〔2018〕12号", "杭政函〔2018〕30号"


def test_a_newer_assignment_ends_the_open_confirmation_and_asks_for_its_own(city: City) -> None:
    city.publish(_assign(city, "4200.5", FIRST))
    older = city.item(LIAISON, "confirm_assigned")
    city.publish(_assign(city, "4500", SECOND))
    newer = city.item(LIAISON, "confirm_assigned")
    assert newer.matter.startswith("KPI03 ")
    assert newer.item_id != older.item_id
    shown = city.form(LIAISON, "confirm_assigned")
    assert (shown["version"], shown["document"], shown["measures"][0]["value"]) == (3, SECOND, "4500")
    with pytest.raises(Closed):
        view(city.engine, city.person(LIAISON), older.item_id)
    [closed] = [event for event in _events(city, older.instance_id) if event.item_id == older.item_id]
    assert (closed.verb, closed.target_element_id) == ("close", "newer_assigned")
    statuses = city.rows("select status from instance where process_key = 'target_assigned' order by id")
    assert [row["status"] for row in statuses] == ["completed", "running"]
    city.complete(LIAISON, "confirm_assigned", fields=_with_june(shown, "2000"))
    investment = _investment(city)
    assert [str(change) for change in investment.changes[2]] == ["年度目标：4200.5 → 4500"]
    assert [str(change) for change in investment.changes[3]] == ["6月节点：未填 → 2000"]
    assert investment.versions[3]["basis"] == f"单位确认下达指标（{SECOND}）"
    assert city.elements(LIAISON) == []
    assert city.scalar("select count(*) from incident") == 0


def test_the_unit_is_told_once_of_each_assignment(city: City) -> None:
    """The manual says that the bell tells 数值下达; after two assignments the liaison had heard nothing."""
    for value, document in (("4200.5", FIRST), ("4500", SECOND)):
        city.publish(_assign(city, value, document))
    with city.engine.database.read() as connection:
        told = [
            [row["params_json"]["notice"] for row in reversed(notices_of(connection, city.person(login)))]
            for login in (LIAISON, "u13.head", "u20.liaison")
        ]
    sentence = (
        "市发改委 2018 年度目标“KPI03 {title}”有新下达的数值（第 {n} 版，依据：{document}），请联络员确认。"
    )
    title = _investment(city).target.title
    expected = [
        sentence.format(title=title, n=n, document=document) for n, document in ((2, FIRST), (3, SECOND))
    ]
    assert told == [expected, expected, []]


def test_two_values_at_once_leave_the_newer_one_whichever_is_applied_first(city: City) -> None:
    older, newer = _assign(city, "4200.5", FIRST), _assign(city, "4500", SECOND)
    city.publish(newer)
    city.publish(older)
    shown = city.form(LIAISON, "confirm_assigned")
    assert (shown["version"], shown["measures"][0]["value"]) == (3, "4500")
    investment = _investment(city)
    assert [version["basis"] for version in investment.versions[1:]] == [FIRST, SECOND]
    assert investment.target.measures[0].value == Decimal(4500)


def test_the_older_task_keeps_its_own_figures_and_takes_no_answer_any_more(city: City) -> None:
    city.publish(_assign(city, "4200.5", FIRST))
    _assign(city, "4500", SECOND)
    shown = city.form(LIAISON, "confirm_assigned")
    assert (shown["version"], shown["measures"][0]["value"]) == (2, "4200.5")
    with pytest.raises(Invalid) as refused:
        city.complete(LIAISON, "confirm_assigned", fields=shown)
    assert [(error.field, SECOND in error.message) for error in refused.value.errors] == [("measures", True)]


def _assign(city: City, value: str, document: str) -> MessageToPublish:
    target = _investment(city).target
    with city.engine.database.write() as connection:
        return assign_target(
            connection,
            target.id,
            {target.measures[0].id: Decimal(value)},
            document=document,
            by=city.people["office.staff"],
            at=city.clock.now(),
        )


def _investment(city: City) -> TargetHistory:
    with city.engine.database.read() as connection:
        year = queries.unit_year(connection, cycle_id=city.cycle.id, unit_id=city.demo.units["市发改委"])
    [found] = [one for one in year if one.target.row["code"] == "KPI03"]
    return found


def _events(city: City, instance_id: str) -> list[HistoryEvent]:
    with city.engine.database.read() as connection:
        return events(connection, instance_id)


def _with_june(shown: Mapping[str, Any], value: str) -> dict[str, Any]:
    return {**shown, "measures": [{**row, "month_6": value} for row in shown["measures"]]}
