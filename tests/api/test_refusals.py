"""What the server refuses: forged, oversized, malformed, other people's, closed, hostile."""

import pytest
from starlette.datastructures import Headers

from api.security.forgery import is_forged
from tests.api.conftest import Browse
from tests.api.diagrams import TWO_STEPS, deploy_proof
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World
from tests.processes.city import City

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@ON_SQLITE
def test_every_answer_carries_the_security_headers(browse: Browse) -> None:
    for path in ("/login", "/nothing", "/inbox", "/healthz"):
        headers = browse("").get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]


@ON_SQLITE
def test_the_public_is_led_to_its_own_home_not_to_an_inbox(browse: Browse) -> None:
    answer = browse("").get("/public/promises/nothing")
    assert answer.status_code == 404
    assert "待办" not in answer.text.split("<h1")[1]
    assert 'href="/public">回到首页' in answer.text


def test_scripts_stay_strict_even_where_a_diagram_is_drawn(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    policy = browse("ling").get(f"/tasks/{world.item('ling').item_id}").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy


@pytest.mark.parametrize(
    ("method", "headers", "forged"),
    [
        ("POST", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"sec-fetch-site": "same-site"}, True),
        ("POST", {"sec-fetch-site": "same-origin"}, False),
        ("POST", {"origin": "https://evil.example", "host": "city"}, True),
        ("POST", {"origin": "null", "host": "city"}, True),
        ("POST", {"origin": "http://city", "host": "city"}, False),
        ("DELETE", {"sec-fetch-site": "cross-site"}, True),
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"host": "city"}, False),
    ],
)
def test_a_request_is_forged_when_another_site_started_it(
    method: str, headers: dict[str, str], forged: bool
) -> None:
    assert is_forged(method, Headers(headers)) is forged


