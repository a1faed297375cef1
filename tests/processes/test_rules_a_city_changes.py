"""What a city changes without a programmer: who is told, who decides what, warnings, milestone months."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

import forms
from processes.cycle.records import ProfileVersion
from processes.tables import table_of
from tests.processes.city import City, library
from tests.processes.meetings import consult, decide

SETTING, UNIT = "processes/planning/plan_setting.bpmn", "processes/planning/unit_targets.bpmn"
WARNINGS = "processes/planning/figure_warnings.dmn"
COLLATE = "forms/library/planning/plan_collate.form"
PROFILES = table_of(ProfileVersion)


def redraw(city: City, file: str, *changes: tuple[str, str]) -> None:
    """Deploy the library with one file changed, as a designer would."""
    files = library()
    text = files[file].decode("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    city.engine.deploy({**files, file: text.encode("utf-8")})


def told(city: City, kind: str) -> set[tuple[str, str]]:
    """Which posts of which units were told."""
    rows = city.rows(
        "select u.name, n.post_key from notification n join unit u on u.id = n.unit_id where n.kind = :kind",
        kind=kind,
    )
    return {(row["name"], row["post_key"]) for row in rows}


def test_a_designer_says_who_hears_that_a_unit_is_late_and_in_what_words(city: City) -> None:
    redraw(
        city,
        SETTING,
        ('[post(one, "deputy"), post(one, "head")]', '[post(one, "liaison")]'),
        (
            '[post(assessor, "office.head")]',
            '[post(assessor, "supervision"), post(assessor, "office.staff")]',
        ),
        ("{year} 年度目标有 {count} 家单位逾期未报：{units}", "逾期 {count} 家：{units}"),
    )
    city.start("U20", "U39")
    city.clock.advance(timedelta(days=40))
    city.engine.drain()
    assert told(city, "planning.overdue") == {("市旅委", "liaison"), ("市环保局", "liaison")}
    assert told(city, "planning.overdue_units") == {("杭州市", "supervision"), ("杭州市", "office.staff")}
    said = city.rows("select params_json from notification where kind = 'planning.overdue_units'")
    assert "逾期 2 家：市旅委、市环保局" in str(said[0]["params_json"])


def test_a_late_first_round_reaches_each_leader_once_and_so_does_a_late_second_one(city: City) -> None:
    city.start("U39")
    city.clock.advance(timedelta(days=40))
    city.engine.drain()
    assert told(city, "planning.overdue") == {("市环保局", "deputy"), ("市环保局", "head")}
    assert told(city, "escalate") == set()
    city.report("u39")
    city.pass_office("市环保局")
    _return_from_finance(city)
    assert city.elements("u39.liaison") == ["assign_divisions"]
    city.clock.advance(timedelta(days=20))
    city.engine.drain()
    assert ("市环保局", "head") in told(city, "escalate")
    assert len(city.rows("select id from notification where kind = 'planning.overdue'")) == 2


def test_a_designer_says_which_plans_a_body_decides_and_what_becomes_of_them(city: City) -> None:
    endorsed = '<zeebe:input source="endorsed" target="passedState" />'
    redraw(
        city,
        SETTING,
        (endorsed, endorsed.replace("endorsed", "approved")),
        ("""'= ["endorsed"]'""", """'= ["approved"]'"""),
    )
    city.start("U39")
    city.report("u39")
    city.pass_office("市环保局")
    consult(city)
    for body in ("finance", "legal", "reform"):
        city.complete(f"review.{body}", f"{body}_review", outcome="approve")
    decide(city, "committee_decides", refused={})
    state = "select state from unit_plan where cycle_id = :cycle and unit_id = :unit"
    assert city.scalar(state, cycle=city.cycle.id, unit=city.demo.units["市环保局"]) == "approved"
    asked = city.form("committee.secretary", "government_decides")
    assert (asked["body"], [row["name"] for row in asked["results"]]) == ("市委市政府", ["市环保局"])


def test_a_designer_changes_what_reviewers_are_warned_of(city: City) -> None:
    redraw(
        city,
        WARNINGS,
        ("? != null and ? != figure.value", "null"),
        (
            'figure.name + "：年末节点 " + string(figure.milestones[month = 12][1].value) + '
            '" 与年度目标 " + string(figure.value) + " 不一致"',
            'figure.name + "：没有年末节点"',
        ),
    )
    city.start("U39")
    city.prepare("u39")
    warned = city.form("u39.deputy", "deputy_review")["warnings"]
    assert "细颗粒物(PM2.5)年均浓度：没有年末节点" in warned
    assert "不一致" not in "".join(warned)


def test_a_step_whose_diagram_names_no_decision_warns_of_nothing(city: City) -> None:
    redraw(city, UNIT, ('<zeebe:property name="bihuan:advice" value="figure_warnings" />', ""))
    city.start("U39")
    city.prepare("u39")
    city.act("u39.deputy", "return_to", "deputy_review", target="collate_targets", opinion="补节点")
    shown = city.form("u39.liaison", "collate_targets")
    city.complete("u39.liaison", "collate_targets", fields=_with_milestones(shown, month_12="51"))
    assert city.form("u39.deputy", "deputy_review")["warnings"] == []


def test_a_profile_with_other_months_asks_for_those_and_keeps_no_others(city: City) -> None:
    _ask_for(city, [3, 9, 12])
    city.start("U39")
    city.prepare("u39")
    city.act("u39.deputy", "return_to", "deputy_review", target="collate_targets", opinion="补节点")
    shown = city.form("u39.liaison", "collate_targets")
    assert _columns(shown) == ["3月节点", "9月节点", "年末节点"]
    sent = _with_milestones(shown, month_3="58", month_6="55", month_9="52", month_12="49")
    city.complete("u39.liaison", "collate_targets", fields=sent)
    kept = city.rows("select month from milestone order by month")
    assert [row["month"] for row in kept] == [3, 9, 12]
    facts = city.form("u39.deputy", "deputy_review")
    review = forms.read_form(library()["forms/library/planning/plan_leader_review.form"], file="review.form")
    page = str(forms.render(review, data=facts, mode="read"))
    assert [f">{name}<" in page for name in ("3月", "6月", "9月", "年末")] == [True, False, True, True]


def _ask_for(city: City, months: list[int]) -> None:
    with city.engine.database.write() as connection:
        for row in connection.execute(select(PROFILES.c.id, PROFILES.c.content)).all():
            planning = {**row.content["planning"], "milestoneMonths": months}
            content = {**row.content, "planning": planning}
            connection.execute(update(PROFILES).where(PROFILES.c.id == row.id).values(content=content))


def _with_milestones(data: dict[str, Any], **milestones: str) -> dict[str, Any]:
    rows = [{**row, **milestones} if "PM2.5" in row["name"] else row for row in data["measures"]]
    return {**data, "measures": rows}


def _return_from_finance(city: City) -> None:
    shown = city.form("review.finance", "finance_review")
    remarks = [{"unit": option["value"], "text": "依据不足"} for option in shown["unit_options"]]
    city.complete(
        "review.finance", "finance_review", outcome="return", opinion="依据不足", fields={"remarks": remarks}
    )
    city.complete("office.staff", "forward_opinions", fields=city.form("office.staff", "forward_opinions"))


def _columns(data: dict[str, Any]) -> list[str]:
    """The milestone columns of the table of figures, as people see them."""
    page = str(forms.render(forms.read_form(library()[COLLATE], file="collate.form"), data=data))
    heads = page.split("<thead>")[1].split("</thead>")[0]
    return [part.split("</th>")[0] for part in heads.split('<th scope="col">')[1:] if "节点" in part]
