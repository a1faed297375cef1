"""权限: the acts that posts may be granted, and which acts never meet in one person (三员分立).

An act is also given without any grant by how a person stands to the thing; `relations` says how:
"holder" (it is assigned to the person), "desk" (it waits at a post that the person holds), "free_desk"
(the same, while nobody has taken it), "involved" (the person took part).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Relation = Literal["holder", "desk", "free_desk", "involved"]
REACHES = ("unit", "below", "assessor", "all")


@dataclass(frozen=True)
class Act:
    """What a person may do. `changes` is false for acts that only look.

    `stand_in`: what comes of the relations is also a stand-in's (代理); what posts grant never is.
    """

    name: str
    changes: bool = True
    relations: tuple[Relation, ...] = ()
    stand_in: bool = False


ACTS: Mapping[str, Act] = {
    "see_item": Act("查看待办", changes=False, relations=("holder", "desk", "involved"), stand_in=True),
    "act_item": Act("办理待办", relations=("holder", "free_desk"), stand_in=True),
    "see_instance": Act(
        "查看办理过程", changes=False, relations=("holder", "desk", "involved"), stand_in=True
    ),
    "see_target": Act("查看目标", changes=False, relations=("holder", "desk")),
    "assign_target": Act("下达目标"),
    "see_scores": Act("查看得分", changes=False),
    "run_cycle": Act("组织考评年度"),
    "run_survey": Act("组织满意度调查"),
    "urge": Act("催办"),
    "mend": Act("处理异常、挂起流程"),
    "edit_calendar": Act("维护工作日历"),
    "export": Act("导出数据", changes=False),
    "design": Act("设计流程"),
    "deploy": Act("发布流程"),
    "see_people": Act("查看人员", changes=False),
    "manage_people": Act("管理人员"),
    "manage_divisions": Act("维护处室"),
    "manage_rights": Act("管理权限"),
    "read_audit": Act("查看审计记录", changes=False),
}

ADMINISTER = frozenset({"manage_people", "manage_rights", "read_audit"})
"""The acts of the three administrators (系统管理员, 安全管理员, 审计员)."""

_APART: tuple[tuple[str, str], ...] = (
    ("manage_people", "manage_rights"),
    ("manage_people", "read_audit"),
    ("manage_rights", "read_audit"),
    ("manage_people", "see_scores"),
    ("manage_rights", "see_scores"),
    ("manage_people", "export"),
    ("manage_rights", "export"),
)
"""Pairs that no post may be granted together; whoever reads the audit may besides change nothing."""


def forbidden_together(acts: Iterable[str]) -> tuple[str, str] | None:
    """Two of `acts` that must not meet in one post, or None."""
    given = sorted(set(acts))
    for first, second in _APART:
        if first in given and second in given:
            return first, second
    if "read_audit" in given:
        for act in given:
            if ACTS[act].changes:
                return "read_audit", act
    return None


def withheld(granted: Iterable[str]) -> frozenset[str]:
    """The acts that a person with these grants must not do, whatever other posts would allow.

    Last line of the separation: who administers people or rights reads no scores, and who reads the audit
    changes nothing, even if someone has managed to hold two posts. Two administrators' rights in one hand
    are none.
    """
    given = frozenset(granted)
    away: set[str] = set()
    if len(given & ADMINISTER) > 1:
        away |= ADMINISTER
    if given & {"manage_people", "manage_rights"}:
        away |= {"see_scores", "export"}
    if "read_audit" in given:
        away |= {key for key, act in ACTS.items() if act.changes}
    return frozenset(away)


def clash_with_office(granted: Iterable[str], others: Iterable[str]) -> bool:
    """Whether an administrator's post with the acts `granted` must not meet a post with the acts `others`.

    Any post may be given work, so an administrator holds none beside it that does more than design.
    """
    mine, beside = set(granted), set(others)
    designs = bool(beside) and beside <= {"design", "deploy"}
    return bool(ADMINISTER & mine) and not ADMINISTER & beside and not designs


def act_to_appoint(granted: Iterable[str]) -> str:
    """The act needed to put someone on a post with these rights.

    The posts of the three administrators are filled by the security administrator, all others by the
    system administrator, so that neither can make the other.
    """
    return "manage_rights" if ADMINISTER & set(granted) else "manage_people"
