"""What happens between the announcement of a plan and its document, for as many units as take part.

市发改委, 市环保局 and 市旅委 are always among them.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from engine.audit.chain import broken_chains
from tests.planning.city import City, Said
from tests.planning.leftovers import OWN, asked_to_break_down, left_open
from tests.planning.unit_work import (
    assign,
    collate,
    fill,
    function,
    lead,
    objecting,
    register,
    report,
    review,
    shared,
    with_functions,
)


def everybody_collates(city: City, names: dict[str, str]) -> None:
    """分办, 填报, 汇总; some add function indicators, some object, one gets its weights wrong first."""
    for code in names.values():
        assign(city, code)
    city.settle()
    for code in names.values():
        fill(city, code)
    city.settle()
    for number, (name, code) in enumerate(names.items()):
        if name == "市环保局":
            collate(city, code, objecting({"KPI09": "280 天与监测数不符"}))
        elif name == "市旅委":
            collate(city, code, objecting({"KPI24": "基数已变，8% 偏高"}))
        elif name == "市发改委":
            wrong_weights_come_back(city, code)
        elif number % 3 == 0:
            collate(city, code, with_functions(("服务效能提升", "60"), ("信息化建设", "40")))
        else:
            collate(city, code)


def wrong_weights_come_back(city: City, code: str) -> None:
    """D01 sends it back with the sentence, everything kept."""
    liaison = city.desk(f"{code}.liaison")
    collate(city, code, with_functions(("项目审批提速", "70")))
    shown = liaison.task("collate_targets")["form"]["data"]
    assert shown["problems"] == ["职能指标权重合计为 70，应为 100"]
    [kept] = shown["functions"]
    both = [{**kept, "weight": "70"}, function("诚信建设", "30")]
    liaison.complete("collate_targets", change=lambda data: {**shared(data), "functions": both})
    assert city.desk(f"{code}.deputy").waiting() == ["deputy_review"]


def objections_are_decided(city: City) -> None:
    """One objection is right: the figure changes; the other figure stays."""
    reviewer = city.desk("office.reviewer")

    def accept(data: Said) -> Said:
        rows = [{**row, "decision": "accept", "answer": "按 275 天核定"} for row in data["objections"]]
        return {"objections": rows, "measures": [{**row, "value": "275"} for row in data["measures"]]}

    def keep(data: Said) -> Said:
        rows = [{**row, "decision": "keep", "answer": "按规划执行"} for row in data["objections"]]
        return {**data, "objections": rows}

    reviewer.complete("decide_objections", subject="市环保局", outcome="approve", change=accept)
    reviewer.complete("decide_objections", subject="市旅委", outcome="approve", change=keep)


def leaders_sign(city: City, names: dict[str, str]) -> None:
    """Every deputy passes; every head signs, but one sends it back first."""
    for code in names.values():
        city.desk(f"{code}.deputy").complete("deputy_review", outcome="approve", opinion="同意上报。")
    for name, code in names.items():
        head = city.desk(f"{code}.head")
        if name == "上城区":
            said = {"target": "collate_targets", "opinion": "节点再细一点", "straight_back": True}
            head.act("return_to", head.task("head_signs"), **said)
            collate(city, code)
            assert city.desk(f"{code}.deputy").waiting() == []
        head.complete("head_signs", outcome="approve")


def the_office_reviews(city: City, names: dict[str, str], returned: Mapping[str, str]) -> None:
    """Some units are returned and come again; the others pass at once."""
    assert sorted(review(city, returned=returned)) == sorted(names)
    for name in returned:
        code = names[name]
        assert city.desk(f"{code}.liaison").task("collate_targets")["round"] == 2
        collate(city, code)
        lead(city, code)
    city.settle()
    assert city.desk("committee.secretary").waiting() == []
    assert sorted(review(city)) == sorted(returned)
    city.settle()


def joint_review_goes_round_again(city: City, names: dict[str, str], again: Mapping[str, str]) -> None:
    """财政 passes, 法制办 returns some units, 发改委 is closed; a new round for all three bodies."""
    finance, legal, reform = (city.desk(f"review.{body}") for body in ("finance", "legal", "reform"))
    finance.complete("finance_review", outcome="approve")
    open_one = reform.task("reform_review")

    def remark(data: Said) -> Said:
        ids = {option["label"]: option["value"] for option in data["unit_options"]}
        assert set(ids) == set(names)
        return {"remarks": [{"unit": ids[name], "text": text} for name, text in again.items()]}

    legal.complete("legal_review", outcome="return", opinion="部分单位依据不足", change=remark)
    late = reform.attempt(open_one["id"], "complete", {"version": open_one["version"], "outcome": "approve"})
    assert late.status_code == 409, late.text
    assert (finance.waiting(), legal.waiting(), reform.waiting()) == ([], [], [])
    city.desk("office.staff").complete("forward_opinions", change=lambda data: data)
    city.settle()
    for name, remark_text in again.items():
        shown = city.desk(f"{names[name]}.liaison").task("assign_divisions")["form"]["data"]
        assert shown["remark"] == f"法制办：{remark_text}"
        report(city, names[name])
    assert sorted(review(city)) == sorted(again)
    city.settle()
    for desk, body in ((finance, "finance"), (legal, "legal"), (reform, "reform")):
        assert desk.task(f"{body}_review")["round"] == 2
        desk.complete(f"{body}_review", outcome="approve", opinion="同意")


def the_public_is_heard(city: City) -> None:
    """Comments come in through the open page until the days are over; the office answers each."""
    browser = city.client
    address = browser.get("/public/consultations").headers["location"]
    about = {"unit_id": city.unit_id("市环保局"), "text": "希望公布每月空气质量", "name": "市民甲"}
    assert browser.post(address, data=about).status_code == 303
    assert browser.post(address, data={"text": "建议压减会议"}).status_code == 303
    assert browser.post(address, data={"text": "  "}).status_code == 422
    assert city.desk("office.staff").waiting() == []
    closes = date.fromisoformat(str(city.scalar("select closes_on from consultation")))
    city.at(closes, hour=23)
    assert city.desk("office.staff").waiting() == []
    city.at(date.fromordinal(closes.toordinal() + 1))
    assert browser.post(address, data={"text": "太晚了"}).status_code == 422

    def answer(data: Said) -> Said:
        assert [row["about"] for row in data["comments"]] == ["市环保局", "全市目标"]
        return {
            "comments": [{**row, "adopted": "partly", "answer": "已转有关单位"} for row in data["comments"]]
        }

    city.desk("office.staff").complete("answer_comments", change=answer)
    city.settle()
    assert "已转有关单位" in browser.get(address).text


def bodies_decide_and_refuse(city: City, names: dict[str, str], refused: Mapping[str, str]) -> None:
    """The committee passes all; the government refuses some, which alone go round again."""
    assert sorted(register(city, "committee_decides", meeting="绩效委第1次会议")) == sorted(names)
    asked = register(city, "government_decides", meeting="市政府常务会议", refused=refused)
    assert sorted(asked) == sorted(names)
    again = {
        name for name, code in names.items() if "assign_divisions" in city.desk(f"{code}.liaison").waiting()
    }
    assert again == set(refused)
    for name in refused:
        report(city, names[name])
    assert sorted(review(city)) == sorted(refused)
    city.settle()
    assert sorted(register(city, "committee_decides", meeting="绩效委第2次会议")) == sorted(refused)
    assert sorted(register(city, "government_decides", meeting="市政府第2次会议")) == sorted(refused)


def the_document_is_issued(city: City, names: dict[str, str]) -> None:
    """下达: number and title are proposed; with the document every target is in force."""
    staff = city.desk("office.staff")
    shown = staff.task("prepare_document")["form"]["data"]
    assert (shown["number"], shown["units"]) == ("杭考评办〔2018〕1号", len(names))
    staff.complete("prepare_document", change=lambda data: data)
    city.settle()
    root = city.rows("select id, status from instance where process_key = 'plan_setting'")
    assert [row["status"] for row in root] == ["completed"]
    assert staff.read(f"/instances/{root[0]['id']}")["status"] == "completed"


def nothing_is_left_open(city: City) -> None:
    """No incident, item, job, timer, reminder or draft of planning; nothing of it runs; every chain is whole.

    Every unit with issued targets has been asked to break them down.
    """
    assert left_open(city.rows) == {}
    assert {row["status"] for row in city.rows("select status from instance")} <= {"completed", "running"}
    own = f"select id from fan_out where (remaining <> 0 or state = 'open') and instance_id in ({OWN})"
    assert city.rows(own) == []
    issued = city.rows(
        "select distinct u.code from target t join unit u on u.id = t.unit_id "
        "join cycle c on c.id = t.cycle_id where c.year = 2018 and t.state = 'issued' order by u.code"
    )
    assert asked_to_break_down(city.rows) == [row["code"] for row in issued]
    with city.engine.database.read() as connection:
        assert broken_chains(connection) == []


def history_is_complete(city: City) -> None:
    """What people did and what the history says are the same; every item was closed exactly once."""
    said = Counter(
        (row["login"], row["item_id"], row["verb"])
        for row in city.rows(
            "select a.login, e.item_id, e.verb from work_event e join user_account a on a.id = e.person_id"
        )
    )
    assert said == Counter((act.login, act.item_id, act.verb) for act in city.acts)
    ends = "('complete', 'register_for', 'return_to', 'close')"
    often = city.rows(f"select count(*) as times from work_event where verb in {ends} group by item_id")
    assert {row["times"] for row in often} == {1}
    by_system = city.rows("select element_id from work_event where verb = 'close'")
    assert [row["element_id"] for row in by_system] == ["reform_review"]
    superseded = city.rows("select distinct element_id from work_event where verb = 'supersede'")
    assert "finance_review" in {row["element_id"] for row in superseded}
