"""Fan-outs: the cost of one child does not depend on its siblings; batches go on where they stood."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from engine.bpmn.reader import read_model
from engine.feel import codec
from engine.jobs import queue
from engine.runtime.background import running
from engine.runtime.calls import counting, fan_out
from engine.runtime.checks.whole import faults_in, steady
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.step import open_step
from engine.store import sql as named_sql
from engine.store.lines import Line
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

ONE = 'id="one_unit" name="单位办理"'
OPEN = """
select w.id, v.value_text from work_item w join instance i on i.id = w.instance_id
join variable v on v.instance_id = i.id and v.name = 'unit'
where i.parent_id = :parent order by i.child_index
"""


def calling(condition: str = "", *, sequential: bool = False, propagate: bool = False) -> str:
    """A call activity over `units`, one child each, until `condition` holds."""
    until = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    return (
        '<bpmn:callActivity id="all_units" name="各单位办理"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="one_unit" propagateAllChildVariables="false" '
        f'propagateAllParentVariables="{str(propagate).lower()}" /></bpmn:extensionElements>'
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= units" inputElement="unit" '
        'outputCollection="results" outputElement="= value" /></bpmn:extensionElements>'
        f"{until}</bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )


def begin(world: World, call: str, count: int, **variables: Any) -> str:
    """A parent with `count` children about U1, their codes 0, 1, 2 …"""
    parent = diagram(
        SUBJECT,
        START,
        call,
        user("check", "assessor.office.reviewer"),
        END,
        flow("f1", "begun", "all_units"),
        flow("f2", "all_units", "check"),
        flow("f3", "check", "done"),
    )
    world.deploy(child=in_a_row(user("fill", "unit.liaison"), process=ONE), planning=parent)
    units = [{**world.unit("U1"), "code": str(number)} for number in range(count)]
    return world.start(drain=False, units=units, **variables)


def open_items(world: World, parent: str) -> dict[str, str]:
    """The open items of the children by the child's code."""
    with world.engine.database.read() as connection:
        found = connection.execute(text(OPEN), {"parent": parent}).all()
    units: list[Any] = [codec.loads(value) for _, value in found]
    return {unit["code"]: item for unit, (item, _) in zip(units, found, strict=True)}


def complete(world: World, parent: str, code: str, **fields: str) -> None:
    item = open_items(world, parent)[code]
    act(world.engine, world.person("ling"), item, "complete", Request(1, fields=fields))


def results(world: World) -> list[str | None]:
    return codec.loads(  # type: ignore[return-value]
        world.scalar("select value_text from variable where name = 'results'")
    )


