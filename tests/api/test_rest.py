"""REST: the same doors as the pages, told as problems and lists."""

import pytest

from tests.api.conftest import Browse
from tests.api.diagrams import TWO_STEPS, deploy_proof
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"
MINUTES = {"file": ("会议纪要.pdf", b"%PDF-1.4\n%%EOF\n")}


def test_a_task_is_listed_read_and_finished(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    liaison = browse("ling")
    listed = liaison.get(f"{API}/work-items").json()
    assert listed["next"] is None
    (row,) = listed["items"]
    assert (row["step"], row["due_on"], row["version"]) == ("填报目标", "2018-03-09", 1)
    task = liaison.get(f"{API}/work-items/{row['id']}").json()
    assert task["outcomes"] == [
        {"key": "submit", "label": "提交", "opinion_required": False, "signature_required": False}
    ]
    assert task["form"]["form"]["id"] == "target"
    done = liaison.post(
        f"{API}/work-items/{row['id']}/complete", json={"version": 1, "fields": {"value": "49"}}
    ).json()
    assert [one["element"] for one in done["opened"]] == ["sign"]
    assert done["ended"] is False
    (past,) = liaison.get(f"{API}/work-items", params={"tab": "done"}).json()["items"]
    assert (past["verb"], past["step"]) == ("complete", "填报目标")
    story = liaison.get(f"{API}/instances/{row['instance_id']}/history").json()["items"]
    assert [(one["person"], one["verb"], one["superseded"]) for one in story] == [("张玲", "complete", False)]
    assert liaison.get(f"{API}/instances/{row['instance_id']}").json()["active"] == ["sign"]


def test_a_long_list_is_read_page_by_page_without_gap_or_repeat(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    made = {world.start() for _ in range(5)}
    liaison, seen, after = browse("ling"), [], None
    while True:
        answer = liaison.get(f"{API}/work-items", params={"limit": 2, **({"after": after} if after else {})})
        seen += [row["instance_id"] for row in answer.json()["items"]]
        after = answer.json()["next"]
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == made
    assert liaison.get(f"{API}/work-items", params={"after": "nonsense"}).status_code == 422


@ON_SQLITE
def test_problems_have_a_code_and_the_status_that_was_agreed(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    path, body = f"{API}/work-items/{item.item_id}/complete", {"version": 1}
    nobody = browse("").post(path, json=body)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "log_in_first")
    assert nobody.headers["content-type"] == "application/problem+json"
    assert browse("ling2").post(path, json=body).status_code == 404
    assert browse("tou").post(path, json=body).status_code == 403
    liaison = browse("ling")
    assert liaison.post(path, json={"version": 7}).json()["code"] == "stale"
    assert liaison.post(path, json={"version": 1, "unknown": 1}).status_code == 422
    assert liaison.post(path, content=b"{", headers={"content-type": "application/json"}).status_code == 422
    assert liaison.post(f"{API}/work-items/{item.item_id}/explode", json=body).status_code == 404
    assert liaison.post(path, json=body).status_code == 200
    closed = liaison.post(path, json=body)
    assert (closed.status_code, closed.json()["code"]) == (409, "closed")


@ON_SQLITE
def test_wrong_fields_come_back_by_path_with_code_and_sentence(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    world.complete("ling")
    item = world.item("tou")
    answer = browse("tou").post(
        f"{API}/work-items/{item.item_id}/complete", json={"version": 1, "outcome": "reject"}
    )
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("opinion", "required")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (r'"\ud800"', "文字里有不能保存的字符，请删去后重试。"),
        ("123456789012345678901234567890", "有的整数太大，不能保存；请改写成文字。"),
        ("[" * 400 + "]" * 400, "内容套得太深，不能保存。"),
    ],
)
@pytest.mark.parametrize("verb", ["save_draft", "complete", "complete/preview", "route"])
@ON_SQLITE
def test_json_that_nothing_can_keep_is_refused_with_a_sentence(
    world: World, browse: Browse, verb: str, value: str, sentence: str
) -> None:
    """Half a surrogate pair in a draft was a fault of the server; so was a number of thirty digits."""
    world.deploy(planning=TWO_STEPS)
    world.start()
    version = "" if verb == "route" else '"version": 1, '
    answer = browse("ling").post(
        f"{API}/work-items/{world.item('ling').item_id}/{verb}",
        content=f'{{{version}"fields": {{"value": {value}}}}}',
        headers={"content-type": "application/json", "idempotency-key": "one"},
    )
    assert answer.status_code == 422
    assert [one["message"] for one in answer.json()["errors"]] == [sentence]


def test_the_same_request_with_a_key_is_done_once_and_answered_twice(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    path = f"{API}/work-items/{world.item('ling').item_id}/complete"
    program, key = browse("ling"), {"idempotency-key": "report-1"}
    first = program.post(path, json={"version": 1}, headers=key)
    second = program.post(path, json={"version": 1}, headers=key)
    assert first.json() == second.json()
    assert world.said(instance) == [("complete", "fill", 1)]
    other = program.post(path, json={"version": 1, "opinion": "anders"}, headers=key)
    assert other.status_code == 409


@ON_SQLITE
def test_a_forged_call_is_a_problem_document(browse: Browse) -> None:
    answer = browse("ling").post(
        f"{API}/tokens", json={"name": "x", "days": 1}, headers={"origin": "https://evil.example"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forged_request")


@ON_SQLITE
def test_only_designers_may_check_and_deploy(world: World, browse: Browse) -> None:
    body = {"files": {"planning.bpmn": TWO_STEPS.decode()}}
    for path in ("lint", "deployments"):
        assert browse("ling").post(f"{API}/{path}", json=body).status_code == 403
    assert browse("ling").get("/designer/planning").status_code == 403


def test_a_diagram_is_deployed_and_running_instances_stay(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    designer = browse(_designer(world))
    changed = in_a_row(user("fill", "unit.liaison", name="填报新目标"))
    made = designer.post(f"{API}/deployments", json={"files": {"planning.bpmn": changed.decode()}})
    assert made.status_code == 201, made.text
    assert {"kind": "process", "key": "planning", "version": 2, "new": True} in made.json()["versions"]
    (process,) = designer.get(f"{API}/processes").json()["items"]
    assert process["version"] == 2
    assert "填报目标" in designer.get(f"{API}/processes/planning/versions/1").json()["xml"]
    assert browse("ling").get(f"{API}/instances/{instance}").json()["active"] == ["fill"]


@ON_SQLITE
def test_a_broken_diagram_is_refused_with_places_and_deploys_nothing(world: World, browse: Browse) -> None:
    designer = browse(_designer(world))
    python = TWO_STEPS.replace(
        b"</bpmn:process>", b"<bpmn:scriptTask id='s' scriptFormat='python'/></bpmn:process>"
    )
    doctype = b'<!DOCTYPE x [<!ENTITY a "b">]>' + diagram(START, END)
    for content in (python.decode(), doctype.decode(), "<not xml", ""):
        answer = designer.post(f"{API}/deployments", json={"files": {"planning.bpmn": content}})
        assert answer.status_code == 422, content[:40]
        wrong = [one for one in answer.json()["findings"] if one["severity"] == "error"]
        assert wrong
        assert {one["file"] for one in wrong} == {"planning.bpmn"}
        assert all(one["message"] and one["rule"] for one in wrong)
    assert designer.get(f"{API}/processes").json()["items"] == []
    for name in ("../planning.bpmn", "/etc/x.bpmn", "planning.py", "a\n.bpmn"):
        assert designer.post(f"{API}/lint", json={"files": {name: "<a/>"}}).status_code == 422


@ON_SQLITE
def test_the_description_names_every_call_with_a_summary(browse: Browse) -> None:
    described = browse("").get(f"{API}/openapi.json").json()
    calls = [call for path in described["paths"].values() for call in path.values()]
    assert len(calls) >= 15
    assert all(call["summary"] for call in calls)
    assert all(path.startswith("/api/v1/") for path in described["paths"])


def _designer(world: World) -> str:
    """Make 郑一 a designer."""
    from datetime import date

    from engine.people.memberships import appoint
    from engine.people.posts import Grant, PostSpec, define_posts

    grants = (Grant("design", "all"), Grant("deploy", "all"))
    with world.engine.database.write() as connection:
        define_posts(connection, [PostSpec("designer", "流程设计员", seat="assessor", grants=grants)])
        appoint(
            connection,
            user_id=world.people["ban1"],
            unit_id=world.units["OF"],
            post_key="designer",
            from_on=date(2018, 1, 1),
        )
    return "ban1"


def test_programs_read_no_more_than_the_pages_show(world: World, browse: Browse) -> None:
    world.deploy(planning=TWO_STEPS)
    liaison = browse("ling")
    for path in ("/processes", "/processes/planning/versions/1", "/units"):
        assert liaison.get(f"{API}{path}").status_code == 403, path
    assert liaison.get(f"{API}/me").status_code == 200


def test_a_file_is_kept_by_who_works_on_the_task_and_by_nobody_else(world: World, browse: Browse) -> None:
    deploy_proof(world)
    world.start()
    path = f"{API}/work-items/{world.item('ling').item_id}/files"
    assert browse("ling2").post(path, files=MINUTES, data={"field": "proof"}).status_code == 404
    assert browse("tou").post(path, files=MINUTES, data={"field": "proof"}).status_code == 403
    assert world.scalar("select count(*) from file") == 0
    kept = browse("ling").post(path, files=MINUTES, data={"field": "proof"})
    assert kept.status_code == 201
    assert browse("ling").get(kept.json()["address"]).content == b"%PDF-1.4\n%%EOF\n"
    assert browse("ling2").get(kept.json()["address"]).status_code == 404


@ON_SQLITE
def test_a_file_that_is_not_what_its_name_says_is_refused(world: World, browse: Browse) -> None:
    deploy_proof(world)
    world.start()
    path = f"{API}/work-items/{world.item('ling').item_id}/files"
    disguised = {"file": ("会议纪要.pdf", b"MZ\x90\x00 a program")}
    answer = browse("ling").post(path, files=disguised, data={"field": "proof"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["proof"]
    assert world.scalar("select count(*) from file") == 0


@ON_SQLITE
@pytest.mark.parametrize("field", ["value", "nonsense", "proof.x", ""])
def test_a_file_needs_a_file_field_of_the_tasks_form(world: World, browse: Browse, field: str) -> None:
    deploy_proof(world)
    world.start()
    path = f"{API}/work-items/{world.item('ling').item_id}/files"
    answer = browse("ling").post(path, files=MINUTES, data={"field": field})
    assert answer.status_code == 422
    assert world.scalar("select count(*) from file") == 0


@ON_SQLITE
def test_a_file_is_of_a_kind_that_its_field_accepts(world: World, browse: Browse) -> None:
    deploy_proof(world, accept=".png")
    world.start()
    path = f"{API}/work-items/{world.item('ling').item_id}/files"
    answer = browse("ling").post(path, files=MINUTES, data={"field": "proof"})
    assert answer.status_code == 422
    assert "可以上传：png。" in answer.text
    assert world.scalar("select count(*) from file") == 0


def test_the_files_of_a_person_for_one_task_are_limited(world: World, browse: Browse) -> None:
    deploy_proof(world)
    world.start()
    path, liaison = f"{API}/work-items/{world.item('ling').item_id}/files", browse("ling")
    for _ in range(50):
        assert liaison.post(path, files=MINUTES, data={"field": "proof"}).status_code == 201
    answer = liaison.post(path, files=MINUTES, data={"field": "proof"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "too_many")
    assert world.scalar("select count(*) from file") == 50


def test_others_see_a_file_among_the_attachments_once_its_task_is_done(world: World, browse: Browse) -> None:
    deploy_proof(world)
    instance = world.start()
    item, liaison = world.item("ling").item_id, browse("ling")
    kept = liaison.post(f"{API}/work-items/{item}/files", files=MINUTES, data={"field": "proof"}).json()
    page, address = f"/instances/{instance}", f"/files/{kept['id']}"
    assert address in liaison.get(page).text
    assert address not in browse("tou").get(page).text
    fields = {"value": 49, "proof": [kept["id"]]}
    sent = liaison.post(f"{API}/work-items/{item}/complete", json={"version": 1, "fields": fields})
    assert sent.status_code == 200, sent.text
    assert address in browse("tou").get(page).text
