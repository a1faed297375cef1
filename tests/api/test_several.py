"""一起看、一起签: what may be signed together, each by itself, and what is refused by name."""

from typing import Any

import orjson

from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import FORMS, World, in_a_row, user

API = "/api/v1"
BOTH = "approve:同意,return:退回"


def items(browse: Browse, login: str) -> list[str]:
    rows = browse(login).get(f"{API}/work-items").json()["items"]
    return sorted((row["id"] for row in rows), key=str)


def three_to_sign(world: World, **sign: str) -> list[str]:
    """Three instances whose `sign` waits for 王局; the form was filled before and is only read here."""
    given = {"outcomes": BOTH, "writable": "", **sign}
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison"), user("sign", "unit.head", **given), user("after", "unit.liaison")
        )
    )
    found = [world.start() for _ in range(3)]
    for number in range(3):
        row = next(one for one in world.inbox("ling") if one.element_id == "fill")
        filled(world, row.item_id, value=str(40 + number))
    return found


def filled(world: World, item_id: str, **fields: str) -> None:
    act(world.engine, world.person("ling"), item_id, "complete", Request(version=1, fields=fields))
    world.engine.drain()


def confirmed(ids: list[str], **more: Any) -> dict[str, Any]:
    versions = {f"version.{one}": "1" for one in ids}
    return {"item": ids, "shown": ids, **versions, "key": "k1", "sure": "yes", **more}


def test_three_are_looked_through_and_two_are_signed(world: World, browse: Browse) -> None:
    three_to_sign(world)
    ids, page = items(browse, "tou"), browse("tou")
    shown = page.get("/signing", params={"item": ids}).text
    assert "可以签 3 项" in shown
    assert all(f"<dd>{number}</dd>" in shown for number in (40, 41, 42))
    assert "<details>" in shown
    unsure = page.post("/signing", data={**confirmed(ids), "sure": ""})
    assert unsure.status_code == 422
    assert len(items(browse, "tou")) == 3
    done = page.post("/signing", data=confirmed(ids[:2], opinion="同意。", **{f"opinion.{ids[0]}": "先办。"}))
    assert "已签署 2 项。" in done.text
    assert items(browse, "tou") == ids[2:]
    again = page.post("/signing", data=confirmed(ids[:2], opinion="同意。"))
    assert "已签署 2 项。" in again.text
    opinions = world.scalar("select count(*) from work_text where content_text in ('同意。', '先办。')")
    assert opinions == 2


@ON_SQLITE
def test_a_form_of_words_and_tables_lies_open_for_it_has_nothing_to_gather(
    world: World, browse: Browse
) -> None:
    """The decisive figures stand in a table: folded, there was nothing to look through."""
    columns = [{"label": "指标", "key": "target"}, {"label": "今年", "key": "now"}]
    table = {
        "type": "table",
        "id": "figures",
        "label": "决定性数据",
        "dataSource": "=rows",
        "columns": columns,
    }
    drawn = {**orjson.loads(FORMS["review.form"]), "id": "figures", "components": [table]}
    sign = user("sign", "unit.head", form_id="figures", outcomes=BOTH)
    files = {"planning.bpmn": in_a_row(sign), "figures.form": orjson.dumps(drawn)}
    world.engine.deploy(files)
    world.start(rows=[{"target": "KPI08 境外游客", "now": "4%"}])
    shown = browse("tou").get("/signing", params={"item": items(browse, "tou")}).text
    assert "可以签 1 项" in shown
    assert "<details open>" in shown.partition("KPI08 境外游客")[0]


@ON_SQLITE
def test_one_that_has_changed_is_told_and_hinders_no_other(world: World, browse: Browse) -> None:
    three_to_sign(world)
    ids, page = items(browse, "tou"), browse("tou")
    assert page.post(
        f"{API}/work-items/{ids[1]}/complete", json={"version": 1, "outcome": "approve"}
    ).is_success
    done = page.post("/signing", data=confirmed(ids)).text
    assert "已签署 2 项。" in done
    assert "1 项没有签成" in done
    assert "此任务已由王局办理完毕" in done


@ON_SQLITE
def test_a_form_to_fill_in_is_refused_by_name_on_the_page_and_by_rest(world: World, browse: Browse) -> None:
    three_to_sign(world, writable="note")
    ids, page = items(browse, "tou"), browse("tou")
    shown = page.get("/signing", params={"item": ids[:1]}).text
    assert "要填写表单（note），请单独打开办理。" in shown
    (told,) = page.post(
        f"{API}/work-items/sign", json={"items": [{"id": ids[0], "version": 1, "opinion": "同意。"}]}
    ).json()["items"]
    assert (told["done"], told["code"]) == (False, "not_together")
    assert items(browse, "tou") == ids


@ON_SQLITE
def test_where_an_opinion_is_required_nothing_is_signed_without(world: World, browse: Browse) -> None:
    three_to_sign(world, opinion="required")
    ids, page = items(browse, "tou"), browse("tou")
    said = dict(zip(ids, ["同意。", "", " "], strict=True))
    sent = [{"id": one, "version": 1, "opinion": words} for one, words in said.items()]
    told = page.post(f"{API}/work-items/sign", json={"items": sent}).json()["items"]
    assert [one["done"] for one in told] == [True, False, False]
    assert "请填写意见" in told[1]["message"]
    assert items(browse, "tou") == ids[1:]


@ON_SQLITE
def test_anothers_tasks_are_neither_shown_nor_signed(world: World, browse: Browse) -> None:
    three_to_sign(world)
    ids = items(browse, "tou")
    shown = browse("ling2").get("/signing", params={"item": ids}).text
    assert "市旅游委员会" not in shown.replace("/account", "")
    assert "没有可以一起签的任务" in shown
    liaison = browse("ling").post("/signing", data=confirmed(ids)).text
    assert "现在不由您办理" in liaison
    assert items(browse, "tou") == ids


@ON_SQLITE
def test_what_differs_from_the_round_before_stands_first(world: World, browse: Browse) -> None:
    three_to_sign(world)
    ids, page = items(browse, "tou"), browse("tou")
    sent = {"version": 1, "outcome": "return", "opinion": "年末应为49"}
    back = in_a_row(
        user("fill", "unit.liaison"),
        user("sign", "unit.head", outcomes=BOTH, writable="", verbs="return_to"),
    )
    world.deploy(planning=back)
    world.start()
    row = next(one for one in world.inbox("ling") if one.element_id == "fill")
    filled(world, row.item_id, value="40", note="一致")
    (mine,) = set(items(browse, "tou")) - set(ids)
    del sent["outcome"]
    returned = page.post(f"{API}/work-items/{mine}/return_to", json={**sent, "target": "fill"})
    assert returned.is_success, returned.text
    row = next(one for one in world.inbox("ling") if one.element_id == "fill")
    filled(world, row.item_id, value="49", note="一致")
    (mine,) = set(items(browse, "tou")) - set(ids)
    shown = page.get("/signing", params={"item": mine}).text
    assert "与上一轮不同" in shown
    assert "<del" in shown
    assert "<strong>49</strong>" in shown
    assert shown.count("<del") == 1
