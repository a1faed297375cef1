"""The first gate: bytes to an XML tree, within limits, without a DTD, with located refusals only.

A streaming parser counts depth and elements before any tree is built, so a bomb costs no memory.
"""

from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from engine.bpmn.findings import Finding, Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a file may be. `size` in bytes, `depth` in nested elements, `elements` in all."""

    size: int = 2 * 1024 * 1024
    depth: int = 60
    elements: int = 40_000
    attributes: int = 200


DEFAULT_LIMITS = Limits()


def parse(data: bytes, *, file: str, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """The root element of an XML file. Raises Refused with exactly one finding."""
    if len(data) > limits.size:
        raise _refused(
            file,
            "too-large",
            f"文件有 {len(data)} 字节，超过上限 {limits.size} 字节。",
            "请拆成几个流程，用调用活动连接。",
        )
    _scan(data, file=file, limits=limits)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise _malformed(file, line, str(error)) from None


def _scan(data: bytes, *, file: str, limits: Limits) -> None:
    scanner = _Scanner(file=file, limits=limits)
    try:
        scanner.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _malformed(file, error.lineno, expat.ErrorString(error.code)) from None
    except (LookupError, ValueError, UnicodeError) as error:
        raise _malformed(file, 1, str(error)) from None


class _Scanner:
    """Counts while expat reads; raises Refused from within its callbacks."""

    def __init__(self, *, file: str, limits: Limits) -> None:
        self.file = file
        self.limits = limits
        self.depth = 0
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def doctype(self, _name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
        raise _refused(
            self.file,
            "dtd",
            "文件含有文档类型声明（DTD），不予接受。",
            "请删去 <!DOCTYPE …> 一段。",
            line=self.parser.CurrentLineNumber,
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        line = self.parser.CurrentLineNumber
        if self.depth > self.limits.depth:
            raise _refused(
                self.file,
                "too-deep",
                f"元素嵌套超过 {self.limits.depth} 层。",
                "请减少子流程的层次。",
                line=line,
            )
        if self.count > self.limits.elements:
            raise _refused(
                self.file,
                "too-many-elements",
                f"文件中的元素超过 {self.limits.elements} 个。",
                "请拆成几个流程。",
                line=line,
            )
        if len(attributes) > self.limits.attributes:
            raise _refused(
                self.file, "too-many-attributes", f"元素 {name[:40]} 的属性过多。", "请检查文件。", line=line
            )

    def end(self, _name: str) -> None:
        self.depth -= 1


def _refused(file: str, rule: str, message: str, hint: str, *, line: int = 0) -> Refused:
    return Refused([Finding(file, line, "", rule, "error", message, hint)])


def _malformed(file: str, line: int, reason: str) -> Refused:
    return _refused(
        file,
        "malformed-xml",
        f"不是格式正确的 XML：{reason.splitlines()[0] if reason else '无法读取'}。",
        "请用流程设计器重新保存，或修正此行。",
        line=line,
    )
