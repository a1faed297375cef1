"""A matter that goes round again in a new instance: the real round, and who sent it there."""

import pytest

from engine.store import Database
from engine.work.inbox import InboxRow
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user

FILL = in_a_row(
    user("fill", "unit.liaison"),
    user("sign", "unit.head", form_id="review", verbs="return_to"),
    process='id="fill_in" name="填报"',
)


def call(identity: str) -> str:
    return (
        f'<bpmn:callActivity id="{identity}" name="单位填报"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="fill_in" propagateAllChildVariables="false" />'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


@pytest.fixture
def world(database: Database) -> World:
    world = build_world(database, {"test.note": lambda call: {"month": "2018-07"}})
    committee = user(
        "decide", "assessor.committee.secretary", form_id="review", outcomes="pass:通过,refuse:退"
    )
    drawn = diagram(
        SUBJECT, START, call("first"), committee,
        '<bpmn:exclusiveGateway id="passed" name="通过？" default="g_no" />',
        service("note", "test.note"), call("again"), END,
        flow("g1", "begun", "first"), flow("g2", "first", "decide"), flow("g3", "decide", "passed"),
        flow("g_yes", "passed", "done", condition='= outcome = "pass"'), flow("g_no", "passed", "note"),
        flow("g4", "note", "again"), flow("g5", "again", "done"),
        process='id="planning" name="目标制定"',
    )  # fmt: skip
    world.deploy(planning=drawn, fill_in=FILL)
    return world


def shown(row: InboxRow) -> tuple[str, int, str]:
    return (row.element_id, row.round, row.from_name)


def test_a_refused_matter_comes_back_with_its_real_round_and_who_refused_it(world: World) -> None:
    world.start()
    assert shown(world.item("ling")) == ("fill", 1, "")
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="年末应为49", straight_back=False)
    assert shown(world.item("ling")) == ("fill", 2, "王局")
    world.complete("ling")
    world.complete("tou")
    assert shown(world.item("mi")) == ("decide", 1, "王局")
    world.complete("mi", outcome="refuse")
    assert shown(world.item("ling")) == ("fill", 3, "何秘")
    world.complete("ling")
    assert shown(world.item("tou")) == ("sign", 3, "张玲")
    world.act("tou", "return_to", target="fill", opinion="再核", straight_back=False)
    assert shown(world.item("ling")) == ("fill", 4, "王局")
    events = world.events(str(world.scalar("select id from instance order by id desc limit 1")))
    assert [
        (event.verb, event.round, event.superseded) for event in events if event.element_id == "fill"
    ] == [
        ("complete", 3, True),
        ("supersede", 3, False),
    ]


def test_another_units_rounds_do_not_count(world: World) -> None:
    world.start()
    world.complete("ling")
    world.start(unit=world.unit("U2"))
    assert shown(world.item("ling2")) == ("fill", 1, "")


def test_another_matter_of_the_same_unit_begins_with_its_first_round(world: World) -> None:
    title = '<zeebe:property name="bihuan:title" value="= month" /></zeebe:properties>'
    titled = SUBJECT.replace("</zeebe:properties>", title)
    world.deploy(fill_in=FILL.decode().replace(SUBJECT, titled, 1).encode())
    world.start(month="2018-06")
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="再核", straight_back=False)
    assert (world.item("ling").matter, world.item("ling").round) == ("2018-06", 2)
    world.complete("ling")
    world.complete("tou")
    world.complete("mi", outcome="refuse")
    assert (world.item("ling").matter, world.item("ling").round) == ("2018-07", 1)
