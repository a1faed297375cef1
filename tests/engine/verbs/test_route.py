"""流转预览: who gets the work next and after that, and where that cannot be known yet."""

import pytest

from engine.runtime.engine import Engine
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.foreseeing import Stop
from engine.verbs.showing.route import Intended, routes
from engine.work.bindings import Bindings, FieldError, FormData, StepContext
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_up
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import World, accept_all, in_a_row, service, user

BOTH = "approve:同意,return:退回"


def shown(world: World, login: str, **intended: object) -> dict[str, list[str]]:
    """By outcome, each stop in one line with what comes after it."""
    (row,) = world.inbox(login)
    found = routes(world.engine, world.person(login), row.item_id, Intended(**intended))  # type: ignore[arg-type]
    return {one.outcome: [line(stop) for stop in one.stops] for one in found}


def line(stop: Stop) -> str:
    who = f"({'；'.join(stop.who)})" if stop.who else ""
    assumed = f" {stop.assumed}" if stop.assumed else ""
    then = f" →{assumed} " + "、".join(line(one) for one in stop.then) if stop.then else ""
    return f"{stop.kind} {stop.element_id}{who}{then}"


def two_ways(condition: str, *, first: str = "", between: str = "") -> bytes:
    """`fill`, then at `x` to `high` when the condition holds, else to `low`; `between` stands before `x`."""
    ways = ["fill", "calc", "x"] if between else ["fill", "x"]
    return diagram(
        START,
        first or user("fill", "unit.liaison"),
        between,
        '<bpmn:exclusiveGateway id="x" name="重大?" default="x_low" />',
        user("high", "unit.head", outcomes=BOTH),
        user("low", "unit.vice_head"),
        END,
        line_up("begun", *ways),
        flow("x_high", "x", "high", condition=condition),
        flow("x_low", "x", "low"),
        line_up("high", "done"),
        line_up("low", "done"),
    )


def test_each_outcome_shows_who_comes_next_and_after_that(world: World) -> None:
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison"),
            user("check", "unit.head", outcomes=BOTH),
            user("sign", "assessor.office.reviewer"),
        )
    )
    world.start()
    (first,) = shown(world, "ling").values()
    assert first[0].startswith("user check(")
    assert "→ 同意 user sign(" in first[0]
    assert "王局" in first[0]
    assert "钱考" in first[0]


@ON_SQLITE
def test_what_the_form_says_now_decides_the_way(world: World) -> None:
    world.deploy(planning=two_ways('= value = "大"'))
    world.start()
    assert shown(world, "ling", fields={"value": "大"})["submit"][0].startswith("user high(")
    assert shown(world, "ling", fields={"value": "小"})["submit"][0].startswith("user low(")


@ON_SQLITE
def test_behind_a_program_the_way_is_open_and_said_so(world: World) -> None:
    job = (
        '<bpmn:serviceTask id="calc" name="核算"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="calc" /></bpmn:extensionElements></bpmn:serviceTask>'
    )
    world.services["calc"] = lambda call: {"grade": "A"}
    world.deploy(planning=two_ways('= grade = "A"', between=job))
    world.start()
    (stop,) = shown(world, "ling", fields={"value": "1"})["submit"]
    assert stop.startswith("open x(现在还不能确定")


@ON_SQLITE
def test_where_the_diagram_cannot_go_on_without_a_program_the_way_is_open_from_there(world: World) -> None:
    """分办目标: a program lists the divisions, and each gets a process of its own."""
    world.services["list"] = lambda job: {"units": []}
    called = in_a_row(user("report", "unit.liaison"), process='id="report_target" name="填报"')
    parts = user("fill", "unit.liaison"), user("check", "unit.head"), service("list", "list")
    world.deploy(planning=in_a_row(*parts, call("each", "report_target", many=True)), report=called)
    world.start()
    open_there = "open each(后面的去向要看系统办理的结果)"
    (stop,) = shown(world, "ling")["submit"]
    assert (stop.startswith("user check("), stop.endswith(f"→ {open_there}")) == (True, True)
    world.complete("ling")
    assert shown(world, "tou") == {"submit": [open_there]}


class Weighed:
    """A record that says what the form amounts to; it takes no form without a value."""

    def read(self, step: StepContext) -> FormData:
        return {}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return [] if data.get("value") else [FieldError("value", "required", "请填写数值。")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, object]:
        return {"heavy": data["value"] == "大"}


