"""Two people at the same moment: one succeeds, the other gets a clear sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.verbs.door import act, save_draft
from engine.verbs.instance_door import act_upon
from engine.verbs.refusals import Refusal, Stale
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work.inbox import InboxRow
from tests.engine.runtime.world import World, in_a_row, user

ONE_STEP = in_a_row(user("fill", "assessor.office.staff"), user("sign", "unit.head", form_id="review"))


def at_once(world: World, verb: str, *logins: str) -> list[str]:
    """Each of `logins` does `verb` with the one open item at the same moment; what each heard."""
    item_id = world.scalar("select id from work_item")
    people = [world.person(login) for login in logins]
    barrier = Barrier(len(logins))

    def one(number: int) -> str:
        barrier.wait()
        try:
            act(world.engine, people[number], item_id, verb, Request(version=1))
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(logins)) as threads:
        return sorted(threads.map(one, range(len(logins))))


def test_two_submit_the_same_task_and_one_succeeds(world: World) -> None:
    world.deploy(planning=ONE_STEP)
    for _ in range(5):
        instance = world.start()
        heard = at_once(world, "complete", "ban1", "ban2")
        assert heard in (["closed", "done"], ["done", "stale"])
        assert world.said(instance) == [("complete", "fill", 1)]
        assert len(world.inbox("tou")) == 1
        world.complete("tou")


def test_two_claim_the_same_task_and_one_has_it(world: World) -> None:
    groups = '= [post(assessor, "office.staff")]'
    world.deploy(planning=in_a_row(user("sort", "assessor.office.staff", groups=groups)))
    instance = world.start()
    heard = at_once(world, "claim", "ban1", "ban2")
    assert heard[0] == "done" or heard[1] == "done"
    assert heard.count("done") == 1
    assert world.said(instance) == [("claim", "sort", 1)]


def test_two_branches_complete_at_once_and_both_count(world: World) -> None:
    from tests.engine.verbs.test_returning import JOINT

    world.deploy(planning=JOINT)
    instance = world.start()
    world.complete("kao")
    logins = ("cai", "fa", "wei")
    items = {login: world.item(login) for login in logins}
    people = {login: world.person(login) for login in logins}
    barrier = Barrier(3)

    def one(login: str) -> None:
        barrier.wait()
        request = Request(version=items[login].lock_version, outcome="pass")
        act(world.engine, people[login], items[login].item_id, "complete", request)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(one, logins))
    world.engine.drain()
    assert world.status(instance) == "completed"
    done = sorted(element for verb, element, _ in world.said(instance) if verb == "complete")
    assert done == ["finance", "legal", "planners", "prepare"]


def test_taking_back_meets_the_next_ones_act_and_one_of_them_wins(world: World) -> None:
    world.deploy(planning=ONE_STEP)
    taker, next_one = world.person("ban1"), world.person("tou")
    for _ in range(4):
        instance = world.start()
        world.complete("ban1")
        item, barrier = world.item("tou"), Barrier(2)

        def take_back(barrier: Barrier = barrier, instance: str = instance) -> None:
            barrier.wait()
            act_upon(world.engine, taker, instance, "take_back", Request())

        def complete(barrier: Barrier = barrier, item: InboxRow = item) -> None:
            barrier.wait()
            act(world.engine, next_one, item.item_id, "complete", Request(version=item.lock_version))

        with ThreadPoolExecutor(2) as threads:
            heard = [one.exception() for one in (threads.submit(take_back), threads.submit(complete))]
        assert [isinstance(one, Refusal) for one in heard].count(True) == 1, heard
        world.engine.drain()
        if heard[0] is None:
            assert world.item("ban1").element_id == "fill" and world.inbox("tou") == []
            world.complete("ban1")
            world.complete("tou")
        assert world.status(instance) == "completed"


def test_two_tabs_keep_a_draft_and_the_slower_is_told_of_the_other(world: World) -> None:
    """Whether another tab had kept something else was asked in a transaction before the one that wrote."""
    world.deploy(planning=ONE_STEP)
    person = world.person("ban1")
    for number in range(5):
        instance = world.start()
        [item_id] = [row.item_id for row in world.inbox("ban1") if row.instance_id == instance]
        barrier = Barrier(2)

        def keep(tab: str, item_id: str = item_id, barrier: Barrier = barrier) -> str:
            barrier.wait()
            try:
                save_draft(world.engine, person, item_id, fields={"value": tab}, known=("", "its own"))
            except Stale as refused:
                return refused.message
            return tab

        with ThreadPoolExecutor(2) as threads:
            heard = set(threads.map(keep, ("one", "two")))
        kept = view(world.engine, person, item_id).draft
        assert kept is not None, number
        [told] = heard - {kept.data["value"]}
        assert "草稿刚在另一个窗口里改过" in told and kept.data["value"] in heard
