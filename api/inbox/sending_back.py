"""退回: where a task may go back to, by the drawing's own outcome or by choosing a step done before.

What each way leads to is shown before it is taken: it is done, looked at and undone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.errors import Trouble
from api.house import House
from api.inbox.effects import effect_of
from api.inbox.forms_of_tasks import files_of_item
from api.inbox.task_page import RETURN, is_return
from api.language import gettext as _
from engine.people.persons import Person
from engine.verbs import door
from engine.verbs.refusals import Refusal
from engine.verbs.showing.view import ItemView
from engine.verbs.visit import Request

HERE = frozenset({"opinion", "target", "signature"})
"""The fields of its page; what is wrong elsewhere is shown on the task's own."""
MOST_FORESEEN = 5
"""For so many ways the effect stands beside them; a process with more targets shows it for the nearest."""


@dataclass(frozen=True)
class Choice:
    """One way back: its value in the form, what it is called, what it does.

    `leads_to` are the sentences of its effect; `step_by_step` what is added where everything between is done
    anew.
    """

    value: str
    label: str
    effect: str
    may_go_straight: bool
    leads_to: tuple[str, ...] = ()
    step_by_step: tuple[str, ...] = ()


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


def with_effects(house: House, person: Person, task: ItemView, choices: Sequence[Choice]) -> list[Choice]:
    """The ways with what each would lead to; a way whose form still lacks something keeps what is drawn."""
    return [
        _foreseen(house, person, task, one) if number < MOST_FORESEEN else one
        for number, one in enumerate(choices)
    ]


def _foreseen(house: House, person: Person, task: ItemView, choice: Choice) -> Choice:
    straight = _sentences(house, person, task, choice, straight_back=True)
    if not straight or not choice.may_go_straight:
        return replace(choice, leads_to=straight)
    anew = _sentences(house, person, task, choice, straight_back=False)
    return replace(choice, leads_to=straight, step_by_step=tuple(one for one in anew if one not in straight))


def _sentences(
    house: House, person: Person, task: ItemView, choice: Choice, *, straight_back: bool
) -> tuple[str, ...]:
    verb, outcome, target = _meant(task, choice.value)
    with house.database.read() as connection:
        files = files_of_item(connection, person, task.item.id)
    asked = Request(
        version=task.item.lock_version,
        outcome=outcome,
        target=target,
        straight_back=straight_back,
        fields=dict(task.draft.data) if task.draft and verb != "return_to" else {},
        files=files,
    )
    try:
        return door.preview(house.engine, person, task.item.id, verb, asked).sentences
    except Refusal:
        return ()


def choice_of(task: ItemView, value: str) -> tuple[str, str, str]:
    """Verb, outcome and target for a chosen way. Raises Trouble(422) for one that is not open."""
    kind, _mark, name = value.partition(":")
    ways = choices_of(task, only=name if kind == "outcome" and name != RETURN else "")
    if value not in [way.value for way in ways]:
        raise Trouble(422, "malformed", _("请从列出的环节中选择退回到哪一步。"))
    return _meant(task, value)


def _meant(task: ItemView, value: str) -> tuple[str, str, str]:
    kind, _mark, name = value.partition(":")
    if kind == "outcome":
        return ("register_for" if task.registers_for else "complete"), name, ""
    return "return_to", "", name
