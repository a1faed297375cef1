"""退回: where a task may go back to, by the drawing's own outcome or by choosing a step done before."""

from dataclasses import dataclass

from api.errors import Trouble
from api.inbox.task_page import is_return
from api.language import gettext as _
from engine.verbs.view import ItemView


@dataclass(frozen=True)
class Choice:
    """One way back: its value in the form, what it is called, what it does."""

    value: str
    label: str
    effect: str
    may_go_straight: bool


def choices_of(task: ItemView) -> list[Choice]:
    """Every way back that is open now: drawn outcomes first, then steps, nearest first."""
    if not {"complete", "register_for"} & set(task.verbs):
        return []
    drawn = [
        Choice(f"outcome:{one.key}", one.label, _("按流程图的“{label}”办理。").format(label=one.label), False)
        for one in task.outcomes
        if is_return(task, one.key)
    ]
    steps = [
        Choice(f"step:{one.element_id}", _("退回到“{step}”").format(step=one.name), "", True)
        for one in (task.targets if "return_to" in task.verbs else [])
    ]
    return [*drawn, *steps]


def choice_of(task: ItemView, value: str) -> tuple[str, str, str]:
    """Verb, outcome and target for a chosen way. Raises Trouble(422) for one that is not open."""
    if value not in [choice.value for choice in choices_of(task)]:
        raise Trouble(422, "malformed", _("请从列出的环节中选择退回到哪一步。"))
    kind, _mark, name = value.partition(":")
    if kind == "outcome":
        return ("register_for" if task.registers_for else "complete"), name, ""
    return "return_to", "", name
