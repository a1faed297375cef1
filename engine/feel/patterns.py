"""XPath regular expressions: text to a program of `machine`. No pattern can make matching explode."""

from __future__ import annotations

from functools import lru_cache

from engine.feel.characters import (
    CharacterTest,
    any_of,
    between,
    category,
    exactly,
    literal_escape,
    negated,
    short_class,
)
from engine.feel.machine import MAX_PROGRAM, Instruction, Program

_MAX_DEPTH = 50
_FLAGS = frozenset("smixq")


class PatternError(ValueError):
    """A text that is no regular expression of the kind that FEEL knows."""


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> Program:
    """The program for a pattern with XPath's flags `s m i x q`. Raises PatternError."""
    if not set(flags) <= _FLAGS:
        raise PatternError(f"没有标志“{(set(flags) - _FLAGS).pop()}”")
    if "q" in flags:
        fold = "i" in flags
        codes = [Instruction("char", test=exactly(char, fold=fold)) for char in pattern]
        return Program((*codes, Instruction("match")), groups=0, multiline=False)
    if "x" in flags:
        pattern = _without_space(pattern)
    reader = _Reader(pattern, flags)
    code = reader.alternatives(0)
    if reader.index < len(pattern):
        raise PatternError("“)”没有对应的“(”")
    body = [Instruction("save", 0), *_shift(code, 1), Instruction("save", 1), Instruction("match")]
    return Program(tuple(body), groups=reader.groups, multiline="m" in flags, fold="i" in flags)


def _without_space(pattern: str) -> str:
    kept, depth, escaped = [], 0, False
    for char in pattern:
        if char in " \t\n\r" and depth == 0:  # also after a backslash: what follows is then escaped
            continue
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        escaped = char == "\\" and not escaped
        kept.append(char)
    return "".join(kept)


Code = list[Instruction]


