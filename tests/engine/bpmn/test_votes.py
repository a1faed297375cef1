"""How votes count, apart from any database: every rule against every way in which people can vote."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.votes import REJECTS, Unreadable, VoteRule, most_chosen, solo_rule, vote_rule

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


@given(
    st.fractions(min_value="0.01", max_value=1),
    st.lists(st.tuples(st.fractions(min_value="0.1", max_value=9), st.booleans()), min_size=1, max_size=8),
    st.fractions(min_value=0, max_value=20),
)
def test_weighed_votes_of_those_at_the_start_end_as_a_clerk_would_count_them(
    ratio: Fraction, votes: list[tuple[Fraction, bool]], gone: Fraction
) -> None:
    """`gone`: the weight of who was taken out since; it still counts in the whole, and nobody casts it."""
    found = rule(f"ratio:{ratio}", **{"bihuan:weights": "= weights", "bihuan:voters": "start"})
    whole = sum(weight for weight, _ in votes) + gone
    for number in range(len(votes) + 1):
        cast, left = votes[:number], sum(weight for weight, _ in votes[number:])
        for_it = sum(weight for weight, approves in cast if approves)
        against = sum(weight for weight, approves in cast if not approves)
        lost = against / whole > 1 - ratio or not left
        expected = True if for_it >= ratio * whole else False if lost else None
        judged = found.decided(approvals=for_it, rejections=against, signers=whole, left=left)
        assert judged is expected
    assert judged is not None, "when all have voted it is decided, whoever was taken out"


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), min_size=1, max_size=6))
def test_a_weight_of_n_is_as_good_as_n_signers_with_one_vote(votes: list[tuple[int, bool]]) -> None:
    found = rule("ratio:0.6")
    many = sum(weight for weight, _ in votes)
    for_it = sum(weight for weight, approves in votes if approves)
    weighed = found.decided(
        approvals=Fraction(for_it), rejections=Fraction(many - for_it), signers=Fraction(many)
    )
    assert weighed is found.decided(approvals=for_it, rejections=many - for_it, signers=many)


def test_who_was_added_or_asked_counts_as_the_form_says() -> None:
    kinds = ("", "added", "before", "after", "ask")
    assert [rule("all").counts(kind) for kind in kinds] == [True, True, True, True, False]
    assert [rule("any").counts(kind) for kind in kinds] == [True, True, False, True, False]
    assert [solo_rule({}).counts(kind) for kind in kinds] == [True, True, False, True, False]


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
        ({"bihuan:vote": "all", "bihuan:weights": "= [1]"}, "只用于票决"),
        ({"bihuan:vote": "turn", "bihuan:voters": "now"}, "只用于票决"),
        ({"bihuan:vote": "ratio:0.5", "bihuan:voters": "then"}, "可写 now"),
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
