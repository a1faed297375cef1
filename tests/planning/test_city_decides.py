"""Once for the city: joint review, the bodies' decisions, the document; refusals, and what goes round."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import Filling, Templates
from tests.planning.city import City, Desk, Said
from tests.planning.laid import copied, further, small_city_in
from tests.planning.story import nothing_is_left_open
from tests.planning.test_at_once import at_once
from tests.planning.unit_work import register, report, review, same, upload_minutes

UNITS = {"市发改委": "u13", "市旅委": "u20", "市环保局": "u39"}
HTML = {"accept": "text/html"}
BODIES = ("finance", "legal", "reform")
CONSULTATION = timedelta(days=40)


def lay_reviewed(city: City) -> None:
    for code in UNITS.values():
        report(city, code)
    review(city)
    city.settle()


def lay_decided(city: City) -> None:
    for body in BODIES:
        city.desk(f"review.{body}").complete(f"{body}_review", outcome="approve")
    city.clock.advance(CONSULTATION)
    city.settle()
    city.desk("office.staff").complete("answer_comments", change=same)
    city.settle()


@pytest.fixture
def reviewed(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Three units have passed the office; joint review and consultation have begun."""
    with copied(templates, home, tmp_path, reviewed_in(tmp_path)) as city:
        yield city


@pytest.fixture
def decided(home: str, templates: Templates, tmp_path: Path) -> Iterator[City]:
    """Joint review and consultation are over; the committee's decision is to be registered."""
    filling = further("decided", reviewed_in(tmp_path), tmp_path, lay_decided)
    with copied(templates, home, tmp_path, filling) as city:
        city.clock.advance(CONSULTATION)
        yield city


def reviewed_in(folder: Path) -> Filling:
    return further("reviewed", small_city_in(folder), folder, lay_reviewed)


def errors(desk: Desk, element: str, verb: str = "complete", **said: object) -> dict[str, str]:
    """The fields that are refused, with their codes; nothing has moved."""
    task = desk.task(element)
    answer = desk.attempt(task["id"], verb, {"version": task["version"], **said})
    assert answer.status_code == 422, answer.text
    assert desk.waiting() == [element]
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_a_joint_return_names_units_that_are_reviewed_and_says_why(reviewed: City) -> None:
    legal = reviewed.desk("review.legal")
    said: Said = {"outcome": "return", "opinion": "依据不足"}
    assert errors(legal, "legal_review", **said, fields={"remarks": []}) == {"remarks": "missing"}
    stranger = reviewed.unit_id("市教育局")
    for unit in (stranger, "no such unit", "", None):
        found = errors(legal, "legal_review", **said, fields={"remarks": [{"unit": unit, "text": "不行"}]})
        assert set(found) == {"remarks.0.unit"}, unit
    known = legal.task("legal_review")["form"]["data"]["unit_options"][0]["value"]
    empty = {"remarks": [{"unit": known, "text": " "}]}
    assert set(errors(legal, "legal_review", **said, fields=empty)) == {"remarks.0.text"}
    contrary = {"remarks": [{"unit": known, "text": "不行"}]}
    assert set(errors(legal, "legal_review", outcome="approve", fields=contrary)) == {"remarks"}
    del said["opinion"]
    assert set(errors(legal, "legal_review", **said, fields=contrary)) == {"opinion"}


def test_the_office_sends_at_least_one_unit_back(reviewed: City) -> None:
    return_from(reviewed, "legal", {"市旅委": "缺依据"})
    staff = reviewed.desk("office.staff")
    shown = staff.task("forward_opinions")["form"]["data"]["units"]
    none = {"units": [{**row, "chosen": False} for row in shown]}
    assert errors(staff, "forward_opinions", fields=none) == {"units": "missing"}
    silent = {"units": [{**row, "forward": ""} for row in shown]}
    assert set(errors(staff, "forward_opinions", fields=silent)) == {"units.0.forward"}


@pytest.mark.parametrize("first", ["finance", "reform"])
def test_a_pass_and_a_return_at_once_make_exactly_one_new_round(reviewed: City, first: str) -> None:
    city, other, legal = reviewed, reviewed.desk(f"review.{first}"), reviewed.desk("review.legal")
    passing, returning = other.task(f"{first}_review"), legal.task("legal_review")
    unit = next(o["value"] for o in returning["form"]["data"]["unit_options"] if o["label"] == "市旅委")
    remark = {
        "version": returning["version"],
        "outcome": "return",
        "opinion": "依据不足",
        "fields": {"remarks": [{"unit": unit, "text": "缺依据"}]},
    }
    answers = at_once(
        lambda: other.attempt(
            passing["id"], "complete", {"version": passing["version"], "outcome": "approve"}
        ),
        lambda: legal.attempt(returning["id"], "complete", remark),
    )
    assert answers[1].status_code == 200, answers[1].text
    assert answers[0].status_code in (200, 409), answers[0].text
    city.settle()
    assert [city.desk(f"review.{body}").waiting() for body in BODIES] == [[], [], []]
    city.desk("office.staff").complete("forward_opinions", change=same)
    city.settle()
    report(city, "u20")
    assert review(city) == ["市旅委"]
    city.settle()
    for body in BODIES:
        assert city.desk(f"review.{body}").task(f"{body}_review")["round"] == 2
        assert city.desk(f"review.{body}").waiting() == [f"{body}_review"]


