"""What can go wrong while tokens move. One family: `ExecutionFailed`.

Each carries a Chinese sentence for the office and fields for a program. After any of them the
`Execution` is unusable: the caller throws it away and keeps the state it had stored.
"""


class ExecutionFailed(Exception):
    """An instance cannot go on as drawn. `element` is the id of the BPMN element, or ""."""

    code = "execution-failed"

    def __init__(self, message: str, *, element: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.element = element


class UnsupportedElement(ExecutionFailed):
    """The diagram holds something this engine does not run (the lint refuses it earlier)."""

    code = "unsupported-element"


class ExpressionFailed(ExecutionFailed):
    """An expression does not parse, or gives a value of the wrong type. `text` is the expression."""

    code = "expression-failed"

    def __init__(self, message: str, *, element: str = "", text: str = "") -> None:
        super().__init__(message, element=element)
        self.text = text


class NoFlowTaken(ExecutionFailed):
    """No condition of a gateway holds and it has no default flow."""

    code = "no-flow-taken"


class UncaughtError(ExecutionFailed):
    """A BPMN error that no boundary event catches. `error_code` is the error's code."""

    code = "uncaught-error"

    def __init__(self, message: str, *, element: str = "", error_code: str = "") -> None:
        super().__init__(message, element=element)
        self.error_code = error_code


class Runaway(ExecutionFailed):
    """One run passed more elements than `limit` without reaching anything that waits."""

    code = "runaway"


class IllegalMove(ExecutionFailed):
    """退回 or 跳转 to a place where the token must not go."""

    code = "illegal-move"


class UnknownToken(ExecutionFailed):
    """No such token or wait: it was completed, cancelled, or never existed."""

    code = "unknown-token"

    def __init__(self, key: str) -> None:
        super().__init__(f"流程中没有编号为“{key}”的等待事项，可能已经办结或取消")
        self.key = key


class StateUnreadable(ExecutionFailed):
    """A stored state does not fit the process: other format, or an element that is gone."""

    code = "state-unreadable"


class Unusable(ExecutionFailed):
    """The execution has failed before; load it anew."""

    code = "unusable"


def blame(failure: Exception, token: str) -> None:
    """Note the token at which something failed; where it was noted before, further in, that stays."""
    if blamed(failure) is None:
        failure.blamed_token = token  # type: ignore[attr-defined]


class failing_at:  # noqa: N801 - read as a word of the language, like `with open`
    """What fails inside a `with` fails at this token."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        self._token = token

    def __enter__(self) -> None:
        """Nothing has failed yet."""

    def __exit__(self, kind: object, failure: BaseException | None, where: object) -> None:
        if isinstance(failure, Exception):
            blame(failure, self._token)


def blamed(failure: BaseException) -> str | None:
    """The id of the token at which it failed, or None when nobody can say."""
    found = getattr(failure, "blamed_token", None)
    return found if isinstance(found, str) else None