def _shift(code: Code, by: int) -> Code:
    return [one.moved(by) for one in code]


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.index = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.fold = "i" in flags
        self.all_dots = "s" in flags

    def peek(self) -> str:
        return self.pattern[self.index] if self.index < len(self.pattern) else ""

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise PatternError("正则表达式不完整")
        self.index += 1
        return char

    def accept(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.index):
            return False
        self.index += len(text)
        return True

    def alternatives(self, depth: int) -> Code:
        if depth > _MAX_DEPTH:
            raise PatternError("正则表达式嵌套过深")
        code = self.sequence(depth)
        while self.accept("|"):
            other = self.sequence(depth)
            split = Instruction("split", 1, len(code) + 2)
            jump = Instruction("jump", len(code) + 2 + len(other))
            code = [split, *_shift(code, 1), jump, *_shift(other, len(code) + 2)]
            self.check(code)
        return code

    def check(self, code: Code) -> None:
        if len(code) > MAX_PROGRAM:
            raise PatternError("正则表达式过大")

    def sequence(self, depth: int) -> Code:
        code: Code = []
        while self.peek() not in ("", "|", ")"):
            code += _shift(self.piece(depth), len(code))
            self.check(code)
        return code

    def piece(self, depth: int) -> Code:
        atom = self.atom(depth)
        bounds = self.quantifier()
        if bounds is None:
            return atom
        least, most = bounds
        lazy = self.accept("?")
        if self.peek() in ("*", "+", "?") or (self.peek() == "{" and lazy is False):
            raise PatternError("量词前面没有可重复的内容")
        if (most if most is not None else least + 1) * len(atom) > MAX_PROGRAM:
            raise PatternError("正则表达式重复次数过多")
        return _repeated(atom, least, most, lazy)

    def quantifier(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.accept(sign):
                return bounds
        if not self.accept("{"):
            return None
        inside = self.until("}")
        first, comma, last = inside.partition(",")
        if not first.isascii() or not first.isdigit() or (last and not (last.isascii() and last.isdigit())):
            raise PatternError("次数应写作{n}、{n,}或{n,m}")
        if len(first) > 5 or len(last) > 5:
            raise PatternError("正则表达式重复次数过多")
        least = int(first)
        most = least if not comma else int(last) if last else None
        if most is not None and most < least:
            raise PatternError("次数的上限不能小于下限")
        return least, most

    def until(self, end: str) -> str:
        close = self.pattern.find(end, self.index)
        if close < 0:
            raise PatternError(f"缺少“{end}”")
        text = self.pattern[self.index : close]
        self.index = close + 1
        return text

    def atom(self, depth: int) -> Code:
        char = self.take()
        if char == "(":
            return self.group(depth)
        if char in "*+?{":
            raise PatternError("量词前面没有可重复的内容")
        if char in "}]":
            raise PatternError(f"“{char}”没有对应的开头")
        if char == "^":
            return [Instruction("begin")]
        if char == "$":
            return [Instruction("end")]
        if char == "\\" and self.peek().isdigit():
            return [Instruction("back", self.reference())]
        return [Instruction("char", test=self.character(char))]

    def character(self, char: str) -> CharacterTest:
        if char == ".":
            return (lambda char: True) if self.all_dots else (lambda char: char not in "\n\r")
        if char == "[":
            return self.char_class(0)
        if char == "\\":
            return self.escape()
        return exactly(char, fold=self.fold)

    def group(self, depth: int) -> Code:
        number = 0
        if not self.accept("?:"):
            if self.peek() == "?":
                raise PatternError("不支持这种分组")
            self.groups += 1
            number = self.groups
        inner = self.alternatives(depth + 1)
        if not self.accept(")"):
            raise PatternError("缺少“)”")
        self.closed.add(number)
        if not number:
            return inner
        return [Instruction("save", 2 * number), *_shift(inner, 1), Instruction("save", 2 * number + 1)]

    def reference(self) -> int:
        """The number of a group that has ended before; as many digits as make one."""
        digits = ""
        while (
            self.peek().isascii()
            and self.peek().isdigit()
            and (not digits or int(digits + self.peek()) <= self.groups)
        ):
            digits += self.take()
        if not digits or int(digits) not in self.closed or digits[0] == "0":
            raise PatternError("引用的分组不存在，或尚未结束")
        return int(digits)

    def escape(self) -> CharacterTest:
        letter = self.take()
        if letter in "pP":
            if not self.accept("{"):
                raise PatternError("\\p 后面应当是花括号里的类别")
            test = category(self.until("}"))
            if test is None:
                raise PatternError("没有这个字符类别")
            return test if letter == "p" else negated(test)
        short = short_class(letter)
        if short is not None:
            return short
        return exactly(self.plain(letter), fold=self.fold)

    def plain(self, letter: str) -> str:
        char = literal_escape(letter)
        if char is None:
            raise PatternError(f"没有转义“\\{letter}”")
        return char

    def char_class(self, depth: int) -> CharacterTest:
        if depth > _MAX_DEPTH:
            raise PatternError("正则表达式嵌套过深")
        inverted = self.accept("^")
        tests: list[CharacterTest] = []
        removed: CharacterTest | None = None
        while not self.accept("]"):
            if tests and self.accept("-["):
                removed = self.char_class(depth + 1)
                if not self.accept("]"):
                    raise PatternError("减去的字符类应当写在最后")
                break
            tests.append(self.member())
        if not tests:
            raise PatternError("字符类不能为空")
        test = any_of(tests)
        if inverted:
            test = negated(test)
        return test if removed is None else _without(test, removed)

    def member(self) -> CharacterTest:
        char = self.take()
        if char == "[":
            raise PatternError("字符类里的“[”前面要加反斜杠")
        if char == "\\":
            letter = self.peek()
            if letter in "pP" or short_class(letter or " ") is not None:
                return self.escape()
            char = self.plain(self.take())
        if self.peek() != "-" or self.pattern[self.index : self.index + 2] in ("-]", "-["):
            return exactly(char, fold=self.fold)
        self.take()
        last = self.take()
        if last == "\\":
            last = self.plain(self.take())
        if last < char:
            raise PatternError("字符范围的终点不能小于起点")
        return between(char, last, fold=self.fold)


def _without(test: CharacterTest, removed: CharacterTest) -> CharacterTest:
    return lambda char: test(char) and not removed(char)


def _repeated(atom: Code, least: int, most: int | None, lazy: bool) -> Code:
    code: Code = []
    for _ in range(least):
        code += _shift(atom, len(code))
    if most is None:
        here = len(code)
        ways = (here + 1, here + 2 + len(atom))
        code.append(Instruction("split", *(ways[::-1] if lazy else ways)))
        code += _shift(atom, here + 1)
        code.append(Instruction("jump", here))
        return code
    end = len(code) + (most - least) * (len(atom) + 1)
    for _ in range(most - least):
        ways = (len(code) + 1, end)
        code.append(Instruction("split", *(ways[::-1] if lazy else ways)))
        code += _shift(atom, len(code))
    return code
