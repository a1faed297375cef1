"""A version of a target is its whole content when it was signed or issued, and it stays as it was."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from engine.store import Database
from processes.demo import build_demo
from processes.planning import queries
from processes.planning.differences import differences
from processes.planning.queries import TargetHistory
from tests.processes.city import City, filled
from tests.processes.meetings import consult, decide


@pytest.mark.parametrize("change", ["update target_version set text = 'x'", "delete from target_version"])
def test_the_database_refuses_to_touch_a_version(database: Database, change: str) -> None:
    with database.write() as connection:
        build_demo(connection, password_hash="")
    with pytest.raises(DBAPIError, match="never"), database.write() as connection:
        connection.exec_driver_sql(change)


def test_what_is_signed_after_a_return_and_what_is_issued_are_versions_of_the_whole_target(
    city: City,
) -> None:
    city.start("U39")
    _report(city, june="55", year_end="51", functions=[_function("监测能力建设")])
    city.claim("office.reviewer", "office_review")
    city.complete("office.reviewer", "office_review", outcome="return", opinion="年末应为49")
    _report(city, june="55", year_end="49", functions=[])
    city.pass_office("市环保局")
    _issue(city)
    air = _air(city)
    number, day = city.rows("select number, issued_on from document where kind = 'targets'")[-1].values()
    signed = "主要负责人签发（第1轮）"
    assert [version["basis"] for version in air.versions][1:] == [signed, signed, number]
    assert [version["number"] for version in air.versions] == [1, 2, 3, 4]
    assert str(air.versions[3]["basis_on"]) == str(day)
    told = [[str(change) for change in changes] for changes in air.changes]
    assert {"6月节点：未填 → 55μg/m³", "年末节点：未填 → 51μg/m³", "方法与措施：未填 → 按季度推进"} <= set(
        told[1]
    )
    assert (told[0], told[2], told[3]) == ([], ["年末节点：51μg/m³ → 49μg/m³"], [])
    [issued] = air.versions[3]["figures"]
    assert (issued["value"], issued["milestones"]) == ("49", {"6": "55", "12": "49"})
    with city.engine.database.read() as connection:
        [taken] = queries.taken_back(connection, cycle_id=city.cycle.id, unit_id=city.demo.units["市环保局"])
    assert [(version["title"], version["weight"]) for version in taken] == [("监测能力建设", Decimal(100))]


def test_what_nobody_has_signed_is_a_draft_and_no_version(city: City) -> None:
    city.start("U39")
    city.prepare("u39")
    assert [version["number"] for version in _air(city).versions] == [1]


def test_the_words_for_what_changed() -> None:
    before = _version(title="空气", figures=[_figure("a", "PM2.5", "55"), _figure("b", "优良天数", None)])
    after = _version(
        title="空气质量",
        weight=Decimal("40.0"),
        division="大气处",
        figures=[
            _figure("a", "PM2.5", "49", {"6": "50"}),
            _figure("b", "优良天数", "80"),
            _figure("c", "新", "1"),
        ],
    )
    assert [str(change) for change in differences(before, after)] == [
        "PM2.5 · 年度目标：≤55天 → ≤49天",
        "PM2.5 · 6月节点：未填 → 50天",
        "优良天数 · 年度目标：未定 → ≤80天",
        "新 · 年度目标：未定 → ≤1天",
        "名称：空气 → 空气质量",
        "权重：未填 → 40",
        "责任处室：未填 → 大气处",
    ]
    assert differences(after, after) == []


def _version(**said: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("text", "division", "responsible", "measures"), "")
    return {**empty, "weight": None, **said}


def _figure(measure: str, name: str, value: str | None, milestones: Any = None) -> dict[str, Any]:
    figure = {"measure": measure, "name": name, "unit": "天", "comparator": "<=", "value": value}
    return {**figure, "milestones": milestones or {}}


def _report(city: City, *, june: str, year_end: str, functions: list[dict[str, Any]]) -> None:
    """A unit's way to its head's signature with milestones for PM2.5."""
    if "assign_divisions" in city.elements("u39.liaison"):
        shown = city.form("u39.liaison", "assign_divisions")
        city.complete("u39.liaison", "assign_divisions", fields=shown)
    for element in ("fill_targets",):
        if element in city.elements("u39.division"):
            city.complete("u39.division", element, fields=filled(city.form("u39.division", element)))
    shown = filled(city.form("u39.liaison", "collate_targets"))
    measures = [
        {**row, "month_6": june, "month_12": year_end} if "PM2.5" in row["name"] else row
        for row in shown["measures"]
    ]
    fields = {**shown, "measures": measures, "functions": functions}
    city.complete("u39.liaison", "collate_targets", fields=fields)
    city.complete("u39.deputy", "deputy_review", outcome="approve")
    city.complete("u39.head", "head_signs", outcome="approve")


def _function(title: str) -> dict[str, Any]:
    said = {"title": title, "text": "建成", "weight": "100", "value": None, "unit": ""}
    return {**said, "responsible": "李四", "measures": "分季度推进"}


def _air(city: City) -> TargetHistory:
    with city.engine.database.read() as connection:
        year = queries.unit_year(connection, cycle_id=city.cycle.id, unit_id=city.demo.units["市环保局"])
    [found] = [one for one in year if one.target.row["code"] == "KPI08"]
    return found


def _issue(city: City) -> None:
    for body in ("finance", "legal", "reform"):
        city.complete(f"review.{body}", f"{body}_review", outcome="approve")
    consult(city)
    decide(city, "committee_decides", refused={})
    decide(city, "government_decides", refused={})
    city.complete("office.staff", "prepare_document", fields=city.form("office.staff", "prepare_document"))
