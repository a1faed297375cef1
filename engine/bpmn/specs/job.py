"""Work for a program: service and send tasks, message throws. The outside runs the handler."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.copying import copied
from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.script import is_feel
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.element import text_of
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

DEFAULT_RETRIES = 3


class Job(Activity):
    """STARTED until `complete` or `throw_error`. Message end events are jobs without a way out."""

    def execute(self, token: "Token") -> None:
        """Name the job; the runtime queues it. What an expression gives is kept, whatever changes later."""
        named = self._named(token)
        if is_feel(self.element.task_type or "") or is_feel(self.element.retries or ""):
            token.named = named

    def wait(self, token: "Token") -> Wait | None:
        """A job of the task definition's type."""
        job_type, retries = token.named or self._named(token)
        return Wait(
            key=token.id,
            token=token.id,
            element=self.element.id,
            kind="job",
            job_type=job_type,
            retries=retries,
            inputs=copied(token.workflow.own(token)),
        )

    def _named(self, token: "Token") -> list[Any]:
        text = self.element.retries
        retries = token.workflow.value_of(text, token) if text else DEFAULT_RETRIES
        try:
            count = int(retries)
        except (TypeError, ValueError) as error:
            raise ExpressionFailed(
                f"重试次数“{text}”不是整数", element=self.element.id, text=text or ""
            ) from error
        return [text_of(self.element.task_type or "", token, what="任务类型"), count]
