"""The database is broken by hand, in one way each; `verify` says where. Nothing broken: it says nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from engine.audit import sealing
from engine.audit.covering import ERASED, digest_of_told
from engine.ids import new_id
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.whole import faults_in, steady
from engine.store.migrations.immutable import make_mutable
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.checks.busy import busy_world, fail
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user

MAIN = "(select id from instance where process_key = 'planning')"
OVER = "(select id from instance where process_key = 'short')"
U1 = "(select min(id) from instance where process_key = 'one_unit')"
FAN = "(select id from fan_out where element_id = 'all_units')"

BREAKS: dict[str, tuple[str, str, str]] = {
    "an altered value": (
        f"update variable set value_text = '\"U9\"' where name = 'units' and instance_id = {MAIN}",
        "values",
        "变量“units”的值被改动",
    ),
    "a lost value": (
        f"delete from variable where name = 'unit' and scope_id = '' and instance_id = {MAIN}",
        "values",
        "变量“unit”没有了",
    ),
    "a value of no step": (
        f"update variable set name = 'bonus' where name = 'unit' and scope_id = '' and instance_id = {MAIN}",
        "values",
        "变量“bonus”不是任何一步写下的",
    ),
    "a lost item": (
        "delete from work_item where element_id = 'fill'",
        "items",
        "“fill”在等人办理，却没有待办",
    ),
    "an item too many": (
        "update work_item set wait_key = '99999' where element_id = 'fill'",
        "items",
        "“fill”的待办，却没有令牌在那里等待",
    ),
    "a lost seat's item": (
        "update signer set item_id = 'gone' where state = 'open'",
        "signers",
        "轮到的签署人没有待办",
    ),
    "an item of nobody's seat": (
        "update signer set state = 'waiting', item_id = null where state = 'open'",
        "signers",
        "不属于任何签署人",
    ),
    "a lost timer": ("delete from timer", "timers", "“late”在等时间，却没有定时"),
    "another time": ("update timer set due_at = '2018-03-09T00:00:00.000000Z'", "timers", "到期时间不同"),
    "a timer too many": ("update timer set wait_key = '99999'", "timers", "“late”的定时，却没有令牌在等"),
    "a lost subscription": ("delete from subscription", "subscriptions", "“reply_comes”在等消息，却没有订阅"),
    "another key": (
        "update subscription set correlation_key = 'U9'",
        "subscriptions",
        "“reply_comes”的订阅与所等的消息不同",
    ),
    "a lost signal": ("delete from signal_subscription", "signals", "“freeze”在等信号，却没有它的订阅"),
    "a lost job": (
        "delete from job where kind = 'service'",
        "jobs",
        "“work”在等服务，后台工作却有 0 件，应当正好一件",
    ),
    "a job of a token that is gone": (
        "update job set wait_key = '99999' where kind = 'service'",
        "jobs",
        "有一件服务工作，却没有令牌在等它",
    ),
    "a job of nobody": ("update job set instance_id = 'gone'", "jobs_of_nobody", "它的流程实例不存在"),
    "a stopped job of which nobody hears": (
        "update incident set resolved_at = raised_at",
        "stopped_without_incident",
        "service 类后台工作停下了，却没有故障告诉办事机构",
    ),
    "an incident about nothing": (
        "update job set state = 'waiting'",
        "incidents_without_job",
        "故障还开着，却没有停下的后台工作可以重试",
    ),
    "a wrong counter": (
        "update fan_out set remaining = remaining - 1",
        "fan_outs",
        "“all_units”记着还有 1 个子流程未完，实为 2 个",
    ),
    "a doubled child": (
        f"update instance set child_index = 1 where id = {U1}",
        "fan_outs",
        "“all_units”的子流程编号有重复或缺漏",
    ),
    "a lost child": (
        f"update instance set fan_out_id = null where id = {U1}",
        "fan_outs",
        "“all_units”记着建了 3 个子流程，实有 2 个",
    ),
    "a child of nobody": (
        f"update instance set fan_out_id = 'gone' where id = {U1}",
        "children_of_nobody",
        "上级流程却没有它所属的计数",
    ),
    "children that nobody makes": (
        "update fan_out set total = total + 1, remaining = remaining + 1",
        "fan_outs",
        "“all_units”还差 1 个子流程，却没有后台工作去建立",
    ),
    "a join that nobody makes": (
        f"update instance set status = 'completed' where fan_out_id = {FAN};"
        " update fan_out set remaining = 0",
        "fan_outs",
        "“all_units”的子流程都已完成，却没有后台工作去汇合",
    ),
    "children that nobody ends": (
        "update fan_out set state = 'cancelled'",
        "fan_outs",
        "“all_units”已不再等待，却还有 2 个子流程在办",
    ),
    "an early end that nobody makes": (
        "update fan_out set state = 'decided'",
        "fan_outs",
        "“all_units”已满足完成条件，却没有后台工作去汇合",
    ),
    "a lost counter": (
        "update fan_out set wait_key = '99999'",
        "fan_outs",
        "“all_units”在等子流程，却没有它们的计数",
    ),
    "a variable without a scope": (
        f"insert into variable (instance_id, scope_id, name, value_text) values ({MAIN}, '9999', 'x', '1')",
        "variables",
        "留着变量，它们所属的令牌已经不在",
    ),
    "a state that is none": (
        f"update instance set state = cast('{{}}' as BYTES) where id = {MAIN}",
        "state_readable",
        "保存的状态读不出来：保存的流程状态格式不符",
    ),
    "an end that is not written": (
        f"update instance set status = 'running' where id = {OVER}",
        "status",
        "令牌都已走完，却还记为办理中",
    ),
    "an end too early": (
        f"update instance set status = 'completed' where id = {MAIN}",
        "ended_is_over",
        "已经结束，却还留着一条待办",
    ),
    "a standstill": (
        'update instance set state = cast(\'{"f":1,"n":9,"t":[]}\' as BYTES) where id = ' + MAIN,
        "moves_on",
        "停住了",
    ),
    "a message that nobody brings": (
        "update message set name = 'reply', correlation_key = 'U1'",
        "undelivered",
        "消息“reply”（U1）和等它的流程都在，却没有后台工作去送",
    ),
    "a lost chain": (f"delete from audit_entry where chain_id = {OVER}", "chain", "审计链没有任何审计记录"),
    "a changed entry": ("update audit_entry set act = 'x' where seq = 2", "chain", "审计链第 2 条内容被改动"),
    "a missing entry": (
        f"delete from audit_entry where chain_id = {OVER} and seq = 1",
        "chain",
        "审计链第 1 条缺失",
    ),
    "a cut chain": (
        f"delete from audit_entry where chain_id = {OVER} and seq = 2",
        "chain",
        "审计链链尾与实例记录不符",
    ),
    "a chain of nobody": (
        f"update audit_entry set chain_id = 'gone' where chain_id = {OVER}",
        "chains_of_nobody",
        "有一条审计链，它的流程实例不存在",
    ),
    "a text of nobody": (
        "update work_text set instance_id = 'gone'",
        "texts_of_nobody",
        "有一段意见或表单，它的流程实例不存在",
    ),
    "a copy that nobody has sent": (
        "insert into copy (instance_id, person_id, cycle_id, event_id, element_id, from_name, copied_at)"
        f" values ({MAIN}, 'p', 'y', 'gone', '', '', '2018-03-01 01:00:00+00')",
        "copies_unsaid",
        "有一份抄送，办理过程里却没有谁抄送的记录",
    ),
    "a comment without words": (
        "insert into comment (id, cycle_id, instance_id, person_id, person_name, written_at, erased_by)"
        f" values ('c1', 'y', {MAIN}, 'p', '张玲', '2018-03-01 01:00:00+00', '')",
        "comments_without_words",
        "张玲的评论没有清除，内容却不在了",
    ),
    "an altered row of the history": (
        "update work_event set person_name = '别人' where verb = 'complete'",
        "history",
        "所涵盖的办理历史、意见、表单或收到的内容被改动",
    ),
    "a row of the history that was taken away": (
        "delete from work_event where verb = 'complete'",
        "history",
        "条审计记录所记的一条办理历史没有了",
    ),
    "an altered opinion": (
        "update work_text set content_text = '不同意'",
        "history",
        "所涵盖的办理历史、意见、表单或收到的内容被改动",
    ),
    "an opinion that was taken away": ("delete from work_text", "history", "所记的一段意见或表单没有了"),
    "an altered record of what was told": (
        "update audit_entry set told_text = replace(told_text, '\"t\"', '\"x\"')",
        "history",
        "所涵盖的办理历史、意见、表单或收到的内容被改动",
    ),
    "a record of what was told that was taken away": (
        "update audit_entry set told_text = null where seq = 1",
        "history",
        "所涵盖的办理历史、意见、表单或收到的内容被改动",
    ),
    "an entry that names less than it covers": (
        "update audit_entry set events_text = '' where events_text <> ''",
        "history",
        "有一条办理历史不在审计链上",
    ),
    "an algorithm that nobody knows": (
        "update audit_entry set algorithm = 'rot13' where seq = 2",
        "chain",
        "审计链核对不了：unsupported hash type rot13",
    ),
    "a seal by an algorithm that nobody knows": (
        "update audit_seal set algorithm = 'rot13'",
        "seal",
        "封印核对不了：unsupported hash type rot13",
    ),
    "an administration by an algorithm that nobody knows": (
        "update audit_entry set algorithm = 'rot13' where chain_id = 'administration'",
        "administration",
        "管理审计：核对不了：unsupported hash type rot13",
    ),
    "a form changed where it lies": (
        "update definition_version set content = cast('{}' as BYTES) where file = 'target.form'",
        "definitions",
        "表单 target 第 1 版的内容与部署时不同",
    ),
    "a diagram exchanged for another": (
        "update definition_version set content = (select content from definition_version"
        " where file = 'short.bpmn') where file = 'child.bpmn'",
        "definitions",
        "流程 one_unit 第 1 版的内容与部署时不同",
    ),
    "a diagram that is none any more": (
        "update definition_version set content = cast('<x' as BYTES) where file = 'short.bpmn'",
        "definitions",
        "流程 short 第 1 版的内容与部署时不同",
    ),
    "a start that is not drawn": (
        "insert into start_subscription (kind, name, process_key, definition_version_id, element_id)"
        " select 'message', 'go', 'short', id, 'begun' from definition_version where file = 'short.bpmn'",
        "starts",
        "流程 short 由 message “go”启动的订阅与图",
    ),
    "an item that names another step": (
        "update work_item set element_id = 'sign' where element_id = 'fill'",
        "items",
        "令牌在环节“fill”等人办理，它的待办却写着环节“sign”",
    ),
    "an item in another year": (
        "update work_item set cycle_id = 'other' where element_id = 'fill'",
        "items_of_another",
        "一条待办写的年度、流程、版本、考评主体或单位与它的流程实例不同",
    ),
    "a rewritten seal": ("update audit_seal set chains = chains + 1", "seal", "内容被改动"),
    "a chain rewritten after it was sealed": (
        "update audit_entry set hash = 'rewritten' where seq = 2",
        "seal",
        "第 2 条审计记录与封印时不同：整条链被重写过",
    ),
    "an act of administration undone": (
        "delete from administration_event",
        "administration",
        "管理审计：第 1 条的内容与链不符",
    ),
}
SEALED = (
    "audit_entry",
    "audit_seal",
    "work_event",
    "work_text",
    "administration_event",
    "definition_version",
)


def found(world: World, connection: Connection) -> list[Fault]:
    return list(faults_in(world.engine.setup, connection))


def test_each_break_is_found_and_located(world: World) -> None:
    busy = busy_world(world)
    with world.engine.database.write() as connection:
        sealing.seal(connection, at=busy.clock.now())
    with world.engine.database.read() as connection:
        steady(connection)
        assert found(busy, connection) == []
    kind = "blob" if world.engine.database.dialect == "sqlite" else "bytea"
    for name, (statements, check, words) in BREAKS.items():
        with pytest.raises(KeyError, match="undo"), world.engine.database.write() as connection:
            for table in SEALED:
                make_mutable(connection, table)
            for statement in statements.replace("BYTES", kind).replace(":", "\\:").split("; "):
                assert connection.execute(text(statement)).rowcount, name
            told = [fault.message for fault in found(busy, connection) if fault.check == check]
            assert any(words in message for message in told), (name, told, found(busy, connection))
            raise KeyError("undo")
    with world.engine.database.read() as connection:
        assert found(busy, connection) == []


def test_work_done_twice_is_found(world: World) -> None:
    busy = busy_world(world)
    with world.engine.database.write() as connection:
        event = (
            connection.execute(text("select * from work_event where verb = 'complete'")).mappings().first()
        )
        assert event is not None
        twin = {**event, "id": new_id()}
        names = ", ".join(twin)
        marks = ", ".join(f":{name}" for name in twin)
        connection.execute(text(f"insert into work_event ({names}) values ({marks})"), twin)
        faults = found(busy, connection)
    assert sorted((fault.check, fault.place) for fault in faults) == [
        ("done_once", f"work_event.item_id={event['item_id']}"),
        ("history", f"work_event.id={twin['id']}"),
    ]
    assert any("同一项待办记了 2 次办理，只能有一次" in fault.message for fault in faults)


def test_a_seal_holds_the_one_before_it(world: World) -> None:
    busy = busy_world(world)
    with world.engine.database.write() as connection:
        first = sealing.seal(connection, at=busy.clock.now())
    busy.complete("ling", "fill")
    with world.engine.database.write() as connection:
        second = sealing.seal(connection, at=busy.clock.now())
        assert (first.chains, second.chains) == (6, 1), "only what has grown is sealed again"
        assert sealing.newest_seal(connection) == second
        assert list(sealing.broken_seals(connection)) == []
        make_mutable(connection, "audit_seal")
        connection.execute(text("delete from audit_seal where id = :id"), {"id": first.id})
        assert list(sealing.broken_seals(connection)) == [sealing.SealFault(second.id, "与前一个封印不相接")]


def test_one_instance_alone_may_be_looked_at(world: World) -> None:
    busy = busy_world(world)
    over = str(busy.scalar("select id from instance where process_key = 'short'"))
    seen: list[int] = []
    with world.engine.database.read() as connection:
        assert list(faults_in(busy.engine.setup, connection, instance_id=over, seen=seen.append)) == []
    assert seen == [1]


def test_a_failure_is_told_once_for_each_token_that_it_holds(world: World) -> None:
    """Held tokens and open incidents are compared like tokens and items."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), service("work", "= kind", retries=1)))
    world.start()
    world.complete("ling")
    with world.engine.database.write() as connection:
        assert found(world, connection) == []
        held = "update incident set token = '9999' where token is not null"
        assert connection.execute(text(held)).rowcount == 1
        assert [fault.check for fault in found(world, connection)] == ["incidents", "incidents"]


