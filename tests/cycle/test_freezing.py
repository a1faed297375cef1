"""冻结年度: an act of the office with a reason; from then on targets, weights and reported figures stay."""

from collections.abc import Callable

import pytest
from sqlalchemy import text, update

from processes.cycle.opening import store_profile
from processes.cycle.profile import read_profile
from processes.cycle.reading import CYCLES
from tests.cases.city import page, send
from tests.planning.city import City, Said
from tests.processes.city import ROOT

LAST = 2017
"""The demonstration's year whose targets are issued."""
REASON = "年度数据已锁定，开始评定"
Freeze = Callable[..., Said]


@pytest.fixture
def freeze(city: City) -> Freeze:
    """Freeze the year as the office, or as somebody else; the answer."""

    def act(login: str = "office.staff", *, year: int = LAST, **said: object) -> Said:
        sent = {"reason": REASON, "sure": True, **said}
        answer = city.desk(login).post(f"/cycles/{city.cycle_id(year)}/freeze", sent)
        city.settle()
        found: Said = {"status": answer.status_code, **(answer.json() if answer.content else {})}
        return found

    return act


def assign(city: City, year: int) -> Said:
    """The office assigns a value to a target of a year."""
    target = city.scalar(
        "select id from target where cycle_id = :cycle and code = 'KPI08'",
        cycle=city.cycle_id(year),
    )
    measure = city.scalar("select id from target_measure where target_id = :target", target=target)
    sent = {"figures": {measure: "45"}, "document": "杭考评办函〔2018〕9号"}
    answer = city.desk("office.staff").post(f"/targets/{target}/assign", sent)
    city.settle()
    return {"status": answer.status_code, "said": answer.text}


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_freezing_asks_for_the_right_a_reason_and_a_tick(city: City, freeze: Freeze) -> None:
    assert freeze("u39.liaison")["status"] == 403
    assert freeze("city.leader")["status"] == 403
    assert freeze("supervision")["status"] == 403
    assert freeze(sure=False)["code"] == "unsure"
    assert freeze(reason="  冻 ")["code"] == "reason"
    early = freeze(year=2018)
    assert (early["status"], early["code"]) == (409, "not_issued")
    assert city.scalar("select count(*) from year_act") == 0
    assert city.scalar("select count(*) from cycle where state = 'frozen'") == 0
    shown = page(city, "office.staff", f"/office/year?cycle={city.cycle_id(LAST)}")
    assert "我已核对，现在冻结 2017 年度" in shown
    assert "现在冻结" not in page(city, "city.leader", f"/office/year?cycle={city.cycle_id(LAST)}")


def test_a_frozen_year_refuses_changes_and_says_who_froze_it_and_why(city: City, freeze: Freeze) -> None:
    assert assign(city, LAST)["status"] == 202
    path = f"/office/year/{city.cycle_id(LAST)}/freeze"
    send(city, "office.staff", path, data={"reason": REASON, "sure": "yes"})
    refused = assign(city, LAST)
    assert refused["status"] in (409, 422)
    assert "2017 年度已于 2018-01-02 由王建国冻结（年度数据已锁定，开始评定）" in refused["said"]
    assert assign(city, 2018)["status"] == 202, "another year is not frozen"
    again = freeze()
    assert (again["status"], again["code"]) == (409, "frozen")
    shown = page(city, "city.leader", f"/office/year?cycle={city.cycle_id(LAST)}")
    assert "年度已冻结" in shown
    assert REASON in shown


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_the_record_of_freezing_cannot_be_taken_back(city: City, freeze: Freeze) -> None:
    assert freeze()["status"] == 204
    for sql in ("update year_act set reason = 'x'", "delete from year_act"):
        with pytest.raises(Exception, match="year_act is never"), city.engine.database.write() as connection:
            connection.execute(text(sql))


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_changed_scheme_is_taken_over_until_the_year_is_frozen(city: City, freeze: Freeze) -> None:
    cycle = city.cycle_id(LAST)
    staff = city.desk("office.staff")
    same = staff.post(f"/cycles/{cycle}/scheme", {"reason": "想看看有没有变化"})
    assert (same.status_code, same.json()["code"]) == (409, "same")
    older = (ROOT / "processes/profiles/hangzhou_13fyp.yaml").read_text("utf-8")
    older = older.replace("targets: {weight: 45", "targets: {weight: 40").replace(
        "social: {weight: 50", "social: {weight: 55"
    )
    with city.engine.database.write() as connection:
        version = store_profile(connection, read_profile(older.encode(), file="city.yaml"))
        connection.execute(update(CYCLES).where(CYCLES.c.id == cycle).values(profile_version_id=version))
    assert staff.post(f"/cycles/{cycle}/scheme", {"reason": "短"}).status_code == 422
    path = f"/office/year/{cycle}/scheme"
    send(city, "office.staff", path, data={"reason": "绩效委调整了两项权重"})
    now = city.scalar("select profile_version_id from cycle where id = :id", id=cycle)
    assert now != version
    [act] = city.rows("select kind, reason from year_act")
    assert (act["kind"], act["reason"]) == ("weights_changed", "绩效委调整了两项权重")
    freeze()
    late = staff.post(f"/cycles/{cycle}/scheme", {"reason": "再调整一次权重"})
    assert (late.status_code, late.json()["code"]) == (409, "frozen")
