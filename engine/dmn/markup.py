"""Small steps in DMN's XML: children, names, places, references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from lxml import etree

from engine.dmn.findings import Finding
from engine.dmn.model import Place

T = TypeVar("T")
_PREFIXES = ("feel", "kie", "xsd", "xs")


class Reading:
    """A file being read: its namespace and what was wrong so far.

    `own` is the model's namespace, `prefix` what its keys begin with when it is imported, `imports` have the
    prefixes of models by namespace, `aliases` by the name of the import; `defaults` need no name.
    """

    def __init__(
        self, file: str, namespace: str, *, prefix: str = "", own: str = "", path: tuple[str, ...] = ()
    ) -> None:
        self.file = file
        self.namespace = namespace
        self.prefix = prefix
        self.own = own
        self.path = path
        self.imports: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.defaults: list[str] = []
        self.findings: list[Finding] = []

    def key(self, name: str) -> str:
        """What an element of this file is kept under."""
        return f"{self.prefix}#{name}" if self.prefix and name else name

    def place(self, element: etree._Element) -> Place:
        """Line and nearest id or name of an element."""
        named: etree._Element | None = element
        while named is not None and not (named.get("id") or named.get("name")):
            named = named.getparent()
        label = "" if named is None else named.get("id") or named.get("name") or ""
        return Place(line_of(element), label, self.file)

    def find(self, element: etree._Element, message: str, hint: str = "") -> None:
        """Note a fault."""
        place = self.place(element)
        self.findings.append(Finding(self.file, place.line, place.element, message, hint))

    def id_of(self, element: etree._Element) -> str:
        """The id of an element, else its name; a fault when it has neither."""
        found = element.get("id") or name_of(element)
        if not found:
            self.find(element, f"这个 {local(element)} 既没有 id 也没有名称", "给它一个 id")
        return self.key(found)

    def unique(self, table: dict[str, T], key: str, value: T, element: etree._Element) -> None:
        """Enter something under a key that must be new."""
        if key in table:
            self.find(element, f"有两个元素的 id 或名称都是“{key}”", "改其中一个")
        table[key] = value

    def reference(self, element: etree._Element) -> str:
        """The id that an `href` points to."""
        href = element.get("href", "")
        namespace, _, target = href.rpartition("#")
        if not target:
            self.find(element, f"这个 {local(element)} 没有指向任何元素", "把 href 写成“#id”")
        if namespace in ("", self.own):
            return self.key(target)
        # A model that is not imported here leads nowhere, which is told where the element is missed.
        return f"{self.imports.get(namespace, namespace)}#{target}"

    def plain_type(self, text: str) -> str:
        """A type reference without the prefix of a namespace."""
        prefix, colon, rest = text.partition(":")
        return rest if colon and prefix in _PREFIXES else text

    def type_ref(self, element: etree._Element) -> str:
        """The type that an element names; empty when none."""
        return self.type_key((element.get("typeRef") or "").strip(), element)

    def type_key(self, text: str, element: etree._Element) -> str:
        """What a type is kept under that is called so here: `name`, `import.name` or `prefix:name`."""
        prefix, colon, rest = text.partition(":")
        if colon and (element.nsmap.get(prefix) or "") in self.imports:
            return f"{self.imports[element.nsmap[prefix]]}#{rest}"
        for alias, target in self.aliases.items():
            if text.startswith(f"{alias}."):
                return f"{target}#{text[len(alias) + 1 :]}"
        return self.key(self.plain_type(text))


def line_of(element: etree._Element) -> int:
    """The line on which an element begins."""
    line = element.sourceline
    return line if isinstance(line, int) else 1


def local(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def name_of(element: etree._Element) -> str:
    """The name with single spaces; empty when there is none."""
    return " ".join((element.get("name") or "").split())


def children(element: etree._Element, reading: Reading) -> Iterator[etree._Element]:
    """The child elements that belong to DMN itself."""
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(reading.namespace):
            yield child


def first(element: etree._Element, tag: str, reading: Reading) -> etree._Element | None:
    """The first child with a tag."""
    for child in children(element, reading):
        if local(child) == tag:
            return child
    return None
