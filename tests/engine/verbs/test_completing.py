"""办理: one step after another, and what is refused."""

from datetime import date

import pytest

from engine.runtime.incidents import register
from engine.verbs.door import act
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible, Stale
from engine.verbs.visit import Request
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

TWO_STEPS = in_a_row(
    user("fill", "unit.liaison"),
    user(
        "sign",
        "unit.head",
        form_id="review",
        outcomes="approve:同意,reject:不同意",
        opinion="required:reject",
    ),
)


def test_completing_moves_the_task_to_the_next_post(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    assert [row.element_id for row in world.inbox("ling")] == ["fill"]
    assert world.inbox("tou") == []
    answer = world.complete("ling", fields={"value": "49"})
    assert [one.element_id for one in answer.opened] == ["sign"]
    assert world.inbox("ling") == []
    assert world.item("tou").from_name == "张玲"
    world.complete("tou", outcome="approve")
    assert world.status(instance) == "completed"
    assert world.said(instance) == [("complete", "fill", 1), ("complete", "sign", 1)]


def test_a_person_of_another_unit_sees_nothing(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    with pytest.raises(NotVisible):
        act(world.engine, world.person("ling2"), item.item_id, "complete", Request(version=1))
    assert world.inbox("ling2") == []


def test_a_leader_of_the_unit_sees_the_liaisons_task_but_may_not_do_it(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    with pytest.raises(NotAllowed):
        act(world.engine, world.person("tou"), item.item_id, "complete", Request(version=1))


def test_the_second_of_two_submissions_hears_who_was_first(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    item = world.item("ling")
    world.complete("ling")
    with pytest.raises(Closed, match="张玲"):
        act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=1))
    assert world.said(instance) == [("complete", "fill", 1)]


def test_a_colleague_at_the_same_desk_hears_who_was_faster(world: World) -> None:
    world.deploy(planning=in_a_row(user("sort", "assessor.office.staff")))
    world.start()
    item = world.item("ban2")
    world.complete("ban1")
    with pytest.raises(Closed, match="郑一"):
        act(world.engine, world.person("ban2"), item.item_id, "complete", Request(version=1))
    with pytest.raises(NotVisible):
        act(world.engine, world.person("ling2"), item.item_id, "complete", Request(version=1))


def test_a_stale_page_is_told_so(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    item = world.item("ling")
    with pytest.raises(Stale):
        act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=7))
    assert world.item("ling").item_id == item.item_id


def test_an_outcome_must_be_one_of_those_drawn(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    world.start()
    world.complete("ling")
    with pytest.raises(Invalid) as refused:
        world.complete("tou", outcome="maybe")
    assert [error.field for error in refused.value.errors] == ["outcome"]


def test_an_opinion_is_asked_for_where_the_diagram_says_so(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    world.complete("ling")
    with pytest.raises(Invalid) as refused:
        world.complete("tou", outcome="reject")
    assert [error.field for error in refused.value.errors] == ["opinion"]
    world.complete("tou", outcome="reject", opinion="年末应为49")
    assert world.events(instance)[-1].text == "年末应为49"


def test_the_same_idempotency_key_answers_the_same_and_does_nothing_twice(world: World) -> None:
    world.deploy(planning=TWO_STEPS)
    instance = world.start()
    item, person = world.item("ling"), world.person("ling")
    request = Request(version=item.lock_version, fields={"value": "1"}, idempotency_key="k1")
    first = act(world.engine, person, item.item_id, "complete", request)
    assert act(world.engine, person, item.item_id, "complete", request) == first
    assert world.said(instance) == [("complete", "fill", 1)]


def test_a_group_item_must_be_claimed_and_one_wins(world: World) -> None:
    groups = '= [post(assessor, "office.staff")]'
    world.deploy(planning=in_a_row(user("sort", "assessor.office.staff", groups=groups)))
    world.start()
    assert world.inbox("ban1") == []
    item_id = world.scalar("select id from work_item")
    first, second = world.person("ban1"), world.person("ban2")
    with pytest.raises(NotAllowed, match="认领"):
        act(world.engine, first, item_id, "complete", Request(version=1))
    act(world.engine, first, item_id, "claim", Request(version=1))
    with pytest.raises(NotAllowed):
        act(world.engine, second, item_id, "claim", Request(version=2))
    act(world.engine, first, item_id, "unclaim", Request(version=2))
    act(world.engine, second, item_id, "claim", Request(version=3))
    world.complete("ban2")
    assert world.scalar("select count(*) from work_item") == 0


def test_registering_for_a_body_is_shown_as_by_whom_for_whom(world: World) -> None:
    decide = user(
        "decide", "assessor.committee.secretary", verbs="register_for", registers="市综合考评委员会"
    )
    world.deploy(planning=in_a_row(decide))
    instance = world.start()
    with pytest.raises(NotAllowed, match="代录"):
        world.complete("mi")
    with pytest.raises(Invalid, match="哪次会议、哪天、什么文号") as refused:
        world.act("mi", "register_for", fields={"value": "1"}, decided_on=date(2018, 3, 2))
    assert {(error.field, error.code) for error in refused.value.errors} == {
        ("meeting", "required"), ("document_number", "required"), ("decided_on", "in_future"),
    }  # fmt: skip
    said = {"meeting": "第3次会议", "document": "杭考〔2018〕3号", "decided_on": date(2018, 2, 28)}
    world.act("mi", "register_for", fields={"value": "1"}, opinion="同意", **said)
    event = world.events(instance)[0]
    assert event.text == "第3次会议，2018-02-28，杭考〔2018〕3号。同意"
    assert (event.verb, event.person_name, event.on_behalf_of) == ("register_for", "何秘", "市综合考评委员会")


def test_what_a_person_did_is_kept_when_the_diagram_fails_after_it(world: World) -> None:
    broken = diagram(
        SUBJECT,
        START,
        user("fill", "unit.liaison"),
        '<bpmn:exclusiveGateway id="high" name="够高？" default="no" />',
        user("sign", "unit.head", form_id="review"),
        END,
        flow("f1", "begun", "fill"),
        flow("f2", "fill", "high"),
        flow("yes", "high", "sign", name="是", condition="= score >= 60"),
        flow("no", "high", "done", name="否"),
        flow("f4", "sign", "done"),
    )
    world.deploy(planning=broken)
    instance = world.start()
    answer = world.complete("ling", fields={"value": "49"})
    assert answer.opened == ()
    assert world.said(instance) == [("complete", "fill", 1)]
    assert world.inbox("ling") == []
    with world.engine.database.read() as connection:
        [incident] = register.open_incidents(connection)
    assert (incident["kind"], incident["element_id"]) == ("diagram", "high")
