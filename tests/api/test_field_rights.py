"""字段权限 on pages, by REST and in what is stored: hidden fields are neither sent nor taken."""

import orjson
import pytest

from api.house import make_house
from api.paper.sheets import sheet_of
from api.settings import Settings
from engine.verbs.instance_door import act_upon
from engine.verbs.showing.readers import steps_of
from engine.verbs.visit import Request
from tests.api.conftest import Browse
from tests.api.diagrams import proof_form
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1/work-items"
SECRET = "内部掌握"


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
    world.complete("ling", "fill", fields={"value": "49", "note": SECRET})
    return instance


def test_a_hidden_field_is_neither_shown_nor_sent_nor_taken(world: World, browse: Browse) -> None:
    first_filled(world, hidden="note")
    item, head = the_item(browse, "tou"), browse("tou")
    assert SECRET not in head.get(f"/tasks/{item}").text
    shown = head.get(f"{API}/{item}").json()["form"]
    assert shown["data"]["value"] == "49"
    assert "note" not in shown["data"]
    assert [one["key"] for one in shown["form"]["components"]] == ["value"]
    sent = {"version": 1, "fields": {"value": "50", "note": "改写"}}
    assert head.post(f"{API}/{item}/complete", json=sent).status_code == 200
    last = browse("lu").get(f"{API}/{the_item(browse, 'lu')}").json()["form"]["data"]
    assert (last["value"], last["note"]) == ("50", SECRET)
    kept = world.scalar("select content_text from work_text where kind = 'form' order by id desc limit 1")
    assert orjson.loads(kept) == {"value": "50"}


@ON_SQLITE
def test_the_paper_of_another_step_has_not_what_is_hidden(
    world: World, browse: Browse, settings: Settings
) -> None:
    """What PDF and print are set from: glyphs of a PDF cannot be searched."""
    first_filled(world, hidden="note")
    first = world.scalar("select item_id from work_event where verb = 'complete'")
    house = make_house(settings, world.engine)
    for login, seen in (("tou", []), ("ling", [SECRET]), ("kao", [SECRET])):
        form = sheet_of(house, world.person(login), first).form
        assert form is not None
        shown = [view.shown for line in form.views() for view in line]
        assert shown == ["49", *seen], login


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
    assert SECRET in page
    assert 'name="note"' not in page


def test_who_has_a_field_hidden_finds_it_in_no_other_step_either(world: World, browse: Browse) -> None:
    """The head could not read the note at their own step, but opened the one before, or after, and did."""
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison"),
            user("check", "unit.head", hidden="note"),
            user("see", "unit.vice_head"),
        )
    )
    instance = world.start()
    first, ling = the_item(browse, "ling"), browse("ling")
    ling.post(f"{API}/{first}/complete", json={"version": 1, "fields": {"value": "49", "note": SECRET}})
    head, check = browse("tou"), the_item(browse, "tou")
    assert SECRET not in head.get(f"/tasks/{first}").text, "while the head's task is open"
    head.post(f"{API}/{check}/complete", json={"version": 1, "fields": {"value": "50"}})
    after = the_item(browse, "lu")
    for address in (f"/tasks/{first}", f"/tasks/{first}/print", f"/tasks/{after}", f"/tasks/{after}/print"):
        page = head.get(address)
        assert page.status_code == 200, address
        assert SECRET not in page.text, address
        assert "49" in page.text or "50" in page.text, address
    sent = head.get(f"{API}/{after}").json()["form"]
    assert "note" not in sent["data"]
    assert [one["key"] for one in sent["form"]["components"]] == ["value"]
    for login in (
        "ling",
        "lu",
        "kao",
    ):  # who wrote it, who has it open, who looks without a step of their own
        assert SECRET in browse(login).get(f"/tasks/{first}").text, login
    with world.engine.database.read() as connection:
        stands = {
            login: steps_of(connection, world.person(login), instance) for login in ("ling", "tou", "kao")
        }
    assert stands == {"ling": {"fill"}, "tou": {"check"}, "kao": set()}


def test_a_copy_shows_what_who_sent_it_sees(world: World, browse: Browse) -> None:
    instance = first_filled(world, hidden="note")
    first = world.scalar("select item_id from work_event where verb = 'complete'")
    for sender, reader in (("tou", "ling2"), ("ling", "tou2"), ("tou", "kao")):
        copied = Request(opinion="请阅", people=(world.people[reader],))
        act_upon(world.engine, world.person(sender), instance, "copy_to", copied)
    read = {login: browse(login).get(f"/tasks/{first}") for login in ("ling2", "tou2", "kao")}
    assert {page.status_code for page in read.values()} == {200}
    assert "49" in read["ling2"].text
    assert [login for login, page in read.items() if SECRET in page.text] == ["tou2", "kao"], (
        "kao has a right"
    )


def test_a_file_in_a_hidden_field_is_neither_listed_nor_given(world: World, browse: Browse) -> None:
    process = in_a_row(
        user("fill", "unit.liaison", form_id="proof"),
        user("check", "unit.head", form_id="proof", hidden="proof"),
        user("see", "unit.vice_head", form_id="proof"),
    )
    world.engine.deploy({"planning.bpmn": process, "proof.form": proof_form()})
    instance = world.start()
    first, ling = the_item(browse, "ling"), browse("ling")
    kept = ling.post(
        f"{API}/{first}/files", files={"file": ("依据.pdf", b"%PDF-1.4\n%%EOF\n")}, data={"field": "proof"}
    ).json()["id"]
    sent = {"version": 1, "fields": {"value": 49, "proof": [kept]}}
    assert ling.post(f"{API}/{first}/complete", json=sent).status_code == 200
    head, check = browse("tou"), the_item(browse, "tou")
    pages = (f"/tasks/{first}", f"/tasks/{check}", f"/instances/{instance}", f"/tasks/{first}/print")
    for address in (*pages, f"/api/v1/instances/{instance}/files"):
        assert "依据.pdf" not in head.get(address).text, address
    for address in (f"/files/{kept}", f"/files/{kept}/preview", f"/api/v1/files/{kept}"):
        assert head.get(address).status_code == 404, address
    head.post(f"{API}/{check}/complete", json={"version": 1, "fields": {"value": 50}})
    for login in ("ling", "lu", "kao"):
        assert "依据.pdf" in browse(login).get(f"/instances/{instance}").text, login
        assert browse(login).get(f"/files/{kept}").status_code == 200, login


@ON_SQLITE
@pytest.mark.parametrize("rights", [{"readonly": "proof"}, {"writable": "value"}, {"writable": ""}])
def test_no_file_is_uploaded_into_a_field_that_the_step_only_reads(
    world: World, browse: Browse, rights: dict[str, str]
) -> None:
    """It was taken, kept, and then handed in by nobody."""
    world.engine.deploy(
        {
            "planning.bpmn": in_a_row(user("fill", "unit.liaison", form_id="proof", **rights)),
            "proof.form": proof_form(),
        }
    )
    world.start()
    address = f"{API}/{the_item(browse, 'ling')}/files"
    sent = {"files": {"file": ("依据.pdf", b"%PDF-1.4\n%%EOF\n")}, "data": {"field": "proof"}}
    answer = browse("ling").post(address, **sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "readonly"
    assert world.scalar("select count(*) from file") == 0
