"""会签, 或签, 票决, 顺签: several people decide one step, and it moves once."""

import pytest

from engine.runtime.steps.signing import WeightRefused
from engine.verbs.showing.view import view
from tests.engine.runtime.world import World
from tests.engine.verbs.voting_city import (
    LOGINS,
    approve,
    begin,
    having,
    heard,
    leftovers,
    refuse,
    rows,
    story,
    variables,
)


def test_all_sign_and_the_step_is_done_with_the_last(world: World) -> None:
    instance = begin(world, "all")
    assert having(world, *LOGINS) == ["ling", "lu", "tou"]
    approve(world, "tou", "ling")
    assert having(world, *LOGINS) == ["lu"]
    assert not rows(world, "kao", "after")
    approve(world, "lu")
    assert rows(world, "kao", "after")
    assert [line[0] for line in story(world, instance)] == ["complete"] * 3
    assert variables(world, instance) == {
        "outcome": "approve",
        "vote": {"passed": True, "approvals": "3", "rejections": "0", "signers": "3"},
    }
    assert leftovers(world) == 0


def test_a_veto_ends_the_step_and_the_others_are_closed_by_the_system(world: World) -> None:
    instance = begin(world, "all")
    approve(world, "ling")
    left = rows(world, "tou")[0]
    refuse(world, "lu", opinion="数据有误")
    assert story(world, instance) == [
        ("complete", "approve", "张玲"),
        ("complete", "return", "陆副"),
        ("close", "decided", "系统"),
    ]
    assert variables(world, instance)["outcome"] == "return"
    assert "由系统关闭，不算同意" in heard(world, world.person("tou"), left.item_id)


def test_counting_waits_for_all_and_one_rejection_decides(world: World) -> None:
    instance = begin(world, "all", reject="count")
    refuse(world, "ling")
    assert having(world, *LOGINS) == ["lu", "tou"]
    approve(world, "lu", "tou")
    vote = variables(world, instance)
    assert (vote["outcome"], vote["vote"]["passed"], vote["vote"]["rejections"]) == ("return", False, "1")
    assert [line[0] for line in story(world, instance)] == ["complete"] * 3


def test_with_stay_the_signer_keeps_the_task_until_they_approve(world: World) -> None:
    instance = begin(world, "all", reject="stay")
    before = rows(world, "lu")[0]
    refuse(world, "lu", opinion="缺附件")
    approve(world, "ling", "tou")
    again = rows(world, "lu")[0]
    assert again.item_id == before.item_id
    assert "有过变动" in heard(world, world.person("lu"), before.item_id, version=before.lock_version)
    approve(world, "lu")
    superseded = [event.outcome for event in world.events(instance) if event.superseded]
    assert superseded == ["return"]
    assert variables(world, instance)["vote"]["approvals"] == "3"


@pytest.mark.parametrize(("login", "outcome", "passed"), [("lu", "approve", True), ("tou", "return", False)])
def test_of_any_the_first_decision_decides(world: World, login: str, outcome: str, passed: bool) -> None:
    instance = begin(world, "any")
    world.complete(login, "sign", outcome=outcome)
    assert having(world, *LOGINS) == []
    assert variables(world, instance)["vote"]["passed"] is passed
    assert sorted(line[:2] for line in story(world, instance)) == [
        ("close", "decided"),
        ("close", "decided"),
        ("complete", outcome),
    ]


def test_a_ratio_passes_as_soon_as_it_is_reached(world: World) -> None:
    instance = begin(world, "ratio:0.6")
    approve(world, "ling")
    assert having(world, *LOGINS) == ["lu", "tou"]
    approve(world, "tou")
    assert having(world, *LOGINS) == []
    assert variables(world, instance)["vote"] == {
        "passed": True,
        "approvals": "2",
        "rejections": "0",
        "signers": "3",
    }


