"""`bihuan:vote`: how several people decide one step, as the diagram writes it, and how their votes count.

`all` (会签), `any` (或签), `ratio:0.6` (票决) and `turn` (顺签). `bihuan:reject` says what one rejection
does: `veto` ends the step, `count` only counts, `stay` keeps the signer's task open until they approve.
`bihuan:approves` names the outcomes that approve; without it the first of `bihuan:outcomes` does.
票决 alone: `bihuan:weights` says how much each vote counts, `bihuan:voters` whether shares are of those who
sign `now` or of those who did at the `start`, when signers are added or taken out.
A step for one person on which others were asked to sign as well is decided by its `solo_rule`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from engine.bpmn.outcomes import outcomes_of

Form = Literal["all", "any", "ratio", "turn"]
Reject = Literal["veto", "count", "stay"]
Voters = Literal["now", "start"]
Kind = Literal["", "added", "before", "after", "ask"]
"""How a signer came: named by the diagram, or added: beside the others, before or after one, asked by one."""

REJECTS: Mapping[Form, tuple[Reject, ...]] = {
    "all": ("veto", "count", "stay"),
    "any": (),
    "ratio": ("count", "veto", "stay"),
    "turn": ("veto", "stay"),
}
"""What `bihuan:reject` may say for each form, the default first. 或签: the first decision decides."""
SEATING = frozenset({"add_before", "add_after", "ask"})
"""Verbs by which several people come to work on a step that was drawn for one."""
DRAWABLE = (
    "return_to",
    "hand_over",
    "ask",
    "add_signer",
    "add_before",
    "add_after",
    "remove_signer",
    "register_for",
    "urge",
)
"""What `bihuan:verbs` may name, in the order in which the designer offers it."""
_VOTERS: tuple[Voters, ...] = ("now", "start")
_FORMS: Mapping[str, Form] = {"all": "all", "any": "any", "turn": "turn"}


class Unreadable(ValueError):
    """A vote rule that means nothing; the sentence says what may be written."""


@dataclass(frozen=True)
class VoteRule:
    """How a step is decided. `ratio` is the share of approvals that 票决 needs, `approves` outcome keys."""

    form: Form
    reject: Reject
    approves: frozenset[str]
    ratio: Fraction = Fraction(1)
    weights: str | None = None
    voters: Voters = "now"
    solo: bool = False

    def counts(self, kind: str) -> bool:
        """Whether a signer who came like this decides with the others.

        或签: who signs before another only advises, or the first would decide without it coming back.
        So it is on a step drawn for one person; and who was asked (委派) never decides.
        """
        if kind == "ask":
            return False
        return kind != "before" or not (self.solo or self.form == "any")

    def ballot(self, outcome: str) -> bool:
        """Whether an outcome approves."""
        return outcome in self.approves

    def stays(self, outcome: str) -> bool:
        """Whether a signer who chose `outcome` keeps the task: it does not count until they approve."""
        return self.reject == "stay" and not self.ballot(outcome)

    def decided(
        self,
        *,
        approvals: int | Fraction,
        rejections: int | Fraction,
        signers: int | Fraction,
        left: int | Fraction | None = None,
    ) -> bool | None:
        """True: passed; False: rejected; None: not yet. What stays open is no rejection here.

        With weights all figures are weights. `left` is what has not been cast; it differs from what is
        missing of `signers` where shares are of those at the start.
        """
        if left is None:
            left = signers - approvals - rejections
        if self.form == "any":
            return True if approvals else False if rejections else None
        if self.reject == "veto" and rejections:
            return False
        if self.form == "ratio":
            if approvals >= self.ratio * signers:
                return True
            return False if rejections > (1 - self.ratio) * signers or left <= 0 else None
        if left > 0:
            return None
        return rejections == 0


def vote_rule(properties: Mapping[str, str]) -> VoteRule | None:
    """The rule of a step with these properties; None for an ordinary step. Raises `Unreadable`."""
    text = properties.get("bihuan:vote")
    if text is None:
        return None
    outcomes = [one.key for one in outcomes_of(properties)]
    form, ratio = _form(text.strip())
    return VoteRule(
        form=form,
        reject=_reject(form, properties.get("bihuan:reject", "").strip()),
        approves=_approves(properties.get("bihuan:approves"), outcomes),
        ratio=ratio,
        weights=_only_ratio(form, "bihuan:weights", properties.get("bihuan:weights")),
        voters=_voters(form, properties.get("bihuan:voters")),
    )


def solo_rule(properties: Mapping[str, str]) -> VoteRule:
    """A step drawn for one person, on which others were asked to sign: its owner decides, and every one who
    signs after the owner must agree."""
    outcomes = [one.key for one in outcomes_of(properties)]
    approves = _approves(properties.get("bihuan:approves"), outcomes)
    return VoteRule(form="all", reject="veto", approves=approves, solo=True)


def may_seat(properties: Mapping[str, str]) -> bool:
    """Whether several people can come to work on one visit of the step: signers, or people asked or added."""
    return "bihuan:vote" in properties or not SEATING.isdisjoint(verbs_of(properties))


def verbs_of(properties: Mapping[str, str]) -> list[str]:
    """`bihuan:verbs`: what is offered besides the basic verbs."""
    return list(_parts(properties.get("bihuan:verbs", "")))


def most_chosen(chosen: Sequence[str], order: Sequence[str]) -> str:
    """The outcome chosen most often; of equals the one drawn first."""
    return max(order, key=lambda key: (chosen.count(key), -order.index(key)))


def steps_apart(properties: Mapping[str, str]) -> list[str]:
    """`bihuan:distinct`: the earlier steps whose handlers may not act here, as written."""
    return list(_parts(properties.get("bihuan:distinct", "")))


@lru_cache(maxsize=1_000)
def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _form(text: str) -> tuple[Form, Fraction]:
    if text in _FORMS:
        return _FORMS[text], Fraction(1)
    name, _, share = text.partition(":")
    try:
        ratio = Fraction(share.strip())
    except (ValueError, ZeroDivisionError):
        ratio = Fraction(0)
    if name != "ratio" or not 0 < ratio <= 1:
        raise Unreadable(f"看不懂表决方式 “{text}”。")
    return "ratio", ratio


def _reject(form: Form, text: str) -> Reject:
    allowed = REJECTS[form]
    if not text:
        return allowed[0] if allowed else "veto"
    for one in allowed:
        if one == text:
            return one
    said = f"可写 {'、'.join(allowed)}" if allowed else "不写 bihuan:reject：第一个决定算数"
    raise Unreadable(f"表决方式 {form} 不能用 “{text}” 处理不同意；{said}。")


def _only_ratio(form: Form, name: str, text: str | None) -> str | None:
    if text is not None and form != "ratio":
        raise Unreadable(f"{name} 只用于票决（ratio:…）。")
    return text


def _voters(form: Form, text: str | None) -> Voters:
    said = (_only_ratio(form, "bihuan:voters", text) or "now").strip()
    for one in _VOTERS:
        if one == said:
            return one
    raise Unreadable(f"看不懂票数按谁算 “{said}”；可写 now（现在的签署人）、start（开始时的签署人）。")


def _approves(text: str | None, outcomes: Collection[str]) -> frozenset[str]:
    keys = list(outcomes)
    if text is None:
        return frozenset(keys[:1])
    named = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not named or not named <= set(keys):
        raise Unreadable(f"“{text}” 不都是本步骤的办理结果（{'、'.join(keys)}）。")
    return named
