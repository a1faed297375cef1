"""市建委, June 2017: 28,000 dwellings of 62,176 are yellow; corrected to 27,900 they are red."""

from tests.cases.city import attach, page, send
from tests.planning.city import City, Said

PERIOD = "2017-06"
DWELLINGS = "城镇保障性安居工程竣工"
PDF = b"%PDF-1.4\n%%EOF\n"


def login(city: City, post: str) -> str:
    """Who holds a post of 市建委."""
    return f"{str(city.scalar('select code from unit where name = :name', name='市建委')).lower()}.{post}"


def report(city: City, value: str) -> None:
    """填报 with a paper as evidence, and the deputy's consent."""
    liaison = login(city, "liaison")
    desk = city.desk(liaison)
    task = desk.task("report_progress", subject="市建委")
    figures = task["form"]["data"]["figures"]
    place = next(index for index, row in enumerate(figures) if row["name"] == DWELLINGS)
    paper = attach(city, liaison, task["id"], f"figures.{place}.evidence", PDF, "竣工备案表.pdf")
    rows = [{**row, "value": None, "no_data": True, "note": "按年统计，本期无数据"} for row in figures]
    rows[place] = {**figures[place], "value": value, "evidence": [paper]}
    desk.act("complete", task, fields={"figures": rows})
    city.settle()
    city.desk(login(city, "deputy")).complete("confirm_progress", outcome="approve")
    city.settle()


def card(city: City) -> Said:
    """What the unit's card says of the dwellings."""
    path = f"/units/{city.unit_id('市建委')}/progress"
    rows = city.desk(login(city, "liaison")).read(path, period=PERIOD)["items"]
    [found] = [row for row in rows if row["name"] == DWELLINGS]
    return dict(found)


def lights(city: City) -> list[tuple[str, str]]:
    return [(one["light"], one["deviation"]) for one in card(city)["lights"]]


def test_a_yellow_month_is_corrected_to_red_and_a_notice_waits_at_the_office(july_2017: City) -> None:
    city = july_2017
    cycle, unit = city.cycle_id(2017), city.unit_id("市建委")
    send(city, "office.staff", "/monitoring", data={"cycle": cycle, "period": PERIOD})
    report(city, "28000")
    assert lights(city) == [("黄", "-9.93")]
    liaison, office = login(city, "liaison"), city.desk("office.staff")
    assert "偏差 -9.93%" in page(city, liaison, f"/units/{unit}/progress?period={PERIOD}")
    assert "偏差 -9.93%" in page(city, "office.staff", f"/monitoring?cycle={cycle}&period={PERIOD}")
    [paper] = card(city)["data"][0]["evidence"]
    assert city.client.get(f"/files/{paper}", headers=office.headers).content == PDF, "evidence in the ledger"
    assert city.desk(liaison).waiting() == ["explain_light"]
    assert office.waiting() == []

    datum = card(city)["data"][0]["id"]
    said = {"value": "27900", "reason": "重复计入一处安置房"}
    send(city, liaison, f"/data/{datum}/correct", data=said)
    assert lights(city) == [("黄", "-9.93")], "nothing changes before the office agrees"
    city.desk("office.reviewer").complete("confirm_correction", outcome="approve")
    city.settle()

    assert lights(city) == [("黄", "-9.93"), ("红", "-10.25")]
    assert [(one["value"], one["replaced"]) for one in card(city)["data"]] == [
        ("28000", True),
        ("27900", False),
    ]
    shown = page(city, "office.head", f"/units/{unit}/progress?period={PERIOD}")
    assert "偏差 -9.93%" in shown and "偏差 -10.25%" in shown, "what was corrected stays to be seen"
    assert "偏差 -10.25%" in page(city, "office.staff", f"/monitoring?cycle={cycle}&period={PERIOD}")
    draft = office.task("confirm_notice")
    assert office.item("confirm_notice")["subject"] == "市建委"
    assert draft["form"]["data"]["level"] == "绩效改进通知单"
    assert "偏差 -10.25%" in draft["form"]["data"]["issues"][0]["text"]
    [notice] = office.read(f"/cycles/{cycle}/improvements")["items"]
    assert (notice["state"], notice["unit_name"]) == ("draft", "市建委")
    own = city.desk(liaison)
    assert own.get(f"/improvements/{notice['id']}").status_code == 404, "a draft is the office's own"
    assert "receive_notice" not in own.waiting()
    assert city.scalar("select count(*) from incident") == 0
