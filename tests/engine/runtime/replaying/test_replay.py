"""What was decided, played on a new version: the same, another way and why, or no way on."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import text

from engine.runtime.replaying.comparing import Verdict
from engine.runtime.replaying.replay import replay, target_files, target_version
from engine.store import Database
from engine.store.migrations.immutable import make_mutable
from engine.verbs.showing.incident_view import view_incident
from engine.verbs.tokens.mending import Mending, mend
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.migrating.desk import back, migrate, plan
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user

CHILD = in_a_row(user("own", "unit.liaison"), process='id="fill_in" name="填报"')
CALL = (
    '<bpmn:callActivity id="ask" name="单位填报"><bpmn:extensionElements><zeebe:calledElement '
    'processId="fill_in" propagateAllChildVariables="false" /><zeebe:ioMapping>'
    '<zeebe:output source="= value" target="said" /></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:callActivity>"
)


def judged(
    condition: str = '= outcome = "pass" and points >= 60', *, more: str = "", post: str = "head"
) -> bytes:
    """Fill in, a program counts, a child answers, somebody judges: passed, or once more."""
    first = more or "fill"
    return diagram(
        SUBJECT, START, user("fill", "unit.liaison"), service("count", "test.count"), CALL,
        user("judge", f"unit.{post}", form_id="review", name="评定", outcomes="pass:通过,refuse:不通过"),
        '<bpmn:exclusiveGateway id="passed" name="通过？" default="no" />',
        user("again", "unit.liaison", name="整改"), END,
        *([user(more, "unit.liaison", name="预审"), flow("f00", more, "fill")] if more else []),
        flow("f0", "begun", first), flow("f1", "fill", "count"), flow("f2", "count", "ask"),
        flow("f3", "ask", "judge"), flow("f4", "judge", "passed"),
        flow("yes", "passed", "done", condition=condition), flow("no", "passed", "again"),
        flow("f5", "again", "judge"),
    )  # fmt: skip


@pytest.fixture
def world(database: Database) -> World:
    world = build_world(database, {"test.count": lambda call: {"points": Decimal(80)}})
    world.deploy(planning=judged(), fill_in=CHILD)
    return world


def worked(world: World, *, until: str = "done") -> str:
    """An instance that was refused once, then passed."""
    instance_id = world.start()
    world.complete("ling", "fill", fields={"value": "49"})
    world.complete("ling", "own", fields={"value": "好"})
    if until == "judge":
        return instance_id
    world.complete("tou", "judge", outcome="refuse")
    world.complete("ling", "again")
    world.complete("tou", "judge", outcome="pass")
    assert world.status(instance_id) == "completed"
    return instance_id


def played(world: World, content: bytes, mapping: Mapping[str, str] | None = None) -> list[Verdict]:
    target = target_files({"planning.bpmn": content}, "planning")
    before = counted(world)
    found = [one.verdict for one in replay(world.engine.setup, "planning", target, mapping=mapping)]
    assert counted(world) == before, "nothing is written"
    return found


def counted(world: World) -> list[object]:
    tables = ("instance", "work_item", "work_event", "variable", "audit_entry", "job")
    with world.engine.database.read() as connection:
        return [connection.execute(text(f"select count(*) from {table}")).scalar() for table in tables]


def test_finished_and_running_instances_go_the_same_way_on_what_they_ran_on(world: World) -> None:
    worked(world)
    worked(world, until="judge")
    verdicts = played(world, judged())
    assert [one.state for one in verdicts] == ["same", "same"]
    assert [one.steps for one in verdicts] == [7, 4]
    with world.engine.database.read() as connection:
        target = target_version(connection, world.engine.setup, "planning", 1)
    assert [one.verdict.state for one in replay(world.engine.setup, "planning", target)] == ["same", "same"]


@ON_SQLITE
def test_a_stricter_condition_says_where_the_ways_part_and_what_it_looked_at(world: World) -> None:
    worked(world)
    (verdict,) = played(world, judged('= outcome = "pass" and points > 80'))
    assert (verdict.state, verdict.at, verdict.steps) == ("other", "评定", 7)
    assert verdict.old_next == ("已完成",)
    assert verdict.new_next == ("整改",)
    assert verdict.because == (
        "“通过？”在新版里因为其他条件都不成立，走向“整改”；"
        '当时因为 outcome = "pass" and points >= 60 成立，走向“已完成”。'
    )
    assert verdict.seen == ("outcome = “pass”", "points = 80")


@ON_SQLITE
def test_a_step_more_parts_the_ways_where_it_stands(world: World) -> None:
    worked(world, until="judge")
    (verdict,) = played(world, judged(more="precheck"))
    assert (verdict.state, verdict.steps, verdict.at) == ("other", 1, "开始")
    assert (verdict.old_next, verdict.new_next) == (("办理fill",), ("预审",))
    assert verdict.because == "图上这里的去向改了。"


@ON_SQLITE
def test_a_renamed_step_is_the_same_when_the_mapping_says_so(world: World) -> None:
    worked(world)
    renamed = judged().replace(b'"judge"', b'"assess"')
    assert [one.state for one in played(world, renamed, {"judge": "assess"})] == ["same"]
    assert [one.state for one in played(world, renamed)] == ["other"]


@ON_SQLITE
def test_a_version_in_which_a_condition_fails_cannot_go_on(world: World) -> None:
    worked(world)
    (verdict,) = played(world, judged("= score > 3"))
    assert (verdict.state, verdict.at) == ("cannot", "评定")
    assert "条件“score > 3”的结果不是真或假" in verdict.because


def test_an_instance_that_was_moved_is_played_through_both_its_versions(world: World) -> None:
    instance_id = worked(world, until="judge")
    newer = judged(post="vice_head").replace(b'"judge"', b'"assess"')
    world.deploy(planning=newer)
    way = plan(world, judge="assess")
    back(world, migrate(world, way, instance_id)[0])
    migrate(world, way, instance_id)
    world.complete("lu", "assess", outcome="pass")
    assert world.status(instance_id) == "completed"
    assert [one.state for one in played(world, newer)] == ["same"]
    (verdict,) = played(world, newer.replace(b"points >= 60", b"points >= 90"))
    assert (verdict.state, verdict.at) == ("other", "评定")


@ON_SQLITE
def test_an_instance_without_a_record_says_so(world: World) -> None:
    worked(world, until="judge")
    with world.engine.database.write() as connection:
        make_mutable(connection, "audit_entry")
        connection.exec_driver_sql("update audit_entry set told_text = null where seq = 1")
    (verdict,) = played(world, judged())
    assert (verdict.state, verdict.because) == ("incomplete", "没有这个实例开始时的记录，不能重走。")


def test_what_failed_and_was_mended_is_played_with_the_mending(world: World) -> None:
    def graded(limit: int) -> bytes:
        return judged(f"= score >= {limit}")

    world.deploy(planning=graded(60))
    worked(world, until="judge")
    world.complete("tou", "judge", outcome="pass")
    incident = str(world.scalar("select id from incident where resolved_at is null"))
    office = world.person("kao")
    version = view_incident(world.engine, office, incident).version
    asked = Mending(version=version, reason="补录得分", changes={"score": Decimal(75)}, then_retry=True)
    mend(world.engine, office, incident, "correct", asked)
    assert world.scalar("select status from instance where parent_id is null") == "completed"
    assert [one.state for one in played(world, graded(60))] == ["same"]
    (verdict,) = played(world, graded(80))
    assert (verdict.state, verdict.old_next, verdict.new_next) == ("other", ("已完成",), ("整改",))
    (verdict,) = played(world, judged("= true"))
    assert (verdict.state, verdict.at) == ("other", "评定"), "nothing fails where it failed then"


def dated(days: int, *, post: str = "head", wait: str = "P3D") -> bytes:
    """A step with a date and a timer on it, then one that is refused once: it comes round twice."""
    late = (
        '<bpmn:boundaryEvent id="late" name="催报" attachedToRef="fill" cancelActivity="false">'
        f'<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>{wait}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    due = f'= date("2018-03-{days}")'
    return diagram(
        SUBJECT, START, user("fill", "unit.liaison", name="填报", due=due), late, END,
        '<bpmn:endEvent id="told" name="已催" />',
        user("judge", f"unit.{post}", form_id="review", name="评定", outcomes="pass:通过,refuse:不通过"),
        '<bpmn:exclusiveGateway id="passed" name="通过？" default="no" />',
        flow("f0", "begun", "fill"), flow("f1", "fill", "judge"), flow("f2", "judge", "passed"),
        flow("f3", "late", "told"), flow("yes", "passed", "done", condition='= outcome = "pass"'),
        flow("no", "passed", "fill"),
    )  # fmt: skip


def test_somebody_else_another_date_or_hour_on_the_same_way_is_told_once(world: World) -> None:
    """The ways were said to be the same, though every task would have come to another desk, a week later."""
    world.deploy(planning=dated(10))
    world.start()
    for outcome in ("refuse", "pass"):
        world.complete("ling", "fill", fields={"value": "49"})
        world.complete("tou", "judge", outcome=outcome)
    assert [(one.state, one.changes) for one in played(world, dated(10))] == [("same", ())]
    (verdict,) = played(world, dated(17, post="vice_head", wait="P4D"))
    assert (verdict.state, verdict.steps) == ("same", 5)
    told = {(one.name, one.kind): (one.old, one.new) for one in verdict.changes}
    assert told["填报", "due"] == ("2018-03-10", "2018-03-17")
    assert told["评定", "who"] == ("市旅游委员会 · 主要负责人", "市旅游委员会 · 分管领导")
    assert told["催报", "timer"] == ("2018-03-04 09:00", "2018-03-05 09:00")
    assert len(verdict.changes) == 3


@ON_SQLITE
def test_other_signers_are_told(world: World) -> None:
    """会签: it is not the step's post that decides who signs."""

    def signed(*posts: str) -> bytes:
        named = ", ".join(f'post(unit, "{post}")' for post in posts)
        sign = user("sign", "unit.head", form_id="review", name="会签", vote="all", signers=f"= [[{named}]]")
        return in_a_row(user("fill", "unit.liaison"), sign)

    world.deploy(planning=signed("head", "vice_head"))
    world.start()
    world.complete("ling", "fill", fields={"value": "49"})
    assert played(world, signed("vice_head", "head"))[0].changes == ()
    (verdict,) = played(world, signed("head"))
    (change,) = verdict.changes
    assert (change.name, change.kind) == ("会签", "who")
    assert (change.old, change.new) == (
        "市旅游委员会 · 主要负责人、市旅游委员会 · 分管领导",
        "市旅游委员会 · 主要负责人",
    )


@ON_SQLITE
def test_a_step_for_which_the_new_version_finds_nobody_is_told(world: World) -> None:
    """Nothing would part the ways: the task would have been an incident."""
    worked(world, until="judge")
    (verdict,) = played(world, judged().replace(b'post(unit, "head")', b"nobody.there"))
    (change,) = verdict.changes
    assert (verdict.state, change.name, change.kind) == ("same", "评定", "who")
    assert change.new.startswith("出错：任务“评定”没有可用的办理人")
