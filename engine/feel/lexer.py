"""Text to tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, cast

from engine.feel.errors import FeelSyntaxError, Position
from engine.feel.limits import MAX_TEXT

Kind = Literal["number", "string", "word", "symbol", "end"]

# FEEL's name characters: letters and digits of any script, everything beyond the basic plane (pictographs),
# combining marks and the joining signs that the standard lists.
_JOINERS = r"\u00b7\u0300-\u036f\u200c\u200d\u203f\u2040"
_WORD = rf"(?:[^\W\d]|[?\U00010000-\U000EFFFF])(?:\w|[{_JOINERS}\U00010000-\U000EFFFF])*"
_TOKEN = re.compile(
    r"(?P<space>[\s\u00a0\u180e\u200b\ufeff]+|//[^\n\r]*|/\*.*?\*/)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<word>{_WORD})"
    r"|(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/<>=()\[\]{},.:@'])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign; `spaced` says whether white space stands before it."""

    kind: Kind
    text: str
    offset: int
    spaced: bool


class Source:
    """An expression's text and where its lines begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0] + [index + 1 for index, char in enumerate(text) if char == "\n"]

    def position(self, offset: int) -> Position:
        """Line and column of an offset, from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def error(self, message: str, offset: int) -> FeelSyntaxError:
        """The error to raise at an offset."""
        return FeelSyntaxError(message, position=self.position(offset), text=self.text)


def tokenize(source: Source) -> list[Token]:
    """All tokens, the last of kind `end`. Raises FeelSyntaxError."""
    text = source.text
    if len(text) > MAX_TEXT:
        raise source.error(f"表达式超过{MAX_TEXT}个字符", 0)
    tokens: list[Token] = []
    offset, spaced = 0, False
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise source.error(_complaint(text, offset), offset)
        kind = match.lastgroup
        if kind == "space":
            spaced = True
        else:
            tokens.append(Token(cast(Kind, kind), match[0], offset, spaced))
            spaced = False
        offset = match.end()
    tokens.append(Token("end", "", len(text), spaced))
    return tokens


def _complaint(text: str, offset: int) -> str:
    if text[offset] == '"':
        return "文本缺少右引号"
    if text.startswith("/*", offset):
        return "注释没有结束"
    return f"不能使用字符“{text[offset]}”"


def string_value(source: Source, token: Token) -> str:
    """What a string token says, escapes resolved. Raises FeelSyntaxError on half a surrogate pair."""
    body = token.text[1:-1]
    if "\\" not in body:
        return body

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code is None:
            # An unknown escape stays as written, so that patterns such as "\d+" need no doubling.
            return _PLAIN_ESCAPES.get(match[3], match[0])
        if int(code, 16) > 0x10FFFF:
            raise source.error(f"没有字符 \\U{code}", token.offset)
        return chr(int(code, 16))

    value = _ESCAPE.sub(plain, body)
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise source.error("文本里有半个代理对字符", token.offset) from None
