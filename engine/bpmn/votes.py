"""`bihuan:vote`: how several people decide one step, as the diagram writes it, and how their votes count.

`all` (会签), `any` (或签), `ratio:0.6` (票决) and `turn` (顺签). `bihuan:reject` says what one rejection
does: `veto` ends the step, `count` only counts, `stay` keeps the signer's task open until they approve.
`bihuan:approves` names the outcomes that approve; without it the first of `bihuan:outcomes` does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from engine.bpmn.outcomes import outcomes_of

Form = Literal["all", "any", "ratio", "turn"]
Reject = Literal["veto", "count", "stay"]

REJECTS: Mapping[Form, tuple[Reject, ...]] = {
    "all": ("veto", "count", "stay"),
    "any": (),
    "ratio": ("count", "veto", "stay"),
    "turn": ("veto", "stay"),
}
"""What `bihuan:reject` may say for each form, the default first. 或签: the first decision decides."""
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

    def ballot(self, outcome: str) -> bool:
        """Whether an outcome approves."""
        return outcome in self.approves

    def stays(self, outcome: str) -> bool:
        """Whether a signer who chose `outcome` keeps the task: it does not count until they approve."""
        return self.reject == "stay" and not self.ballot(outcome)

    def decided(self, *, approvals: int, rejections: int, signers: int) -> bool | None:
        """True: passed; False: rejected; None: not yet. What stays open is no rejection here."""
        if self.form == "any":
            return True if approvals else False if rejections else None
        if self.reject == "veto" and rejections:
            return False
        if self.form == "ratio":
            if approvals >= self.ratio * signers:
                return True
            return False if rejections > (1 - self.ratio) * signers else None
        if approvals + rejections < signers:
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
    )


def most_chosen(chosen: Sequence[str], order: Sequence[str]) -> str:
    """The outcome chosen most often; of equals the one drawn first."""
    return max(order, key=lambda key: (chosen.count(key), -order.index(key)))


def steps_apart(properties: Mapping[str, str]) -> list[str]:
    """`bihuan:distinct`: the earlier steps whose handlers may not act here, as written."""
    return [part.strip() for part in properties.get("bihuan:distinct", "").split(",") if part.strip()]


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


def _approves(text: str | None, outcomes: Collection[str]) -> frozenset[str]:
    keys = list(outcomes)
    if text is None:
        return frozenset(keys[:1])
    named = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not named or not named <= set(keys):
        raise Unreadable(f"“{text}” 不都是本步骤的办理结果（{'、'.join(keys)}）。")
    return named
