"""绩效改进通知单 from the red light to its end: merged, signed, received, improved, checked, talked about."""

from datetime import date, timedelta
from typing import Any

from engine.runtime.events.messages import NewMessage
from tests.monitoring.city import HOUSING, MonitoringCity

DWELLINGS = "城镇保障性安居工程竣工"


def issue(number: int, **more: Any) -> dict[str, Any]:
    """One thing that somebody wants improved."""
    given = {
        "kind": "opinion",
        "sourceId": f"opinion-{number}",
        "subject": "dust",
        "text": f"工地扬尘第 {number} 次反映",
        "serious": False,
        "reporter": f"市民{number}",
    }
    return {**given, **more}


def want(city: MonitoringCity, wanted: str, *issues: dict[str, Any], unit: str = HOUSING) -> None:
    """Publish `notice.wanted` for a unit, as another stage does."""
    [row] = city.rows("select id, name, code from unit where name = :name", name=unit)
    message = NewMessage(
        cycle_id=city.cycle.id,
        name="notice.wanted",
        correlation_key=row["id"],
        message_id=wanted,
        variables={"unit": dict(row), "wantedId": wanted, "issues": list(issues)},
        surroundings=city.cycle.variables(),
    )
    with city.engine.database.write() as connection:
        city.engine.publish(connection, message)
    city.engine.drain()


def send(city: MonitoringCity, *, level: str = "", signer: str = "office.head") -> None:
    """确认 and 签发 the one draft."""
    shown = city.form("office.staff", "confirm_notice")
    fields = {**shown, "level": level or shown["level"]}
    city.complete("office.staff", "confirm_notice", outcome="approve", fields=fields)
    city.complete(signer, "sign_notice", outcome="approve", fields=city.form(signer, "sign_notice"))


def improve(city: MonitoringCity) -> None:
    """整改措施 and 落实 of the unit."""
    liaison = city.login(HOUSING, "liaison")
    promised = (city.clock.now().date() + timedelta(days=20)).isoformat()
    shown = city.form(liaison, "plan_measures")
    said = {"measures": "增加班组", "responsible": "张三", "promised_on": promised}
    city.complete(liaison, "plan_measures", fields={**shown, **said})
    shown = city.form(liaison, "carry_out")
    fields = {**shown, "result": "已竣工 31000 套", "evidence": ["file-1"]}
    city.complete(liaison, "carry_out", fields=fields, files=frozenset({"file-1"}))


def check(city: MonitoringCity, outcome: str) -> None:
    shown = city.form("office.reviewer", "check_measures")
    said = {"method": "现场", "findings": "查看三个工地"}
    city.complete(
        "office.reviewer", "check_measures", outcome=outcome, opinion="见核查情况", fields={**shown, **said}
    )


def close(city: MonitoringCity) -> None:
    shown = city.form("office.staff", "feed_back")
    city.complete("office.staff", "feed_back", outcome="submit", fields={**shown, "feedback": "已改进"})


def notice(city: MonitoringCity) -> Any:
    [row] = city.rows("select * from improvement_notice")
    return row


def test_a_red_light_becomes_a_notice_that_the_unit_works_off(city: MonitoringCity) -> None:
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 20000})
    send(city)
    titles = city.rows("select process_key, matter from instance where process_key like 'improvement_%'")
    assert {row["process_key"] for row in titles} == {"improvement_notice", "improvement_work"}
    for row in titles:
        assert row["matter"] == "KPI13 城镇保障性安居工程"  # in words, never an id
    [paper] = city.rows("select * from document where kind = 'notice'")
    assert paper["number"] == "杭考评办改〔2017〕1号"
    liaison = city.login(HOUSING, "liaison")
    city.complete(liaison, "receive_notice", outcome="submit", fields=city.form(liaison, "receive_notice"))
    improve(city)
    check(city, "approve")
    close(city)
    found = notice(city)
    assert (found["state"], found["failures"], bool(found["flagged"])) == ("closed", 0, False)
    told = city.rows("select post_key from notification where kind = 'monitoring.notice_closed'")
    assert {row["post_key"] for row in told} == {"liaison", "head"}
    kinds = [row["kind"] for row in city.rows("select kind from notice_act order by id")]
    assert kinds == [
        *("confirmed", "signed", "issued", "received"),
        *("measures", "carried_out", "checked", "closed"),
    ]
    assert city.scalar("select count(*) from evidence where owner_kind = 'notice_act'") == 1
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 1  # the month goes on
    assert city.scalar("select count(*) from incident") == 0