def test_a_decision_is_registered_whole_and_not_of_tomorrow(decided: City) -> None:
    city, secretary = decided, decided.desk("committee.secretary")
    data = secretary.task("committee_decides")["form"]["data"]
    day = city.clock.now().date()
    fields: Said = {
        "meeting": "第1次会议",
        "decided_on": day.isoformat(),
        "document_number": "第1次会议纪要",
        "minutes": [upload_minutes(secretary, "committee_decides")],
        "overall": "some_refused",
        "results": [{**row, "result": "refused", "remark": "偏低"} for row in data["results"]],
    }
    both = {**fields, "overall": "all_passed"}
    assert errors(secretary, "committee_decides", verb="register_for", fields=both) == {
        "overall": "contradictory"
    }
    later = {**fields, "decided_on": (day + timedelta(days=2)).isoformat()}
    said = {"verb": "register_for"}
    assert errors(secretary, "committee_decides", **said, fields=later) == {"decided_on": "latest"}
    early = {**fields, "decided_on": (day - timedelta(days=1)).isoformat()}
    assert errors(secretary, "committee_decides", **said, fields=early) == {"decided_on": "earliest"}
    for key in ("document_number", "minutes"):
        without = {name: value for name, value in fields.items() if name != key}
        assert errors(secretary, "committee_decides", **said, fields=without) == {key: "required"}
    assert set(errors(secretary, "committee_decides", **said, fields={**fields, "meeting": ""})) == {
        "meeting"
    }
    unsaid = {**fields, "overall": None, "results": []}
    assert set(errors(secretary, "committee_decides", **said, fields=unsaid)) == {"overall"}
    nobody = {**fields, "results": data["results"]}
    assert set(errors(secretary, "committee_decides", **said, fields=nobody)) == {"overall"}
    silent = [{**row, "result": "refused", "remark": " "} for row in data["results"]]
    found = errors(secretary, "committee_decides", **said, fields={**fields, "results": silent})
    assert set(found) == {f"results.{number}.remark" for number in range(3)}
    unsure = [{**row, "result": "perhaps"} for row in data["results"]]
    found = errors(secretary, "committee_decides", **said, fields={**fields, "results": unsure})
    assert set(found) == {f"results.{number}.result" for number in range(3)}
    task = secretary.task("committee_decides")
    answer = secretary.attempt(task["id"], "complete", {"version": task["version"], "fields": fields})
    assert (answer.status_code, "代录" in answer.json()["title"]) == (403, True)


def test_each_day_follows_the_one_before_it(decided: City) -> None:
    """送审 → 审定 → 批准 → 印发: what bounds a day is said in the refusal."""
    city, secretary, staff = decided, decided.desk("committee.secretary"), decided.desk("office.staff")
    submitted = city.clock.now().date()
    city.clock.advance(timedelta(days=3))
    register(city, "committee_decides", meeting="第1次会议")
    endorsed = city.clock.now().date()
    city.clock.advance(timedelta(days=2))
    task = secretary.task("government_decides")
    fields = {
        "meeting": "常务会议",
        "decided_on": submitted.isoformat(),
        "document_number": "纪要",
        "minutes": [upload_minutes(secretary, "government_decides")],
        "overall": "all_passed",
        "results": task["form"]["data"]["results"],
    }
    answer = secretary.attempt(task["id"], "register_for", {"version": task["version"], "fields": fields})
    [told] = answer.json()["errors"]
    assert told["message"] == f"决定日期不能早于绩效委审定之日（{endorsed}）：目标还没有送到会上。"
    register(city, "government_decides", meeting="常务会议")
    shown = staff.task("prepare_document")["form"]["data"]
    approved = city.clock.now().date()
    for day, code in ((approved - timedelta(days=1), "earliest"), (approved + timedelta(days=1), "latest")):
        found = errors(staff, "prepare_document", fields={**shown, "issued_on": day.isoformat()})
        assert found == {"issued_on": code}
    issue(city)
    root = city.scalar("select id from instance where process_key = 'plan_setting'")
    back = staff.post(f"/instances/{root}/take_back", {})
    assert back.status_code == 403, "the targets are in force"
    assert "撤回不能取消它的结果" in back.text


