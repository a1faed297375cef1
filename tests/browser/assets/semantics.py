"""What a diagram means, apart from how it is drawn and written."""

from __future__ import annotations

from lxml import etree

Place = tuple[str, str, tuple[tuple[str, str], ...], str]
DRAWING = ("/DD/", "/DI", "/BPMN/20100524/DI")


def semantics(xml: str | bytes) -> list[Place]:
    """Every element but the drawing: tag, parent's id, attributes, text. Order and form do not count."""
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    found: list[Place] = []
    for node in root.iter(etree.Element):
        if any(part in str(node.tag) for part in DRAWING):
            continue
        owner = next((up.get("id") for up in node.iterancestors() if up.get("id")), None) or ""
        attributes = tuple(sorted((str(name), str(value)) for name, value in node.attrib.items()))
        found.append((str(node.tag), str(owner), attributes, (node.text or "").strip()))
    return sorted(found)


def ids(xml: str | bytes) -> set[str]:
    """Every id in the file, those of the drawing too."""
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    return {str(node.get("id")) for node in root.iter(etree.Element) if node.get("id")}


def properties(xml: str, element: str) -> dict[str, str]:
    """The zeebe properties of one element."""
    root = etree.fromstring(xml.encode())
    inside = f'//*[@id="{element}"]/*[local-name()="extensionElements"]//*[local-name()="property"]'
    nodes = root.xpath(inside)
    assert isinstance(nodes, list)
    found = [node for node in nodes if isinstance(node, etree._Element)]
    return {str(node.get("name")): str(node.get("value")) for node in found}