def faults(world: World) -> list[str]:
    """What `bihuan verify` would say."""
    with world.engine.database.read() as connection:
        steady(connection)
        return [fault.message for fault in faults_in(world.engine.setup, connection)]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that named SQL runs, by their beginnings."""
    seen: list[str] = []
    run = named_sql.execute

    def execute(connection: Any, statement: str, values: Any) -> Any:
        seen.append(" ".join(statement.split())[:60])
        return run(connection, statement, values)

    with monkeypatch.context() as patch:
        patch.setattr(named_sql, "execute", execute)
        yield seen


@ON_SQLITE
@pytest.mark.parametrize("propagate", [False, True], ids=["mapped", "given-all"])
def test_a_completion_among_many_runs_what_one_among_few_runs(
    world: World, monkeypatch: pytest.MonkeyPatch, propagate: bool
) -> None:
    """And reads no more: what all children were given is stored once, and no act looks at it."""
    runs = []
    for count in (3, 60):
        parent = begin(world, calling(propagate=propagate), count)
        world.engine.drain()
        complete(world, parent, "0", value="0")
        with counted(monkeypatch) as seen:
            complete(world, parent, "1", value="1")
        runs.append(seen)
    assert runs[0] == runs[1]
    assert not any("shared_value" in statement for statement in runs[1])
    of_children = "from variable v join instance i on i.id = v.instance_id where i.parent_id is not null"
    assert world.scalar(f"select max(length(value_text)) {of_children}") < 1_000
    assert world.scalar("select count(*) from shared_value") == (1 if propagate else 0)
    assert world.scalar("select max(length(result_json)) from instance where status = 'completed'") < 100


def test_children_that_share_what_they_were_given_read_it_and_keep_their_own(world: World) -> None:
    """A child that changes the list changes its own; the others see it as it was."""
    parent = begin(world, calling(propagate=True), 40)
    world.engine.drain()
    child = world.scalar(
        "select id from instance where parent_id = :parent and child_index = 7", parent=parent
    )
    with world.engine.database.write() as connection:
        step = open_step(world.engine.setup, connection, child)
        assert step.execution.evaluate(None, "= count(units)") == 40
        assert [one["code"] for one in step.execution.variables_of(None)["units"]][-1] == "39"
        step.execution.complete(next(iter(step.before.values())).token, {"units": [], "value": "x"})
        finish(step, act="test")
    with world.engine.database.read() as connection:
        other = world.scalar(
            "select id from instance where parent_id = :parent and child_index = 8", parent=parent
        )
        assert (
            open_step(world.engine.setup, connection, other).execution.evaluate(None, "= count(units)") == 40
        )
    own = "select value_text from variable where name = 'units' and instance_id = :id"
    assert world.scalar(own, id=child) == "[]"


def test_children_are_made_once_each_when_the_engine_dies_between_batches_and_in_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "BATCH", 4)
    parent = begin(world, calling(), 10)
    made = "select count(*) from instance where parent_id = :parent"

    def one_job() -> None:
        with world.engine.database.read() as connection:
            [job] = queue.due_jobs(connection, limit=1)
        running.run_read_job(world.engine.setup, job)

    one_job()
    assert world.scalar(made, parent=parent) == 4

    class Killed(BaseException):
        """The process ends here."""

    with monkeypatch.context() as patch:
        started = []

        def dying(*args: Any, **given: Any) -> None:
            started.append(1)
            if len(started) == 3:
                raise Killed
            start(*args, **given)

        start = fan_out._start_or_adopt
        patch.setattr(fan_out, "_start_or_adopt", dying)
        with pytest.raises(Killed):
            one_job()
    assert world.scalar(made, parent=parent) == 4, "the batch was not done by half"
    one_job()
    assert world.scalar(made, parent=parent) == 8
    world.engine.drain()
    assert list(open_items(world, parent)) == [str(number) for number in range(10)]
    assert world.scalar("select count(distinct child_index) from instance where parent_id is not null") == 10


def test_a_slow_batch_leaves_the_rest_to_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody waits long to write: here every child takes longer than the transaction may."""
    monkeypatch.setattr(fan_out, "LONGEST_SECONDS", 0.0)
    parent = begin(world, calling(), 5)
    jobs = world.engine.drain()
    assert jobs == 5
    assert len(open_items(world, parent)) == 5


@pytest.mark.parametrize("sequential", [False, True], ids=["at-once", "in-turn"])
def test_the_parent_goes_on_when_enough_have_come_and_the_others_end(
    world: World, monkeypatch: pytest.MonkeyPatch, sequential: bool
) -> None:
    """`needed` is the parent's variable, and may change while it waits."""
    monkeypatch.setattr(fan_out, "BATCH", 2)
    condition = "= numberOfCompletedInstances &gt;= needed"
    call = calling(condition, sequential=sequential, propagate=True)
    parent = begin(world, call, 5, needed=4, given="长" * 3_000)
    world.engine.drain()
    with world.engine.database.write() as connection:
        connection.execute(
            text("update variable set value_text = :two where name = 'needed'"), {"two": codec.dumps(2)}
        )
    first, second = ("0", "1") if sequential else ("3", "1")
    complete(world, parent, first, value=f"v{first}")
    world.engine.drain()
    assert world.inbox("kao") == []
    complete(world, parent, second, value=f"v{second}")
    changed_by_hand = "变量“needed”的值被改动"
    assert [one for one in faults(world) if changed_by_hand not in one] == []
    world.engine.drain()
    assert [one for one in faults(world) if changed_by_hand not in one] == []
    assert world.item("kao").element_id == "check"
    assert results(world) == (
        ["v0", "v1", None, None, None] if sequential else [None, "v1", None, "v3", None]
    )
    assert world.scalar("select count(*) from instance where status = 'running'") == 1
    assert open_items(world, parent) == {}
    ended = "select count(*) from instance where status = :status and parent_id = :parent"
    assert world.scalar(ended, status="completed", parent=parent) == 2
    assert world.scalar(ended, status="terminated", parent=parent) == (0 if sequential else 3)
    world.complete("kao")
    assert world.status(parent) == "completed"


