"""创新加分后晋档不挤占名额: A 93, B 92, C 91.5 + 1, D 90 + 1 and two places: A, B and C are 先进."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.city import page
from tests.cases.eight_units import FILLING, YEAR, open_units
from tests.databases import Templates
from tests.evaluation.grading.work import approve, check, deliberate, grades, start
from tests.innovation.contest import Contest
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""What the databases do with awards and grades is told on both in their own folders."""

OF = {"c": ("0.6", "0.16"), "d": ("0.5", "0.3"), "e": ("0.3", "0.1")}
"""What each project gets: the experts' coefficient, and the points of the check. 1.4 × 0.6 + 0.16 = 1."""
Both = tuple[City, Contest]


@pytest.fixture
def units(home: str, templates: Templates, tmp_path: Path) -> Iterator[Both]:
    with templates.copy(home, tmp_path, filling=FILLING) as url:
        city, contest = open_units(url, tmp_path / "data")
        with city.client:
            yield city, contest
        city.engine.database.close()


def compete(contest: Contest) -> None:
    """Three projects from the catalogue to the bonus."""
    contest.begin(*(code.upper() for code in OF))
    for code in OF:
        contest.apply(code)
        contest.do("office.staff", "admit", about=f"{code.upper()}局", outcome="approve")
    contest.pass_time(270)
    for code, (_mark, verified) in OF.items():
        blind = {"report": "完成", "blind_report": "办结时间从七天减到一天，满意率上升。", "spent": "11"}
        contest.do(f"{code}.liaison", "closing", **blind, files=["full"], blind_files=["blind"])
        about = f"{code.upper()}局"
        contest.do("office.reviewer", "check_closing", about=about, outcome="approve", verified=verified)
    marks = {f"CX-{number:02d}": mark for number, (mark, _verified) in enumerate(OF.values(), 1)}
    for _round in range(2):
        contest.release()
        contest.score_all(marks)
        contest.confirm()
        for code in OF:
            if "statement" in contest.city.elements(f"{code}.liaison"):
                contest.do(f"{code}.liaison", "statement", speaker="李明", statement="要点", files=[])
    secretary = "committee.secretary"
    contest.register(secretary, "synthesis", results=contest.shown(secretary, "synthesis")["results"])
    contest.pass_time(14)
    contest.register(
        secretary, "approve_awards", results=contest.shown(secretary, "approve_awards")["results"]
    )


def test_two_places_and_a_promotion_make_three(units: Both) -> None:
    city, contest = units
    compete(contest)
    bonus = {
        row["name"]: Decimal(str(row["value"]))
        for row in city.rows(
            "select u.name, s.value from score s join unit u on u.id = s.unit_id "
            "where s.component = 'innovation'"
        )
    }
    assert [bonus["C局"], bonus["D局"]] == [Decimal(1), Decimal(1)]
    contest.pass_time(120)  # beyond the data lock
    start(city, YEAR, "composite_grading")
    check(city)
    deliberate(city)
    approve(city)
    found = grades(city)
    assert {unit: (total, grade) for unit, (total, grade, _zone, _rank) in found.items()} == {
        "A局": ("93.00", "先进"),
        "B局": ("92.00", "先进"),
        "C局": ("92.50", "先进"),
        "D局": ("91.00", "达标"),
        "E局": (found["E局"][0], "达标"),
        "F局": ("84.00", "达标"),
        "G局": ("83.00", "达标"),
        "H局": ("82.00", "达标"),
    }
    shown = city.desk("office.head").read(f"/cycles/{city.cycle_id(YEAR)}/grading")
    assert [row["unit"] for row in shown["grades"] if row["promoted"]] == ["C局"]
    own = page(city, "c.head", f"/units/{city.unit_id('C局')}/score")
    assert "创新加分晋档" in own
    assert "“先进”的名额：全部单位的 25%，向上取整（默认值：方案依据的文件没有写明）。" in own
    assert city.scalar("select count(*) from incident") == 0
