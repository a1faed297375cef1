"""转办: another answers for it; who had it stays on record and reads on; who may not have it is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from tests.engine.people.conftest import City
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.test_previews import foretold
from tests.engine.verbs.voting_city import begin, having, heard, rows, story

STEPS = in_a_row(
    user("fill", "unit.liaison", verbs="hand_over"),
    user("check", "unit.head", form_id="review", outcomes="approve:同意,return:退回", verbs="hand_over"),
    user("confirm", "assessor.office.reviewer", form_id="review", distinct="check", verbs="hand_over"),
)


def test_the_task_goes_with_its_draft_and_the_first_owner_reads_on(world: World) -> None:
    from engine.verbs.door import save_draft

    world.deploy(planning=STEPS)
    instance = world.start()
    row = world.item("ling", "fill")
    save_draft(world.engine, world.person("ling"), row.item_id, fields={"value": "49"})
    effect = foretold(world, "ling", "hand_over", "fill", people=(world.people["lu"],))
    assert [(one.before.post_key, one.after.who) for one in effect.passed] == [("liaison", "陆副")]
    world.act("ling", "hand_over", "fill", people=(world.people["lu"],), opinion="出差")
    assert having(world, "ling") == []
    got = view(world.engine, world.person("lu"), row.item_id)
    assert got.draft is not None
    assert (got.draft.data, got.draft.left_by, got.item.from_name) == ({"value": "49"}, "张玲", "张玲")
    assert world.events(instance)[-1].text == "转办给陆副。出差"
    seen = view(world.engine, world.person("ling"), row.item_id)
    assert not seen.may_act
    assert world.scalar("select count(*) from notification where kind = 'hand_over'") == 1
    world.complete("lu", "fill")
    assert [event.person_name for event in world.events(instance) if event.verb == "complete"] == ["陆副"]


def test_who_judges_must_not_have_done_the_work_nor_sign_twice(world: World) -> None:
    world.deploy(planning=STEPS)
    world.start()
    world.complete("ling", "fill")
    for whom, why in {
        "ling": "张玲办理过本事项的前面环节，不能审批自己办过的，不能转办。",
        "tou": "这项任务本来就在王局的岗位上，不用转办。",
    }.items():
        target = f"{world.units['U1']}#head" if whom == "tou" else world.people[whom]
        with pytest.raises(NotAllowed, match=why):
            world.act("tou", "hand_over", "check", target=target, opinion="忙")
    world.complete("tou", "check", outcome="approve")
    with pytest.raises(NotAllowed, match="双人复核"):
        world.act("kao", "hand_over", "confirm", target=world.people["tou"], opinion="忙")
    begin(world, "all", verbs="hand_over")
    item = rows(world, "ling")[-1]
    said = heard(
        world, world.person("ling"), item.item_id, verb="hand_over", target=world.people["lu"], opinion="忙"
    )
    assert said == "陆副已是本环节的签署人，同一人不能签署两次。"


def test_a_signers_seat_goes_with_the_task(world: World) -> None:
    instance = begin(world, "all", verbs="hand_over", handOverTo="assessor")
    world.act("lu", "hand_over", "sign", target=world.people["wei"], opinion="请吴发签")
    assert having(world, "ling", "lu", "tou", "wei") == ["ling", "tou", "wei"]
    for login in ("ling", "wei", "tou"):
        world.complete(login, "sign", outcome="approve")
    assert [line[2] for line in story(world, instance)] == ["陆副", "张玲", "吴发", "王局"]
    assert world.item("kao", "after")


def test_what_may_not_be_handed_over_says_what_is_possible(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("g", "unit.head", groups="x")))
    world.start()
    with pytest.raises(NotAllowed, match="此环节不能转办。") as refused:
        world.act("ling", "hand_over", "fill", target=world.people["lu"], opinion="忙")
    assert refused.value.hint == "现在可以：办理。"
    row = world.item("ling", "fill")
    with pytest.raises(NotAllowed, match="您可以查看这项任务"):
        heard_by_another(world, row.item_id)


def heard_by_another(world: World, item_id: str) -> None:
    from engine.verbs.door import act

    act(world.engine, world.person("tou"), item_id, "hand_over", Request(version=1, target="x", opinion="忙"))


def refused(world: World, login: str, whom: str) -> str:
    with pytest.raises(NotAllowed) as found:
        world.act(login, "hand_over", people=(whom,), opinion="忙")
    return found.value.message


def busy(world: World, *logins: str) -> list[str]:
    """Who of `logins` has something to do."""
    return [login for login in logins if world.inbox(login)]


def test_a_task_stays_in_its_unit_unless_the_diagram_says_otherwise(world: World) -> None:
    step = user("fill", "unit.liaison", verbs="hand_over")
    world.deploy(planning=in_a_row(step))
    world.start()
    with world.engine.database.write() as connection:
        water = City(connection, world.units).add_unit(
            "U1W", "市旅游委员会水处", "division", parent_id=world.units["U1"], assessor_id=world.units["C0"]
        )
        world.people["shui"] = City(connection, {"W": water}).add_person("shui", "W division", name="江水")
    said = refused(world, "ling", world.people["ling2"])
    assert said == "此环节只能转办给本单位人员，李联不在本单位任职。"
    said = refused(world, "ling", f"{world.units['U2']}#head")
    assert said == "此环节只能转办给本单位人员，赵局不在本单位任职。"
    world.act("ling", "hand_over", people=(world.people["shui"],), opinion="请处室办")
    assert busy(world, "ling", "shui", "tou") == ["shui"]
    world.act("shui", "hand_over", people=(f"{world.units['U1']}#head",), opinion="请局长定")
    assert busy(world, "ling", "shui", "tou") == ["tou"]
    item = world.item("tou")
    office = world.person("kao")
    said = heard(
        world,
        office,
        item.item_id,
        verb="hand_over",
        target=world.people["wei"],
        opinion="错派",
        version=item.lock_version,
    )
    assert said == "done", "the office may give it to anybody of its assessor"
    assert busy(world, "tou", "wei") == ["wei"]


def test_what_the_office_works_on_stays_with_the_office(world: World) -> None:
    world.deploy(planning=in_a_row(user("check", "assessor.review.legal", verbs="hand_over")))
    world.start()
    assert "只能转办给本单位人员" in refused(world, "fa", world.people["cai"])
    world.act("fa", "hand_over", people=(world.people["ban1"],), opinion="请经办")
    assert busy(world, "fa", "ban1") == ["ban1"]


def test_the_diagram_names_who_may_receive(world: World) -> None:
    given = '= [post(unit, "vice_head"), post(unit, "head")]'
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="hand_over", handOverTo=given)))
    world.start()
    assert refused(world, "ling", world.people["ling2"]) == "此环节只能转办给陆副、王局，不能转办给李联。"
    world.act("ling", "hand_over", people=(world.people["tou"],), opinion="请局长定")
    assert busy(world, "ling", "tou") == ["tou"]
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="hand_over", handOverTo="= null")))
    world.start()
    assert refused(world, "ling", world.people["lu"]) == "此环节现在没有可以接手的人，不能转办给陆副。"


@pytest.mark.parametrize("verb", ["hand_over", "ask", "add_before"])
def test_no_administrator_is_given_work_of_the_assessment(world: World, verb: str) -> None:
    posts = {"xi": "admin.system", "an": "admin.security", "shen": "admin.audit"}
    with world.engine.database.write() as connection:
        city = City(connection, world.units)
        world.people |= {
            login: city.add_person(login, f"C0 {key}", name="管") for login, key in posts.items()
        }
    free = {"verbs": "hand_over,ask,add_before", "handOverTo": "assessor"}
    world.deploy(planning=in_a_row(user("check", "assessor.review.legal", **free)))
    world.start()
    for login in posts:
        with pytest.raises(NotAllowed, match="管是管理员，按三员分立不能承办业务工作。"):
            world.act("fa", verb, people=(world.people[login],), opinion="忙")
    assert busy(world, "fa", *posts) == ["fa"]


def test_received_is_when_it_came_to_who_has_it_now(world: World) -> None:
    """The list said of what was handed over, claimed or given back when the step had begun."""
    groups = '= [post(unit, "liaison")]'
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=groups, verbs="hand_over,ask")))
    begun = world.clock.now()
    world.start()

    def received(login: str) -> object:
        with world.engine.database.read() as connection:
            person = world.person(login)
            rows = inbox.mine(connection, person).items + inbox.claimable(connection, person).items
        [row] = [row for row in rows if row.element_id == "fill"]
        assert row.created_at == begun
        return row.received_at

    def do(login: str, verb: str, **said: Any) -> datetime:
        world.clock.advance(timedelta(hours=1))
        item = world.scalar("select id from work_item where purpose = ''")
        version = world.scalar("select lock_version from work_item where purpose = ''")
        act(world.engine, world.person(login), item, verb, Request(version=version, **said))
        return world.clock.now()

    assert received("ling") == begun
    assert do("ling", "claim") == received("ling")
    assert do("ling", "unclaim") == received("ling")
    do("ling", "claim")
    assert do("ling", "hand_over", people=(world.people["lu"],), opinion="出差") == received("lu")
    handed = received("lu")
    do("lu", "ask", people=(world.people["tou"],), opinion="帮忙填")
    assert received("lu") == handed
    world.clock.advance(timedelta(hours=1))
    world.act("tou", "answer", "fill", opinion="已填")
    assert received("lu") == world.clock.now()
