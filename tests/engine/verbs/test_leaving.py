"""离职转办: all that lies with somebody goes to others, one act a task; what is refused stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from engine.jobs.queue import NewJob, defer
from engine.people.persons import Person
from engine.people.stand_ins import set_stand_in
from engine.people.users import set_active
from engine.runtime.background.running import run_job
from engine.runtime.engine import Engine
from engine.verbs import door
from engine.verbs.door import Answer, act
from engine.verbs.others import leaving, working_off
from engine.verbs.refusals import Invalid, NotAllowed, NotVisible
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work.inbox import claimable
from tests.engine.runtime.test_incidents import hurry
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import holds_together
from tests.engine.verbs.voting_city import signed

RULE_ENDED = ("end_stand_in", "郑一", "钱考", "冯二不再代理。离职")


def worked_off(world: World, order: str) -> leaving.Order:
    """The order once the jobs are through."""
    world.engine.drain()
    return leaving.read_order(world.engine, world.person("kao"), order)


def drawn(world: World) -> None:
    group = user("grouped", "unit.head", groups='= post(assessor, "office.staff")')
    world.deploy(
        group=in_a_row(group, process='id="group" name="认领的事"'),
        sign=in_a_row(
            signed("all", signers="= people"),
            user("then", "unit.head"),
            process='id="several" name="会签的事"',
        ),
    )


def test_the_office_hands_over_everything_of_who_leaves_and_what_cannot_go_stays(world: World) -> None:
    drawn(world)
    ban1, ban2, kao = (world.people[one] for one in ("ban1", "ban2", "kao"))
    for _ in range(2):
        world.start("group")
    world.start("several", people=[ban1, kao])
    world.start("several", people=[ban1, ban2])
    with world.engine.database.read() as connection:
        found = claimable(connection, world.person("ban1")).items
    for row in found:
        act(world.engine, world.person("ban1"), row.item_id, "claim", Request(version=row.lock_version))
    with world.engine.database.write() as connection:
        set_stand_in(
            connection, user_id=ban1, stand_in_id=ban2, from_on=date(2018, 5, 1), until_on=date(2018, 5, 9)
        )
    office = world.person("kao")
    leaver = leaving.leaver(world.engine, office, ban1)
    assert (leaver.name, leaver.items, [group.claimed for group in leaver.groups]) == (
        "郑一",
        4,
        [True, False],
    )
    post = leaver.groups[0].key
    receivers = {post: leaving.TO_POST, "": ban2}
    foreseen = leaving.foresee(world.engine, office, ban1, receivers)
    assert [one.refused for one in foreseen if not one.effect] == [
        "冯二已是本环节的签署人，同一人不能签署两次。"
    ]
    assert leaving.leaver(world.engine, office, ban1).items == 4, "looking changes nothing"
    order = leaving.give_order(world.engine, office, ban1, receivers, reason="离职", end_rules=True)
    told = "select act, subject_name, actor_name, note_text from administration_event"
    with world.engine.database.read() as connection:
        assert [tuple(row) for row in connection.execute(text(told))] == [RULE_ENDED], (
            "whose rule ended, by whom and why"
        )
    assert leaving.read_order(world.engine, office, order).count("waiting") == 4
    whole = worked_off(world, order)
    assert (whole.count("waiting"), whole.count("done"), whole.count("refused")) == (0, 3, 1)
    refused = next(line for line in whole.lines if line["state"] == "refused")
    assert "不能签署两次" in refused["said"]
    assert leaving.leaver(world.engine, office, ban1).items == 1
    assert leaving.leaver(world.engine, office, ban1).rules == ()
    handed = next(line for line in whole.lines if line["target_name"] == "冯二" and line["state"] == "done")
    assert view(world.engine, world.person("ban2"), handed["item_id"]).item.from_name == "钱考"
    with world.engine.database.read() as connection:
        assert len(claimable(connection, world.person("ban2")).items) == 2


def test_what_waits_for_others_and_what_was_asked_goes_with_the_rest(world: World) -> None:
    """委派 does not keep a task with who leaves: it had been refused, with a sentence meant for its owner."""
    sign = user("sign", "unit.head", verbs="ask,hand_over")
    world.deploy(planning=in_a_row(sign, user("after", "unit.liaison")))
    instance = world.start()
    head, deputy, finance = (world.people[one] for one in ("tou", "lu", "cai"))
    world.act("tou", "ask", "sign", people=(deputy,), opinion="请把关")
    with pytest.raises(NotAllowed, match="已请陆副先办"):
        world.act("tou", "hand_over", "sign", people=(finance,), opinion="请办")
    with pytest.raises(NotAllowed, match="王局委派给您的，不能转办"):
        world.act("lu", "hand_over", "sign", people=(finance,), opinion="请办")
    for leaver, receiver in ((deputy, finance), (head, f"{world.units['U2']}#head")):
        groups = leaving.leaver(world.engine, world.person("kao"), leaver).groups
        receivers = {group.key: receiver for group in groups}
        order = leaving.give_order(world.engine, world.person("kao"), leaver, receivers, reason="离职")
        assert worked_off(world, order).count("done") == 1
    assert world.item("cai", "sign").from_name == "王局", "still asked by whom it was"
    assert view(world.engine, world.person("tou2"), world.item("tou2").item_id).item.waits_for == "孙财"
    world.act("cai", "answer", "sign", opinion="第二项改为49", fields={"value": "49"})
    back = view(world.engine, world.person("tou2"), world.item("tou2", "sign").item_id)
    assert back.draft is not None
    assert (back.item.waits_for, back.draft.data, back.draft.left_by) == ("", {"value": "49"}, "孙财")
    world.complete("tou2", "sign", fields={"value": "49"})
    verbs = [event.verb for event in world.events(instance)]
    assert verbs == ["ask", "hand_over", "hand_over", "answer", "complete"]
    holds_together(world)


def test_only_the_office_sees_and_gives_orders_and_only_its_own(world: World) -> None:
    drawn(world)
    ban1 = world.people["ban1"]
    world.start("several", people=[ban1, world.people["kao"]])
    with pytest.raises(NotVisible):
        leaving.leaver(world.engine, world.person("ling"), ban1)
    office = world.person("kao")
    with pytest.raises(Invalid, match="没有可以退还的岗位"):
        leaving.foresee(world.engine, office, ban1, {"": leaving.TO_POST})
    with pytest.raises(Invalid, match="不能再交给离开的人自己"):
        leaving.foresee(world.engine, office, ban1, {"": ban1})
    with pytest.raises(Invalid, match="请写明理由"):
        leaving.give_order(world.engine, office, ban1, {"": world.people["ban2"]}, reason=" ")
    order = leaving.give_order(world.engine, office, ban1, {"": world.people["ban2"]}, reason="离职")
    with pytest.raises(NotVisible):
        leaving.read_order(world.engine, world.person("ling"), order)


def many(world: World, how_many: int) -> str:
    """An order about so many tasks of 郑一, given by 钱考."""
    drawn(world)
    for _ in range(how_many):
        world.start("several", people=[world.people["ban1"], world.people["kao"]])
    receivers = {"": world.people["ban2"]}
    return leaving.give_order(
        world.engine, world.person("kao"), world.people["ban1"], receivers, reason="离职"
    )


class PulledOut(BaseException):
    """The machine stops."""


def test_an_order_runs_through_by_itself_and_goes_on_after_a_stop_without_doing_anything_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stopped after a hundred until somebody pressed a button; a task handed over just before the machine
    stopped was tried once more, refused as being there already, and stood in the list as refused.
    """
    monkeypatch.setattr(working_off, "BATCH", 2)
    order = many(world, 5)
    handed: list[str] = []
    really = door.act

    def until_the_third(engine: Engine, person: Person, item_id: str, *rest: Any, **more: Any) -> Answer:
        handed.append(item_id)
        answer: Answer = really(engine, person, item_id, *rest, **more)
        if len(handed) == 3:
            raise PulledOut
        return answer

    monkeypatch.setattr(door, "act", until_the_third)
    with pytest.raises(PulledOut):
        world.engine.drain()
    assert leaving.read_order(world.engine, world.person("kao"), order).count("done") == 3
    another = Engine(world.engine.database, clock=world.clock, bindings=world.engine.setup.bindings)
    hurry(world)
    another.drain()
    found = leaving.read_order(another, world.person("kao"), order)
    assert (found.count("done"), found.count("refused"), found.count("waiting")) == (5, 0, 0)
    assert world.scalar("select count(*) from work_event where verb = 'hand_over'") == 5
    assert world.scalar("select count(*) from job where kind = 'hand_over_all'") == 0
    assert len(handed) == len(set(handed)) == 5
    holds_together(world)


def test_two_jobs_of_an_order_hand_nothing_over_twice(world: World) -> None:
    order = many(world, 6)
    with world.engine.database.write() as connection:
        defer(connection, world.engine.setup.queue, [NewJob(leaving.JOB, "", payload={"order": order})])
    with world.engine.database.read() as connection:
        ids = [str(row[0]) for row in connection.exec_driver_sql("select id from job")]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda job: run_job(world.engine.setup, job), ids))
    found = leaving.read_order(world.engine, world.person("kao"), order)
    assert (found.count("done"), found.count("refused")) == (6, 0)
    assert world.scalar("select count(*) from work_event where verb = 'hand_over'") == 6


def test_an_order_of_who_may_no_longer_give_it_ends_with_the_reason(world: World) -> None:
    order = many(world, 1)
    with world.engine.database.write() as connection:
        set_active(connection, world.people["kao"], active=False, clock=world.clock)
    world.engine.drain()
    with world.engine.database.read() as connection:
        [line] = leaving.QUERIES.rows(connection, "lines", order_id=order)
    assert (line["state"], line["said"]) == ("refused", "下达的人帐号已停用，没有转办。")
