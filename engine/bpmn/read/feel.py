"""Does a text compile as FEEL? The one place of this room that asks engine.feel about syntax."""

from collections.abc import Collection
from dataclasses import dataclass

RUNTIME_FUNCTIONS = frozenset({"post", "add working days", "working days between"})
"""What the runtime offers in diagrams beside FEEL's own functions."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a text is not FEEL, and where in it: 1-based line and column."""

    message: str
    line: int
    column: int


def syntax_problem(text: str, *, names: Collection[str] = ()) -> SyntaxProblem | None:
    """None when `text` (without the leading `=`) is a FEEL expression. `names` may contain spaces."""
    from engine.feel import FeelError, FeelSyntaxError, compile_expression

    try:
        compile_expression(text, names=RUNTIME_FUNCTIONS | set(names))
    except FeelSyntaxError as error:
        return SyntaxProblem(error.message, *error.position)
    except FeelError as error:
        return SyntaxProblem(error.message, 1, 1)
    except RecursionError:
        return SyntaxProblem("表达式嵌套过深", 1, 1)
    return None
