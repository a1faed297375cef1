"""The part of SpiffWorkflow this room stands on, with types: task, task states, workflow, specs.

The library ships no annotations. Type checkers read the outlines below; at run time the names are the
library's own classes. Nothing else in the project imports it (import-linter holds this).
"""

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    class Task:
        """One token of the tree: a spec, a state, a parent, children."""

        id: str
        workflow: Any
        task_spec: Any
        internal_data: dict[str, Any]
        triggered: bool
        _children: list[str]
        _state: int

        def __init__(
            self, workflow: Any, task_spec: Any, parent: Any = None, state: int = 1, id: str | None = None
        ) -> None: ...
        @property
        def state(self) -> int: ...
        @property
        def parent(self) -> Any: ...
        @property
        def children(self) -> list[Any]: ...
        def has_state(self, state: int) -> bool: ...
        def _set_state(self, value: int) -> None: ...
        def _ready(self) -> None: ...
        def run(self) -> bool | None: ...
        def complete(self) -> None: ...
        def cancel(self) -> None: ...

    class TaskState:
        """The states a task goes through."""

        FUTURE: int
        WAITING: int
        READY: int
        STARTED: int
        COMPLETED: int
        ERROR: int
        CANCELLED: int
        FINISHED_MASK: int

    class Workflow:
        """A running instance: the tree of tasks."""

        spec: Any
        tasks: dict[str, Any]
        task_tree: Any
        completed: bool

        def __init__(self, workflow_spec: Any, deserializing: bool = False) -> None: ...
        def _remove_task(self, task_id: str) -> None: ...

    class WorkflowSpec:
        """A process: task specs by name."""

        start: Any
        task_specs: dict[str, Any]

        def __init__(self, name: str | None = None, filename: str | None = None) -> None: ...

    class BpmnSpecMixin:
        """A task spec that stands in the diagram."""

        name: str
        manual: bool

        def __init__(self, wf_spec: WorkflowSpec, bpmn_id: str, **kwargs: Any) -> None: ...
        def connect(self, taskspec: Any) -> None: ...
        def _update(self, my_task: Any) -> None: ...

else:
    from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
    from SpiffWorkflow.specs import WorkflowSpec
    from SpiffWorkflow.task import Task
    from SpiffWorkflow.util.task import TaskState
    from SpiffWorkflow.workflow import Workflow

# It reports every change of state at INFO: several lines for each task of each instance.
logging.getLogger("spiff").setLevel(logging.WARNING)

__all__ = ["BpmnSpecMixin", "Task", "TaskState", "Workflow", "WorkflowSpec"]
