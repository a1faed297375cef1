"""Who signs: returns, vacancies, stand-ins and two at once; a step is signed once by each, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from engine.audit.chain import broken_chains
from engine.people.users import set_active
from engine.runtime.instances.terminating import terminate
from engine.runtime.steps.finishing import InvariantBroken
from engine.runtime.steps.step import open_step
from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed, Refusal
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_rerouting import gone, in_one, on_post
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.test_standing_in import away, do
from tests.engine.verbs.test_standing_in import rows as rows_of
from tests.engine.verbs.voting_city import (
    LOGINS,
    approve,
    begin,
    having,
    heard,
    leftovers,
    refuse,
    rows,
    signed,
    story,
    variables,
)


def at_once(world: World, said: dict[str, str]) -> list[str]:
    """Everybody of `said` (login -> outcome) signs at the same moment; what each heard."""
    items = {login: rows(world, login)[0] for login in said}
    people = {login: world.person(login) for login in said}
    barrier = Barrier(len(said))

    def one(login: str) -> str:
        barrier.wait()
        request = Request(version=items[login].lock_version, outcome=said[login])
        try:
            act(world.engine, people[login], items[login].item_id, "complete", request)
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(said)) as threads:
        heard_by = list(threads.map(one, said))
    world.engine.drain()
    return heard_by


def test_all_sign_at_the_same_moment_and_the_step_ends_once(world: World) -> None:
    world.deploy(planning=in_a_row(signed("all"), user("after", "assessor.office.reviewer")))
    for _ in range(4):
        instance = world.start()
        assert at_once(world, dict.fromkeys(LOGINS, "approve")) == ["done"] * 3
        assert [line[0] for line in story(world, instance)] == ["complete"] * 3
        world.complete("kao", "after")
        assert world.status(instance) == "completed"


def test_two_vetoes_at_the_same_moment_and_one_of_them_counts(world: World) -> None:
    world.deploy(planning=in_a_row(signed("all"), user("after", "assessor.office.reviewer")))
    for _ in range(4):
        instance = world.start()
        assert sorted(at_once(world, {"ling": "return", "lu": "return"})) == ["closed", "done"]
        assert sorted(line[0] for line in story(world, instance)) == ["close", "close", "complete"]
        world.complete("kao", "after")
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


RETURNS = in_a_row(
    user("collate", "unit.liaison"),
    signed("all", verbs="return_to"),
    user("check", "assessor.office.reviewer", form_id="review", verbs="return_to"),
)


def test_a_return_into_the_step_asks_everybody_anew(world: World) -> None:
    world.deploy(planning=RETURNS)
    instance = world.start()
    world.complete("ling", "collate")
    approve(world, *LOGINS)
    world.act("kao", "return_to", "check", target="sign", opinion="请重新会签")
    assert having(world, *LOGINS) == ["ling", "lu", "tou"]
    assert [rows(world, login)[0].round for login in LOGINS] == [2, 2, 2]
    old = [event.superseded for event in world.events(instance) if event.verb == "complete"]
    assert old == [False, True, True, True]
    approve(world, *LOGINS)
    assert world.item("kao", "check").round == 2


def test_a_return_out_of_the_step_takes_it_as_a_whole(world: World) -> None:
    world.deploy(planning=RETURNS)
    instance = world.start()
    world.complete("ling", "collate")
    approve(world, "ling", "lu")
    world.act("tou", "return_to", "sign", target="collate", opinion="数据不实")
    assert having(world, *LOGINS) == []
    assert leftovers(world) == 0
    told = [(event.verb, event.person_name, event.superseded) for event in world.events(instance)]
    assert ("complete", "陆副", True) in told
    world.complete("ling", "collate")
    assert having(world, *LOGINS) == ["ling", "lu", "tou"]  # also who signed before, and who returned it
    approve(world, *LOGINS)
    assert rows(world, "kao", "check")


def test_in_turn_the_reason_of_a_return_reaches_every_signer(world: World) -> None:
    world.deploy(
        planning=in_a_row(
            signed("turn"), user("check", "assessor.office.reviewer", form_id="review", verbs="return_to")
        )
    )
    world.start()
    approve(world, *LOGINS)
    world.act("kao", "return_to", "check", target="sign", opinion="第三项有误")
    approve(world, "ling", "lu")
    last = view(world.engine, world.person("tou"), rows(world, "tou")[0].item_id)
    assert (last.return_reason, last.item.returned_from) == ("第三项有误", "check")
    approve(world, "tou")
    assert rows(world, "kao", "check")


def test_it_stands_in_a_parallel_branch_and_leaves_the_other_alone(world: World) -> None:
    beside = user("beside", "assessor.office.reviewer")
    gates = '<bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" />'
    ways = [("begun", "fork"), ("fork", "sign"), ("fork", "beside"), ("sign", "join"), ("beside", "join")]
    flows = [flow(f"{a}_{b}", a, b) for a, b in [*ways, ("join", "done")]]
    process = 'id="planning" name="目标制定"'
    world.deploy(planning=diagram(SUBJECT, START, signed("all"), beside, gates, END, *flows, process=process))
    instance = world.start()
    approve(world, "ling")
    refuse(world, "lu")
    assert having(world, *LOGINS) == []
    assert world.status(instance) == "running"
    world.complete("kao", "beside")
    assert world.status(instance) == "completed"


def test_the_signature_of_a_vacant_post_goes_to_who_answers_but_never_to_who_signs_anyway(
    world: World,
) -> None:
    in_one(world, gone(world, "lu"))
    begin(world, "all")
    assert len(rows(world, "tou")) == 1  # the head signs once, so the deputy's goes past them to the office
    assert having(world, "ling", "ban1", "ban2") == ["ling", "ban1", "ban2"]
    assert (
        world.scalar("select meant_post_key from work_item w where w.post_key = 'office.staff'")
        == "vice_head"
    )
    approve(world, "ling", "tou", "ban2")
    assert rows(world, "kao", "after")


def test_when_a_signer_leaves_their_signature_goes_on(world: World) -> None:
    instance = begin(world, "all")
    approve(world, "tou")
    in_one(world, gone(world, "lu"))
    assert having(world, "lu", "tou", "ban1") == ["ban1"]  # the head would answer, but has signed
    in_one(world, on_post(world, "ling2", "U1", "vice_head"))
    assert having(world, "ban1", "ling2") == ["ling2"]
    approve(world, "ling", "ling2")
    assert variables(world, instance)["vote"]["approvals"] == "3"


def test_a_post_whose_last_free_holder_has_signed_passes_on(world: World) -> None:
    """Two hold the post and one of them holds a second that signs as well: each signs once."""
    in_one(world, on_post(world, "ling2", "U1", "vice_head"), on_post(world, "ling2", "U1", "liaison"))
    instance = begin(world, "all")
    first = next(row for row in rows(world, "ling2"))
    do(world, "ling2", "complete", first, outcome="approve")
    assert rows(world, "ling2") == []
    approve(world, *[login for login in ("ling", "lu") if rows(world, login)], "tou")
    assert variables(world, instance)["vote"]["approvals"] == "3"


def test_where_everybody_on_a_post_has_signed_elsewhere_the_unit_s_head_answers(world: World) -> None:
    """Three posts, the same two people on each: the third signature cannot be theirs."""
    both = [
        on_post(world, login, unit, post)
        for unit, post in (("U1", "vice_head"), ("U2", "liaison"), ("U2", "vice_head"))
        for login in ("lu", "ling2")
        if (login, unit, post) not in {("lu", "U1", "vice_head"), ("ling2", "U2", "liaison")}
    ]
    in_one(world, *both)
    posts = ", ".join(
        f'post("{world.units[unit]}", "{post}")'
        for unit, post in (("U1", "vice_head"), ("U2", "liaison"), ("U2", "vice_head"))
    )
    instance = begin(world, "all", signers=f"= [{posts}]")
    for login in ("lu", "ling2"):
        do(world, login, "complete", rows(world, login)[0], outcome="approve")
        assert rows(world, login) == []
    world.engine.drain()
    assert having(world, "tou2", "ban1") == ["tou2"]
    approve(world, "tou2")
    assert variables(world, instance)["vote"]["approvals"] == "3"


def test_the_signature_of_a_shut_account_goes_to_the_head(world: World) -> None:
    begin(world, "all", signers='= holders(post(assessor, "office.staff"))')
    in_one(world, lambda connection: set_active(connection, world.people["ban1"], active=False))
    assert having(world, "ban2", "tou") == ["ban2", "tou"]
    approve(world, "ban2", "tou")
    assert rows(world, "kao", "after")


def test_ending_an_instance_closes_what_was_not_signed(world: World) -> None:
    instance = begin(world, "all")
    approve(world, "ling")
    with world.engine.database.write() as connection:
        terminate(open_step(world.engine.setup, connection, instance), reason="作废")
    assert sorted(line[:2] for line in story(world, instance)) == [
        ("close", ""),
        ("close", ""),
        ("complete", "approve"),
    ]
    assert (leftovers(world), having(world, *LOGINS)) == (0, [])


def test_a_stand_in_signs_for_a_signer_once_and_nobody_signs_twice(world: World) -> None:
    begin(world, "all")
    away(world, "tou", "kao")
    away(world, "lu", "ling")
    [row] = rows_of(world, "kao")
    do(world, "kao", "complete", row, outcome="approve")
    assert having(world, *LOGINS) == ["ling", "lu"]
    deputy = rows(world, "lu")[0]
    with pytest.raises(NotAllowed, match="您所在岗位也要在本环节签署"):
        do(world, "ling", "complete", deputy, outcome="approve")
    approve(world, "ling")
    with pytest.raises(NotAllowed, match="您已在本环节签署过"):
        do(world, "ling", "complete", deputy, outcome="approve")
    assert view(world.engine, world.person("ling"), deputy.item_id).apart.startswith("您已在本环节签署过")
    approve(world, "lu")
    assert rows(world, "kao", "after")


def test_the_list_of_signers_shows_who_has_signed_and_what_each_outcome_leads_to(world: World) -> None:
    begin(world, "turn")
    approve(world, "ling")
    shown = view(world.engine, world.person("lu"), rows(world, "lu")[0].item_id).signing
    assert shown is not None
    assert [(one.person, one.state, one.mine) for one in shown.signers] == [
        ("张玲", "signed", False),
        ("", "open", True),
        ("", "waiting", False),
    ]
    assert (shown.approvals, shown.left, shown.leads_to) == (1, 2, {"approve": "waits", "return": "fails"})
    assert shown.following is not None
    assert shown.following.unit


def test_nobody_outside_reads_the_signers(world: World) -> None:
    begin(world, "all")
    item = rows(world, "lu")[0].item_id
    assert heard(world, world.person("ling2"), item) == "没有这项任务，或者您无权查看。"
    with pytest.raises(Refusal):
        view(world.engine, world.person("ling2"), item)


def test_where_nobody_is_to_sign_nothing_passes_and_the_step_waits_for_the_office(world: World) -> None:
    world.deploy(planning=in_a_row(user("first", "unit.liaison"), signed("all", signers="= []")))
    instance = world.start()
    world.complete("ling", "first")
    assert (world.status(instance), len(rows(world, "ling", "first"))) == ("running", 0)
    assert world.scalar("select element_id from incident where message like '%没有可用的办理人%'") == "sign"


def test_a_step_whose_signers_and_items_differ_is_never_stored(world: World) -> None:
    instance = begin(world, "all")
    with world.engine.database.write() as connection:
        connection.execute(text("delete from signer where meant_post_key = 'head'"))
    with pytest.raises(InvariantBroken, match="signers and items differ"):
        approve(world, "ling")
    assert story(world, instance) == []
