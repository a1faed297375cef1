"""Arguments that people give: JSON as text, `@file` or `-`; paths of definitions."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import orjson

from api.commands.causes import file_reason
from api.commands.failures import Failure

SUFFIXES = (".bpmn", ".dmn", ".form")


def read_json(text: str, *, option: str) -> dict[str, Any]:
    """A JSON object from text, `@file` or `-` (standard input). Numbers stay exact."""
    source = text
    if text == "-":
        source = sys.stdin.read()
    elif text.startswith("@"):
        source = read_bytes(Path(text[1:])).decode("utf-8", "replace")
    try:
        value = json.loads(source, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise Failure("json", f"{option} 不是合法的 JSON ({place})。", status=2) from None
    except (ValueError, RecursionError):
        raise Failure("json", f"{option} 不是合法的 JSON。", status=2) from None
    if not isinstance(value, dict):
        raise Failure("json", f'{option} 应当是一个 JSON 对象，例如 {{"score": 90}}。', status=2)
    return cast(dict[str, Any], value)


def read_bytes(path: Path) -> bytes:
    """A file's bytes, or a sentence why not."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure("file", f"无法读取文件：{file_reason(error)}。", where=str(path), status=2) from None


def read_definitions(paths: list[Path]) -> dict[str, bytes]:
    """Diagrams, decisions and forms under `paths` (files or folders), by path."""
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
            found |= {str(one): read_bytes(one) for one in inside}
        elif path.suffix not in SUFFIXES and path.exists():
            raise Failure("file", "只认识 .bpmn、.dmn 和 .form 文件。", where=str(path), status=2)
        else:
            found[str(path)] = read_bytes(path)
    for name in found:
        if not name.isprintable():
            raise Failure("file", "文件名里有不能显示的字符，请改名。", where=ascii(name), status=2)
    if not found:
        listed = " ".join(str(path) for path in paths)
        raise Failure("nothing", "没有找到 .bpmn、.dmn 或 .form 文件。", where=listed, status=2)
    return found


def _refuse(constant: str) -> object:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def to_text(value: object) -> str:
    """JSON for people and programs to read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
