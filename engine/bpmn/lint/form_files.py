"""Form files as far as a diagram cares: well-formed, an id, unique keys, FEEL that compiles.

What a form may contain beyond that is the business of the room `forms`.
"""

import json
from dataclasses import dataclass

from engine.bpmn.fields import names_in
from engine.bpmn.findings import Finding
from engine.bpmn.gate import DEFAULT_LIMITS, Limits
from engine.bpmn.read.feel import syntax_problem
from engine.bpmn.script import LONGEST_NAME

_MOST_FINDINGS = 100
"""A form with more wrong expressions than this has been told enough."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form's id ("" when it has none), what is wrong with it, and the names that its fields answer to."""

    id: str
    findings: list[Finding]
    fields: frozenset[str] = frozenset()


def read_form_file(data: bytes, *, file: str, limits: Limits = DEFAULT_LIMITS) -> FormFile:
    """Never raises; a file that cannot be read is one finding."""
    judge = _Judge(file, data)
    if len(data) > limits.size:
        judge.say(0, "", "too-large", f"表单有 {len(data)} 字节，超过上限。", "请拆成几个表单。")
        return FormFile("", judge.findings)
    try:
        form = json.loads(data)
    except json.JSONDecodeError as error:
        judge.say(error.lineno, "", "malformed-json", f"不是正确的 JSON：{error.msg}。", "请修正此行。")
        return FormFile("", judge.findings)
    except (UnicodeDecodeError, RecursionError, ValueError):
        judge.say(1, "", "malformed-json", "不是 UTF-8 的 JSON，或嵌套过深。", "请用表单设计器重新保存。")
        return FormFile("", judge.findings)
    identity = form.get("id") if isinstance(form, dict) else None
    components = form.get("components") if isinstance(form, dict) else None
    if not isinstance(identity, str) or not identity.strip():
        judge.say(1, "", "form-id", "表单没有 id。", "请给表单一个 id。")
        identity = ""
    judge.length("表单的 id", identity)
    if not isinstance(components, list):
        judge.say(1, identity, "form-components", "表单没有 components。", "请用表单设计器重新保存。")
    else:
        judge.level(components, {})
        judge.expressions(components)
    return FormFile(identity, judge.findings, frozenset() if judge.findings else names_in(components))


class _Judge:
    """Walks a form's JSON and collects findings."""

    def __init__(self, file: str, data: bytes) -> None:
        self.file = file
        self.text = data.decode("utf-8", errors="replace")
        self.findings: list[Finding] = []

    def length(self, what: str, name: str) -> None:
        """A name that no row of the database takes."""
        if len(name) > LONGEST_NAME:
            said = f"{what}有 {len(name)} 个字，超过上限 {LONGEST_NAME} 个字。"
            self.say(1, name, "name-too-long", said, "请改短。")

    def say(self, line: int, element: str, rule: str, message: str, hint: str) -> None:
        self.findings.append(Finding(self.file, line, element, rule, "error", message, hint))

    def line_of(self, value: str, *, occurrence: int = 0) -> int:
        """The line where a text stands in the file (its n-th occurrence), 1 when it cannot be found."""
        for quoted in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
            place = -1
            for _ in range(occurrence + 1):
                place = self.text.find(quoted, place + 1)
            if place >= 0:
                return self.text.count("\n", 0, place) + 1
        return 1

    def level(self, components: list[object], seen: dict[str, int]) -> None:
        """Keys are unique among siblings; a group without a path does not make a level of its own."""
        for item in components:
            if not isinstance(item, dict):
                self.say(
                    1, "", "form-components", "components 里有不是对象的内容。", "请用表单设计器重新保存。"
                )
                continue
            kind = item.get("type")
            if not isinstance(kind, str):
                self.say(
                    1, str(item.get("id", "")), "form-type", "组件没有 type。", "请用表单设计器重新保存。"
                )
            name = item.get("path") if kind in ("group", "dynamiclist") else item.get("key")
            if isinstance(name, str) and name:
                self._key(name, seen)
            inner = item.get("components")
            if isinstance(inner, list):
                self.level(inner, {} if name or kind == "dynamiclist" else seen)

    def _key(self, key: str, seen: dict[str, int]) -> None:
        if key not in seen:
            self.length("字段的 key", key)
        seen[key] = seen.get(key, -1) + 1
        if seen[key] == 1:  # told once a level, or a long list of equal keys costs a search each
            self.say(
                self.line_of(key, occurrence=1),
                key,
                "form-key",
                f"字段 “{key}” 在同一层里重复。",
                "同一层的字段名必须不同。",
            )

    def expressions(self, value: object) -> None:
        """Every text with a leading `=` is FEEL, wherever it stands."""
        waiting = [value]
        while waiting and len(self.findings) < _MOST_FINDINGS:
            item = waiting.pop()
            if isinstance(item, dict):
                waiting += item.values()
            elif isinstance(item, list):
                waiting += item
            elif isinstance(item, str) and item.startswith("="):
                self._expression(item)

    def _expression(self, text: str) -> None:
        problem = syntax_problem(text[1:])
        if problem is not None:
            self.say(
                self.line_of(text),
                "",
                "feel-syntax",
                f"“{text[:60]}” 不是正确的 FEEL：{problem.message}"
                f"（第 {problem.line} 行第 {problem.column} 列）。",
                "请改正表达式；位置从“=”之后算起。",
            )
