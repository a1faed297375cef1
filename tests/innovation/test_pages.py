"""What each sees on pages and by REST: the office all, units their own, experts nothing that tells."""

import re

import pytest

from tests.innovation.conftest import Visit
from tests.innovation.contest import UNITS, Contest, compete

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
API = "/api/v1"
MARKS = {"CX-01": "0.9", "CX-02": "0.8", "CX-03": "0.7"}
SECRETARY = "committee.secretary"
PDF = b"%PDF-1.4\n%%EOF\n"


def seat_of(contest: Contest, login: str) -> str:
    """The seat that a person has."""
    sql = "select id from expert_seat where user_id = :id and state in ('released', 'scored')"
    return str(contest.city.scalar(sql, id=contest.city.people[login]))


def test_the_office_starts_the_year_once_and_only_the_office(few: Contest, visit: Visit) -> None:
    cycle = few.city.cycle.id
    for login in ("u20.liaison", "e1"):
        assert visit(login).post(f"/innovation/cycles/{cycle}/start").status_code in (403, 404), login
    office = visit("office.staff")
    assert "发起创新创优" in office.get(f"/innovation?cycle={cycle}").text
    assert office.post(f"/innovation/cycles/{cycle}/start").status_code == 303
    few.city.engine.drain()
    assert few.city.elements("office.staff") == ["revise_topics"]
    assert office.post(f"/innovation/cycles/{cycle}/start").status_code == 409
    again = office.post(f"{API}/cycles/{cycle}/start", json={"process": "innovation_review"})
    assert again.status_code == 409
    assert office.get(f"{API}/cycles/{cycle}/innovation").json()["may_start"] is False


def test_blind_material_reaches_the_expert_without_names_and_nobody_else(few: Contest, visit: Visit) -> None:
    few.begin("U20")
    few.apply("u20")
    few.admit("u20")
    few.pass_time(270)
    unit, row = visit("u20.liaison"), few.item("u20.liaison", "closing")
    sent = {}
    for field in ("files", "blind_files"):
        answer = unit.post(
            f"{API}/work-items/{row.item_id}/files",
            files={"file": ("市旅委总结.pdf", PDF)},
            data={"field": field},
        )
        assert answer.status_code == 201, answer.text
        sent[field] = answer.json()["id"]
    few.do(
        "u20.liaison",
        "closing",
        report="市旅委完成了",
        blind_report="办结时间从七天减到一天。",
        spent="1",
        files=[sent["files"]],
        blind_files=[sent["blind_files"]],
    )
    few.do("office.reviewer", "check_closing", about=UNITS["u20"], outcome="approve", verified="0.5")
    few.release()
    seat = seat_of(few, "e1")
    expert = visit("e1")
    told = expert.get(f"{API}/innovation/seats/{seat}")
    assert told.status_code == 200
    assert (told.json()["unit_name"], told.json()["files"]) == ("", 1)
    page = expert.get(f"/innovation/seats/{seat}").text
    pages = [page, told.text, expert.get("/inbox").text, expert.get(f"{API}/work-items").text]
    task = expert.get(f"{API}/work-items").json()["items"][0]["id"]
    pages += [expert.get(f"/tasks/{task}").text, expert.get(f"{API}/work-items/{task}").text]
    for text in pages:
        assert "市旅委" not in text
    for path in (f"/innovation/seats/{seat}/files/1", f"{API}/innovation/seats/{seat}/files/1"):
        file = expert.get(path)
        assert file.content == PDF
        assert "CX-01-%E6%9D%90%E6%96%991.pdf" in file.headers["content-disposition"]
        assert expert.get(path[:-1] + "2").status_code == 404
    for file_id in sent.values():
        assert expert.get(f"/files/{file_id}").status_code == 404
    for login in ("e2", "u20.liaison", "office.staff"):
        assert visit(login).get(f"/innovation/seats/{seat}").status_code == 404, login
    assert visit("").get(f"{API}/innovation/seats/{seat}").status_code == 401
    few.do("e1", "declare", outcome="conflict", tie="曾共事")
    assert expert.get(f"/innovation/seats/{seat}/files/1").status_code == 404


def test_marks_are_for_the_office_and_a_unit_sees_its_own_projects(few: Contest, visit: Visit) -> None:
    compete(few, first=MARKS, second=MARKS)
    cycle = few.city.cycle.id
    whole = visit("office.staff").get(f"{API}/cycles/{cycle}/innovation").json()
    assert [row["rank"] for row in whole["rounds"]["1"]] == ["1", "2", "3"]
    assert "去高低平均" in visit("office.staff").get(f"/innovation?cycle={cycle}").text
    own = visit("u20.liaison").get(f"{API}/cycles/{cycle}/innovation").json()
    assert [row["unit_name"] for row in own["projects"]] == ["市旅委"]
    assert own["rounds"] == {} and own["awards"] == []
    assert "去高低平均" not in visit("u20.liaison").get(f"/innovation?cycle={cycle}").text
    assert visit("e1").get(f"{API}/cycles/{cycle}/innovation").status_code == 403