@ON_SQLITE
def test_a_condition_sees_the_result_that_has_just_come(world: World) -> None:
    parent = begin(world, calling('= value = "veto"'), 3)
    world.engine.drain()
    complete(world, parent, "2", value="fine")
    complete(world, parent, "0", value="veto")
    complete(world, parent, "1", value="too late")
    world.engine.drain()
    assert world.item("kao").element_id == "check"
    assert results(world) == ["veto", None, "fine"]


@ON_SQLITE
def test_a_condition_that_fails_is_the_parents_trouble_and_no_childs(world: World) -> None:
    parent = begin(world, calling("= numberOfCompletedInstances + 1"), 2)
    world.engine.drain()
    complete(world, parent, "1", value="1")
    for _ in range(3):
        world.engine.drain()
        with world.engine.database.write() as connection:
            connection.exec_driver_sql("update job set run_at = created_at")
    found = "select message from incident where instance_id = :parent"
    assert "完成条件" in world.scalar(found, parent=parent)
    complete(world, parent, "0", value="0")
    world.engine.drain()
    assert world.item("kao").element_id == "check"
    assert results(world) == ["0", "1"]


@ON_SQLITE
def test_only_what_the_parent_reads_of_a_child_is_kept(world: World) -> None:
    reads = counting._reads
    element = begin_element(calling('= value = "veto"'))
    assert reads(element) == '= value\n= value = "veto"'
    assert (
        reads(begin_element(calling().replace('outputCollection="results" outputElement="= value"', "")))
        == ""
    )


def begin_element(call: str) -> Any:
    """The call activity as it was read."""
    drawn = diagram(START, call, END, flow("f1", "begun", "all_units"), flow("f2", "all_units", "done"))
    return read_model(drawn, file="p.bpmn").processes["planning"].elements["all_units"]


def test_children_of_one_call_are_not_rounds_of_each_other(world: World) -> None:
    """Many papers of one unit: the second is no second try at the first."""
    parent = begin(world, calling(sequential=True), 2)
    world.engine.drain()
    complete(world, parent, "0")
    world.engine.drain()
    assert list(open_items(world, parent)) == ["1"]
    assert world.item("ling").round == 1


def test_children_about_different_units_are_placed_as_if_each_began_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names and holders are asked about all units at once; on PostgreSQL a child waits for no answer."""
    waits: list[int] = []
    exchange = Line._exchange
    monkeypatch.setattr(Line, "_exchange", lambda self: waits.append(1) or exchange(self))
    begin(world, calling(), 0)
    codes = ["U1", "U2"] * 28 + ["U3"]  # nobody is liaison of U3: its work goes to the office, with a notice
    parent = world.start(drain=False, units=[world.unit(code) for code in codes])
    waits.clear()
    world.engine.drain()
    if world.engine.database.dialect == "postgresql":
        assert len(waits) < len(codes)
    query = (
        "select i.child_index, i.subject_name, w.unit_id, w.post_key, w.meant_unit_id from instance i "
        "join work_item w on w.instance_id = i.id where i.parent_id = :id order by i.child_index"
    )
    with world.engine.database.read() as connection:
        placed = [tuple(row)[1:] for row in connection.execute(text(query), {"id": parent})]
    alone = {}
    for code in sorted(set(codes)):
        instance = world.start("one_unit", unit=world.unit(code))
        with world.engine.database.read() as connection:
            one = query.replace("i.parent_id", "i.id")
            [alone[code]] = [tuple(row)[1:] for row in connection.execute(text(one), {"id": instance})]
    assert placed == [alone[code] for code in codes]
    assert len({row[1] for row in alone.values()}) == 3
    assert world.scalar("select count(*) from notification where kind = 'vacant'") == 2