def test_a_second_failed_check_leads_to_a_talk_and_a_flag(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    want(city, "one", issue(1, serious=True), issue(2), issue(3))
    send(city, signer="city.leader")
    liaison = city.login(HOUSING, "liaison")
    city.complete(liaison, "receive_notice", outcome="submit", fields=city.form(liaison, "receive_notice"))
    improve(city)
    check(city, "reject")
    assert city.elements(liaison) == ["plan_measures"]
    assert "查看三个工地" in city.form(liaison, "plan_measures")["failed"]
    improve(city)
    check(city, "reject")
    assert city.elements(liaison) == []
    talk = city.form("city.leader", "hold_talk")
    head = city.scalar(
        "select name from user_account where login = :login", login=city.login(HOUSING, "head")
    )
    assert talk["with_whom"] == f"{HOUSING} {head}"
    day = city.clock.now().date().isoformat()
    city.complete("city.leader", "hold_talk", fields={**talk, "talked_on": day, "minutes": "已约谈"})
    close(city)
    found = notice(city)
    assert (found["state"], found["failures"]) == ("closed", 2)
    assert (bool(found["talked"]), bool(found["flagged"])) == (True, True)
    [flag] = city.rows("select kind, subject_id, reason from accountability_flag")
    assert flag == {
        "kind": "notice",
        "subject_id": found["id"],
        "reason": "改进通知的整改 2 次核查不合格，已经约谈",
    }


def test_what_comes_while_a_draft_waits_is_merged_into_it(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    want(city, "one", issue(1))
    assert city.form("office.staff", "confirm_notice")["advice"] == "系统建议：无（没有达到发通知的界线）"
    want(city, "two", issue(2), issue(3))
    shown = city.form("office.staff", "confirm_notice")
    assert len(shown["issues"]) == 3
    assert shown["advice"] == "系统建议：绩效改进通知单（多次重复出现）"
    assert city.scalar("select count(*) from improvement_notice") == 1
    send(city)
    want(city, "three", issue(4))
    assert city.scalar("select count(*) from improvement_notice") == 2


def test_a_notice_that_is_not_sent_stays_on_record(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    want(city, "one", issue(1))
    shown = city.form("office.staff", "confirm_notice")
    city.complete("office.staff", "confirm_notice", outcome="drop", opinion="个别反映", fields=shown)
    assert notice(city)["state"] == "dropped"
    assert city.scalar("select count(*) from document where kind = 'notice'") == 0
    want(city, "two", issue(2))
    assert city.scalar("select count(*) from improvement_notice where state = 'draft'") == 1


def test_the_leaders_are_told_of_a_notice_that_nobody_signs_for(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    want(city, "one", issue(1))
    send(city)
    city.until(date(2017, 7, 5))
    rows = city.rows("select post_key from notification where kind = 'monitoring.receipt_late'")
    assert {row["post_key"] for row in rows} == {"deputy", "head"}
    assert city.elements(city.login(HOUSING, "liaison")) == ["receive_notice"]


def test_a_talk_can_come_first(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    want(city, "one", issue(1, serious=True))
    send(city, level="约谈", signer="city.leader")
    [paper] = city.rows("select * from document where kind = 'talk'")
    assert paper["number"] == "杭考评办约〔2017〕1号"
    talk = city.form("city.leader", "hold_talk")
    day = city.clock.now().date().isoformat()
    city.complete("city.leader", "hold_talk", fields={**talk, "talked_on": day, "minutes": "已约谈"})
    assert city.elements(city.login(HOUSING, "liaison")) == ["receive_notice"]
    assert (bool(notice(city)["talked"]), bool(notice(city)["flagged"])) == (True, False)
