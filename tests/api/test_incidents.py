"""异常: the office finds what has stopped, sees what each act would do, mends it, and nobody else does."""

import html
import re

import pytest

from engine.audit.chain import broken_chains
from engine.runtime.incidents import register
from engine.store import Row
from tests.api.conftest import Browse
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, in_a_row, service, user

API = "/api/v1"
FAILING = diagram(
    SUBJECT,
    START,
    user("fill", "unit.liaison", name="填报"),
    '<bpmn:exclusiveGateway id="high" name="够高？" default="no" />',
    user("sign", "unit.head", form_id="review", name="签发"),
    END,
    flow("f1", "begun", "fill"),
    flow("f2", "fill", "high"),
    flow("yes", "high", "sign", name="是", condition="= score >= 60"),
    flow("no", "high", "done", name="否"),
    flow("f4", "sign", "done"),
)


def open_incidents(world: World) -> list[Row]:
    with world.engine.database.read() as connection:
        return register.open_incidents(connection)


@pytest.fixture
def stopped(world: World) -> Row:
    """A person has submitted, and the gateway after it cannot decide: the score is a text."""
    world.deploy(planning=FAILING)
    world.start(score="七十五")
    world.complete("ling", fields={"value": "1"})
    (incident,) = open_incidents(world)
    return incident


def version_of(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def test_who_is_not_the_office_sees_and_mends_nothing(world: World, browse: Browse, stopped: Row) -> None:
    page, act = f"/office/incidents/{stopped['id']}", {"version": "1", "reason": "试试"}
    for login, status in (("ling", 403), ("tou", 403), ("mi", 403), ("ling2", 404), ("cai", 404)):
        client = browse(login)
        assert client.get(page).status_code == status, login
        for verb in ("retry", "correct", "skip", "jump"):
            assert client.post(f"{page}/{verb}", data=act).status_code == status, (login, verb)
        assert client.get(f"{API}/incidents/{stopped['id']}").status_code == status, login
        assert client.post(f"{API}/incidents/{stopped['id']}/retry-same").status_code == status, login
        assert client.get("/office/incidents").status_code == 403, login
    assert len(open_incidents(world)) == 1


def test_the_office_corrects_a_value_of_the_wrong_kind_and_it_goes_on(
    world: World, browse: Browse, stopped: Row
) -> None:
    office, page = browse("kao"), f"/office/incidents/{stopped['id']}"
    path = f"{API}/incidents/{stopped['id']}"
    story = office.get(path).json()
    assert story["sentence"].startswith("“够高？”的表达式算不出结果：")
    assert "Traceback" in story["detail"] or "ExpressionFailed" in story["detail"]
    by_name = {one["name"]: one for one in story["variables"]}
    assert (by_name["score"]["kind"], by_name["score"]["value"]) == ("text", "七十五")
    assert by_name["cycle"]["locked"]
    change = {"name": "score", "kind": "number", "value": "七十五"}
    sent = {"version": story["version"], "reason": "数填成了字", "changes": [change], "then_retry": True}
    wrong = office.post(f"{path}/correct", json=sent)
    assert wrong.status_code == 422 and "应当是数" in wrong.json()["title"]
    change["value"] = "75"
    assert office.post(f"{path}/correct", json=sent | {"reason": ""}).status_code == 422
    assert office.post(f"{path}/correct", json=sent | {"version": 99}).status_code == 409
    locked = {"name": "cycle", "kind": "text", "value": "x"}
    assert office.post(f"{path}/correct", json=sent | {"changes": [locked]}).status_code == 422
    done = office.post(f"{path}/correct", json=sent).json()
    assert (done["open"], done["opened"]) == (False, 1)
    assert world.item("tou").element_id == "sign"
    assert open_incidents(world) == []
    assert office.get(page).status_code == office.post(f"{path}/retry").status_code == 404
    events = world.events(stopped["instance_id"])
    assert [event.verb for event in events] == ["complete", "correct", "retry"]
    assert events[1].text == "score：七十五 → 75。数填成了字"
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def test_a_retry_that_mends_nothing_says_so_and_counts(world: World, browse: Browse, stopped: Row) -> None:
    office, page = browse("kao"), f"/office/incidents/{stopped['id']}"
    answer = office.post(f"{page}/retry", data={"version": version_of(office.get(page).text)})
    assert answer.headers["location"] == f"{page}?said=still"
    assert open_incidents(world)[0]["attempts"] == 2
    again = office.get(f"{page}?said=still").text
    assert "又试了一次，仍然停在这里" in again and "第 2 次" in again


def test_the_page_says_beforehand_whom_a_move_concerns_and_the_token_goes_there(
    world: World, browse: Browse, stopped: Row
) -> None:
    office, page = browse("kao"), f"/office/incidents/{stopped['id']}"
    shown = html.unescape(office.get(page).text)
    assert "令牌移到“填报”，从那里接着办。不关闭任何人的待办。那一步和它后面已有的意见标为已取代。" in shown
    assert "令牌移到“签发”，从那里接着办。不关闭任何人的待办。</span>" in shown
    sent = {"version": version_of(shown), "reason": "请重新填报", "target": "done"}
    refused = office.post(f"{page}/jump", data=sent)
    assert refused.status_code == 422
    assert "不能移到“已完成”；可以移到：“填报”、“签发”" in html.unescape(refused.text)
    assert "请重新填报" in refused.text, "what was written is kept"
    assert office.post(f"{page}/jump", data=sent | {"target": "fill"}).status_code == 303
    assert (world.item("ling").element_id, world.item("ling").round) == ("fill", 2)
    first = world.events(stopped["instance_id"])[0]
    assert first.superseded
    assert open_incidents(world) == []


def test_past_a_gateway_the_office_says_which_way(world: World, browse: Browse, stopped: Row) -> None:
    office, page = browse("kao"), f"/office/incidents/{stopped['id']}"
    shown = office.get(page).text
    sent = {"version": version_of(shown), "reason": "会议已定"}
    assert office.post(f"{page}/skip", data=sent).status_code == 422
    assert office.post(f"{page}/skip", data=sent | {"flow": "yes"}).status_code == 303
    assert world.item("tou").element_id == "sign"
    assert [event.verb for event in world.events(stopped["instance_id"])] == ["complete", "skip"]


def test_a_service_is_skipped_with_the_result_that_the_office_writes(world: World, browse: Browse) -> None:
    def work(_call: object) -> dict[str, object]:
        raise RuntimeError("no answer")

    world.services["test.work"] = work
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1), user("fill", "unit.liaison")))
    instance = world.start()
    (incident,) = open_incidents(world)
    office, page = browse("kao"), f"/office/incidents/{incident['id']}"
    shown = html.unescape(office.get(page).text)
    assert "服务“服务work”做了 1 次都没有成功：no answer。" in shown
    given = {"out.name": ["answer", ""], "out.kind": ["number", "text"], "out.value": ["7", ""]}
    sent = {"version": version_of(shown), "reason": "电话核实", **given}
    assert office.post(f"{page}/skip", data=sent).status_code == 303
    assert world.item("ling").element_id == "fill"
    value = world.scalar("select value_text from variable where name = 'answer'")
    assert '"7"' in value
    assert world.scalar("select count(*) from job") == 0
    assert [event.verb for event in world.events(instance)] == ["skip"]


