"""垃圾分类 (市城管委): 77.78 % are content, so it is put right again; then 88.89 %, and it is closed."""

from collections.abc import Sequence

from tests.cases.city import JPEG, attach, page, send
from tests.planning.city import City, Desk, Said

ISSUE = "垃圾分类难落地"
UNIT = "u33.liaison"
PLAN = {
    "content": "建成分类投放、收运体系",
    "steps": "6 月底前试点；11 月底前推开",
    "leader": "李分管",
    "division": "环境卫生处",
    "measures": "撤桶并点，定时定点投放",
    "finish_on": "2018-11-30",
}
LEVELS = [f"level_{number}" for number in range(1, 6)]


def about_it(desk: Desk, element: str) -> Said:
    """The person's open task at a step that is about 垃圾分类: a unit has several issues."""
    rows = [row for row in desk.items() if row["element"] == element]
    tasks: list[Said] = [desk.read(f"/work-items/{row['id']}") for row in rows]
    [found] = [task for task in tasks if task["form"]["data"]["heading"].endswith(ISSUE)]
    return found


def do(city: City, login: str, element: str, outcome: str = "", **fields: object) -> None:
    """办理 what is about 垃圾分类."""
    desk = city.desk(login)
    desk.act("complete", about_it(desk, element), outcome=outcome, fields=fields)
    city.settle()


def dispatch(city: City) -> str:
    """The office sends the 24 hot issues out; 垃圾分类 can be solved within the year. Its id."""
    cycle = city.cycle_id(2018)
    send(city, "office.staff", f"/rectification/cycles/{cycle}/start")
    office = city.desk("office.staff")
    office.complete("merge_opinions", fields={"opinions": []})
    city.settle()
    rows = office.task("classify_issues")["form"]["data"]["issues"]
    assert len(rows) == 24
    office.complete(
        "classify_issues", fields={"issues": [{**row, "solvable": ISSUE in row["name"]} for row in rows]}
    )
    city.settle()
    issues = city.desk("office.head").read(f"/cycles/{cycle}/issues")["items"]
    [found] = [row for row in issues if row["title"] == ISSUE]
    assert (found["unit_name"], found["route"]) == ("市城管委", "key")
    return str(found["id"])


def one_round(city: City, counts: Sequence[int], *, abstained: int = 0, content: str = "") -> None:
    """Plan, promise, progress, evidence, check, and what the people asked say."""
    do(city, UNIT, "fill_plan", **{**PLAN, "content": content or PLAN["content"]})
    do(city, "office.reviewer", "review_plan", "approve")
    do(city, UNIT, "report_progress", "go_on", text="已试点 20 个小区")
    do(city, UNIT, "report_progress", "finish", text="全部推开")
    task = about_it(city.desk(UNIT), "declare_done")
    photograph = attach(city, UNIT, task["id"], "files", JPEG, "投放点.jpg")
    do(city, UNIT, "declare_done", text="主城区全部推开", files=[photograph])
    do(city, "office.reviewer", "check_done", "pass")
    said = {level: str(count) for level, count in zip(LEVELS, counts, strict=True)}
    do(city, "survey.staff", "enter_counts", **said, abstained=str(abstained))


def test_too_few_are_content_so_it_is_put_right_again_and_closed(march_2018: City) -> None:
    city = march_2018
    issue = dispatch(city)
    public = f"/public/promises/{issue}"
    page(city, "", public, status=404)
    do(city, UNIT, "sign_key", "accept")

    one_round(city, (60, 50, 30, 25, 15))
    shown = page(city, "", public)
    assert "（60 + 50 + 30）÷ 180 = 77.78%" in shown
    assert "已办结" not in shown
    assert about_it(city.desk(UNIT), "fill_plan")["form"]["data"]["round"] == 2

    one_round(city, (120, 80, 40, 18, 12), abstained=10, content="加密投放点，每周公布考评")
    shown = page(city, "", public)
    for piece in (
        "第 1 轮整改", PLAN["content"], "（60 + 50 + 30）÷ 180 = 77.78%",
        "第 2 轮整改", "加密投放点，每周公布考评", "（120 + 80 + 40）÷ 270 = 88.89%",
        "弃权、不了解 10（不计入有效票）", "已办结：专项满意度达标",
    ):  # fmt: skip
        assert piece in shown, piece
    assert "88.89%" in page(city, "", "/public/promises")
    home = page(city, "", "/public")
    assert "各单位的整改承诺、进展和满意率，共 1 项。" in home
    for href in ("/public/say", "/public/follow", "/public/promises", "/public/results", "/public/survey"):
        assert f'href="{href}"' in home and f'href="{href}"' in shown, "one gets on from every open page"
    told = city.client.get(f"/api/v1/public/promises/{issue}").json()
    assert [(one["satisfaction"]["rate"], one["satisfaction"]["reached"]) for one in told["rounds"]] == [
        ("77.78", False),
        ("88.89", True),
    ]
    [own] = [
        row
        for row in city.desk(UNIT).read(f"/cycles/{city.cycle_id(2018)}/issues")["items"]
        if row["id"] == issue
    ]
    assert (own["state"], own["result"], own["round"]) == ("closed", "satisfied", 2)
    assert city.scalar("select count(*) from accountability_flag") == 0
    assert city.scalar("select count(*) from incident") == 0
