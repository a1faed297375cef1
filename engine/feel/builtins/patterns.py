"""Functions with regular expressions, as XPath defines them."""

from __future__ import annotations

import re

from engine.feel.builtins.registry import builtin
from engine.feel.errors import LimitReached
from engine.feel.functions import BadCall
from engine.feel.machine import Program, Saves
from engine.feel.patterns import compile_pattern
from engine.feel.scope import Run
from engine.feel.values import Value


def _program(run: Run, text: str, pattern: str, flags: str | None) -> Program:
    if len(pattern) > run.limits.pattern_size:
        raise LimitReached(f"正则表达式超过{run.limits.pattern_size}个字符", code="pattern")
    if len(text) > run.limits.pattern_input:
        raise LimitReached(f"正则表达式要处理的文本超过{run.limits.pattern_input}个字符", code="pattern")
    return compile_pattern(pattern, flags or "")


class _Meter:
    """Counts the steps of one call."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._left = run.limits.pattern_steps

    def __call__(self, steps: int) -> None:
        self._left -= steps
        self._run.charge(steps)
        if self._left < 0:
            raise LimitReached("正则表达式的计算步数过多", code="pattern")


def _found(run: Run, program: Program, text: str) -> list[Saves]:
    """All matches, one after the other. Raises BadCall when the pattern matches nothing at all."""
    meter = _Meter(run)
    if program.search("", 0, meter) is not None:
        raise BadCall("正则表达式不能匹配空文本")
    found: list[Saves] = []
    place = 0
    while place <= len(text):
        match = program.search(text, place, meter)
        if match is None:
            break
        start, end = match[0] or 0, match[1] or 0
        if end == start:  # only at an edge that the empty text does not have
            place = end + 1
            continue
        found.append(match)
        place = end
    return found


@builtin("matches", "input: string, pattern: string, flags: string|null?")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern fits somewhere in the text."""
    return _program(run, text, pattern, flags).search(text, 0, _Meter(run)) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string|null?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """The text with each match replaced; `$1` stands for what the first group holds, `$0` for the match."""
    program = _program(run, text, pattern, flags)
    parts = [(replacement, None)] if "q" in (flags or "") else _replacement(replacement, program.groups)
    made: list[str] = []
    place = size = 0
    for match in _found(run, program, text):
        made.append(text[place : match[0]])
        made += [literal if group is None else _group(text, match, group) for literal, group in parts]
        place = match[1] or 0
        size += sum(map(len, made[-len(parts) - 1 :]))
        if size > run.limits.string_size:
            raise LimitReached(f"文本超过{run.limits.string_size}个字符", code="string")
    return run.text_of("".join([*made, text[place:]]))


def _group(text: str, match: Saves, group: int) -> str:
    start, end = match[2 * group], match[2 * group + 1]
    return "" if start is None or end is None else text[start:end]


_PART = re.compile(r"\\([\\$])|\$([0-9]+)|([^\\$]+)|(.)", re.DOTALL)


def _replacement(text: str, groups: int) -> list[tuple[str, int | None]]:
    parts: list[tuple[str, int | None]] = []
    for escaped, digits, plain, wrong in _PART.findall(text):
        if wrong:
            raise BadCall("替换文本里“$”后面应当是数字，“\\”后面应当是“\\”或“$”")
        if not digits:
            parts.append((escaped or plain, None))
            continue
        length = len(digits[:3])
        while length > 1 and int(digits[:length]) > groups:
            length -= 1
        number = int(digits[:length])
        parts.append(("", number) if number <= groups else ("", None))
        parts.append((digits[length:], None))
    return parts


@builtin("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> Value:
    """The parts between the matches of a pattern."""
    parts: list[Value] = []
    place = 0
    for match in _found(run, _program(run, text, delimiter, None), text):
        parts.append(text[place : match[0]])
        place = match[1] or 0
    return run.list_of([*parts, text[place:]])


@builtin("extract", "string: string, pattern: string")
def extract(run: Run, text: str, pattern: str) -> Value:
    """All matches of a pattern (an extension, as in Camunda 8)."""
    return [text[match[0] : match[1]] for match in _found(run, _program(run, text, pattern, None), text)]