def test_what_stopped_for_one_cause_is_tried_again_together_and_each_by_itself(
    world: World, browse: Browse
) -> None:
    broken = {"down": True}

    def work(call: object) -> dict[str, object]:
        if broken["down"]:
            raise RuntimeError("上级接口没有应答")
        return {}

    world.services["test.work"] = work
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1), user("fill", "unit.liaison")))
    for _ in range(3):
        world.start()
    found = open_incidents(world)
    assert len(found) == 3
    office, page = browse("kao"), f"/office/incidents/{found[0]['id']}"
    assert office.get(f"{API}/incidents/{found[0]['id']}").json()["same"] == [
        one["id"] for one in found[::-1]
    ]
    assert "重试同一原因的 3 件" in office.get(f"{page}/same").text
    broken["down"] = False
    answer = office.post(f"{page}/same")
    assert answer.headers["location"].endswith("said=same-3-0")
    world.engine.drain()
    assert len(world.inbox("ling")) == 3
    assert open_incidents(world) == []


def test_a_job_of_no_instance_is_retried_or_given_up_and_stands_in_the_record(
    world: World, browse: Browse
) -> None:
    from engine.jobs import queue
    from engine.jobs.queue import EmbeddedQueue, NewJob

    with world.engine.database.write() as connection:
        queue.defer(connection, EmbeddedQueue(), [NewJob("unheard", world.cycle.id, max_attempts=1)])

    world.engine.drain()
    (incident,) = open_incidents(world)
    with world.engine.database.write() as connection:
        connection.exec_driver_sql(f"update incident set assessor_id = '{world.units['C0']}'")
    path = f"{API}/incidents/{incident['id']}"
    assert browse("ling").get(path).status_code == 404
    office = browse("kao")
    story = office.get(path).json()
    assert (story["instance_id"], story["variables"], story["places"]) == (None, [], [])
    assert office.get(f"/office/incidents/{incident['id']}").status_code == 200
    sent = {"version": story["version"], "reason": "旧版本留下的"}
    assert office.post(f"{path}/jump", json=sent).status_code == 422
    assert office.post(f"{path}/skip", json=sent).json()["open"] is False
    assert world.scalar("select count(*) from job") == 0
    assert (
        world.scalar("select note_text from administration_event where act = 'mend'") == "跳过：旧版本留下的"
    )


def test_what_the_steps_hide_from_the_office_is_not_among_the_variables(world: World, browse: Browse) -> None:
    """The note was hidden from the reviewer's own form, and stood on the page of what had stopped."""
    hiding = diagram(
        SUBJECT, START, user("fill", "unit.liaison"),
        user("check", "assessor.office.reviewer", hidden="note"), user("sign", "unit.head", form_id="review"),
        '<bpmn:exclusiveGateway id="high" name="够高？" default="no" />',
        END, flow("f1", "begun", "fill"), flow("f2", "fill", "check"), flow("f3", "check", "high"),
        flow("yes", "high", "sign", name="是", condition="= score >= 60"),
        flow("no", "high", "done", name="否"), flow("f4", "sign", "done"),
    )  # fmt: skip
    world.deploy(planning=hiding)
    world.start(score="七十五")
    world.complete("ling", fields={"value": "1", "note": "内部掌握"})
    world.complete("kao", fields={"value": "1"})
    (incident,) = open_incidents(world)
    office, page = browse("kao"), f"/office/incidents/{incident['id']}"
    shown = office.get(page).text
    assert "七十五" in shown and "内部掌握" not in shown and "另有 1 个变量" in shown
    told = office.get(f"{API}/incidents/{incident['id']}").json()
    assert "note" not in {one["name"] for one in told["variables"]} and told["withheld"] == 1
    blind = {"version": version_of(shown), "reason": "改", "kind.note": "text", "value.note": "改写",
             "new.name": "note", "new.kind": "text", "new.value": "改写"}  # fmt: skip
    refused = office.post(f"{page}/correct", data=blind)
    assert refused.status_code == 403 and "不给您看" in html.unescape(refused.text)
    kept = "select count(*) from variable where name = 'note' and value_text like '%内部掌握%'"
    assert world.scalar(kept) == 1
