"""A unit that leads several issues tells its tasks apart by what each is about."""

import pytest

from tests.rectification.conftest import Browse
from tests.rectification.test_key_issue import dispatched
from tests.rectification.town import Town

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


def test_each_task_of_a_unit_names_its_issue_in_the_inbox_and_in_notices(town: Town, browse: Browse) -> None:
    dispatched(town)
    [busy] = town.city.rows(
        "select u.code, count(*) as times from rectification_issue i join unit u on u.id = i.unit_id "
        "group by u.code order by times desc, u.code limit 1"
    )
    liaison = f"{busy['code'].lower()}.liaison"
    rows = [row for row in town.city.inbox(liaison) if row.matter]
    titles = town.city.rows(
        "select i.title from rectification_issue i join unit u on u.id = i.unit_id "
        "where u.code = :code order by i.title",
        code=busy["code"],
    )
    assert len(rows) > 1
    assert sorted(row.matter for row in rows) == [row["title"] for row in titles]
    listed = browse(liaison).get("/inbox").text
    assert all(row.matter in listed for row in rows)
    urged = browse("office.staff").post(
        f"/api/v1/work-items/{rows[0].item_id}/urge", json={"version": rows[0].lock_version}
    )
    assert urged.status_code == 200, urged.text
    assert rows[0].matter in browse(liaison).get("/notifications").text
    items = browse("office.staff").get(f"/api/v1/cycles/{town.city.cycle.id}/open-items").json()["items"]
    assert {row.matter for row in rows} <= {item["matter"] for item in items}