def test_a_partner_reads_of_the_project_but_is_not_led_to_what_it_may_not_see(
    few: Contest, visit: Visit
) -> None:
    few.begin("U13", "U20")
    few.apply("u20", way="joint", partners=[few.unit_id("u39")])
    cycle = few.city.cycle.id
    for login, status in (("u20.liaison", 200), ("office.staff", 200), ("u39.liaison", 404)):
        [row] = visit(login).get(f"{API}/cycles/{cycle}/innovation").json()["projects"]
        assert (row["unit_name"], row["partners"]) == ("市旅委", "市环保局")
        assert (row["instance_id"] is None) == (status == 404), login
        [instance] = few.city.rows("select instance_id from innovation_project")
        assert visit(login).get(f"/instances/{instance['instance_id']}").status_code == status, login


def test_the_office_says_what_experts_know_and_whom_they_must_not_judge(few: Contest, visit: Visit) -> None:
    few.begin("U20")
    cycle, person = few.city.cycle.id, few.city.people["e1"]
    office = visit("office.staff")
    path = f"{API}/cycles/{cycle}/innovation/experts"
    assert (
        office.post(f"{path}/{person}", json={"fields": ["社会建设"], "units": ["没有局"]}).status_code == 422
    )
    stranger = few.city.people["u39.liaison"]
    assert office.post(f"{path}/{stranger}", json={"fields": [], "units": []}).status_code == 404
    assert visit("u20.liaison").get(path).status_code == 403
    form = {"fields": ["社会建设"], "units": "市旅委\n"}
    assert office.post(f"/innovation/cycles/{cycle}/experts/{person}", data=form).status_code == 303
    first = office.get(path).json()["items"][0]
    assert (first["name"], first["fields"], first["units"]) == ("专家1", ["社会建设"], ["市旅委"])
    page = f"/innovation/cycles/{cycle}/experts"
    shown = office.get(page).text
    assert "专家1" in shown
    [mark] = re.findall(rf'action="{page}/{person}"><input type="hidden" name="shown" value="(\w+)"', shown)
    assert (
        office.post(f"{page}/{person}", data={**form, "units": "", "shown": "an earlier one"}).status_code
        == 409
    )
    assert office.post(f"{page}/{person}", data={**form, "shown": mark}).status_code == 303
    few.apply("u20")
    few.admit("u20")
    few.pass_time(270)
    few.close("u20")
    few.release()
    assert few.experts() == ["e2"]


def test_the_public_and_units_object_while_the_list_is_open(few: Contest, visit: Visit) -> None:
    nobody = visit("")
    assert nobody.get("/public/innovation").status_code == 404
    compete(few, first=MARKS, second=MARKS)
    few.register(SECRETARY, "synthesis", results=few.shown(SECRETARY, "synthesis")["results"])
    listed = nobody.get(f"{API}/public/innovation").json()["awards"]
    assert [row["award"] for row in listed] == ["创新奖", "创新提名奖", "创新鼓励奖"]
    assert "市发改委" in nobody.get("/public/innovation").text
    first = listed[0]["project_id"]
    empty = nobody.post("/public/innovation", data={"project_id": first, "text": " "})
    assert (empty.status_code, "请写明异议" in empty.text) == (422, True)
    unknown = nobody.post(f"{API}/public/innovation/objections", json={"project_id": "x", "text": "不同意"})
    assert unknown.status_code == 422
    trap = {"project_id": first, "text": "广告", "website": "http://spam"}
    assert nobody.post("/public/innovation", data=trap).status_code == 303
    said = {"project_id": first, "text": "早已有之", "name": "王先生"}
    assert nobody.post("/public/innovation", data=said).status_code == 303
    unit = visit("u20.liaison")
    assert "对公示名单提异议" in unit.get(f"/innovation?cycle={few.city.cycle.id}").text
    own = {"project_id": listed[2]["project_id"], "text": "数据不实"}
    assert unit.post(f"{API}/innovation/objections", json=own).status_code == 201
    assert visit("e1").post(f"{API}/innovation/objections", json=own).status_code == 403
    few.city.engine.drain()
    asked = []
    for verdict in ("uphold", "reject"):
        asked.append(few.shown("office.staff", "handle")["from"])
        few.do("office.staff", "handle", outcome=verdict, answer="经核实")
    assert asked == ["王先生", "市旅委"]
    few.pass_time(14)
    assert nobody.get("/public/innovation").status_code == 404
    assert unit.post(f"{API}/innovation/objections", json=own).status_code == 404


def test_whom_the_bonus_promotes_is_answered_for_who_runs_the_year(few: Contest, visit: Visit) -> None:
    path = f"{API}/cycles/{few.city.cycle.id}/innovation/promotions"
    units = [few.unit_id(code) for code in UNITS]
    body = {
        "totals": [
            {"unit_id": unit, "score": score} for unit, score in zip(units, ["93", "92", "90"], strict=True)
        ]
    }
    places = visit("office.staff").post(path, json=body).json()["items"]
    assert [(one["place"], one["advances"]) for one in places] == [
        ("holder", True),
        ("none", False),
        ("none", False),
    ]
    assert visit("u20.liaison").post(path, json=body).status_code == 403
