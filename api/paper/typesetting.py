"""A sheet as PDF, set by typst. All text travels as data: nothing of it is read as markup."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import typst

from api.errors import Trouble
from api.files import path_of
from api.language import gettext as _
from api.paper.sheets import Sheet
from api.words import local_day, local_time
from forms.views import View

_TEMPLATE = Path(__file__).with_name("sheet.typ").read_bytes()
_NAME = "sheet.typ"
_PNG = b"\x89PNG"
_WANTED = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun", "FangSong")
_ANY = re.compile(r"CJK SC|Han (Serif|Sans).*SC|WenQuanYi|Ming|Song|Hei|Kai|YaHei", re.IGNORECASE)


def pdf_of(sheet: Sheet, *, files: Path) -> bytes:
    """The PDF of a sheet; `files` is where the bytes of signatures lie. Raises Trouble(503)."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / _NAME).write_bytes(_TEMPLATE)
        try:
            return _set(sheet, _pictures(sheet, files, root), root)
        except typst.TypstError:  # a picture that no reader of pictures can read
            return _set(sheet, {}, root)


def _set(sheet: Sheet, pictures: dict[str, str], root: Path) -> bytes:
    fonts, font = _fonts()
    made = typst.compile(
        str(root / _NAME),
        root=str(root),
        font_paths=fonts,
        format="pdf",
        sys_inputs={"data": orjson.dumps(_data(sheet, pictures)).decode(), "font": font},
        timestamp=sheet.printed_at.replace(microsecond=0),  # typst takes whole seconds only
    )
    assert isinstance(made, bytes)  # one file, returned
    return made


@cache
def _fonts() -> tuple[typst.Fonts, str]:
    """The fonts of the machine, looked through once, and the one for Chinese. Raises Trouble(503)."""
    fonts = typst.Fonts()
    families = fonts.families()
    named = [one for one in _WANTED if one in families] or [one for one in families if _ANY.search(one)]
    if not named:
        raise Trouble(
            503,
            "no_font",
            _("服务器上没有中文字体，做不出 PDF；请管理员安装（如 fonts-noto-cjk），或用浏览器打印。"),
        )
    return fonts, named[0]


def _pictures(sheet: Sheet, files: Path, root: Path) -> dict[str, str]:
    """The signatures beside the template, by digest: each once, those whose bytes are gone left out."""
    found: dict[str, str] = {}
    for digest in {one.digest for one in sheet.opinions if one.digest}:
        place = path_of(files, digest)
        if place.is_file():
            content = place.read_bytes()
            name = digest + (".png" if content.startswith(_PNG) else ".jpg")
            (root / name).write_bytes(content)
            found[digest] = name
    return found


def _data(sheet: Sheet, pictures: dict[str, str]) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "step": sheet.step,
        "blocks": list(_blocks(sheet.form.views())) if sheet.form else [],
        "opinions": [
            {
                "step": one.step + (_(" 第 {n} 轮").format(n=one.round) if one.round > 1 else ""),
                "who": one.who
                + (_("（代{name}）").format(name=one.standing_for) if one.standing_for else ""),
                "unit": one.unit,
                "act": one.act,
                "text": one.text,
                "at": local_time(one.at),
                "picture": pictures.get(one.digest, ""),
                "superseded": one.superseded,
            }
            for one in sheet.opinions
        ],
        "now": list(sheet.now),
        "attachments": [row["name"] for row in sheet.attachments],
        "more": not sheet.whole,
        "words": _words(),
        "foot": _("{person} 打印于 {day}　编号 {id}").format(
            person=sheet.printed_by, day=local_day(sheet.printed_at), id=sheet.item_id[-12:]
        ),
    }


def _standing(name: str) -> str:
    return _("（代{name}）").format(name=name) if name else ""


def _words() -> dict[str, Any]:
    return {
        "attachments": _("附件"),
        "opinions": _("办理意见"),
        "part": _("办理过程很长，这里是最近的一部分。"),
        "heads": [_("环节"), _("办理人"), _("结果和意见"), _("签名、时间")],
        "superseded": _("（已被取代）"),
        "now": _("现在办到"),
    }


def _blocks(lines: list[list[View]]) -> Iterable[dict[str, Any]]:
    """The form from top to bottom: headings, fields, tables, words."""
    for line in lines:
        for one in line:
            yield from _block(one)


def _block(one: View) -> Iterable[dict[str, Any]]:
    if one.kind == "group":
        yield from [{"kind": "heading", "text": one.label}] if one.label else []
        yield from _blocks(one.lines)
    elif one.kind == "dynamiclist" and one.listing is not None:
        yield from _listing(one)
    elif one.kind == "table":
        yield {"kind": "table", "label": one.label, "heads": one.columns, "rows": one.cells}
    elif one.kind == "text":
        yield {"kind": "text", "text": one.html.striptags()}
    elif one.kind not in ("separator", "spacer"):
        yield {"kind": "field", "label": one.label or one.name, "value": _value(one)}


def _listing(one: View) -> Iterable[dict[str, Any]]:
    listing = one.listing
    assert listing is not None  # asked by who calls
    if listing.as_table and listing.rows:
        rows = [[_value(cell) if cell else "" for cell in row.cells] for row in listing.rows]
        yield {"kind": "table", "label": one.label, "heads": listing.heads, "rows": rows}
        return
    yield from [{"kind": "heading", "text": one.label}] if one.label else []
    for row in listing.rows:
        yield {"kind": "heading", "text": row.title or _("第 {n} 项").format(n=row.number)}
        yield from _blocks(row.lines)


def _value(one: View) -> str:
    if one.files:
        return "、".join(file.name for file in one.files)
    return f"{one.prefix}{one.shown}{one.suffix}" if one.shown else ""