@ON_SQLITE
def test_a_forged_submission_changes_nothing(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    answer = browse("ling").post(
        f"/tasks/{item.item_id}/complete", data={"version": "1"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "不是从本系统的页面发出的" in answer.text
    assert world.item("ling").item_id == item.item_id


@ON_SQLITE
def test_another_units_task_looks_as_if_it_did_not_exist(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    stranger = browse("ling2")
    for answer in (
        stranger.get(f"/tasks/{item.item_id}"),
        stranger.post(f"/tasks/{item.item_id}/complete", data={"version": "1"}),
        stranger.post(f"/tasks/{item.item_id}/draft", data={"value": "1"}),
        stranger.get(f"/instances/{item.instance_id}"),
        stranger.get("/tasks/nonsense"),
    ):
        assert answer.status_code == 404
    assert world.item("ling").item_id == item.item_id


@ON_SQLITE
def test_who_sees_but_may_not_act_is_told_so(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item, head = world.item("ling"), browse("tou")
    page = head.get(f"/tasks/{item.item_id}")
    assert page.status_code == 200
    assert ">提交<" not in page.text.replace(" ", "").replace("\n", "")
    assert head.post(f"/tasks/{item.item_id}/complete", data={"version": "1"}).status_code == 403
    assert head.post(f"/tasks/{item.item_id}/save_draft", data={"value": "1"}).status_code == 403


def test_a_second_submission_is_told_who_did_it_and_changes_nothing(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    item, liaison = world.item("ling"), browse("ling")
    sent = {"version": "1", "value": "49"}
    assert liaison.post(f"/tasks/{item.item_id}/complete", data=sent).status_code == 303
    again = liaison.post(f"/tasks/{item.item_id}/complete", data=sent)
    assert again.status_code == 409
    assert "张玲" in again.text
    assert world.said(instance) == [("complete", "fill", 1)]
    assert liaison.get(f"/tasks/{item.item_id}").status_code == 200


def test_a_stale_page_keeps_what_was_typed(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    answer = browse("ling").post(
        f"/tasks/{item.item_id}/complete", data={"version": "9", "value": "49", "opinion": "已核对"}
    )
    assert answer.status_code == 409
    assert 'value="49"' in answer.text
    assert "已核对" in answer.text


@ON_SQLITE
def test_hostile_text_is_shown_as_text_everywhere(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    liaison, item = browse("ling"), world.item("ling")
    sent = {"version": "1", "value": hostile, "opinion": hostile}
    assert liaison.post(f"/tasks/{item.item_id}/complete", data=sent).status_code == 303
    for page in (
        browse("tou").get(f"/tasks/{world.item('tou').item_id}").text,
        liaison.get(f"/tasks/{item.item_id}").text,
        liaison.get(f"/instances/{item.instance_id}").text,
        liaison.get("/inbox", params={"search": hostile[:50]}).text,
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


@ON_SQLITE
def test_an_oversized_request_is_refused_before_it_is_read(world: World, browse: Browse) -> None:
    deploy_proof(world)
    world.start()
    item = world.item("ling")
    answer = browse("ling").post(
        f"/tasks/{item.item_id}/complete", data={"version": "1"}, files={"proof": ("a.pdf", b"x" * 3_000_000)}
    )
    assert answer.status_code == 413
    assert "超过了允许的大小" in answer.text


@ON_SQLITE
def test_a_stream_without_length_is_cut_off_at_the_limit(browse: Browse) -> None:
    def endless() -> object:
        for _ in range(64):
            yield b"x" * 4096

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = browse("").post("/login", content=endless(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.exe", b"MZ\x90\x00", "类型不能上传"),
        ("a.pdf", b"<html>no pdf</html>", "内容不是 pdf 文件"),
        ("a.pdf", b"", "空文件"),
        ("a.pdf", b"%PDF-" + b"x" * 1_100_000 + b"%%EOF", "上限"),
    ],
)
def test_a_malformed_upload_is_refused_with_a_sentence_and_the_rest_kept(
    world: World, browse: Browse, name: str, content: bytes, says: str
) -> None:
    deploy_proof(world)
    world.start()
    item = world.item("ling")
    files = {"proof": (name, content, "application/pdf")}
    answer = browse("ling").post(
        f"/tasks/{item.item_id}/complete", data={"version": "1", "value": "49"}, files=files
    )
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="49"' in answer.text
    assert world.item("ling").item_id == item.item_id
    assert world.scalar("select count(*) from file") == 0


@ON_SQLITE
def test_a_broken_multipart_body_is_a_plain_refusal(browse: Browse) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert browse("").post("/login", content=b"--x\r\nnonsense", headers=headers).status_code in (400, 401)
    assert browse("").post("/login", json={"login": "ling"}).status_code == 400


def test_an_upload_is_stored_kept_through_errors_and_seen_only_by_those_concerned(
    world: World, browse: Browse
) -> None:
    deploy_proof(world)
    world.start()
    item, liaison = world.item("ling"), browse("ling")
    files = {"proof": ("依据 2018.pdf", PDF, "application/pdf")}
    missing = liaison.post(f"/tasks/{item.item_id}/complete", data={"version": "1", "value": ""}, files=files)
    assert missing.status_code == 422
    assert "依据 2018.pdf" in missing.text
    file_id = str(world.scalar("select id from file"))
    sent = liaison.post(
        f"/tasks/{item.item_id}/complete", data={"version": "1", "value": "49", "proof": file_id}
    )
    assert sent.status_code == 303, sent.text
    got = browse("tou").get(f"/files/{file_id}")
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("inline; filename*=UTF-8''")
    assert got.headers["content-security-policy"].startswith("default-src 'none'")
    assert browse("ling2").get(f"/files/{file_id}").status_code == 404
    assert browse("").get(f"/files/{file_id}").status_code == 303


def test_a_text_that_no_database_keeps_is_refused_with_a_sentence(city: City, visit: Browse) -> None:
    """A NUL was a fault of the server on PostgreSQL, for anybody at the log-in; SQLite kept it."""
    admin, liaison, unit = visit("admin.system"), visit("u20.liaison"), city.demo.units["市旅委"]
    answers = [
        visit("").post("/login", data={"login": "a\x00b", "password": "x"}),
        liaison.get("/inbox?search=a%00"),
        liaison.get("/api/v1/work-items?search=a%00"),
        liaison.get("/tasks/a%00b"),
        liaison.post("/api/v1/tokens", json={"name": "a\x00b", "days": 1}),
        admin.get("/people?search=%00"),
        admin.post(f"/api/v1/units/{unit}/divisions", json={"name": "a\x00b"}),
        admin.post(
            f"/api/v1/units/{unit}/divisions",
            content=b'{"name": "a\\u0000b"}',
            headers={"content-type": "application/json"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert all("不能保存的字符" in answer.text for answer in answers)
    assert city.scalar("select count(*) from unit where name like 'a%'") == 0
