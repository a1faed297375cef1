"""The pages of grading: gaps, importing, the calculation, grades, a sheet, a snapshot that verifies."""

import csv
import re
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
import xlsxwriter

from engine.people.units import rename_unit
from tests.evaluation.grading.work import approve, check, deliberate, start
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""What the database does is told on both in the stories beside."""


def html(city: City, login: str, path: str, status: int = 200) -> str:
    """A page as a person sees it."""
    headers = {**city.desk(login).headers, "accept": "text/html"}
    answer = city.client.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return str(answer.text)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "＝"])
def test_a_unit_is_no_formula_in_the_template_and_comes_back_from_it(shenzhen: City, mark: str) -> None:
    """Its name stood there as it is: Excel worked out what began with “=”, and refused it as our own file."""
    city, cycle = shenzhen, shenzhen.cycle_id(2010)
    name = f'{mark}HYPERLINK("http://x","丁区政府")'
    with city.engine.database.write() as connection:
        rename_unit(connection, city.unit_id("丁区政府"), name)
    template = html(city, "office.staff", f"/office/grading/{cycle}/template.csv")
    [_columns, *lines] = csv.reader(StringIO(template.removeprefix("\ufeff")))
    assert [line[0] for line in lines if "丁区政府" in line[0]] == [f"'{name}"]
    assert not [cell for line in lines for cell in line if cell.strip()[:1] in tuple("=+-@＝")]
    filled = {"单位": f"'{name}", "电子民调系统测评": "90", "依据": "报告"}
    headers = {**city.desk("office.staff").headers, "origin": "http://testserver", "accept": "text/html"}
    for sent in (as_csv(filled), as_excel(filled)):
        answer = city.client.post(f"/office/grading/{cycle}/marks", files={"file": sent}, headers=headers)
        assert answer.headers.get("location", answer.text).endswith("said=taken-1-1")


def as_csv(line: dict[str, str]) -> tuple[str, bytes, str]:
    target = StringIO()
    csv.writer(target).writerows([list(line), list(line.values())])
    return "分项.csv", target.getvalue().encode(), "text/csv"


def as_excel(line: dict[str, str]) -> tuple[str, bytes, str]:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet("components")
        for place, (column, cell) in enumerate(line.items()):
            sheet.write_string(0, place, column)
            sheet.write_string(1, place, cell)
    return "分项.xlsx", target.getvalue(), "application/octet-stream"


def test_the_office_imports_grades_and_verifies_on_its_page(shenzhen: City) -> None:
    city, cycle = shenzhen, shenzhen.cycle_id(2010)
    shown = html(city, "office.staff", "/office/grading")
    [lacking] = re.findall(r"<tr data-row>(<td[^>]*>丁区政府</td>.*?)</tr>", shown)
    assert "电子民调系统测评" in lacking and "还没有得分" in lacking
    assert f'action="/office/grading/{cycle}/start"' in shown
    template = html(city, "office.staff", f"/office/grading/{cycle}/template.csv")
    assert template.splitlines()[0].startswith("\ufeff单位,电子系统评估,社会公众满意度调查,")
    headers = {**city.desk("office.staff").headers, "origin": "http://testserver"}
    path = f"/office/grading/{cycle}/marks"
    wrong = {"file": ("分项.csv", BytesIO("单位,电子民调系统测评,依据\n无名局,90,报告".encode()), "text/csv")}
    answer = city.client.post(path, files=wrong, headers={**headers, "accept": "text/html"})
    assert answer.status_code == 422
    assert "第 2 行，单位：找不到单位“无名局”。" in answer.text
    right = {
        "file": ("分项.csv", BytesIO("单位,电子民调系统测评,依据\n丁区政府,90,报告".encode()), "text/csv")
    }
    answer = city.client.post(path, files=right, headers={**headers, "accept": "text/html"})
    assert answer.headers["location"].endswith("said=taken-1-1")
    answer = city.client.post(f"/office/grading/{cycle}/start", headers=headers)
    assert answer.status_code == 303
    city.settle()
    assert "计算结果（还没有定级）" in html(city, "office.staff", "/office/grading")
    what_if(city, cycle)
    check(city)
    deliberate(city)
    approve(city)
    shown = html(city, "city.leader", "/office/grading")
    assert "评定结果" in shown
    assert "/start" not in shown  # leaders look, they do not organise
    snapshot = city.scalar("select id from snapshot where purpose = 'decided'")
    assert "验证通过" not in html(city, "city.leader", f"/snapshots/{snapshot}")
    answer = city.client.post(
        f"/snapshots/{snapshot}/verification", headers={**headers, "accept": "text/html"}
    )
    assert "验证通过" in answer.text


def what_if(city: City, cycle: str) -> None:
    """95.2 corrected to 97.5 lifts 甲局 from blue to green; the others stay, and nothing is written."""
    bureau = city.unit_id("甲局")
    path = f"/office/grading/{cycle}/trial"
    assert path in html(city, "office.staff", "/office/grading")
    html(city, "a1.head", path, status=403)
    asked = {"unit": bureau, "component": "electronic", "value": "97.5"}
    tried = city.desk("office.staff").get(f"/cycles/{cycle}/trial", **asked)
    moved, *others = tried.json()["moved"]
    assert {one["before"]["total"] == one["after"]["total"] for one in others} <= {True}, "only ranks move"
    assert (moved["name"], moved["before"]["total"], moved["after"]["total"]) == ("甲局", "88.51", "90.00")
    assert (moved["before"]["grade"], moved["after"]["grade"]) != ("", "")
    assert moved["before"]["zone"] == "蓝" and moved["after"]["zone"] == "绿"
    shown = html(city, "office.staff", f"{path}?{urlencode(asked)}")
    assert "由 95.2 改为 97.5" in shown and "88.51 →" in shown
    same = html(city, "office.staff", f"{path}?{urlencode({**asked, 'value': '95.2'})}")
    assert "都不变" in same
    for wrong, sentence in (("101", "应当是 0 到 100"), ("好", "请填一个数"), ("NaN", "应当是 0 到 100")):
        refused = city.desk("office.staff").get(f"/cycles/{cycle}/trial", **{**asked, "value": wrong})
        assert refused.status_code == 422 and sentence in refused.text, refused.text
        assert sentence in html(city, "office.staff", f"{path}?{urlencode({**asked, 'value': wrong})}")
    assert city.scalar("select count(*) from snapshot") == 1


def test_a_sheet_unfolds_from_the_grade_to_what_it_rests_on(shenzhen: City) -> None:
    city = shenzhen
    own = f"/units/{city.unit_id('甲局')}/score"
    assert "还没有成绩单" in html(city, "a1.head", own)  # the menu leads here all the year
    html(city, "a1.head", f"{own}?cycle=none", status=404)
    html(city, "a1.head", f"/units/{city.unit_id('乙局')}/score", status=404)
    start(city, 2010, "composite_grading")
    gaps = city.desk("office.staff").task("enter_marks")["form"]["data"]["gaps"]
    filled = [{**row, "value": "90", "basis": "民调报告第 3 页"} for row in gaps]
    city.desk("office.staff").complete("enter_marks", fields={"gaps": filled})
    city.settle()
    check(city)
    deliberate(city)
    approve(city)
    shown = html(city, "office.head", f"/units/{city.unit_id('丁区政府')}/score")
    for piece in (
        "90.00",
        "绿区",
        "组内最好 90，差 0",
        "依据：民调报告第 3 页",
        "某office.staff",
        "命中的规则",
    ):
        assert piece in shown, piece
    assert re.search(r'href="/office/grading"[^>]*aria-current="page"', shown), "a result belongs to grading"
    assert "88.51" in html(city, "a1.head", own)
    html(city, "a1.head", f"/units/{city.unit_id('乙局')}/score", status=404)
    html(city, "a1.head", "/office/grading", status=403)
