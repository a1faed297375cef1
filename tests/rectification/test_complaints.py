"""Complaints about the assessment itself: supervision alone reads them; the office reads what is released."""

import pytest

from tests.rectification.conftest import Browse
from tests.rectification.town import Town

API = "/api/v1"
SAID = "考评办的人收了某单位的礼"


def complain(browse: Browse, town: Town) -> str:
    body = {"cycle_id": town.city.cycle.id, "kind": "complaint", "text": SAID}
    answer = browse("").post(f"{API}/public/opinions", json=body)
    assert answer.status_code == 201, answer.text
    town.city.engine.drain()
    return str(answer.json()["code"])


def test_it_reaches_supervision_and_nobody_else(town: Town, browse: Browse) -> None:
    code = complain(browse, town)
    row = town.find("supervision", "handle_complaint")
    assert town.form_of("supervision", row.item_id)["text"] == SAID
    for login in (
        "office.staff",
        "office.head",
        "office.reviewer",
        "city.leader",
        "admin.system",
        "u33.head",
    ):
        client = browse(login)
        assert town.city.elements(login) == []
        assert client.get(f"{API}/work-items/{row.item_id}").status_code == 404, login
        assert client.get(f"{API}/instances/{instance_of(town)}").status_code == 404, login
        assert client.get(f"/instances/{instance_of(town)}").status_code == 404, login
    overview = browse("office.staff").get(f"{API}/cycles/{town.city.cycle.id}/open-items").text
    assert "绩效管理投诉" not in overview
    assert "绩效管理投诉" not in browse("office.staff").get("/office").text
    town.do("supervision", "handle_complaint", reply="已立案核查", released="收到一件投诉，已处理")
    assert "收到一件投诉，已处理" in browse("office.staff").get("/rectification").text
    assert "收到一件投诉" not in browse("u33.liaison").get("/rectification").text
    seen = browse("").post(f"{API}/public/opinions/follow", json={"code": code}).json()
    assert (seen["state"], seen["answer"]) == ("监察已答复", "已立案核查")


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_who_answers_for_a_vacant_post_does_not_read_it(town: Town, browse: Browse) -> None:
    with town.city.engine.database.write() as connection:
        connection.exec_driver_sql(
            "update membership set until_on = '2018-01-31' where post_key = 'supervision'"
        )
    complain(browse, town)
    for login in town.city.people:
        if login.startswith("office."):
            for row in town.city.inbox(login):
                assert SAID not in str(town.form_of(login, row.item_id)), login


def instance_of(town: Town) -> str:
    return str(town.city.scalar("select id from instance where process_key = 'assessment_complaint'"))