def test_a_city_whose_units_are_all_refused_goes_round_again_as_a_whole(decided: City) -> None:
    city = decided
    register(city, "committee_decides", meeting="第1次会议", refused=dict.fromkeys(UNITS, "普遍偏低"))
    assert register(city, "government_decides", meeting="常务会议") == []
    for code in UNITS.values():
        assert city.desk(f"{code}.liaison").task("assign_divisions")["form"]["data"]["remark"] == "普遍偏低"
        report(city, code)
    assert sorted(review(city)) == sorted(UNITS)
    city.settle()
    assert sorted(register(city, "committee_decides", meeting="第2次会议")) == sorted(UNITS)
    assert sorted(register(city, "government_decides", meeting="第2次常务会议")) == sorted(UNITS)
    issue(city)
    nothing_is_left_open(city)


def test_what_each_body_refuses_goes_round_together(decided: City) -> None:
    city = decided
    register(city, "committee_decides", meeting="第1次会议", refused={"市旅委": "偏低"})
    asked = register(city, "government_decides", meeting="常务会议", refused={"市环保局": "再核"})
    assert sorted(asked) == ["市发改委", "市环保局"]
    for name in ("市旅委", "市环保局"):
        report(city, UNITS[name])
    assert city.desk("u13.liaison").waiting() == []
    review(city)
    city.settle()
    assert sorted(register(city, "committee_decides", meeting="第2次会议")) == ["市旅委", "市环保局"]
    assert sorted(register(city, "government_decides", meeting="第2次常务会议")) == ["市旅委", "市环保局"]
    issue(city)
    nothing_is_left_open(city)


def test_a_number_is_used_once(decided: City) -> None:
    city, staff = decided, decided.desk("office.staff")
    register(city, "committee_decides", meeting="第1次会议")
    register(city, "government_decides", meeting="常务会议")
    used = str(city.scalar("select number from document"))
    fields = staff.task("prepare_document")["form"]["data"]
    assert fields["number"] != used
    assert errors(staff, "prepare_document", fields={**fields, "number": used}) == {"number": "taken"}
    assert set(errors(staff, "prepare_document", fields={**fields, "number": ""})) == {"number"}
    assert set(errors(staff, "prepare_document", fields={**fields, "issued_on": "31.2."})) == {"issued_on"}
    issue(city)


def test_a_value_that_comes_in_the_middle_is_part_of_what_is_issued(decided: City) -> None:
    city, office = decided, decided.desk("office.staff")
    target = city.scalar(
        "select t.id from target t join cycle c on c.id = t.cycle_id where t.code = 'KPI03' and c.year = 2018"
    )
    measure = city.scalar("select id from target_measure where target_id = :id", id=target)
    given = {"figures": {measure: "4200"}, "document": "杭政函〔2018〕12号"}
    assert office.post(f"/targets/{target}/assign", given).status_code == 202
    city.settle()
    register(city, "committee_decides", meeting="第1次会议")
    register(city, "government_decides", meeting="常务会议")
    issue(city)
    assert city.desk("u13.liaison").waiting() == ["break_down", "confirm_assigned"]
    city.desk("u13.liaison").complete("confirm_assigned", change=same)
    city.settle()
    rows = office.read(f"/units/{city.unit_id('市发改委')}/targets")["items"]
    [investment] = [row for row in rows if row["code"] == "KPI03"]
    number = city.scalar("select number from document order by issued_on desc limit 1")
    bases = [version["basis"] for version in investment["versions"]]
    assert (investment["state"], bases[2:]) == ("issued", ["杭政函〔2018〕12号", number])
    assert bases[1] == "主要负责人签发（第1轮）"
    page = city.client.get(f"/units/{city.unit_id('市发改委')}/targets", headers=office.headers | HTML)
    assert page.status_code == 200
    for said in (f"{number}（{investment['versions'][3]['basis_on']}）", "<del>未定</del> → <ins>4200</ins>"):
        assert said in page.text
    nothing_is_left_open(city)


def issue(city: City) -> None:
    """下达 as proposed; the stage is over."""
    city.desk("office.staff").complete("prepare_document", change=same)
    city.settle()
    assert city.scalar("select status from instance where process_key = 'plan_setting'") == "completed"


def return_from(city: City, body: str, remarks: Mapping[str, str]) -> None:
    """One body returns some units."""

    def change(data: Said) -> Said:
        ids = {option["label"]: option["value"] for option in data["unit_options"]}
        return {"remarks": [{"unit": ids[name], "text": text} for name, text in remarks.items()]}

    city.desk(f"review.{body}").complete(
        f"{body}_review", outcome="return", opinion="依据不足", change=change
    )
