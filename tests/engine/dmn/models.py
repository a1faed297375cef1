"""Small models for the tests, written as text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(body: str, *, namespace: str = NAMESPACE) -> bytes:
    """A file with this body."""
    return f'<definitions xmlns="{namespace}" id="m" name="m" namespace="m">\n{body}\n</definitions>'.encode()


def decision(name: str, logic: str, *, needs: str = "", type_ref: str = "") -> str:
    """A decision whose id is its name."""
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{kind}/>{needs}{logic}</decision>'


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def needs(*, inputs: Sequence[str] = (), decisions: Sequence[str] = (), knowledge: Sequence[str] = ()) -> str:
    """Requirements; a key with `#` stands in another model."""
    found = [
        f"<informationRequirement><requiredInput {_href(key)}/></informationRequirement>" for key in inputs
    ]
    found += [
        f"<informationRequirement><requiredDecision {_href(key)}/></informationRequirement>"
        for key in decisions
    ]
    found += [
        f"<knowledgeRequirement><requiredKnowledge {_href(key)}/></knowledgeRequirement>" for key in knowledge
    ]
    return "".join(found)


def _href(key: str) -> str:
    return f'href="{key}"' if "#" in key else f'href="#{key}"'


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    values: Sequence[str] = (),
    defaults: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> str:
    """A decision table; each rule lists its tests, then its results. Rule ids are r1, r2, ..."""
    parts = [
        f'<decisionTable hitPolicy="{policy}"' + (f' aggregation="{aggregation}">' if aggregation else ">")
    ]
    for place, text in enumerate(inputs):
        limit = f"<inputValues>{_text(allowed[place])}</inputValues>" if place < len(allowed) else ""
        parts.append(f"<input><inputExpression>{_text(text)}</inputExpression>{limit}</input>")
    for place, name in enumerate(outputs):
        order = f"<outputValues>{_text(values[place])}</outputValues>" if place < len(values) else ""
        default = ""
        if place < len(defaults):
            default = f"<defaultOutputEntry>{_text(defaults[place])}</defaultOutputEntry>"
        parts.append(f"<output name={quoteattr(name)}>{order}{default}</output>")
    for number, rule in enumerate(rules, 1):
        cells = [f"<inputEntry>{_text(cell)}</inputEntry>" for cell in rule[: len(inputs)]]
        cells += [f"<outputEntry>{_text(cell)}</outputEntry>" for cell in rule[len(inputs) :]]
        parts.append(f'<rule id="r{number}">' + "".join(cells) + "</rule>")
    return "".join([*parts, "</decisionTable>"])


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"
