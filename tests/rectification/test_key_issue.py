"""垃圾分类: a hot issue of the plan is promised, missed, put right again, reached and closed."""

from decimal import Decimal
from typing import Any

from processes.rectification.showing import key_results
from tests.rectification.conftest import Browse
from tests.rectification.town import Town

UNIT = "u33.liaison"
PLAN = {
    "content": "建成分类投放、收运体系",
    "steps": "6 月底前试点；11 月底前推开",
    "leader": "李分管",
    "division": "环境卫生处",
    "measures": "撤桶并点，定时定点投放",
    "finish_on": "2018-11-30",
}


def classified(town: Town) -> list[dict[str, Any]]:
    """The form of 归类, with 垃圾分类 as solvable and all others as they are proposed."""
    rows = town.city.form("office.staff", "classify_issues")["issues"]
    return [{**row, "solvable": row["name"].startswith("HI13")} for row in rows]


def dispatched(town: Town) -> None:
    town.begin()
    town.do("office.staff", "merge_opinions", opinions=[])
    town.do("office.staff", "classify_issues", issues=classified(town))


def rates(town: Town) -> list[Decimal]:
    """The rates that are published, first round first."""
    rows = town.city.rows("select rate from issue_satisfaction order by id")
    return [Decimal(row["rate"]) for row in rows]


def test_the_24_hot_issues_lie_with_their_lead_units(town: Town) -> None:
    town.begin()
    rows = town.city.rows(
        "select u.name, count(*) as n from rectification_issue i join unit u on u.id = i.unit_id "
        "group by u.name order by u.name"
    )
    counts = {row["name"]: row["n"] for row in rows}
    assert sum(counts.values()) == 24
    assert len(counts) == 10
    assert (counts["市城管委"], counts["市地铁集团"], counts["市城投集团"]) == (6, 1, 1)


def one_round(town: Town, **plan: str) -> None:
    """Plan, review, progress, completion with evidence, check: until the result is public."""
    town.do(UNIT, "fill_plan", code="HI13", **{**PLAN, **plan})
    town.do("office.reviewer", "review_plan", code="HI13", outcome="approve")
    town.do(UNIT, "report_progress", code="HI13", outcome="go_on", text="已试点 20 个小区")
    town.do(UNIT, "report_progress", code="HI13", outcome="finish", text="全部推开")
    town.do(UNIT, "declare_done", code="HI13", text="主城区全部推开", files=["photo"])
    town.do("office.reviewer", "check_done", code="HI13", outcome="pass")


def counted(town: Town, counts: tuple[int, ...], abstained: int = 0) -> None:
    """专项满意度 as the survey's people enter it."""
    levels = {f"level_{number}": str(count) for number, count in enumerate(counts, 1)}
    town.do("survey.staff", "enter_counts", code="HI13", **levels, abstained=str(abstained))


def test_a_key_issue_is_missed_put_right_again_and_closed(town: Town) -> None:
    dispatched(town)
    town.do(UNIT, "sign_key", code="HI13", outcome="accept")
    assert town.issue("HI13")["route"] == "key"
    one_round(town)
    counted(town, (60, 50, 30, 25, 15))
    assert rates(town) == [Decimal("77.78")]
    assert town.issue("HI13")["state"] == "rectifying"
    one_round(town, content="加密投放点，每周公布考评")
    counted(town, (120, 80, 40, 18, 12), abstained=10)
    assert rates(town) == [Decimal("77.78"), Decimal("88.89")]
    issue = town.issue("HI13")
    assert (issue["state"], issue["result"], issue["round"]) == ("closed", "satisfied", 2)
    assert town.city.scalar("select count(*) from accountability_flag") == 0
    with town.city.engine.database.read() as connection:
        [shown] = key_results(connection, town.city.cycle.id, town.unit_id("市城管委"))
    assert (shown["rates"], shown["reached"]) == (["77.78", "88.89"], True)
    assert town.city.scalar("select count(*) from incident") == 0


def test_after_the_second_failure_it_is_flagged_for_accountability(town: Town, browse: Browse) -> None:
    dispatched(town)
    town.do(UNIT, "sign_key", code="HI13", outcome="accept")
    for _ in range(2):
        one_round(town)
        counted(town, (60, 50, 30, 25, 15))
    assert town.issue("HI13")["state"] == "flagged"
    [flag] = town.city.rows("select * from accountability_flag")
    assert flag["reason"] == "重点整改目标“垃圾分类难落地”整改 2 轮，满意率 77.78%、77.78%，未达标"
    assert "fill_plan" not in town.city.elements(UNIT)
    assert flag["reason"] in browse("office.head").get("/rectification").text
    assert flag["reason"] not in browse("u32.liaison").get("/rectification").text
