"""Which answer belongs to which step."""

from collections.abc import Mapping

from processes.simulation.answers.fallback import fill_anything
from processes.simulation.tasks import Answer, Reply, Task

Answers = Mapping[tuple[str, str], Answer]
"""By (process, step), or ("", form)."""


class Book:
    """All answers of the stages; `fallbacks` counts the steps that none of them knows."""

    def __init__(self, *stages: Answers) -> None:
        self._known: dict[tuple[str, str], Answer] = {}
        for stage in stages:
            self._known |= stage
        self.fallbacks: dict[str, int] = {}

    def answer(self, task: Task) -> Reply:
        """What the person answers."""
        form = task.view.element.form_id or ""
        known = self._known.get(task.item.step) or self._known.get(("", form))
        if known is not None:
            return known(task)
        name = f"{task.item.process}.{task.item.element}"
        self.fallbacks[name] = self.fallbacks.get(name, 0) + 1
        return fill_anything(task)
