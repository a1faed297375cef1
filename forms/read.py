"""Reads a form-js file (1.23 and older) into a `Form`; everything that is not understood is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from forms.components import KINDS, Component
from forms.expressions import Condition
from forms.form import Form
from forms.parts import Finder, read_look, read_options, read_rules, read_texts

_MAX_BYTES: Final = 1_000_000
_MAX_DEPTH: Final = 12
_NEWEST_SCHEMA: Final = 19
_KEY = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_RESERVED: Final = frozenset({"this", "parent", "i", "_row"})
_REFUSED: Final = {
    "html": "请改用 text 组件，它支持 Markdown。",
    "iframe": "请在 text 组件中放链接。",
    "image": "图片请作为任务附件。",
    "documentPreview": "请改用 filepicker，它会列出已上传的文件。",
    "script": "表单中不允许脚本。",
}


def read_form(data: bytes | str, *, file: str) -> Form:
    """Read a form-js JSON document.

    `file` names it in messages. Raises FormRefused with every fault found: not JSON, not a form,
    unknown or refused components, keys twice, broken FEEL, patterns that cannot be run safely.
    """
    finder = Finder(file)
    document = _load(data, finder)
    components = document.get("components")
    if not isinstance(components, list):
        finder.add("", "form", "表单里没有 components。", "请在表单编辑器中重新保存。")
        components = []
    name = document.get("id")
    if not isinstance(name, str) or not name:
        finder.add("", "form-id", "表单没有 id。", '请填写，如 "id": "fill_targets"。')
        name = ""
    version = document.get("schemaVersion", 1)
    if not isinstance(version, int) or version > _NEWEST_SCHEMA:
        finder.add("", "schema-version", f"不认识 schemaVersion {version}。", f"最高支持 {_NEWEST_SCHEMA}。")
    children = _children(components, finder, _Place("components"))
    _find_twins(children, finder, seen={})
    finder.stop()
    texts = read_texts({**document, "label": document.get("name") or name}, finder, "")
    root = Component(kind="group", id=name, at="", texts=texts, children=children)
    form = Form.compile(root, file=file, finder=finder)
    finder.stop()
    return form


def _load(data: bytes | str, finder: Finder) -> Mapping[str, object]:
    if len(data) > _MAX_BYTES:
        finder.refuse("size", "文件超过 1 MB。", "请把表单拆开。")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        text.encode("utf-8")
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        finder.refuse("json", f"不是 JSON：{error}。", "请在表单编辑器中重新保存。")
    if not isinstance(document, dict) or document.get("type") != "default":
        finder.refuse("form", '不是表单（"type" 应为 "default"）。', "请在表单编辑器中重新保存。")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a component stands: in the file (`at`), below the root (`path`), below its row (`local`)."""

    at: str
    path: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    depth: int = 0

    def inside(self, kind: str, key: tuple[str, ...]) -> _Place:
        """The place of what a container holds."""
        local = () if kind == "dynamiclist" else self.local + key
        return _Place(f"{self.at}.components", self.path + key, local, self.depth + 1)


def _children(raw: object, finder: Finder, place: _Place) -> tuple[Component, ...]:
    if not isinstance(raw, list):
        return ()
    if place.depth > _MAX_DEPTH:
        finder.add(place.at, "depth", "组件嵌套过深。", f"最多 {_MAX_DEPTH} 层。")
        return ()
    read = [_component(item, finder, replace(place, at=f"{place.at}[{n}]")) for n, item in enumerate(raw)]
    return tuple(component for component in read if component)


def _component(raw: object, finder: Finder, place: _Place) -> Component | None:
    kind = raw.get("type") if isinstance(raw, dict) else None
    at = place.at
    if not isinstance(raw, dict) or not isinstance(kind, str) or kind not in KINDS:
        hint = _REFUSED.get(str(kind), f"可用：{'、'.join(sorted(KINDS))}。")
        finder.add(at, "component", f"不支持组件 {kind!r}。", hint)
        return None
    key = _key(raw, kind, finder, at)
    options, options_from = read_options(raw, kind, finder, at)
    return Component(
        kind=kind,
        id=finder.text(raw, "id", at) or at,
        at=at,
        key=key,
        local=place.local + key,
        path=place.path + key,
        texts=read_texts(raw, finder, at),
        rules=read_rules(raw, kind, finder, at),
        look=read_look(raw, kind, finder, at),
        default=raw.get("defaultValue"),
        hide=_hide(raw, finder, at),
        readonly=raw.get("disabled") is True or finder.switch(raw, "readonly", at),
        options=options,
        options_from=options_from,
        source=finder.condition(raw, "expression" if kind == "expression" else "dataSource", at),
        subtype=_subtype(raw, finder, at),
        as_string=raw.get("serializeToString") is True,
        multiple=finder.truth(raw, "multiple", at),
        may_add=raw.get("allowAddRemove", True) is True,
        first_rows=finder.whole(raw, "defaultRepetitions", at, default=1),
        children=_children(raw.get("components"), finder, place.inside(kind, key)),
    )


def _key(raw: Mapping[str, object], kind: str, finder: Finder, at: str) -> tuple[str, ...]:
    name = "path" if kind in ("group", "dynamiclist") else "key"
    value = raw.get(name)
    if kind in ("text", "table", "separator", "spacer", "button"):
        return ()
    if kind == "group" and value in (None, ""):
        return ()
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        finder.add(at, "key", f"{kind} 的 {name} 不可用：{value!r}。", "请用字母、数字、下划线和点。")
        return ()
    if _RESERVED & set(value.split(".")):
        finder.add(at, "key", f"{name} {value!r} 是表达式的保留名。", "请换一个名称。")
    return tuple(value.split("."))


def _hide(raw: Mapping[str, object], finder: Finder, at: str) -> Condition | None:
    conditional = raw.get("conditional")
    return finder.condition(conditional, "hide", at) if isinstance(conditional, dict) else None


def _find_twins(components: tuple[Component, ...], finder: Finder, seen: dict[tuple[str, ...], str]) -> None:
    """Refuse two fields for one path, and a field on a path that leads to others."""
    for component in components:
        if component.holds_data and component.key:
            for path, other in seen.items():
                shorter = min(len(path), len(component.path))
                if path[:shorter] == component.path[:shorter]:
                    name = ".".join(component.path)
                    finder.add(
                        component.at,
                        "key-twice",
                        f"{name!r} 与 {other} 重复或冲突。",
                        "请为每个组件取不同的 key。",
                    )
                    break
            seen[component.path] = component.at
        inner = {} if component.kind == "dynamiclist" else seen
        _find_twins(component.children, finder, inner)


def _subtype(raw: Mapping[str, object], finder: Finder, at: str) -> str:
    subtype = finder.text(raw, "subtype", at) or "date"
    if subtype not in ("date", "time", "datetime"):
        finder.add(at, "subtype", f"不认识日期类型 {subtype!r}。", "请用 date、time 或 datetime。")
        return "date"
    return subtype
