"""What came of a submission and lasts: others have begun with it, or a service has done what stays."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from engine.audit.covering import ERASED
from engine.bpmn.model import Element
from engine.runtime.events.publishing import PUBLISH
from engine.runtime.steps.step import Step
from engine.store import Queries
from engine.store.texts import json_text
from engine.work.bindings import lasts

QUERIES = Queries(Path(__file__).with_name("lasting.sql"))


class TooLate(Exception):
    """The submission cannot be taken back any more; the sentence says who or what has gone on."""


def check_undoable(step: Step, element: Element) -> None:
    """Raises `TooLate` when what the element has done stays: letters out, grades sealed, targets in force."""
    if element.task_type is None:
        return
    if element.task_type == PUBLISH:
        raise TooLate(f"“{element.name}”已经向别的流程发出消息，不能撤回。")
    if lasts(step.setup.bindings.services.get(element.task_type)):
        instead = "可请下一环节退回" if step.row.status == "running" else "需要时请考评办恢复办理"
        raise TooLate(f"“{element.name}”已经自动完成，撤回不能取消它的结果，不能撤回；{instead}。")


def check_untouched(step: Step, keys: Sequence[str], *, person_id: str) -> None:
    """Raises `TooLate` when somebody has claimed, drafted or done something with what lies at these waits."""
    place = {"instance_id": step.row.id, "keys": json_text(list(keys)), "me": person_id}
    row = QUERIES.row(step.connection, "acted", **place) or QUERIES.row(
        step.connection, "acted_below", **place
    )
    if row is not None:
        done = {"claim": "认领", "draft": "动笔办理"}.get(row["what"], "办理")
        raise TooLate(f"{row['person_name']}已经{done}后面的任务，不能撤回；可请对方退回。")
    _check_served_below(step, place)


def _check_served_below(step: Step, place: Mapping[str, str]) -> None:
    """Raises `TooLate` when a service has done something that lasts in what was called from these waits."""
    looked: set[tuple[str, str]] = set()
    for row in QUERIES.rows(step.connection, "served_below", **place):
        if row["told_text"].startswith(ERASED):
            raise TooLate("下级流程里已有自动完成的环节，不能撤回；可请下一环节退回。")
        version = step.setup.definitions.process(step.connection, row["version_id"])
        for _, element_id, *_ in orjson.loads(row["told_text"])["t"]:
            element = version.drawn.elements.get(element_id)
            if element is not None and (row["version_id"], element_id) not in looked:
                check_undoable(step, element)
            looked.add((row["version_id"], element_id))
