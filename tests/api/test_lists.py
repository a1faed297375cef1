"""Saved filters and Excel: what a person keeps, shares and takes away, and what stays the others' own."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from engine.runtime.setup import Actor
from tests.api.conftest import Browse
from tests.api.diagrams import CLAIMED, TWO_STEPS
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World


def test_a_filter_is_saved_begins_the_list_and_is_shared_without_anybody_elses_work(
    world: World, browse: Browse
) -> None:
    """What is shared is what to look for: the colleague sees with it what they may see themselves."""
    world.deploy(planning=CLAIMED)
    world.start()
    first, second, stranger = browse("ban1"), browse("ban2"), browse("ling")
    unit = world.units["C0"]
    kept = {"tab": "claimable", "search": "核对", "name": "要核对的", "default": "yes"}
    answer = first.post("/inbox/filters", data={**kept, "sharing": f"{unit}#office.staff"})
    assert answer.status_code == 303, answer.text
    assert "核对" in first.get("/inbox?tab=claimable").text
    assert "搜“核对”" in first.get("/inbox?tab=claimable").text
    assert "搜“核对”" not in first.get("/inbox?tab=claimable&plain=1").text
    shared = second.get("/api/v1/work-filters").json()["items"]
    assert [(one["name"], one["asked"], one["shared_by"]) for one in shared] == [
        ("要核对的", {"search": "核对"}, "郑一")
    ]
    assert not shared[0]["default"], "a default is the owner's own"
    assert stranger.get("/api/v1/work-filters").json()["items"] == []
    place = f"/api/v1/work-filters/{shared[0]['id']}"
    assert second.delete(place).status_code == 404
    assert first.delete(place).status_code == 204
    assert second.get("/api/v1/work-filters").json()["items"] == []


@ON_SQLITE
@pytest.mark.parametrize("sharing", ["U2", "U1#head"])
def test_a_filter_is_shared_only_where_one_sits(world: World, browse: Browse, sharing: str) -> None:
    code, _, post = sharing.partition("#")
    desk = world.units[code] + (f"#{post}" if post else "")
    answer = browse("ling").post("/inbox/filters", data={"name": "我的", "sharing": desk})
    assert answer.status_code == 422
    assert "只能共享给您任职的单位" in answer.text
    assert "请给筛选起一个名称" in browse("ling").post("/inbox/filters", data={"name": " "}).text


@ON_SQLITE
def test_a_list_goes_to_excel_as_it_is_shown_and_nothing_in_it_is_reckoned(
    world: World, browse: Browse
) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    with world.engine.database.write() as connection:
        connection.exec_driver_sql("update work_item set from_name = '=1+1', subject_name = '@SUM(1)'")
    answer = browse("ling").get("/inbox.xlsx?tab=mine&columns=unit&columns=from")
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["事项", "来自", "单位"]
    assert rows[1][1:3] == ["=1+1", "@SUM(1)"]
    assert "<f>" not in str(answer.content)
    nothing = browse("ling").get("/inbox.xlsx?search=没有这个")
    cells = CalamineWorkbook.from_filelike(BytesIO(nothing.content)).get_sheet_by_index(0).to_python()
    assert "共 0 项" in str(cells)
    assert "填报目标" not in str(cells)


@ON_SQLITE
def test_the_panel_offers_what_is_there_and_its_boxes_narrow_the_list(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    liaison = browse("ling")
    panel = liaison.get("/inbox?panel=1").text
    assert "按流程" in panel
    assert "目标制定" in panel
    assert "按流程" not in liaison.get("/inbox").text
    assert "没有符合筛选的" in liaison.get("/inbox?returned=1").text
    assert "列：" not in liaison.get("/inbox?unread=1").text, "only what somebody chose is said"
    assert "未读；列：期限" in liaison.get("/inbox?unread=1&columns=due").text
    assert "填报目标" in liaison.get("/inbox?unread=1").text
    for tab in ("done", "started", "copies", "following"):
        assert liaison.get(f"/inbox?tab={tab}&panel=1").status_code == 200
    assert "选中、取消选中" in liaison.get("/inbox/keys").text


@ON_SQLITE
def test_what_a_list_is_narrowed_to_is_said_by_name(world: World, browse: Browse) -> None:
    """It said 一个流程，一个单位: who had saved several could not tell them apart."""
    world.deploy(planning=TWO_STEPS)
    world.start()
    narrowed = f"tab=mine&process=planning&unit={world.units['U1']}"
    said = "流程“目标制定”，单位“市旅游委员会”"
    assert said in browse("ling").get(f"/inbox?{narrowed}").text
    assert said in browse("ling").get(f"/inbox/filters?{narrowed}").text
    assert "流程“gone”" in browse("ling").get("/inbox?process=gone").text


def test_what_one_has_started_or_follows_says_where_it_stands(world: World, browse: Browse) -> None:
    """The empty list promises to show 办到了哪一步; the full one said 办理中."""
    world.deploy(planning=TWO_STEPS)
    by = Actor(world.people["ling"], "张玲")
    given = {"unit": world.unit("U1")}
    instance = world.engine.start("planning", cycle=world.cycle, variables=given, by=by)
    liaison = browse("ling")
    assert liaison.post(f"/api/v1/instances/{instance}/follow", json={}).status_code == 200
    for tab in ("started", "following"):
        assert "办理中</span> 填报目标" in liaison.get(f"/inbox?tab={tab}").text
        [row] = liaison.get(f"/api/v1/work-items?tab={tab}").json()["items"]
        assert (row["status"], row["steps"]) == ("running", ["填报目标"])
    content = liaison.get("/inbox.xlsx?tab=started").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert "办理中：填报目标" in rows[1]
