"""What the city expects to see: arrival, later values, a return that comes straight back, deadlines."""

from datetime import date

import pytest

from tests.planning.city import City, Desk, Said
from tests.planning.unit_work import assign, collate, fill, lead, shared


@pytest.fixture
def environment(city: City) -> City:
    """市环保局 has divided and filled in its targets; its liaison is about to collate."""
    assign(city, "u39")
    city.settle()
    fill(city, "u39")
    city.settle()
    return city


def targets(desk: Desk, unit: str, year: int = 2018) -> dict[str, Said]:
    """A unit's targets of a year by code, as somebody reads them."""
    cycles = {cycle["year"]: cycle["id"] for cycle in desk.read("/cycles")["items"]}
    rows = desk.read(f"/units/{desk.city.unit_id(unit)}/targets", cycle=cycles[year])["items"]
    return {row["code"]: row for row in rows}


def test_tourism_has_its_two_growth_rates_locked_in_2018_and_nothing_in_2017(city: City) -> None:
    liaison = city.desk("u20.liaison")
    rows = {row["code"]: row for row in liaison.task("assign_divisions")["form"]["data"]["targets"]}
    assert rows["KPI24"]["requirement"] == "境外游客入境游人数增长 4%；旅游外汇收入增长 8%"
    now = targets(liaison, "市旅委")["KPI24"]
    assert (now["locked"], now["pending"], now["scorable"]) == (True, False, True)
    assert [(one["value"], one["unit"]) for one in now["measures"]] == [("4", "%"), ("8", "%")]
    assert "KPI24" not in targets(liaison, "市旅委", 2017)
    last_year = targets(city.desk("u13.head"), "市发改委", 2017)
    assert {row["state"] for row in last_year.values()} == {"issued"}


def test_investment_waits_for_its_value_and_the_office_assigns_it(city: City) -> None:
    office, liaison = city.desk("office.staff"), city.desk("u13.liaison")
    before = targets(liaison, "市发改委")["KPI03"]
    assert (before["title"], before["scorable"], before["pending"]) == ("有效投资", False, True)
    [measure] = before["measures"]
    assert (measure["value"], measure["awaits"]) == (None, "city")
    given = {"figures": {measure["id"]: "4200.50"}, "document": "杭政函〔2018〕12号"}
    assert liaison.post(f"/targets/{before['id']}/assign", given).status_code == 403
    assert office.post(f"/targets/{before['id']}/assign", given).status_code == 202
    city.settle()
    after = targets(liaison, "市发改委")["KPI03"]
    assert [version["number"] for version in after["versions"]] == [1, 2]
    assert [version["figures"][0]["value"] for version in after["versions"]] == [None, "4200.5"]
    assert after["versions"][1]["basis"] == "杭政函〔2018〕12号"
    assert (after["scorable"], after["pending"], after["measures"][0]["value"]) == (True, False, "4200.5")
    task = liaison.task("confirm_assigned")
    assert (task["form"]["data"]["version"], task["form"]["data"]["measures"][0]["value"]) == (2, "4200.5")

    def milestones(data: Said) -> Said:
        return {**data, "measures": [{**row, "month_6": "2000", "value": "1"} for row in data["measures"]]}

    liaison.complete("confirm_assigned", change=milestones)
    confirmed = targets(liaison, "市发改委")["KPI03"]["measures"][0]
    assert (confirmed["value"], confirmed["milestones"]) == ("4200.5", {"6": "2000"})
    version = targets(liaison, "市发改委")["KPI03"]["versions"][-1]
    assert (version["number"], version["basis"]) == (3, "单位确认下达指标（杭政函〔2018〕12号）")
    assert version["changes"] == [{"what": "6月节点", "before": "未填", "after": "2000"}]


def test_a_second_value_makes_a_third_version_and_takes_the_place_of_the_first_task(city: City) -> None:
    office, liaison = city.desk("office.staff"), city.desk("u13.liaison")
    target = targets(office, "市发改委")["KPI03"]
    for value, document in (("4200", "杭政函〔2018〕12号"), ("4300", "杭政函〔2018〕40号")):
        given = {"figures": {target["measures"][0]["id"]: value}, "document": document}
        assert office.post(f"/targets/{target['id']}/assign", given).status_code == 202
        city.settle()
    assert liaison.waiting().count("confirm_assigned") == 1
    shown = liaison.task("confirm_assigned")["form"]["data"]
    assert (shown["version"], shown["measures"][0]["value"]) == (3, "4300")
    closed = city.rows("select target_element_id from work_event where verb = 'close'")
    assert [row["target_element_id"] for row in closed] == ["newer_assigned"]
    versions = targets(office, "市发改委")["KPI03"]["versions"]
    assert [version["figures"][0]["value"] for version in versions] == [None, "4200", "4300"]


