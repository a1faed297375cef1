"""A month from the office's start to the published bulletin, with those who are late or have no figure."""

from datetime import date
from decimal import Decimal

from sqlalchemy import insert

from engine.ids import new_id
from processes.planning.records import Milestone
from processes.tables import table_of
from tests.monitoring.city import HOUSING, JUNE, MonitoringCity

DWELLINGS = "城镇保障性安居工程竣工"
AIR = "市环保局"
STATE = "select stage from bulletin where period = :period order by number"


def publish(city: MonitoringCity) -> None:
    """审核 and 签发 the bulletin that waits."""
    shown = city.form("office.reviewer", "review_bulletin")
    city.complete(
        "office.reviewer", "review_bulletin", fields={**shown, "body": shown["body"] + "\n\n请各单位抓紧。"}
    )
    signing = city.form("office.head", "sign_bulletin")
    city.complete("office.head", "sign_bulletin", outcome="approve", fields=signing)


def test_a_month_ends_with_cards_and_a_published_bulletin(city: MonitoringCity) -> None:
    instance = city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    [card] = city.rows("select * from performance_card")
    assert (card["green"], card["yellow"], card["red"], card["late_days"], card["card"]) == (1, 0, 0, 0, "")
    draft = city.form("office.reviewer", "review_bulletin")
    assert draft["title"] == "2017年6月绩效目标进度月度通报"
    assert "1 家单位报送进度，绿灯 1 项" in draft["body"]
    assert draft["rows"][0]["unit"] == HOUSING
    assert draft["rows"][0]["late"] == "按时"
    publish(city)
    stages = [row["stage"] for row in city.rows(STATE, period=JUNE)]
    assert stages == ["draft", "reviewed", "signed", "published"]
    [paper] = city.rows("select * from document where kind = 'bulletin'")
    assert paper["number"] == "杭考评办通报〔2017〕1号"
    assert paper["body"].endswith("请各单位抓紧。")
    assert city.scalar("select count(*) from publication where kind = 'bulletin'") == 0  # the profile says no
    assert city.scalar("select status from instance where id = :id", id=instance) == "completed"
    told = city.rows("select post_key from notification where kind = 'monitoring.bulletin' order by post_key")
    assert [row["post_key"] for row in told] == ["head", "liaison"]


