"""Several people on one step, in words: how it is decided, who has signed, and what a signature leads to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from api.language import gettext as _
from engine.verbs.signers.signatures import SignerLine, Signing


@dataclass(frozen=True)
class SignerShown:
    """One signer on the task page; `tone` is a colour of badges."""

    id: str
    name: str
    place: str
    said: str
    tone: str
    at: datetime | None
    mine: bool


@dataclass(frozen=True)
class SigningShown:
    """The list of signers with its heading and rule; `removable` are those whom the reader may take out."""

    heading: str
    rule: str
    signers: list[SignerShown]
    may_add: bool
    adding: str
    removable: list[SignerShown]


def signing_shown(signing: Signing | None, verbs: Collection[str] = ()) -> SigningShown | None:
    """What the task page shows of the others who sign; None where one person decides."""
    if signing is None:
        return None
    signed = signing.approvals + signing.rejections
    may_go = [line for line in signing.signers if line.kind != "ask" and not line.mine]
    silent = [line for line in may_go if line.state in ("open", "waiting")]
    last = _("加的人排在最后，轮到时收到任务；原来的人都签完，还要等他。")
    beside = _("加的人马上收到任务，人数按加签以后的算。")
    return SigningShown(
        heading=_("{form}：已签 {signed} / {all} 人").format(
            form=_form(signing), signed=signed, all=len(signing.signers)
        ),
        rule=_rule(signing),
        signers=[_shown(line) for line in signing.signers],
        may_add="add_signer" in verbs,
        adding=last if signing.rule.form == "turn" else beside,
        removable=[_shown(line) for line in silent] if "remove_signer" in verbs else [],
    )


def signature_effect(signing: Signing | None, outcome: str) -> str:
    """What a signature leads to while it does not decide the step; "" when it does."""
    leads_to = signing.leads_to.get(outcome) if signing else None
    if signing is None or leads_to in (None, "passes", "fails"):
        return ""
    if leads_to == "stays":
        return _("意见写进办理过程，任务仍在您名下，同意以后才算签署")
    if signing.rule.form == "turn" and signing.following is not None:
        return _("提交后轮到：{signer}").format(signer=_name(signing.following))
    return _("提交后等待其他人签署（还有 {count} 人）").format(count=signing.left - 1)


def _form(signing: Signing) -> str:
    if signing.rule.solo:
        return _("一人办理，另请了人")
    names = {"all": _("会签"), "any": _("或签"), "ratio": _("票决"), "turn": _("顺签")}
    return names[signing.rule.form]


def _rule(signing: Signing) -> str:
    rule = signing.rule
    if rule.solo:
        return _("先签的人供办理人参考；后签的人有不同意的，以他的结果办结。")
    if rule.form == "any":
        return _("第一个人的决定算数。")
    passing = _("全部同意才通过。") if rule.form != "turn" else _("按顺序一个一个签，全部同意才通过。")
    if rule.form == "ratio":
        passing = _("同意的达到 {share} 就通过。").format(share=_share(signing))
    against = {
        "veto": _("有人不同意，就不通过。"),
        "count": _("不同意的计入票数。") if rule.form == "ratio" else _("都签完以后再定。"),
        "stay": _("不同意的，意见记下，同意以后才算签署。"),
    }
    return passing + against[rule.reject]


def _share(signing: Signing) -> str:
    percent = signing.rule.ratio * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else str(signing.rule.ratio)


def _shown(line: SignerLine) -> SignerShown:
    said, tone = {
        "signed": (line.outcome_label, "bg-green-lt" if line.approves else "bg-red-lt"),
        "objected": (_("{label}（未签署）").format(label=line.outcome_label), "bg-orange-lt"),
        "open": (_("未签"), "bg-secondary-lt"),
        "waiting": (_("还没有轮到"), "bg-secondary-lt"),
        "held": (_("等别人先办"), "bg-orange-lt"),
        "given": (_("{label}（等后加签的人）").format(label=line.outcome_label), "bg-azure-lt"),
    }[line.state]
    kinds = {"before": _("前加签"), "after": _("后加签"), "ask": _("委派"), "added": _("加签")}
    weight = _("{n} 票").format(n=line.weight) if line.weight != "1" else ""
    place = " · ".join(part for part in (line.unit, line.post, kinds.get(line.kind, ""), weight) if part)
    return SignerShown(
        id=line.id,
        name=line.person or place,
        place=place if line.person else weight,
        said=said,
        tone=tone,
        at=line.signed_at,
        mine=line.mine,
    )


def _name(line: SignerLine) -> str:
    shown = _shown(line)
    return shown.name
