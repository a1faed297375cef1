"""Work for a program: service and send tasks, message throws. The outside runs the handler."""

from typing import TYPE_CHECKING

from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.element import text_of
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

DEFAULT_RETRIES = 3


class Job(Activity):
    """STARTED until `complete` or `throw_error`. Message end events are jobs without a way out."""

    def execute(self, token: "Token") -> None:
        """Check that the job can be named; the runtime queues it."""
        self.wait(token)

    def wait(self, token: "Token") -> Wait | None:
        """A job of the task definition's type."""
        tokens, text = token.workflow, self.element.retries
        retries = tokens.value_of(text, token) if text else DEFAULT_RETRIES
        try:
            count = int(retries)
        except (TypeError, ValueError) as error:
            raise ExpressionFailed(
                f"重试次数“{text}”不是整数", element=self.element.id, text=text or ""
            ) from error
        return Wait(
            key=token.id,
            token=token.id,
            element=self.element.id,
            kind="job",
            job_type=text_of(self.element.task_type or "", token, what="任务类型"),
            retries=count,
            inputs=tokens.own(token),
        )