def test_what_a_record_decides_is_known_once_the_form_is_whole(world: World) -> None:
    """Most steps of the product store a record: whoever asked was only told that it cannot be known yet."""
    bindings = Bindings(services={}, records={"weighed": Weighed()}, check_form=accept_all)
    world.engine = Engine(world.engine.database, clock=world.clock, bindings=bindings)
    world.deploy(planning=two_ways("= heavy", first=user("fill", "unit.liaison", record="weighed")))
    instance = world.start()
    (lacking,) = shown(world, "ling")["submit"]
    assert lacking.startswith("open x(")
    (heavy,) = shown(world, "ling", fields={"value": "大"})["submit"]
    assert heavy == "user high(市旅游委员会 · 主要负责人（王局）)"
    (light,) = shown(world, "ling", fields={"value": "小"})["submit"]
    assert light.startswith("user low(") and "陆副" in light
    assert world.said(instance) == []
    assert world.item("ling").element_id == "fill"


@ON_SQLITE
def test_the_end_of_a_called_process_says_what_goes_on_above(world: World) -> None:
    """A division was told “办结” where the work goes on to its unit's liaison."""
    called = in_a_row(user("report", "unit.liaison"), process='id="report_target" name="填报"')
    world.deploy(planning=in_a_row(call("each", "report_target", many=True)), report=called)
    instance = world.start(units=[world.unit("U1"), world.unit("U2")])
    above = "上级流程“目标制定”的“各单位办理”"
    assert shown(world, "ling")["submit"] == [f"end done({above}还有 1 个没有办完，都办完以后继续)"]
    world.complete("ling")
    assert shown(world, "ling2")["submit"] == [f"end done({above}随即办完，上级流程继续)"]
    world.complete("ling2")
    assert world.status(instance) == "completed"


@ON_SQLITE
def test_what_the_next_person_will_fill_in_is_not_guessed(world: World) -> None:
    world.deploy(
        planning=diagram(
            START,
            user("begin", "unit.head", outcomes="go:报送"),
            user("fill", "unit.liaison"),
            '<bpmn:exclusiveGateway id="x" name="重大?" default="x_low" />',
            user("high", "unit.head"),
            user("low", "unit.vice_head"),
            END,
            line_up("begun", "begin", "fill", "x"),
            flow("x_high", "x", "high", condition='= value = "大"'),
            flow("x_low", "x", "low"),
            line_up("high", "done"),
            line_up("low", "done"),
        )
    )
    world.start()
    (stop,) = shown(world, "tou", fields={"value": "", "note": ""})["go"]
    assert stop.startswith("user fill(")
    assert "→ open x(现在还不能确定" in stop


@ON_SQLITE
def test_parallel_branches_are_each_told_and_a_join_waits(world: World) -> None:
    world.deploy(
        planning=diagram(
            START,
            user("fill", "unit.liaison"),
            '<bpmn:parallelGateway id="fork" />',
            user("left", "unit.head"),
            user("right", "unit.vice_head"),
            '<bpmn:parallelGateway id="join" />',
            END,
            line_up("begun", "fill", "fork"),
            line_up("fork", "left", "join", "done"),
            line_up("fork", "right", "join"),
        )
    )
    world.start()
    left, right = shown(world, "ling")["submit"]
    assert left.startswith("user left(")
    assert left.endswith("→ join ")
    assert right.startswith("user right(")
    world.complete("ling", "fill")
    world.complete("tou", "left")
    assert shown(world, "lu") == {"submit": ["end done"]}


@ON_SQLITE
def test_among_several_signers_the_others_are_waited_for(world: World) -> None:
    trio = '= [post(unit, "liaison"), post(unit, "vice_head")]'
    world.deploy(planning=in_a_row(user("sign", "unit.head", outcomes=BOTH, vote="all", signers=trio)))
    world.start()
    said = shown(world, "ling")
    assert said["approve"][0].startswith("signers sign(")
    assert said["return"] == ["end done"]


@ON_SQLITE
def test_the_choice_of_the_next_handler_is_shown(world: World) -> None:
    staff = '= holders(post(assessor, "office.staff"))'
    world.deploy(
        planning=in_a_row(
            user("fill", "unit.liaison", nextHandler=f"check → {staff}"), user("check", "unit.head")
        )
    )
    world.start()
    assert shown(world, "ling")["submit"][0].startswith("user check(市旅游委员会")
    chosen = shown(world, "ling", next_handlers={"check": world.people["ban2"]})
    assert chosen["submit"][0].startswith("user check(冯二)")


@ON_SQLITE
def test_whoever_only_looks_is_not_told(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("check", "unit.head")))
    world.start()
    (row,) = world.inbox("ling")
    with pytest.raises(NotAllowed):
        routes(world.engine, world.person("kao"), row.item_id, Intended())
