"""目标制定 of a whole city: every unit through REST, from arrival to the document and its number."""

from collections import Counter
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

SUPPORTING = {"市钱江新城管委会(市拥江办)", "第19届亚运会组委会办公室", "市轨道办"}
"""Supporting bodies that lead a special target."""
RETURNED = {"市财政局": "举措太笼统", "市教育局": "责任人请具体到人", "西湖区": "节点应分到季度"}
REVIEWED_AGAIN = {"市旅委": "缺少法规依据", "市交通运输局": "与上位规划不一致"}
REFUSED = {"市环保局": "目标偏低", "余杭区": "与市里要求不一致"}


def test_every_unit_plans_its_year_and_is_issued_exactly_once(city: City) -> None:
    names = planning_units(city)
    everybody_collates(city, names)
    objections_are_decided(city)
    leaders_sign(city, names)
    the_office_reviews(city, names)
    joint_review_goes_round_again_for_two(city, names)
    the_public_is_heard(city)
    bodies_decide_and_refuse_two(city, names)
    the_document_is_issued(city, names)
    everything_is_issued_once(city, names)
    nothing_is_left_open(city)
    history_is_complete(city)


def planning_units(city: City) -> dict[str, str]:
    """Every unit that has to plan, by name: the log-in code. 58 assessed ones, and who leads a target."""
    staff = city.desk("office.staff")
    units = staff.read("/units")["items"]
    planning = {
        unit["name"]: unit["code"].lower() for unit in units if unit["assessed"] or unit["name"] in SUPPORTING
    }
    assert sum(unit["assessed"] for unit in units) == 58
    assert set(planning) > SUPPORTING
    root = city.scalar("select id from instance where process_key = 'plan_setting'")
    started = city.rows("select subject_name from instance where parent_id = :root", root=root)
    assert Counter(row["subject_name"] for row in started) == Counter(planning.keys())
    return planning


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


def the_office_reviews(city: City, names: dict[str, str]) -> None:
    """Three units are returned and come again; the others pass at once."""
    assert sorted(review(city, returned=RETURNED)) == sorted(names)
    for name in RETURNED:
        code = names[name]
        assert city.desk(f"{code}.liaison").task("collate_targets")["round"] == 2
        collate(city, code)
        lead(city, code)
    city.settle()
    assert city.desk("committee.secretary").waiting() == []
    assert sorted(review(city)) == sorted(RETURNED)
    city.settle()


def joint_review_goes_round_again_for_two(city: City, names: dict[str, str]) -> None:
    """财政 passes, 法制办 returns two units, 发改委 is closed; a new round for all three."""
    finance, legal, reform = (city.desk(f"review.{body}") for body in ("finance", "legal", "reform"))
    finance.complete("finance_review", outcome="approve")
    open_one = reform.task("reform_review")

    def remark(data: Said) -> Said:
        ids = {option["label"]: option["value"] for option in data["unit_options"]}
        assert set(ids) == set(names)
        return {"remarks": [{"unit": ids[name], "text": text} for name, text in REVIEWED_AGAIN.items()]}

    legal.complete("legal_review", outcome="return", opinion="两个单位依据不足", change=remark)
    late = reform.attempt(open_one["id"], "complete", {"version": open_one["version"], "outcome": "approve"})
    assert late.status_code == 409, late.text
    assert (finance.waiting(), legal.waiting(), reform.waiting()) == ([], [], [])
    city.desk("office.staff").complete("forward_opinions", change=lambda data: data)
    city.settle()
    for name, remark_text in REVIEWED_AGAIN.items():
        shown = city.desk(f"{names[name]}.liaison").task("assign_divisions")["form"]["data"]
        assert shown["remark"] == f"法制办：{remark_text}"
        report(city, names[name])
    assert sorted(review(city)) == sorted(REVIEWED_AGAIN)
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


def bodies_decide_and_refuse_two(city: City, names: dict[str, str]) -> None:
    """The committee passes all; the government refuses two, which alone go round again."""
    assert sorted(register(city, "committee_decides", meeting="绩效委第1次会议")) == sorted(names)
    asked = register(city, "government_decides", meeting="市政府常务会议", refused=REFUSED)
    assert sorted(asked) == sorted(names)
    again = {
        name for name, code in names.items() if "assign_divisions" in city.desk(f"{code}.liaison").waiting()
    }
    assert again == set(REFUSED)
    for name in REFUSED:
        report(city, names[name])
    assert sorted(review(city)) == sorted(REFUSED)
    city.settle()
    assert sorted(register(city, "committee_decides", meeting="绩效委第2次会议")) == sorted(REFUSED)
    assert sorted(register(city, "government_decides", meeting="市政府第2次会议")) == sorted(REFUSED)


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


def everything_is_issued_once(city: City, names: dict[str, str]) -> None:
    """States, versions, document, publication and notices: each once, for every unit."""
    cycle = city.cycle_id(2018)
    plans = city.rows(
        "select u.name, p.state, p.round from unit_plan p join unit u on u.id = p.unit_id "
        "where p.cycle_id = :cycle",
        cycle=cycle,
    )
    assert {row["name"]: row["state"] for row in plans} == dict.fromkeys(names, "issued")
    rounds = dict.fromkeys(names, 1) | dict.fromkeys(REVIEWED_AGAIN, 2) | dict.fromkeys(REFUSED, 3)
    assert {row["name"]: row["round"] for row in plans} == rounds
    targets = city.rows(
        "select u.name, t.code, t.kind, t.state, t.locked, "
        "(select v.basis from target_version v where v.target_id = t.id order by v.number desc limit 1) "
        "as basis, (select count(*) from target_version v where v.target_id = t.id "
        "and v.basis = (select number from document where cycle_id = t.cycle_id)) as issues "
        "from target t join unit u on u.id = t.unit_id where t.cycle_id = :cycle",
        cycle=cycle,
    )
    assert {row["state"] for row in targets} == {"issued"}
    number = city.scalar("select number from document where cycle_id = :cycle", cycle=cycle)
    assert {(row["basis"], row["issues"]) for row in targets} == {(number, 1)}
    corrected = city.rows(
        "select u.name, v.code from target_version v join unit u on u.id = v.unit_id "
        "where v.basis = '异议核定' and v.cycle_id = :cycle",
        cycle=cycle,
    )
    assert [(row["name"], row["code"]) for row in corrected] == [("市环保局", "KPI09")]
    assert sum(row["kind"] == "kpi" for row in targets) >= 25
    assert len({row["code"] for row in targets if row["kind"] == "special"}) == 12
    assert city.scalar("select count(*) from document where cycle_id = :cycle", cycle=cycle) == 1
    issued = "select count(*) from publication where kind = 'targets' and cycle_id = :cycle"
    assert city.scalar(issued, cycle=cycle) == 1
    assert city.scalar("select count(*) from audit_entry where act = 'service:issue'") == 1
    told = city.rows(
        "select u.name, n.post_key from notification n join unit u on u.id = n.unit_id "
        "where n.kind = 'planning.issued'"
    )
    assert Counter((row["name"], row["post_key"]) for row in told) == Counter(
        (name, post) for name in names for post in ("liaison", "head")
    )


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