def test_a_ratio_fails_as_soon_as_it_cannot_be_reached(world: World) -> None:
    instance = begin(world, "ratio:2/3")
    refuse(world, "ling")
    assert having(world, *LOGINS) == ["lu", "tou"]  # one of three against is exactly 1 - 2/3, not more
    refuse(world, "lu")
    assert variables(world, instance)["vote"]["passed"] is False
    assert variables(world, instance)["outcome"] == "return"


def test_a_ratio_with_a_veto_fails_at_once(world: World) -> None:
    instance = begin(world, "ratio:0.3", reject="veto")
    refuse(world, "ling")
    assert variables(world, instance)["vote"]["passed"] is False


def test_a_ratio_with_stay_only_ever_passes(world: World) -> None:
    instance = begin(world, "ratio:0.6", reject="stay")
    refuse(world, "ling", "lu", "tou")
    assert having(world, *LOGINS) == ["ling", "lu", "tou"]
    approve(world, "ling", "lu")
    assert variables(world, instance)["vote"]["passed"] is True
    assert [event.outcome for event in world.events(instance) if event.superseded] == ["return", "return"]


def test_in_turn_the_next_sees_it_only_when_the_one_before_has_approved(world: World) -> None:
    instance = begin(world, "turn")
    for number, login in enumerate(LOGINS):
        assert having(world, *LOGINS) == [login]
        assert rows(world, login)[0].from_name == ("" if number == 0 else ["张玲", "陆副"][number - 1])
        approve(world, login)
    assert rows(world, "kao", "after")
    assert [line[2] for line in story(world, instance)] == ["张玲", "陆副", "王局"]


def test_in_turn_a_rejection_ends_it_and_the_rest_are_never_asked(world: World) -> None:
    instance = begin(world, "turn")
    approve(world, "ling")
    refuse(world, "lu")
    assert story(world, instance) == [("complete", "approve", "张玲"), ("complete", "return", "陆副")]
    assert variables(world, instance)["vote"] == {
        "passed": False,
        "approvals": "1",
        "rejections": "1",
        "signers": "3",
    }
    assert leftovers(world) == 0


def test_in_turn_with_stay_the_queue_stands_still(world: World) -> None:
    begin(world, "turn", reject="stay")
    refuse(world, "ling")
    assert having(world, *LOGINS) == ["ling"]
    approve(world, "ling")
    assert having(world, *LOGINS) == ["lu"]


def test_without_signers_everybody_on_the_post_signs_for_themselves(world: World) -> None:
    from tests.engine.runtime.world import in_a_row, user

    world.deploy(
        planning=in_a_row(
            user("sign", "assessor.office.staff", vote="all", outcomes="approve:同意,return:退回")
        )
    )
    instance = world.start()
    approve(world, "ban1")
    assert having(world, "ban1", "ban2") == ["ban2"]
    approve(world, "ban2")
    assert world.status(instance) == "completed"


def test_signers_may_be_all_holders_of_a_post_and_others_beside(world: World) -> None:
    signers = '= [holders(post(assessor, "office.staff")), post(unit, "head")]'
    begin(world, "all", signers=signers)
    assert having(world, "ban1", "ban2", "tou", "ling") == ["ban1", "ban2", "tou"]


def test_without_a_vote_a_post_still_has_one_item_and_the_first_one_wins(world: World) -> None:
    from tests.engine.runtime.world import in_a_row, user

    world.deploy(planning=in_a_row(user("sign", "assessor.office.staff", outcomes="approve:同意")))
    instance = world.start()
    assert rows(world, "ban1")[0].item_id == rows(world, "ban2")[0].item_id
    world.complete("ban2", "sign")
    assert (world.status(instance), leftovers(world)) == ("completed", 0)


