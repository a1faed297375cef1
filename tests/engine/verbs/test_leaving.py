"""离职转办: all that lies with somebody goes to others, one act a task; what is refused stays."""

from datetime import date

import pytest
from sqlalchemy import text

from engine.people.stand_ins import set_stand_in
from engine.verbs.door import act
from engine.verbs.others import leaving
from engine.verbs.refusals import Invalid, NotAllowed, NotVisible
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work.inbox import claimable
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import holds_together
from tests.engine.verbs.voting_city import signed

RULE_ENDED = ("end_stand_in", "郑一", "钱考", "冯二不再代理。离职")


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
    half = leaving.carry_on(world.engine, office, order, most=2)
    assert (half.count("waiting"), half.count("done")) == (2, 2)
    whole = leaving.carry_on(world.engine, office, order)
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
        assert leaving.carry_on(world.engine, world.person("kao"), order).count("done") == 1
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
        leaving.carry_on(world.engine, world.person("ling"), order)