@pytest.mark.parametrize("value", ["", "abc", "NaN", "Infinity", "1e400", "１２三"])
def test_what_is_no_figure_is_not_assigned(city: City, value: str) -> None:
    office = city.desk("office.staff")
    target = targets(office, "市发改委")["KPI03"]
    measure = target["measures"][0]["id"]
    answer = office.post(f"/targets/{target['id']}/assign", {"figures": {measure: value}, "document": "文"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == f"figures.{measure}"
    assert targets(office, "市发改委")["KPI03"]["versions"] == target["versions"]


def test_a_wrong_milestone_is_returned_with_a_reason_and_comes_straight_back(environment: City) -> None:
    city = environment
    liaison, deputy, head = (city.desk(f"u39.{post}") for post in ("liaison", "deputy", "head"))
    collate(city, "u39", lambda data: pm(shared(data), june="55", year_end="51"))
    deputy.complete("deputy_review", outcome="approve", opinion="同意")
    shown = head.task("head_signs")
    assert "年末节点 51 与年度目标 49 不一致" in "".join(shown["form"]["data"]["warnings"])
    assert "collate_targets" in [target["element"] for target in shown["targets"]]
    head.act("return_to", shown, target="collate_targets", opinion="年末应为49", straight_back=True)
    assert head.waiting() == []

    back = liaison.task("collate_targets")
    assert (back["return_reason"], back["returned_from"], back["round"]) == ("年末应为49", "head_signs", 2)
    data = back["form"]["data"]
    assert measure_of(data) == {**measure_of(data), "value": "49", "month_6": "55", "month_12": "51"}
    assert {row["measures"] for row in data["targets"]} == {"分季度推进，每月调度"}
    collate(city, "u39", lambda data: pm(data, june="55", year_end="49"))

    assert deputy.waiting() == []
    again = head.task("head_signs")
    assert again["round"] == 2
    assert again["form"]["data"]["warnings"] == []
    head.act("complete", again, outcome="approve")
    stored = targets(liaison, "市环保局")["KPI08"]["measures"]
    assert [one["milestones"] for one in stored if "PM2.5" in one["name"]] == [{"6": "55", "12": "49"}]
    told = [
        (event["verb"], event["step"], event["text"], event["superseded"])
        for event in liaison.read(f"/instances/{back['instance_id']}/history")["items"]
        if event["element"] in ("deputy_review", "head_signs") and event["verb"] != "supersede"
    ]
    assert told == [
        ("complete", "审核年度目标", "同意", False),
        ("return_to", "签发年度目标", "年末应为49", False),
        ("complete", "签发年度目标", None, False),
    ]


def test_without_straight_back_the_deputy_decides_anew(environment: City) -> None:
    city, head = environment, environment.desk("u39.head")
    collate(city, "u39")
    city.desk("u39.deputy").complete("deputy_review", outcome="approve", opinion="同意")
    task = head.task("head_signs")
    head.act("return_to", task, target="collate_targets", opinion="请重报", straight_back=False)
    collate(city, "u39")
    assert head.waiting() == []
    assert city.desk("u39.deputy").task("deputy_review")["round"] == 2
    events = head.read(f"/instances/{task['instance_id']}/history")["items"]
    decided = [event["superseded"] for event in events if event["text"] == "同意"]
    assert decided == [True]


def test_who_has_not_reported_is_reminded_before_and_escalated_after_the_deadline(environment: City) -> None:
    city = environment
    collate(city, "u39")
    lead(city, "u39")
    city.at(date(2018, 3, 1), hour=23)
    assert told(city, "planning.soon_due") == set()
    city.at(date(2018, 3, 3))
    late = told(city, "planning.soon_due")
    assert ("市旅委", "liaison") in late
    assert {name for name, _ in late}.isdisjoint({"市环保局"})
    assert {post for _, post in late} == {"liaison"}  # divisions are reminded of their own tasks
    assert len(late) == 60
    city.at(date(2018, 3, 9), hour=23)
    assert told(city, "planning.overdue") == set()
    assert city.desk("u20.liaison").item("assign_divisions")["due_on"] == "2018-03-09"
    city.at(date(2018, 3, 10), hour=0)
    assert told(city, "planning.overdue") == {(name, post) for name, _ in late for post in ("deputy", "head")}
    assert told(city, "planning.overdue_units") == {("杭州市", "office.head")}
    assert told(city, "escalate") == set()  # each leader hears once that the first round is late
    assert told(city, "remind") >= {("市旅委", "liaison")}
    assert "office_review" in [row["element"] for row in city.desk("office.reviewer").items("claimable")]


def test_an_unconfirmed_value_is_reminded_of_and_then_escalated_to_the_deputy(city: City) -> None:
    city.at(date(2018, 3, 12))
    office = city.desk("office.staff")
    target = targets(office, "市发改委")["KPI03"]
    given = {"figures": {target["measures"][0]["id"]: "4200"}, "document": "杭政函〔2018〕12号"}
    assert office.post(f"/targets/{target['id']}/assign", given).status_code == 202
    city.settle()
    due = date.fromisoformat(city.desk("u13.liaison").item("confirm_assigned")["due_on"])
    assert due == date(2018, 3, 19)
    reminded = "select count(*) from notification where kind = 'remind'"
    before = city.scalar(reminded)
    city.at(due, hour=1)
    assert city.scalar(reminded) == before + 1
    city.at(due, hour=23)
    assert told(city, "escalate") == set()  # of the first round's late steps, plan_setting tells
    city.at(date.fromordinal(due.toordinal() + 1), hour=0)
    assert told(city, "escalate") == {("市发改委", "deputy")}


def pm(data: Said, *, june: str, year_end: str) -> Said:
    """The form with milestones for PM2.5."""
    rows = [
        {**row, "month_6": june, "month_12": year_end} if "PM2.5" in row["name"] else row
        for row in data["measures"]
    ]
    return {**data, "measures": rows}


def measure_of(data: Said) -> Said:
    """The form's row of PM2.5."""
    [row] = [row for row in data["measures"] if "PM2.5" in row["name"]]
    return dict(row)


def told(city: City, kind: str) -> set[tuple[str, str]]:
    """Which posts of which units got a notice."""
    rows = city.rows(
        "select u.name, n.post_key from notification n join unit u on u.id = n.unit_id where n.kind = :kind",
        kind=kind,
    )
    return {(row["name"], row["post_key"]) for row in rows}
