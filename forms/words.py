"""The words around fields, in the languages of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from forms.expressions import Scope
from forms.form import Form

_ZH: Final = {
    "required": "必填",
    "add": "添加一行",
    "remove": "删除",
    "remove_row": "删除第 {number} 行",
    "row": "第 {number} 行",
    "locked": "已锁定",
    "locked_hint": "由上级下达，不能修改或删除",
    "choose": "请选择",
    "empty": "—",
    "yes": "是",
    "no": "否",
    "refresh": "更新表单",
    "errors": "有 {number} 处需要修改，已填写的内容都已保留。",
    "attached": "已上传的文件",
    "keep": "取消勾选即删除",
    "several_files": "可选择多个文件",
    "no_rows": "还没有内容",
    "actions": "操作",
    "gone": "（已不可选）",
    "place": "{label}第 {number} 行：",
}
_EN: Final = {
    "required": "required",
    "add": "Add a row",
    "remove": "Remove",
    "remove_row": "Remove row {number}",
    "row": "Row {number}",
    "locked": "Locked",
    "locked_hint": "Set from above; cannot be changed or removed",
    "choose": "Choose",
    "empty": "—",
    "yes": "Yes",
    "no": "No",
    "refresh": "Update the form",
    "errors": "{number} places need correction. Everything that was entered is kept.",
    "attached": "Uploaded files",
    "keep": "Untick to remove",
    "several_files": "Several files can be chosen",
    "no_rows": "Nothing here yet",
    "actions": "Actions",
    "gone": " (no longer offered)",
    "place": "{label}, row {number}: ",
}


def words_in(language: str) -> Mapping[str, str]:
    """The words of a language, Chinese unless it is `en`."""
    return MappingProxyType(_EN if language == "en" else _ZH)


def whereabouts(form: Form, field: str, language: str) -> str:
    """In which row of the innermost list a field stands, for a list of errors; empty outside of lists."""
    parts = field.split(".")
    for end in range(len(parts) - 1, 0, -1):
        component = form.field_at(".".join(parts[:end]))
        if parts[end].isdecimal() and component is not None:
            label = component.text("label", language).text(Scope()) or component.key[-1]
            place = words_in(language)["place"].format(label=label, number=int(parts[end]) + 1)
            return whereabouts(form, ".".join(parts[:end]), language).rstrip("：: ") + place
    return ""
