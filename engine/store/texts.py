"""Texts that a database can keep: the same on both homes, so that what is accepted here is accepted there.

PostgreSQL takes no NUL character and neither takes half of a surrogate pair; SQLite would keep a NUL and cut
the text there in some of its functions. Whoever sends such a text hears it once, in one sentence.
"""

import re
from collections.abc import Iterable

import orjson

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class UnstorableText(ValueError):
    """A text with a character that cannot be stored."""

    def __init__(self) -> None:
        super().__init__("文字里有不能保存的字符（如空字符），请删去后重试。")


def check_text(value: object) -> None:
    """Raises UnstorableText for a text that a database could not keep; other values pass."""
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise UnstorableText


def check_texts(values: Iterable[object]) -> None:
    """`check_text` of each."""
    for value in values:
        check_text(value)


def json_text(value: object) -> str:
    """`value` as JSON that a database can keep. Raises UnstorableText."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError as error:
        if "surrogate" in str(error):
            raise UnstorableText from None
        raise
    if "u0000" in text and _ESCAPED_NUL.search(text):
        raise UnstorableText
    return text
