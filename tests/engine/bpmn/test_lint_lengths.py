"""Names that no row of the database takes are refused at deployment."""

import pytest

from engine.bpmn.dialect import Level
from engine.bpmn.lint.catalogue import Catalogue
from engine.bpmn.lint.together import lint
from tests.engine.bpmn.lint_diagrams import between, errors_in, extended, good
from tests.engine.runtime.world import form

LONG = "n" * 201
FITS = "n" * 200
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="u">'
    '<decision id="{}" name="判"><literalExpression><text>1</text></literalExpression></decision>'
    "</definitions>"
)


def diagrams(name: str) -> dict[str, bytes]:
    """One diagram for each place in which a name is kept."""
    output = f'<zeebe:ioMapping><zeebe:output source="= 1" target="{name}" /></zeebe:ioMapping>'
    script = f'<zeebe:script expression="= 1" resultVariable="{name}" />'
    return {
        "element": good().replace(b'"fill"', f'"{name}"'.encode()),
        "process": good().replace(b'"planning"', f'"{name}"'.encode()),
        "message": between("", root=f'<bpmn:message id="m" name="{name}" />'),
        "signal": between("", root=f'<bpmn:signal id="m" name="{name}" />'),
        "variable": between(extended("scriptTask", script)),
        "mapping": between(extended("userTask", output)),
    }


@pytest.mark.parametrize("place", diagrams("x"))
def test_a_name_that_cannot_be_kept_is_refused_and_the_longest_that_can_is_not(place: str) -> None:
    """PostgreSQL took the deployment and failed every completion that led there; SQLite took everything."""
    rules = {
        name: [rule for rule, _, _ in errors_in(diagrams(name)[place]) if rule == "name-too-long"]
        for name in (LONG, FITS)
    }
    assert rules == {LONG: ["name-too-long"], FITS: []}


@pytest.mark.parametrize("label", ["填报目标", "目标制定"])
def test_a_label_that_nobody_could_read_is_refused_in_a_city(label: str) -> None:
    """600,000 characters were deployed, and one finding repeated them all."""

    def rules(text: str, level: Level = "dialect") -> list[str]:
        return [rule for rule, _, _ in errors_in(good().replace(label.encode(), text.encode()), level)]

    assert rules("长" * 201) == ["name-too-long"] and rules("长" * 200) == []
    assert rules("长" * 201, "bpmn") == []


def test_so_are_forms_and_decisions() -> None:
    files = {
        "a.form": form(LONG, "value"),
        "b.dmn": DMN.format(LONG).encode(),
        "c.form": form(FITS, FITS),
        "e.form": form("e", "value", LONG),
        "d.dmn": DMN.format(FITS).encode(),
    }
    found = [(one.file, one.rule) for one in lint(files, catalogue=Catalogue()) if one.severity == "error"]
    assert found == [(name, "name-too-long") for name in ("a.form", "b.dmn", "e.form")]


@pytest.mark.parametrize(("text", "rules"), [("soon", 1), ("P0X", 1), ("P30D", 0), ("= lifetime", 0)])
def test_how_long_a_message_is_kept_must_be_readable(text: str, rules: int) -> None:
    inputs = "".join(
        f'<zeebe:input source="{source}" target="{target}" />'
        for source, target in (("l", "messageName"), ("k", "correlationKey"), (text, "timeToLive"))
    )
    sends = extended(
        "sendTask",
        f'<zeebe:taskDefinition type="bihuan:publish" /><zeebe:ioMapping>{inputs}</zeebe:ioMapping>',
    )
    found = [one.rule for one in lint({"p.bpmn": between(sends)}, catalogue=Catalogue())]
    assert found.count("time-to-live-unreadable") == rules