OVERTAKEN = (
    '<bpmn:boundaryEvent id="late" name="已超期" attachedToRef="work">'
    '<bpmn:timerEventDefinition id="late_d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="given_up" name="已放弃" />' + flow("late_given_up", "late", "given_up")
)


def test_an_incident_ends_with_what_it_is_about(world: World) -> None:
    """A failed job whose step a timer interrupts, or whose instance is ended, needs nobody any more."""
    busy = build_world(world.engine.database, {"test.broken": fail})
    parts = [SUBJECT, START, service("work", "test.broken", retries=1), OVERTAKEN, END]
    parts += [flow("a", "begun", "work"), flow("b", "work", "done")]
    busy.deploy(planning=diagram(*parts))
    busy.start()
    assert busy.scalar("select count(*) from incident where resolved_at is null") == 1
    busy.clock.advance(timedelta(days=4))
    busy.engine.drain()
    assert busy.scalar("select resolution from incident") == "gone"
    with world.engine.database.read() as connection:
        assert found(busy, connection) == []


def test_a_long_value_that_several_share_is_held_by_its_digest(world: World) -> None:
    child = in_a_row(user("own", "unit.liaison"), process='id="own_part" name="分办"')
    world.deploy(
        planning=in_a_row(call("parts", "own_part", many=True), process='id="planning" name="主流程"'),
        own_part=child,
    )
    given = "长" * 3_000
    world.start(units=[world.unit("U1"), world.unit("U2")], given=given)
    with world.engine.database.write() as connection:
        assert found(world, connection) == []
        shared = connection.execute(text("update shared_value set value_text = value_text || ' '"))
        assert shared.rowcount >= 1
        told = {fault.message.split("：")[-1] for fault in found(world, connection)}
    assert told == {"几个流程共用的一个值被改动"}


def test_of_what_was_told_before_an_erasure_nothing_is_said(world: World) -> None:
    """The digests of values go with what was told; later ones count again."""
    busy = busy_world(world)
    with busy.engine.database.write() as connection:
        make_mutable(connection, "audit_entry")
        entries = connection.execute(text("select chain_id, seq, told_text from audit_entry")).all()
        for chain_id, seq, told in entries:
            if told is not None:
                connection.execute(
                    text("update audit_entry set told_text = :t where chain_id = :c and seq = :s"),
                    {"t": ERASED + digest_of_told(told), "c": chain_id, "s": seq},
                )
        assert found(busy, connection) == []
        connection.execute(text("update variable set value_text = '1' where name = 'unit'"))
        assert [fault for fault in found(busy, connection) if fault.check == "values"] == []
