"""退回: where a task may go back to, by the drawing's own outcome or by choosing a step done before."""

from dataclasses import dataclass

from api.errors import Trouble
from api.inbox.effects import effect_of
from api.inbox.task_page import RETURN, is_return
from api.language import gettext as _
from engine.verbs.showing.view import ItemView


@dataclass(frozen=True)
class Choice:
    """One way back: its value in the form, what it is called, what it does."""

    value: str
    label: str
    effect: str
    may_go_straight: bool


def choices_of(task: ItemView, *, only: str = "") -> list[Choice]:
    """Every way back that is open now: drawn outcomes first, then steps as `targets` orders them.

    `only` is an outcome that has a page of its own (不同意); without it, 退回 in all its ways.
    """
    if not {"complete", "register_for"} & set(task.verbs):
        return []
    if only:
        named = [one for one in task.outcomes if one.key == only and is_return(task, one.key)]
        return [Choice(f"outcome:{one.key}", one.label, effect_of(task), False) for one in named]
    drawn = [
        Choice(f"outcome:{one.key}", one.label, _("按流程图的“{label}”办理。").format(label=one.label), False)
        for one in task.outcomes
        if is_return(task, one.key) and one.key == RETURN
    ]
    steps = [
        Choice(f"step:{one.element_id}", _("退回到“{step}”").format(step=one.name), "", True)
        for one in (task.targets if "return_to" in task.verbs else [])
    ]
    return [*drawn, *steps]


def choice_of(task: ItemView, value: str) -> tuple[str, str, str]:
    """Verb, outcome and target for a chosen way. Raises Trouble(422) for one that is not open."""
    kind, _mark, name = value.partition(":")
    ways = choices_of(task, only=name if kind == "outcome" and name != RETURN else "")
    if value not in [way.value for way in ways]:
        raise Trouble(422, "malformed", _("请从列出的环节中选择退回到哪一步。"))
    if kind == "outcome":
        return ("register_for" if task.registers_for else "complete"), name, ""
    return "return_to", "", name
