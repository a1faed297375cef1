"""Models that import others: which file a namespace means, and under which name its elements are seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree

from engine.dmn.findings import DmnRefused
from engine.dmn.markup import Reading
from engine.dmn.model import Home
from engine.feel.values import Value

MAX_MODELS = 100
"""Most models that one may draw in, each counted as often as it is imported."""
Parse = Callable[[bytes, str], etree._Element]


class Library:
    """The files that may be imported, by namespace. Broken ones count as missing."""

    def __init__(self, files: Mapping[str, bytes], parse: Parse) -> None:
        self._files = files
        self._parse = parse
        self._known: dict[str, list[tuple[str, etree._Element]]] | None = None
        self.taken = 0

    def find(self, namespace: str) -> list[tuple[str, etree._Element]]:
        """File name and root element of the models with that namespace: one, unless something is amiss."""
        if self._known is None:
            self._known = {}
            names: dict[bytes, str] = {}
            for file, data in self._files.items():
                names.setdefault(data, file)  # the same file twice is one
            for data, file in names.items():
                self._add(file, data)
        return self._known.get(namespace, [])

    def _add(self, file: str, data: bytes) -> None:
        try:
            root = self._parse(data, file)
        except DmnRefused:
            return
        if self._known is not None:
            self._known.setdefault(root.get("namespace", ""), []).append((file, root))


def siblings(path: Path) -> dict[str, bytes]:
    """The other decision models in a file's folder."""
    return {str(other): other.read_bytes() for other in sorted(path.parent.glob("*.dmn")) if other != path}


def imported(
    element: etree._Element, reading: Reading, library: Library, chain: tuple[str, ...]
) -> tuple[Reading, etree._Element] | None:
    """The reading of the model that an `<import>` names; None, with a fault noted, when there is none."""
    namespace, alias = element.get("namespace", ""), " ".join((element.get("name") or "").split())
    if "/spec/dmn/" not in element.get("importType", "").lower():
        reading.find(element, f"不能引入“{element.get('importType', '')[:80]}”", "只能引入 DMN 模型")
        return None
    models = library.find(namespace)
    if not models:
        reading.find(element, f"缺少要引入的模型“{namespace[:120]}”", "把那个文件一并提交")
        return None
    wanted = Path(element.get("locationURI", "")).name
    models = [one for one in models if Path(one[0]).name == wanted] or models
    if len(models) > 1:
        files = "、".join(file for file, _ in models[:3])
        reading.find(element, f"命名空间“{namespace[:120]}”有几个模型：{files}", "给每个模型自己的命名空间")
        return None
    library.taken += 1
    if namespace in chain or library.taken > MAX_MODELS:
        reading.find(element, "模型之间循环引入，或引入过多", "去掉一处引入")
        return None
    file, root = models[0]
    prefix = f"{reading.prefix}/{alias or namespace}"
    reading.imports.setdefault(namespace, prefix)
    reading.aliases[alias or namespace] = prefix
    if not alias:
        reading.defaults.append(prefix)
    path = (*reading.path, alias) if alias else reading.path
    inner = Reading(file, str(root.tag).partition("}")[0] + "}", prefix=prefix, own=namespace, path=path)
    inner.findings = reading.findings
    return inner, root


def place_in(scope: dict[str, Value], name: str, value: Value, *, home: Home, key: str) -> None:
    """Enter a value under its name, inside the context of its model's name when it is imported."""
    alias = home.alias_of(key)
    if not alias:
        scope[name] = value
        return
    inner = scope.setdefault(alias, {})
    if isinstance(inner, dict):
        inner[name] = value


def given_as(inputs: Mapping[str, Value], name: str, path: tuple[str, ...]) -> tuple[bool, Value]:
    """Whether an input is given, and as what: in contexts named as the imports are, or plainly by name."""
    inner: Value = inputs
    for alias in path:
        inner = inner.get(alias) if isinstance(inner, Mapping) else None
    if isinstance(inner, Mapping) and name in inner:
        return True, inner[name]
    return name in inputs, inputs.get(name)
