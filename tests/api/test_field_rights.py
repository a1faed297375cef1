"""字段权限 on pages, by REST and in what is stored: hidden fields are neither sent nor taken."""

import orjson

from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1/work-items"


def the_item(browse: Browse, login: str) -> str:
    (row,) = browse(login).get(API).json()["items"]
    return str(row["id"])


def first_filled(world: World, **rights: str) -> str:
    """`fill` writes both fields; `check` comes after it with `rights`."""
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison"), user("check", "unit.head", **rights), user("see", "unit.vice_head")
        )
    )
    instance = world.start()
    world.complete("ling", "fill", fields={"value": "49", "note": "内部掌握"})
    return instance


def test_a_hidden_field_is_neither_shown_nor_sent_nor_taken(world: World, browse: Browse) -> None:
    first_filled(world, hidden="note")
    item, head = the_item(browse, "tou"), browse("tou")
    assert "内部掌握" not in head.get(f"/tasks/{item}").text
    shown = head.get(f"{API}/{item}").json()["form"]
    assert shown["data"]["value"] == "49"
    assert "note" not in shown["data"]
    assert [one["key"] for one in shown["form"]["components"]] == ["value"]
    sent = {"version": 1, "fields": {"value": "50", "note": "改写"}}
    assert head.post(f"{API}/{item}/complete", json=sent).status_code == 200
    last = browse("lu").get(f"{API}/{the_item(browse, 'lu')}").json()["form"]["data"]
    assert (last["value"], last["note"]) == ("50", "内部掌握")
    kept = world.scalar("select content_text from work_text where kind = 'form' order by id desc limit 1")
    assert orjson.loads(kept) == {"value": "50"}


@ON_SQLITE
def test_only_writable_fields_are_taken(world: World, browse: Browse) -> None:
    first_filled(world, writable="note")
    item, head = the_item(browse, "tou"), browse("tou")
    page = head.get(f"/tasks/{item}").text
    assert 'name="note"' in page
    assert 'name="value"' not in page
    head.post(f"{API}/{item}/complete", json={"version": 1, "fields": {"value": "1", "note": "已核"}})
    last = browse("lu").get(f"{API}/{the_item(browse, 'lu')}").json()["form"]["data"]
    assert (last["value"], last["note"]) == ("49", "已核")


@ON_SQLITE
def test_with_nothing_writable_the_whole_form_is_read(world: World, browse: Browse) -> None:
    first_filled(world, writable="")
    page = browse("tou").get(f"/tasks/{the_item(browse, 'tou')}").text
    assert "内部掌握" in page
    assert 'name="note"' not in page
