"""Words and fields that many answers share."""

from typing import Any

from processes.simulation.tasks import Data, Reply, Task


def same(task: Task) -> Reply:
    """What stands in the form, handed in as it is, with the first outcome."""
    return Reply(task.data, first(task))


def first(task: Task) -> str:
    """The first button: usually the way on."""
    return task.outcomes[0] if task.outcomes else ""


def sent_back(task: Task, reason: str) -> Reply | None:
    """退回 to the step that the page names first; None when there is nowhere to send it."""
    if "return_to" not in task.view.verbs or not task.view.targets:
        return None
    return Reply(verb="return_to", target=task.view.targets[-1].element_id, opinion=reason)


def careless(task: Task) -> bool:
    """Whether the unit's papers are not in order; nobody is careless twice about the same."""
    return not task.item.returned and task.item.round == 1 and not task.likely(_care(task), "care")


def _care(task: Task) -> float:
    body = task.subject or task.body
    return body.character.care if body else 1.0


def meeting(task: Task, name: str, **more: Any) -> Data:
    """The fields of a registered decision: the meeting is held on the day it is entered."""
    number = task.random("document").randint(1, 60)
    return {
        "meeting": name,
        "decided_on": task.today.isoformat(),
        "document_number": f"纪要〔{task.today.year}〕{number}号",
        "minutes": [task.paper("minutes")],
        **more,
    }
