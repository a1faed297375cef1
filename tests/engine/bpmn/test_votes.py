"""How votes count, apart from any database: every rule against every way in which people can vote."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.votes import REJECTS, Unreadable, VoteRule, most_chosen, vote_rule

RULES = [(form, reject) for form, allowed in REJECTS.items() for reject in (*allowed, "")]


def rule(vote: str, reject: str = "", **more: str) -> VoteRule:
    given = {"bihuan:vote": vote, "bihuan:outcomes": "approve:同意,return:退回", **more}
    found = vote_rule(given | ({"bihuan:reject": reject} if reject else {}))
    assert found is not None
    return found


def test_an_ordinary_step_has_no_rule() -> None:
    assert vote_rule({"bihuan:outcomes": "approve:同意"}) is None


@pytest.mark.parametrize(("form", "reject"), [pair for pair in RULES if pair[1] != "stay"])
@pytest.mark.parametrize("signers", [1, 2, 3, 5])
def test_whoever_votes_how_the_step_is_decided_once_all_have_voted(
    form: str, reject: str, signers: int
) -> None:
    found = rule("ratio:0.6" if form == "ratio" else form, reject)
    for votes in product((True, False), repeat=signers):
        decided = None
        for number in range(1, signers + 1):
            approvals = sum(votes[:number])
            now = found.decided(approvals=approvals, rejections=number - approvals, signers=signers)
            if decided is None:
                decided = now
        assert decided is not None
        everybody = all(votes)
        if form in ("all", "turn"):
            assert decided is everybody
        elif form == "any":
            assert decided is votes[0]
        elif reject == "veto":
            first_against = votes.index(False) if not everybody else signers
            assert decided is (sum(votes[:first_against]) >= Fraction("0.6") * signers)
        else:
            assert decided is (sum(votes) >= Fraction("0.6") * signers)


@given(st.fractions(min_value="0.01", max_value=1), st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_ratio_is_decided_as_soon_as_nothing_can_change_it_and_never_before(
    ratio: Fraction, votes: list[bool]
) -> None:
    found, signers = rule(f"ratio:{ratio}"), len(votes)
    for number in range(signers + 1):
        approvals = sum(votes[:number])
        at_best, at_worst = approvals + signers - number, approvals
        expected = True if at_worst >= ratio * signers else False if at_best < ratio * signers else None
        assert found.decided(approvals=approvals, rejections=number - approvals, signers=signers) is expected


def test_a_share_is_exact() -> None:
    assert rule("ratio:2/3").decided(approvals=2, rejections=1, signers=3) is True
    assert rule("ratio:0.6667").decided(approvals=2, rejections=1, signers=3) is False
    assert rule("ratio:0.1").decided(approvals=1, rejections=0, signers=10) is True


def test_stay_never_fails() -> None:
    found = rule("all", "stay")
    assert found.stays("return") and not found.stays("approve")
    assert found.decided(approvals=2, rejections=0, signers=3) is None


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"bihuan:vote": "most"}, "看不懂表决方式"),
        ({"bihuan:vote": "ratio"}, "看不懂表决方式"),
        ({"bihuan:vote": "ratio:0"}, "看不懂表决方式"),
        ({"bihuan:vote": "ratio:1.1"}, "看不懂表决方式"),
        ({"bihuan:vote": "ratio:1/0"}, "看不懂表决方式"),
        ({"bihuan:vote": "any", "bihuan:reject": "count"}, "第一个决定算数"),
        ({"bihuan:vote": "turn", "bihuan:reject": "count"}, "可写 veto、stay"),
        ({"bihuan:vote": "all", "bihuan:reject": "never"}, "可写 veto、count、stay"),
        ({"bihuan:vote": "all", "bihuan:approves": "agree"}, "不都是本步骤的办理结果"),
    ],
)
def test_what_means_nothing_is_said(properties: dict[str, str], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        vote_rule({"bihuan:outcomes": "approve:同意,return:退回", **properties})


def test_the_outcome_is_what_most_chose_and_of_equals_the_first_drawn() -> None:
    assert most_chosen(["b", "c", "c"], ["a", "b", "c"]) == "c"
    assert most_chosen(["c", "b"], ["a", "b", "c"]) == "b"
