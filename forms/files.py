"""Checks uploads before anything is stored: size, name, and what the bytes really are.

The browser's word for the type is not believed. A zip is a Word or Excel file only with the members
of one, an OLE file only with the stream of one, a text only when it reads as UTF-8 or GB 18030.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

MEGABYTE: Final = 1024 * 1024
DEFAULT_LIMIT: Final = 20 * MEGABYTE
_LONGEST_NAME: Final = 120
_MOST_MEMBERS: Final = 10_000
_MOST_UNPACKED: Final = 500 * MEGABYTE
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESERVED: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)

MEDIA_TYPES: Final = MappingProxyType(
    {
        "pdf": "application/pdf",
        "png": "image/png",
        "jpg": "image/jpeg",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "doc": "application/msword",
        "xls": "application/vnd.ms-excel",
        "txt": "text/plain",
        "csv": "text/csv",
    }
)
_SAME: Final = MappingProxyType({"jpeg": "jpg", "text": "txt"})


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """An upload that may be stored: cleaned `name`, `kind` (pdf, docx …), `media_type`, `size` in bytes."""

    name: str
    kind: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """An upload that may not: `code` for a program, `message` for the person who sent it."""

    name: str
    code: str
    message: str


def check_upload(
    name: str,
    content: bytes,
    *,
    limit: int = DEFAULT_LIMIT,
    kinds: Collection[str] = tuple(MEDIA_TYPES),
    whole: int | None = None,
) -> AcceptedFile | RefusedFile:
    """Judge one upload by its bytes. `limit` is in bytes, `kinds` are keys of MEDIA_TYPES. Never raises.

    `whole` is the size in bytes to tell when `content` was cut off just behind the limit.
    """
    clean = clean_name(name)
    ending = _ending(clean)
    if not content:
        return RefusedFile(clean, "empty", f"“{clean}”是空文件，没有上传。")
    if len(content) > limit:
        most = size_in_words(limit)
        size = _size_above(max(whole or 0, len(content)))
        return RefusedFile(
            clean, "size", f"“{clean}”为 {size}，超过 {most} 的上限，没有上传。请压缩或拆分后再传。"
        )
    if ending not in kinds or ending not in MEDIA_TYPES:
        allowed = "、".join(kind for kind in MEDIA_TYPES if kind in kinds)
        return RefusedFile(clean, "type", f"“{clean}”的类型不能上传。可以上传：{allowed}。")
    if not _holds(ending, content):
        message = f"“{clean}”的内容不是 {ending} 文件，没有上传。请确认文件没有损坏，也没有被改过扩展名。"
        return RefusedFile(clean, "content", message)
    return AcceptedFile(clean, ending, MEDIA_TYPES[ending], len(content))


def kinds_of(accept: str) -> frozenset[str]:
    """The kinds that a filepicker's `accept` names (`.pdf,.docx,image/*`); all when it names none."""
    wanted: set[str] = set()
    for part in accept.lower().split(","):
        item = part.strip()
        for kind, media_type in MEDIA_TYPES.items():
            named = _SAME.get(item.removeprefix("."), item.removeprefix(".")) == kind
            family = item.endswith("/*") and media_type.startswith(item[:-1])
            if named or family or item == media_type:
                wanted.add(kind)
    return frozenset(wanted or MEDIA_TYPES)


def clean_name(name: str) -> str:
    """A file name that is safe to show, to store beside the content and to offer for download."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    text = PurePosixPath(text.replace("\\", "/").replace("\x00", "")).name
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cn"})
    text = re.sub(r'[<>:"|?*/]+', "_", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot:
        stem, ending = text, ""
    if stem.upper() in _RESERVED:
        stem = f"{stem}_"
    stem = stem[: _LONGEST_NAME - len(ending[:10]) - 1].strip(" .") or "未命名"
    return f"{stem}.{ending[:10]}" if ending else stem


def size_in_words(size: int) -> str:
    """Bytes as people read them: `380 KB`, `2.4 MB`."""
    if size < 1024:
        return f"{size} 字节"
    if size < MEGABYTE:
        return f"{size / 1024:.0f} KB"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"


def _size_above(size: int) -> str:
    """A size in words, rounded up to one decimal, so that it never reads like the limit it passes."""
    return size_in_words(size) if size < MEGABYTE else f"{math.ceil(size * 10 / MEGABYTE) / 10:.1f} MB"


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return _SAME.get(ending, ending)


def _holds(kind: str, content: bytes) -> bool:
    """Whether the bytes are a file of that kind."""
    match kind:
        case "pdf":
            return b"%PDF-" in content[:1024] and b"%%EOF" in content[-2048:]
        case "png":
            return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"
        case "jpg":
            return content.startswith(b"\xff\xd8\xff")
        case "docx":
            return _holds_members(content, "word/document.xml")
        case "xlsx":
            return _holds_members(content, "xl/workbook.xml")
        case "doc":
            return content.startswith(_OLE) and _names_stream(content, "WordDocument")
        case "xls":
            return content.startswith(_OLE) and (
                _names_stream(content, "Workbook") or _names_stream(content, "Book")
            )
        case _:
            return _is_text(content)


def _names_stream(content: bytes, stream: str) -> bool:
    """Whether an OLE directory entry has that name: UTF-16, padded with zeros."""
    return (stream.encode("utf-16-le") + b"\0\0") in content


def _holds_members(content: bytes, part: str) -> bool:
    """Whether the bytes are an Office package with that part, without macros, not absurdly large."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    names = {member.filename for member in members}
    unpacked = sum(member.file_size for member in members)
    sound = len(members) <= _MOST_MEMBERS and unpacked <= _MOST_UNPACKED
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return sound and not macros and "[Content_Types].xml" in names and part in names


def _is_text(content: bytes) -> bool:
    """Whether the bytes are text: UTF-8 (with or without mark) or GB 18030, no control characters."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(char) < 32 and char not in "\t\r\n\f" for char in text)
    return False
