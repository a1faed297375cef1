"""Marks as CSV: a text that a spreadsheet program would take for a formula is led by an apostrophe."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_RECKONED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_LED = re.compile(rf"'(?={_RECKONED.pattern})")


def write_csv(lines: Iterable[Sequence[str]]) -> str:
    """The lines as CSV with a byte order mark, so that Excel reads them as UTF-8 and reckons nothing."""
    text = StringIO()
    csv.writer(text).writerows([_led(cell) for cell in line] for line in lines)
    return "\ufeff" + text.getvalue()


def read_csv(text: str) -> list[list[str]]:
    """The lines of a CSV text, each cell as `plain` gives it."""
    return [[plain(cell) for cell in line] for line in csv.reader(StringIO(text))]


def plain(cell: str) -> str:
    """A cell without the apostrophe that `write_csv` put before it, and without blanks around it."""
    text = cell.strip()
    return text[1:].strip() if _LED.match(text) else text


def _led(cell: str) -> str:
    return f"'{cell}" if _RECKONED.match(cell) else cell
