"""A task on paper: the page for the printer and the PDF say what the reader may see, and no more."""

import re
import zlib
from datetime import timedelta

import pytest

from api.errors import Trouble
from api.paper import typesetting
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1/work-items"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82"
)


def the_item(browse: Browse, login: str) -> str:
    (row,) = browse(login).get(API).json()["items"]
    return str(row["id"])


def signed(world: World, browse: Browse, picture: bytes = PNG) -> tuple[str, str]:
    """`fill` by 张玲, then `check` signed by 王局 with an opinion; both items."""
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison"),
            user("check", "unit.head", hidden="note", signature="optional"),
            user("after", "unit.vice_head"),
        )
    )
    world.start()
    first = the_item(browse, "ling")
    sent = {"version": 1, "fields": {"value": "*49* #panic()", "note": "内部掌握"}}
    assert browse("ling").post(f"{API}/{first}/complete", json=sent).status_code == 200
    head, item = browse("tou"), the_item(browse, "tou")
    files = {"file": ("s.png", picture, "image/png")}
    image = head.post("/api/v1/signatures", files=files).json()["id"]
    said = {"version": 1, "opinion": "同意报送。", "signature": image}
    assert head.post(f"{API}/{item}/complete", json=said).status_code == 200
    return first, item


@ON_SQLITE
def test_the_page_to_print_has_the_form_opinions_and_signatures(world: World, browse: Browse) -> None:
    first, item = signed(world, browse)
    shown = browse("tou").get(f"/tasks/{item}/print").text
    assert "*49* #panic()" in shown
    assert "同意报送。" in shown
    assert re.search(r'src="/events/[^"]+/signature"', shown)
    assert "内部掌握" not in shown
    assert "内部掌握" in browse("ling").get(f"/tasks/{first}/print").text
    waiting = browse("lu").get(f"/tasks/{the_item(browse, 'lu')}/print").text
    assert "现在办到：办理after" in waiting


def test_the_pdf_is_made_of_what_was_said_and_never_of_markup(world: World, browse: Browse) -> None:
    _first, item = signed(world, browse)
    answer = browse("tou").get(f"/tasks/{item}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/Subtype/Image" in b"".join(unpacked(answer.content))
    same = browse("tou").get(f"{API}/{item}/pdf")
    assert same.content.startswith(b"%PDF-")


@ON_SQLITE
def test_a_clock_between_two_seconds_makes_a_pdf_too(world: World, browse: Browse) -> None:
    """Every PDF of a real server failed: the clocks of the tests had stood at whole seconds."""
    _first, item = signed(world, browse)
    world.clock.set(world.clock.now() + timedelta(microseconds=7))
    assert browse("tou").get(f"/tasks/{item}/pdf").content.startswith(b"%PDF-")


@ON_SQLITE
def test_a_picture_that_nothing_can_read_spoils_no_paper(world: World, browse: Browse) -> None:
    _first, item = signed(world, browse, PNG[:40] + b"broken" + PNG[-12:])
    made = browse("tou").get(f"/tasks/{item}/pdf").content
    assert made.startswith(b"%PDF-")
    assert b"/Subtype/Image" not in b"".join(unpacked(made))


@ON_SQLITE
def test_a_word_that_is_longer_than_the_paper_is_wide_stays_on_it(world: World, browse: Browse) -> None:
    """It was one line, of which the paper had the beginning."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("check", "unit.head")))
    world.start()
    item = the_item(browse, "ling")
    sent = {"version": 1, "fields": {"value": "49"}, "opinion": "a" * 1900}
    assert browse("ling").post(f"{API}/{item}/complete", json=sent).status_code == 200
    made = browse("ling").get(f"/tasks/{item}/pdf").content
    pages = re.search(rb"/Type/Pages/Count (\d+)", b"".join(unpacked(made)))
    assert pages is not None
    assert int(pages[1]) == 2


@ON_SQLITE
def test_strangers_get_no_paper(world: World, browse: Browse) -> None:
    _first, item = signed(world, browse)
    for address in (f"/tasks/{item}/print", f"/tasks/{item}/pdf", f"{API}/{item}/pdf"):
        assert browse("ling2").get(address).status_code == 404
        assert browse("").get(address).status_code in (303, 401)


@ON_SQLITE
def test_without_a_chinese_font_the_page_says_what_to_do(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, item = signed(world, browse)

    def none() -> None:
        raise Trouble(503, "no_font", "没有中文字体")

    monkeypatch.setattr(typesetting, "_fonts", none)
    assert browse("tou").get(f"{API}/{item}/pdf").json()["code"] == "no_font"


def unpacked(content: bytes) -> list[bytes]:
    """A PDF's bytes with its packed streams beside them."""
    found = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return found
