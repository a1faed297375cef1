"""P05: who approves depends on what is changed; an approved change is a new version, a refused one none."""

from datetime import date
from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from processes.adjusting.asking import ChangeRefused
from tests.adjusting.city import AIR, ChangeCity
from tests.monitoring.city import HOUSING

DWELLINGS = "KPI13"
MAY = "2017-05-10"


def asked(city: ChangeCity, unit: str, code: str, **changes: Any) -> str:
    """An application that the unit's head has signed; the case."""
    case = city.adjust(unit, code)
    fill(city, city.login(unit, "liaison"), **changes)
    city.fill_in(city.login(unit, "head"), "sign_adjustment", outcome="approve")
    return case


def fill(city: ChangeCity, login: str, **changes: Any) -> None:
    """填写调整申请: the first figure changes to `value`."""
    form = city.form(login, "ask_adjustment")
    value, rows = changes.pop("value", None), form["figures"]
    if value is not None:
        rows = [{**rows[0], "value": value}, *rows[1:]]
    fields = {**form, **WHY, **changes, "figures": rows}
    city.complete(login, "ask_adjustment", fields=fields, files=PAPERS)


PAPERS = frozenset({"paper"})
WHY: dict[str, Any] = {
    "cause": "objective",
    "ground": "congress",
    "paper": "市人大〔2017〕8号",
    "reason": "拆迁进度调整",
    "files": ["paper"],
}
DECIDED: dict[str, Any] = {
    "meeting": "市政府第 5 次常务会议",
    "decided_on": "2017-05-08",
    "document_number": "杭政函〔2017〕21号",
    "minutes": ["paper"],
    "result": "passed",
    "effective_on": MAY,
}


def registered(city: ChangeCity, element: str, **changes: Any) -> None:
    """登记决定 by the committee's secretary."""
    form = city.form("committee.secretary", element)
    fields = {**form, **DECIDED, **changes}
    city.act("committee.secretary", "register_for", element, fields=fields, files=PAPERS)


def figures(city: ChangeCity, unit: str, code: str) -> list[str]:
    rows = city.rows(
        "select value from target_measure where target_id = :id order by position",
        id=city.target(unit, code),
    )
    return [str(row["value"]) for row in rows]


def test_a_key_indicator_is_adjusted_by_the_government_under_its_number(city: ChangeCity) -> None:
    case = asked(city, HOUSING, DWELLINGS, value="60000")
    card = city.form("office.reviewer", "review_adjustment")
    assert card["route"] == "涉及关键指标，报市委市政府批准"
    assert card["changes"][0] == {
        "id": "0",
        "locked": True,
        "what": "年度目标",
        "before": "62176套",
        "after": "60000套",
    }
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    assert city.elements("committee.secretary") == ["government_decides"]
    registered(city, "government_decides")
    assert figures(city, HOUSING, DWELLINGS) == ["60000"]
    assert city.acts(case) == ["stated", "signed", "reviewed", "approved", "applied"]
    version = city.rows(
        "select number, basis, basis_on from target_version where target_id = :id order by number desc",
        id=city.target(HOUSING, DWELLINGS),
    )[0]
    assert (version["number"], version["basis"]) == (2, "杭政函〔2017〕21号")
    [fact] = city.rows("select effective_on, version_before, version_number from adjustment_fact")
    assert (str(fact["effective_on"]), fact["version_before"], fact["version_number"]) == (MAY, 1, 2)
    assert city.scalar("select count(*) from incident") == 0
