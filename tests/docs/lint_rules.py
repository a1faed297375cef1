"""The rules of the lint, read out of its code: name, sentences, hints, as docs/designer.md lists them.

`python -m tests.docs.lint_rules` writes the table anew. What depends on the file is an ellipsis.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENGINE = Path(__file__).parents[2] / "engine" / "bpmn"
SAYING = ("error", "warning", "strict", "dialect", "add", "_refused", "say", "_failed")
RULE = re.compile(r'"(dtd|deadlock|[a-z]+(?:-[a-z]+)+)"')
NO_RULES = frozenset({"utf-8"})
PAGE = ENGINE.parents[1] / "docs" / "designer.md"
HEAD = "| 规则 | 说什么 | 怎么改 |\n|---|---|---|"
BY_TABLE = {
    "vote-unreadable": (
        "看不懂表决的写法：…。",
        "bihuan:vote 可写 all（会签）、any（或签）、ratio:0.6 或 ratio:2/3（票决）、turn（顺签）。",
    ),
    "unsupported-element": ("不支持…（…）。", "按元素给出替代的画法，见[能执行的 BPMN](bpmn.md)。"),
    "signal-missing": ("信号事件没有选定信号。", "请在属性面板里选一个信号。"),
    "unsupported-global": ("不支持…（global…）。", "请改用流程和调用活动。"),
    "unsupported-extension": ("不支持…（zeebe:…）。", "按扩展给出替代的写法，见[能执行的 BPMN](bpmn.md)。"),
    "condition-not-feel": ("条件 “…” 不是 FEEL 表达式。", "表达式须以“=”开头并用 FEEL 书写。"),
    "not-feel": ("… “…” 不是 FEEL 表达式。", "表达式须以“=”开头并用 FEEL 书写。"),
    "form-unknown": ("表单 “…” 不存在。", "请检查名称，或把它一起部署。"),
    "decision-unknown": ("决策 “…” 不存在。", "请检查名称，或把它一起部署。"),
    "process-unknown": ("流程 “…” 不存在。", "请检查名称，或把它一起部署。"),
    "handler-unknown": ("处理程序 “…” 不存在。", "请检查名称，或把它一起部署。"),
    "deadlock": (
        "死锁：“…” 会永远等下去，等不到从…来的令牌。这样走就会：…。",
        "分支与汇合要成对：二选一用排他网关汇合，同时进行用并行网关分开与汇合，可选几条用包容网关。",
    ),
    "lack-of-synchronisation": (
        "缺少同步：“…” 还没办完，又来一个令牌。这样走就会：…。",
        "同时进行的几条线请先用并行（或包容）网关汇合，再往下走；确实要各办一次的可以不理会。",
    ),
    "never-ends": (
        "办不完：到了“…”以后，无论怎样走都到不了结束。这样走就会：…。",
        "请在绕回去的地方画一条通向结束的线，例如给排他网关加一个出口。",
    ),
}
"""Rules whose names stand in a table of the code, away from their sentences."""


@dataclass(frozen=True, order=True)
class Told:
    """One place where a rule speaks."""

    rule: str
    sentence: str
    hint: str


def files() -> list[Path]:
    """The files in which rules are."""
    found = [ENGINE / "gate.py", ENGINE / "isolated.py", ENGINE / "reader.py"]
    return found + sorted((ENGINE / "read").glob("*.py")) + sorted((ENGINE / "lint").glob("*.py"))


def names() -> set[str]:
    """Every rule by its name."""
    return {name for file in files() for name in RULE.findall(file.read_text("utf-8"))} - NO_RULES


def told() -> list[Told]:
    """Every rule with its sentences, in the order of the alphabet."""
    found = {one for file in files() for one in _Module(ast.parse(file.read_text("utf-8"))).told()}
    found = {one for one in found if one.rule in names() and one.rule not in BY_TABLE}
    return sorted(found | {Told(rule, *said) for rule, said in BY_TABLE.items()})


def table() -> str:
    """The rows of the table in docs/designer.md, one a rule."""
    rows: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for one in told():
        sentences, hints = rows.setdefault(one.rule, ({}, {}))
        sentences[one.sentence], hints[one.hint] = None, None
    return "\n".join(
        f"| `{rule}` | {' / '.join(filter(None, sentences))} | {' / '.join(filter(None, hints))} |"
        for rule, (sentences, hints) in rows.items()
    )


_Words = tuple[str, str, str]


class _Module:
    """One file: its functions, and who calls them with what."""

    def __init__(self, tree: ast.Module) -> None:
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.calls = [(f, node) for f in functions for node in ast.walk(f) if isinstance(node, ast.Call)]
        self.sayers = {f.name for f, call in self.calls if _said(call) is not None and len(f.body) < 4}

    def told(self) -> Iterator[Told]:
        for function, call in self.calls:
            words = _said(call)
            if words is not None:
                yield from (Told(*one) for one in self._words(words, (function, call), 0))

    def _words(
        self, words: list[ast.expr], place: tuple[ast.FunctionDef, ast.Call], depth: int
    ) -> Iterator[_Words]:
        """What the expressions may say: names assigned here, or given by the callers, all three together."""
        function, call = place
        given = [a.arg for a in function.args.args if a.arg != "self"]
        names = [word.id for word in words if isinstance(word, ast.Name)]
        if depth < 3 and any(name in given for name in names):
            for caller, other in self.calls:
                if _name(other) == function.name and other is not call:
                    known = dict(zip(given, other.args, strict=False)) | {
                        keyword.arg: keyword.value for keyword in other.keywords if keyword.arg
                    }
                    moved = [known.get(w.id, w) if isinstance(w, ast.Name) else w for w in words]
                    if moved != words:
                        yield from self._words(moved, (caller, other), depth + 1)
            return
        options = [self._options(word, function, call) for word in words]
        most = max(len(texts) for texts in options)
        for index in range(most):
            rule, sentence, hint = (texts[min(index, len(texts) - 1)] for texts in options)
            yield rule, sentence, hint

    def _options(self, word: ast.expr, function: ast.FunctionDef, call: ast.Call) -> list[str]:
        match word:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values):
                return ["".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in values)]
            case ast.BinOp(left, ast.Add(), right):
                first, second = self._options(left, function, call), self._options(right, function, call)
                return [a + b for a in first for b in second]
            case ast.IfExp(_, body, other):
                return self._options(body, function, call) + self._options(other, function, call)
            case ast.BoolOp(ast.Or(), values):
                return self._options(values[-1], function, call)
            case ast.Name(name):
                return self._assigned(name, function, call) or ["…"]
        return ["…"]

    def _assigned(self, name: str, function: ast.FunctionDef, call: ast.Call) -> list[str]:
        """The texts given to a name since something was last said before the call; else the last one."""
        before = [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and node.lineno < call.lineno and self._says(node)
        ]
        found: list[tuple[int, str]] = []
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and node.lineno <= call.lineno:
                for target, value in _pairs(node):
                    if isinstance(target, ast.Name) and target.id == name:
                        found += [(node.lineno, text) for text in self._options(value, function, call)]
        found.sort(key=lambda pair: pair[0])
        recent = [text for line, text in found if line > max(before, default=0)]
        return recent or [text for _, text in found[-1:]]

    def _says(self, call: ast.Call) -> bool:
        return _said(call) is not None or _name(call) in self.sayers


def _said(call: ast.Call) -> list[ast.expr] | None:
    """Rule, sentence and hint of a call that says something; they are the last three arguments."""
    name, plain = _name(call), call.args
    if name == "Finding" and len(plain) >= 7:
        return [plain[3], plain[5], plain[6]]
    if name in ("_failed",) and len(plain) == 3:
        return [plain[1], plain[2], ast.Constant("请把文件拆小，或检查内容后再上传。")]
    if name == "say" and len(plain) == 5:
        return plain[1:4]
    return plain[-3:] if name in SAYING and len(plain) >= 4 else None


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def written() -> str:
    """docs/designer.md with the table as it should be."""
    text = PAGE.read_text("utf-8")
    before, _, after = text.partition(HEAD)
    _, _, rest = after.partition("\n\n")
    return f"{before}{HEAD}\n{table()}\n\n{rest}" if after else text


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