def test_the_signer_sends_the_bulletin_back_and_the_review_is_done_again(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    city.complete(
        "office.reviewer", "review_bulletin", fields=city.form("office.reviewer", "review_bulletin")
    )
    city.act("office.head", "return_to", "sign_bulletin", target="review_bulletin", opinion="请补充原因分析")
    assert city.elements("office.reviewer") == ["review_bulletin"]
    publish(city)
    stages = [row["stage"] for row in city.rows(STATE, period=JUNE)]
    assert stages == ["draft", "reviewed", "reviewed", "signed", "published"]


def test_who_is_late_gets_a_yellow_then_a_red_card_and_the_head_is_told(city: MonitoringCity) -> None:
    city.begin(HOUSING)
    city.until(date(2017, 7, 7), 18)
    assert city.rows("select * from late_card") == []
    city.until(date(2017, 7, 8))
    assert colours(city) == ["黄牌"]
    assert told(city) == {"liaison", "deputy"}
    city.until(date(2017, 7, 12))
    assert colours(city) == ["黄牌", "红牌"]
    assert told(city) == {"liaison", "deputy", "head"}
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    [light] = [one for one in city.lights(HOUSING) if one[0] == DWELLINGS]
    assert light == (DWELLINGS, "红", "迟报 3 个工作日")
    [report] = city.rows("select * from monthly_report")
    assert (report["reported"], report["late_days"]) in ((True, 3), (1, 3))


def test_a_unit_that_never_reports_does_not_hold_the_bulletin_up(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING, AIR)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    assert city.elements("office.reviewer") == []
    city.until(date(2017, 7, 15))
    assert city.elements("office.reviewer") == ["review_bulletin"]
    body = city.form("office.reviewer", "review_bulletin")["body"]
    assert f"迟报、未报的单位：{AIR}（未报，红牌）。" in body
    assert city.elements(city.login(AIR, "liaison")) == []


def test_no_figure_this_month_is_said_and_not_guessed(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING)
    city.fill(HOUSING, {}, note="统计局七月中旬出数")
    datum = city.datum(HOUSING, DWELLINGS)
    assert (datum["value"], datum["note"]) == (None, "统计局七月中旬出数")
    city.complete(city.login(HOUSING, "deputy"), "confirm_progress", outcome="approve")
    assert {light for _name, light, _reason in city.lights(HOUSING)} == {""}
    [card] = city.rows("select * from performance_card")
    assert (card["green"], card["blank"]) == (0, len(city.lights(HOUSING)))


def test_the_deputy_sends_it_back_and_only_what_changed_is_a_new_row(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    liaison, deputy = city.login(HOUSING, "liaison"), city.login(HOUSING, "deputy")
    city.begin(HOUSING)
    city.fill(HOUSING, {DWELLINGS: 28000})
    rows = city.scalar("select count(*) from datum")
    city.act(deputy, "return_to", "confirm_progress", target="report_progress", opinion="请核对竣工数")
    assert city.elements(liaison) == ["report_progress"]
    city.fill(HOUSING, {DWELLINGS: 30500})
    assert city.scalar("select count(*) from datum") == rows + 1
    newest = city.datum(HOUSING, DWELLINGS)
    assert newest["replaces_id"] is not None
    city.complete(deputy, "confirm_progress", outcome="approve")
    assert (DWELLINGS, "绿", "偏差 -1.89%") in city.lights(HOUSING)


def test_who_does_not_explain_a_yellow_light_does_not_hold_the_month_up(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    assert city.elements(city.login(HOUSING, "liaison")) == ["explain_light"]
    city.until(date(2017, 7, 8))
    assert city.elements(city.login(HOUSING, "liaison")) == []
    assert city.scalar("select count(*) from light_explanation") == 0
    assert city.elements("office.reviewer") == ["review_bulletin"]


def colours(city: MonitoringCity) -> list[str]:
    return [row["colour"] for row in city.rows("select colour from late_card order by id")]


def told(city: MonitoringCity) -> set[str]:
    rows = city.rows("select post_key from notification where kind = 'monitoring.late'")
    return {row["post_key"] for row in rows}


def test_the_liaison_is_reminded_five_working_days_before_the_deadline(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING, period="2017-07")
    [item] = city.rows("select due_on from work_item where element_id = 'report_progress'")
    assert item["due_on"] == "2017-08-07"
    city.until(date(2017, 7, 30))
    assert reminded(city) == 0
    city.until(date(2017, 7, 31))
    assert reminded(city) == 1


def test_a_milestone_of_the_target_decides_and_its_version_is_on_record(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    [measure] = city.rows(
        "select m.id from target_measure m join target t on t.id = m.target_id "
        "where m.name = :name and t.cycle_id = :cycle",
        name=DWELLINGS,
        cycle=city.cycle.id,
    )
    with city.engine.database.write() as connection:
        point = {"id": new_id(), "measure_id": measure["id"], "month": 6, "value": Decimal(28500)}
        connection.execute(insert(table_of(Milestone)).values(**point))
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    assert (DWELLINGS, "绿", "偏差 -1.75%") in city.lights(HOUSING)
    version = city.scalar(
        "select target_version from progress_light where measure = :measure", measure=measure["id"]
    )
    newest = city.scalar(
        "select max(v.number) from target_version v join target_measure m on m.target_id = v.target_id "
        "where m.id = :measure",
        measure=measure["id"],
    )
    assert version == newest >= 1


def reminded(city: MonitoringCity) -> int:
    """How many reminders have been sent."""
    return int(city.scalar("select count(*) from notification where kind = 'remind'"))
