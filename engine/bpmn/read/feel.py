"""Does a text compile as FEEL? The one place of this room that asks engine.feel about syntax."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.feel import FeelError, FeelSyntaxError, compile_expression
from engine.feel.builtins import BUILTINS
from engine.feel.syntax import Call, Name, children, outside

RUNTIME_FUNCTIONS = frozenset(
    {
        "post",
        "holders",
        "upward",
        "initiator",
        "handlers",
        "add working days",
        "working days between",
        "is working day",
    }
)
"""What the runtime offers in diagrams beside FEEL's own functions."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a text is not FEEL, and where in it: 1-based line and column."""

    message: str
    line: int
    column: int


def syntax_problem(text: str, *, names: Collection[str] = ()) -> SyntaxProblem | None:
    """None when `text` (without the leading `=`) is a FEEL expression. `names` may contain spaces."""
    try:
        at = outside(compile_expression(text, names=RUNTIME_FUNCTIONS | set(names)).tree)
    except FeelSyntaxError as error:
        return SyntaxProblem(error.message, *error.position)
    except FeelError as error:
        return SyntaxProblem(error.message, 1, 1)
    except RecursionError:
        return SyntaxProblem("表达式嵌套过深", 1, 1)
    return None if at is None else SyntaxProblem("不运行外部函数", *at)


def unknown_calls(text: str, functions: Collection[str]) -> list[str]:
    """Names that `text` calls and that neither FEEL nor `functions` knows; [] when it is not FEEL."""
    try:
        tree = compile_expression(text, names=functions).tree
    except FeelError:
        return []
    called: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and isinstance(node.callee, Name) and not node.callee.local:
            called.add(node.callee.name)
        waiting += children(node)
    return sorted(called - set(BUILTINS) - set(functions))
