"""Every text of the product that a person may read, with where it stands."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

ROOT = Path(__file__).parents[2]
ROOMS = ("engine", "processes", "forms", "api")
GAP = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for what is filled in: `{n}`, `{{ name }}`, a FEEL value."""

CJK = re.compile(r"[㐀-鿿]")
_FENCE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", re.DOTALL)
_NOT_SHOWN = re.compile(r"\{#.*?#\}|<!--.*?-->|\{%.*?%\}", re.DOTALL)
_FILLED = re.compile(r"\{\{(?P<inner>.*?)\}\}", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"' + r"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_SYNTAX = ("bihuan:outcomes",)
"""Properties whose value is written in a syntax of its own (`approve:同意,return:退回`)."""

Text = tuple[str, str]


def texts() -> Iterator[Text]:
    """(where, text) of every text with Chinese in it."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            reader = _READERS.get(path.suffix)
            if reader is None or "static" in path.parts or "node_modules" in path.parts:
                continue
            where = str(path.relative_to(ROOT))
            yield from ((where, text) for text in reader(path.read_text("utf-8")) if CJK.search(text))
    for path in sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]):
        yield str(path.relative_to(ROOT)), _FENCE.sub(GAP, path.read_text("utf-8"))


def _python(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said | inside:
            yield re.sub(r"\{\w*\}", GAP, node.value)


def _template(source: str) -> Iterator[str]:
    shown = _NOT_SHOWN.sub("", source)
    for filled in _FILLED.finditer(shown):
        for quoted in _QUOTED.finditer(filled["inner"]):
            yield re.sub(r"\{\w*\}", GAP, quoted[1] or quoted[2] or "")
    for tag in re.findall(r"\{%.*?%\}", source, re.DOTALL):
        for quoted in _QUOTED.finditer(tag):
            yield re.sub(r"\{\w*\}", GAP, quoted[1] or quoted[2] or "")
    yield _FILLED.sub(GAP, shown)


def _script(source: str) -> Iterator[str]:
    for line in source.splitlines():
        if not line.strip().startswith("//"):
            for quoted in _QUOTED.finditer(line):
                yield re.sub(r"\$\{.*?\}", GAP, next(part for part in quoted.groups() if part is not None))


def _xml(source: str) -> Iterator[str]:
    for node in ElementTree.fromstring(source.encode("utf-8")).iter():
        if node.get("name") not in _SYNTAX:
            yield from node.attrib.values()
        if node.text and node.text.strip():
            yield node.text


def _values(source: str) -> Iterator[str]:
    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (text for pair in value.items() for item in pair for text in walk(item))
        elif isinstance(value, list):
            yield from (text for item in value for text in walk(item))
        elif isinstance(value, str):
            yield value

    try:
        return walk(json.loads(source))
    except ValueError:
        return walk(yaml.safe_load(source))


_READERS = {
    ".py": _python,
    ".html": _template,
    ".js": _script,
    ".bpmn": _xml,
    ".dmn": _xml,
    ".form": _values,
    ".json": _values,
    ".yaml": _values,
}
