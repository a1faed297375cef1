"""The documents as data: pages, fenced blocks, tables, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.glob("*.md"), ROOT / "tests" / "README.md"])

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)|<img src=\"(?P<picture>[^\"]+)\"")
_NO_COLUMN = re.compile(r":?-+:?")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it stands for (`file=…`), its text and where it begins."""

    language: str
    file: str
    text: str
    line: int


def name_of(page: Path) -> str:
    """The page's path inside the project."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    for found in _FENCE.finditer(text):
        language, _, more = found["info"].strip().partition(" ")
        file = more.partition("file=")[2].strip()
        yield Block(language, file, found["body"], text.count("\n", 0, found.start()) + 1)


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> list[str]:
    """The targets of links and pictures."""
    return [found["target"] or found["picture"] for found in _LINK.finditer(prose(page))]


def headings(page: Path) -> set[str]:
    """Anchors of the page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+?) *$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def table(page: Path, *, after: str) -> list[list[str]]:
    """The rows (cells without code marks) of the first table that follows the heading `after`."""
    text = prose(page)
    start = re.search(rf"^#+ +{re.escape(after)} *$", text, re.MULTILINE)
    assert start is not None, f"{name_of(page)} has no heading “{after}”"
    rows: list[list[str]] = []
    for line in text[start.end() :].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    return [row for row in rows[1:] if not all(_NO_COLUMN.fullmatch(cell) for cell in row)]


def everything() -> str:
    """All pages for people and programmers in one text."""
    return "\n".join(page.read_text("utf-8") for page in PAGES)
