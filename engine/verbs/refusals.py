"""Why a verb was refused: a sentence for the person, a code and a status for programs."""

from engine.work.bindings import FieldError


class Refusal(Exception):
    """The family. `status` is the HTTP status of DECISIONS.md, `code` a stable name."""

    status = 422
    code = "refused"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotVisible(Refusal):
    """No such item, or none that this person may see: both look the same."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("没有这项任务，或者您无权查看。", hint="请回到待办列表重新打开。")


class NotAllowed(Refusal):
    """The person sees the item but may not do this."""

    status = 403
    code = "not_allowed"


class Stale(Refusal):
    """The item has changed since the person opened it."""

    status = 409
    code = "stale"


class Closed(Refusal):
    """The item was done before."""

    status = 409
    code = "closed"


class Repeated(Refusal):
    """The same idempotency key with another request."""

    status = 409
    code = "idempotency_conflict"


class Invalid(Refusal):
    """What was sent cannot be accepted; `errors` stand beside the fields."""

    status = 422
    code = "invalid"

    def __init__(self, message: str, *, errors: tuple[FieldError, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.errors = errors


class Broken(Refusal):
    """The diagram itself failed; nothing was changed, and the office has an incident."""

    status = 500
    code = "diagram_failed"