def test_which_outcomes_approve_is_said_by_the_diagram(world: World) -> None:
    instance = begin(
        world, "ratio:0.5", outcomes="return:退回,pass:通过,remark:附意见通过", approves="pass,remark"
    )
    world.complete("ling", "sign", outcome="remark")
    world.complete("lu", "sign", outcome="pass")
    assert variables(world, instance)["outcome"] == "pass"  # chosen equally often: the one drawn first
    assert variables(world, instance)["vote"]["approvals"] == "2"


def test_a_vote_needs_the_form_of_each_and_keeps_it(world: World) -> None:
    instance = begin(world, "all")
    for login in LOGINS:
        world.complete(login, "sign", outcome="approve", fields={"remark": f"{login}看过"})
    kept = world.scalar("select count(*) from work_text where kind = 'form' and instance_id = :i", i=instance)
    assert kept == 3
    assert variables(world, instance)["outcome"] == "approve"


def test_a_second_submission_of_the_same_signature_is_refused(world: World) -> None:
    begin(world, "all")
    mine = rows(world, "lu")[0]
    assert heard(world, world.person("lu"), mine.item_id) == "done"
    assert "已由陆副办理完毕" in heard(world, world.person("lu"), mine.item_id)
    assert having(world, *LOGINS) == ["ling", "tou"]


def test_a_repeated_request_with_its_key_counts_once(world: World) -> None:
    begin(world, "ratio:0.6")
    mine = rows(world, "lu")[0]
    said = {"idempotency_key": "once"}
    assert heard(world, world.person("lu"), mine.item_id, **said) == "done"
    assert heard(world, world.person("lu"), mine.item_id, **said) == "done"
    assert having(world, *LOGINS) == ["ling", "tou"]


def test_the_page_of_a_signer_says_what_may_be_done(world: World) -> None:
    begin(world, "all")
    shown = view(world.engine, world.person("lu"), rows(world, "lu")[0].item_id)
    assert shown.may_act
    assert "complete" in shown.verbs


def test_a_weighed_vote_passes_by_weight_and_names_how_much_each_counts(world: World) -> None:
    instance = begin(world, "ratio:0.6", weights="= {head: 3, vice_head: 1}")
    seen = view(world.engine, world.person("tou"), rows(world, "tou")[0].item_id).signing
    assert seen is not None
    assert [line.weight for line in seen.signers] == ["1", "1", "3"]
    assert seen.leads_to == {"approve": "passes", "return": "fails"}
    approve(world, "ling")
    assert having(world, *LOGINS) == ["lu", "tou"]
    approve(world, "tou")
    assert variables(world, instance)["vote"]["passed"] is True
    listed = begin(world, "ratio:0.6", weights="= [1, 1, 0.4]")
    refuse(world, "ling")
    assert variables(world, listed)["outcome"] == "return"


def test_weights_that_mean_nothing_stop_the_step_by_name(world: World) -> None:
    with pytest.raises(WeightRefused, match="2 个票数，3 个签署人"):
        begin(world, "ratio:0.6", weights="= [1, 2]")
    with pytest.raises(WeightRefused, match="大于 0 的数"):
        begin(world, "ratio:0.6", weights="= {head: 0}")


def test_shares_of_the_start_stay_whoever_is_added_or_taken_out(world: World) -> None:
    verbs = "add_signer,remove_signer"
    now = begin(world, "ratio:0.6", verbs=verbs)
    start = begin(world, "ratio:0.6", verbs=verbs, voters="start")
    for instance, passed in ((now, True), (start, False)):
        items = {row.instance_id: row for row in rows(world, "tou")}
        key = "id || '@' || meant_unit_id || '#' || meant_post_key"
        seats = f"select {key} from signer where instance_id = :i and meant_post_key = :p"
        for post in ("liaison", "vice_head"):
            target = world.scalar(seats, i=instance, p=post)
            heard(
                world,
                world.person("tou"),
                items[instance].item_id,
                verb="remove_signer",
                target=target,
                opinion="出差",
            )
        assert heard(world, world.person("tou"), items[instance].item_id) == "done"
        assert variables(world, instance)["vote"]["passed"] is passed
