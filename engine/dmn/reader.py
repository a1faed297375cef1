"""DMN 1.1 to 1.5 XML to `Definitions`. Nothing is fetched, no DTD is read, every fault has a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.dmn.boxes import read_box, read_function, read_text
from engine.dmn.findings import DmnRefused, Finding
from engine.dmn.imports import Library, imported
from engine.dmn.markup import Reading, children, first, line_of, local, name_of
from engine.dmn.model import (
    Decision,
    Definitions,
    Home,
    InputData,
    ItemDefinition,
    Knowledge,
    Place,
    Service,
    Variable,
)

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MAX_BYTES = 5_000_000
MAX_ELEMENTS = 200_000
MAX_DEPTH = 100


def read_definitions(data: bytes, *, file: str, others: Mapping[str, bytes] | None = None) -> Definitions:
    """The model in a file's bytes, with what it imports from `others`, files by name. Raises DmnRefused."""
    root = _root(data, file)
    own = root.get("namespace", "")
    reading = Reading(file, str(root.tag).partition("}")[0] + "}", own=own)
    definitions = Definitions(file, root.get("name", ""))
    _read_model(root, definitions, reading, Library(others or {}, _root), (own,))
    if reading.findings:
        raise DmnRefused(reading.findings)
    return definitions


@dataclass(frozen=True, slots=True)
class Outline:
    """A model's namespace, and the namespaces that it imports directly."""

    namespace: str
    imports: frozenset[str]


@lru_cache(maxsize=512)
def outline(data: bytes) -> Outline:
    """What a model is and wants, without compiling it; of a file that cannot be read, nothing."""
    try:
        root = _root(data, "")
    except DmnRefused:
        return Outline("", frozenset())
    drawn = {child.get("namespace", "") for child in root if local(child) == "import"}
    return Outline(root.get("namespace", ""), frozenset(drawn))


def _read_model(
    root: etree._Element, definitions: Definitions, reading: Reading, library: Library, chain: tuple[str, ...]
) -> None:
    drawn = [
        (imported(element, reading, library, chain), element.get("namespace", ""))
        for element in children(root, reading)
        if local(element) == "import"
    ]
    definitions.homes[reading.prefix] = Home(reading.aliases, tuple(reading.defaults), reading.path)
    for element in children(root, reading):
        _read_element(element, definitions, reading)
    for found, namespace in drawn:
        if found is not None:
            _read_model(found[1], definitions, found[0], library, (*chain, namespace))


def _root(data: bytes, file: str) -> etree._Element:
    def refuse(line: int, message: str, hint: str = "") -> DmnRefused:
        return DmnRefused([Finding(file, line, "", message, hint)])

    if len(data) > MAX_BYTES:
        raise refuse(1, f"文件超过{MAX_BYTES // 1_000_000} MB", "拆分模型")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise refuse(error.lineno or 1, f"不是格式正确的 XML：{error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse(1, "不允许文档类型声明", "删去 DOCTYPE 一行")
    count, depth, walk = 0, 0, etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise refuse(line_of(element), "文件嵌套过深，或元素过多")
    namespace, _, tag = str(root.tag).rpartition("}")
    if tag != "definitions" or namespace.lstrip("{") not in NAMESPACES:
        raise refuse(line_of(root), "不是 DMN 模型", "支持 DMN 1.1 至 1.5")
    return root


def _read_element(element: etree._Element, definitions: Definitions, reading: Reading) -> None:
    match local(element):
        case "itemDefinition":
            item = _item(element, reading)
            reading.unique(definitions.types, reading.key(item.name), item, element)
        case "inputData":
            data = InputData(reading.id_of(element), _variable(element, reading), reading.place(element))
            reading.unique(definitions.inputs, data.id, data, element)
        case "decision":
            decision = _decision(element, reading)
            reading.unique(definitions.decisions, decision.id, decision, element)
        case "businessKnowledgeModel":
            model = _knowledge(element, reading)
            reading.unique(definitions.knowledge, model.id, model, element)
        case "decisionService":
            service = _service(element, reading)
            reading.unique(definitions.services, service.id, service, element)


def _variable(element: etree._Element, reading: Reading) -> Variable:
    variable = first(element, "variable", reading)
    if variable is None:
        return Variable(name_of(element) or element.get("id", ""), "")
    return Variable(name_of(variable) or name_of(element), reading.type_ref(variable))


def _item(element: etree._Element, reading: Reading) -> ItemDefinition:
    place: Place = reading.place(element)
    reference = first(element, "typeRef", reading)
    allowed, constraint = first(element, "allowedValues", reading), first(element, "typeConstraint", reading)
    function = None
    item = first(element, "functionItem", reading)
    if item is not None:
        parameters = tuple(
            reading.type_ref(part) for part in children(item, reading) if local(part) == "parameters"
        )
        function = (parameters, reading.type_key((item.get("outputTypeRef") or "").strip(), item))
    return ItemDefinition(
        name=name_of(element),
        type_ref=reading.type_key((reference.text or "").strip(), reference) if reference is not None else "",
        components=tuple(
            _item(part, reading) for part in children(element, reading) if local(part) == "itemComponent"
        ),
        collection=element.get("isCollection", "false").strip() in ("true", "1"),
        allowed=read_text(allowed, reading) if allowed is not None else None,
        place=place,
        function=function,
        constraint=read_text(constraint, reading) if constraint is not None else None,
    )


def _references(element: etree._Element, reading: Reading, wrapper: str, tag: str) -> tuple[str, ...]:
    found = []
    for requirement in children(element, reading):
        if local(requirement) == wrapper:
            found += [
                reading.reference(part) for part in children(requirement, reading) if local(part) == tag
            ]
    return tuple(found)


def _decision(element: etree._Element, reading: Reading) -> Decision:
    return Decision(
        id=reading.id_of(element),
        name=name_of(element) or element.get("id", ""),
        variable=_variable(element, reading),
        logic=read_box(element, reading),
        inputs=_references(element, reading, "informationRequirement", "requiredInput"),
        decisions=_references(element, reading, "informationRequirement", "requiredDecision"),
        knowledge=_references(element, reading, "knowledgeRequirement", "requiredKnowledge"),
        place=reading.place(element),
    )


def _knowledge(element: etree._Element, reading: Reading) -> Knowledge:
    logic = first(element, "encapsulatedLogic", reading)
    return Knowledge(
        id=reading.id_of(element),
        variable=_variable(element, reading),
        function=read_function(logic, reading) if logic is not None else None,
        knowledge=_references(element, reading, "knowledgeRequirement", "requiredKnowledge"),
        place=reading.place(element),
    )


def _service(element: etree._Element, reading: Reading) -> Service:
    def those(tag: str) -> tuple[str, ...]:
        return tuple(reading.reference(part) for part in children(element, reading) if local(part) == tag)

    return Service(
        id=reading.id_of(element),
        variable=_variable(element, reading),
        outputs=those("outputDecision"),
        encapsulated=those("encapsulatedDecision"),
        input_decisions=those("inputDecision"),
        inputs=those("inputData"),
        place=reading.place(element),
    )
