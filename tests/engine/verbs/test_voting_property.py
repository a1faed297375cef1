"""Random signers, votes and returns against a small model: nobody is lost, doubled or counted twice."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.audit.chain import broken_chains
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.voting_city import rows, signed, story, variables

POSTS = {"lu": "vice_head", "tou": "head"}
"""Who signs by the post of U1 that they alone hold; the others sign in person."""
SIGNERS = ("lu", "tou", "ban1", "ban2", "kao", "fa", "wei")
RULES = (
    *product(("all",), ("veto", "count", "stay")),
    *product(("any",), ("",)),
    *product(("ratio:0.6", "ratio:1/3"), ("count", "veto", "stay")),
    *product(("turn",), ("veto", "stay")),
)
KINDS = ["approve", "approve", "approve", "return", "return", "back", "add", "remove"]
ACTS = st.tuples(st.sampled_from(KINDS), st.integers(0, 6))
CASES = st.tuples(
    st.integers(0, len(RULES) - 1),
    st.lists(st.sampled_from(SIGNERS), min_size=1, max_size=5, unique=True),
    st.lists(ACTS, max_size=12),
)
Case = tuple[int, list[str], list[tuple[str, int]]]


@dataclass
class Expected:
    """The step as a clerk would keep it on paper."""

    vote: str
    reject: str
    signers: list[str]
    votes: dict[str, bool] = field(default_factory=dict)
    opinions: int = 0
    objected: set[str] = field(default_factory=set)

    def having(self) -> list[str]:
        """Who is asked now, in order."""
        if self.passed() is not None:
            return []
        left = [name for name in self.signers if name not in self.votes]
        return left[:1] if self.vote == "turn" else left

    def sign(self, name: str, approves: bool) -> None:
        self.opinions += 1
        if approves or self.reject != "stay":
            self.votes[name] = approves
        else:
            self.objected.add(name)

    def passed(self) -> bool | None:
        """By what could still come: decided when every way to go on ends alike, or the rule ends it early."""
        against = [name for name, approves in self.votes.items() if not approves]
        if self.vote == "any":
            return next(iter(self.votes.values()), None)
        if against and (self.reject == "veto"):
            return False
        left = len(self.signers) - len(self.votes)
        if self.vote in ("all", "turn"):
            return None if left else not against
        share = Fraction(self.vote.partition(":")[2])
        ends = {
            Fraction(len(self.votes) - len(against) + more, len(self.signers)) >= share
            for more in range(left + 1)
        }
        return ends.pop() if len(ends) == 1 else None


def deploy(world: World) -> None:
    """A process a rule; who signs is a variable."""
    for number, (vote, reject) in enumerate(RULES):
        more = {"reject": reject} if reject else {}
        world.deploy(
            **{
                f"rule{number}": in_a_row(
                    user("collate", "unit.liaison"),
                    signed(vote, signers="= chosen", verbs="return_to,add_signer,remove_signer", **more),
                    process=f'id="rule{number}" name="签署{number}"',
                )
            }
        )


def play(world: World, case: Case) -> None:
    """One story, compared with the model after every act."""
    number, signers, acts = case
    vote, reject = RULES[number]
    chosen = [reference(world, one) for one in signers]
    instance = world.start(f"rule{number}", chosen=chosen)
    world.complete("ling", "collate")
    model, told = Expected(vote, reject, list(signers)), 0
    for act, pick in acts:
        having = model.having()
        if not having:
            break
        name = having[pick % len(having)]
        if act == "back":
            world.act(name, "return_to", "sign", target="collate", opinion="改", straight_back=pick % 2 == 0)
            assert open_at(world, instance) == ["collate"]
            world.complete("ling", "collate")
            told += model.opinions
            model = Expected(vote, reject, list(signers))
        elif act in ("add", "remove"):
            change(world, instance, model, act, name, pick)
        else:
            world.complete(name, "sign", outcome=act)
            model.sign(name, act == "approve")
        compare(world, instance, model)
    compare(world, instance, model)
    counted = [line for line in story(world, instance) if line[0] == "complete"]
    assert len(counted) == told + model.opinions
    finish(world, instance, model)


def reference(world: World, name: str) -> str:
    """How a signer is named: by post, or in person."""
    return f"{world.units['U1']}#{POSTS[name]}" if name in POSTS else world.people[name]


def change(world: World, instance: str, model: Expected, act: str, name: str, pick: int) -> None:
    """加签 of somebody who does not sign, or 减签 of somebody who has not spoken, by `name`."""
    if act == "add":
        others = [one for one in SIGNERS if one not in model.signers]
    else:
        spoken = {*model.votes, *model.objected, name}
        others = [one for one in model.signers if one not in spoken]
    if not others:
        return
    whom = others[pick % len(others)]
    target = reference(world, whom)
    if act == "add":
        model.signers.append(whom)
    else:
        model.signers.remove(whom)
        meant = "coalesce(meant_user_id, meant_unit_id || '#' || meant_post_key)"
        target = world.scalar(
            f"select id || '@' || {meant} from signer where instance_id = :i and {meant} = :t",
            i=instance,
            t=target,
        )
    world.act(name, f"{act}_signer", "sign", target=target, opinion="工作需要")


def compare(world: World, instance: str, model: Expected) -> None:
    having = sorted(name for name in SIGNERS if any(row.instance_id == instance for row in rows(world, name)))
    assert having == sorted(model.having())
    assert open_at(world, instance) == ["sign"] * len(having)
    passed = model.passed()
    assert world.status(instance) == ("running" if passed is None else "completed")
    seats = world.scalar("select count(*) from signer where instance_id = :i", i=instance)
    assert seats == (len(model.signers) if passed is None else 0)
    if passed is None:
        return
    said: dict[str, Any] = variables(world, instance)["vote"]
    approvals = sum(model.votes.values())
    assert said == {
        "passed": passed,
        "approvals": str(approvals),
        "rejections": str(len(model.votes) - approvals),
        "signers": str(len(model.signers)),
    }
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def finish(world: World, instance: str, model: Expected) -> None:
    """Whatever happened, approvals of all who are asked end the step."""
    while model.having():
        name = model.having()[0]
        world.complete(name, "sign", outcome="approve")
        model.sign(name, approves=True)
        compare(world, instance, model)
    assert world.status(instance) == "completed"


def open_at(world: World, instance: str) -> list[str]:
    """The elements of an instance's open items, one for each item."""
    from sqlalchemy import text

    with world.engine.database.read() as connection:
        found = connection.execute(
            text("select element_id from work_item where instance_id = :i"), {"i": instance}
        )
        return [row.element_id for row in found]


def stories(world: World, *, examples: int) -> None:
    """Play random stories, one instance each."""
    deploy(world)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(CASES)
    def one(case: Case) -> None:
        play(world, case)

    one()


def test_whoever_signs_in_whatever_order_the_step_agrees_with_the_model(world: World) -> None:
    stories(world, examples=12)


@pytest.mark.proof
def test_many_stories_of_signers_agree_with_the_model(world: World) -> None:
    stories(world, examples=400)
