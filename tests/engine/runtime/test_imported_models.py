"""Decision models that import others: the version that was deployed with them is the one that decides."""

import pytest

from engine.bpmn.findings import Refused
from tests.engine.dmn.models import decision, literal, needs
from tests.engine.dmn.test_imports import knowledge, made
from tests.engine.runtime.world import FORMS, World, in_a_row, user

JUDGE = (
    '<bpmn:businessRuleTask id="judge" name="计算得分"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="points" resultVariable="points" />'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)
PROCESS = {"planning.bpmn": in_a_row(JUDGE, user("fill", "unit.liaison"))} | FORMS
POINTS = made(
    "points",
    decision("points", literal("w.weighted(score)"), needs=needs(knowledge=["urn:weights#weighted"])),
    ("w", "weights"),
)


def weights(factor: str) -> bytes:
    """A model without decisions: only a function for others."""
    return made("weights", knowledge("weighted", "x", f"x * {factor}"))


def decided(world: World) -> str:
    """What the decision gives in a new instance."""
    instance = world.start(score=10)
    where = f"instance_id = '{instance}' and name = 'points'"
    return str(world.scalar(f"select value_text from variable where {where}"))


def test_a_decision_uses_the_model_deployed_with_it_or_before_it(world: World) -> None:
    world.engine.deploy({"weights.dmn": weights("0.4")})
    done = world.engine.deploy({**PROCESS, "points.dmn": POINTS})
    assert ("model", "urn:weights") not in {(one.kind, one.key) for one in done.versions}
    assert "4.0" in decided(world)


def test_the_importing_version_stays_bound_until_it_is_deployed_anew(world: World) -> None:
    world.engine.deploy({**PROCESS, "points.dmn": POINTS, "weights.dmn": weights("0.4")})
    world.engine.deploy({"weights.dmn": weights("0.6")})
    assert "4.0" in decided(world)
    anew = world.engine.deploy({**PROCESS, "points.dmn": POINTS})
    numbers = {one.key: one.number for one in anew.versions}
    assert (numbers["points"], numbers["planning"]) == (2, 2)
    assert "6.0" in decided(world)
    again = world.engine.deploy({**PROCESS, "points.dmn": POINTS})
    assert not any(one.new for one in again.versions)


def test_an_import_that_nobody_has_is_refused_with_its_line(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.engine.deploy({**PROCESS, "points.dmn": POINTS})
    (finding,) = refused.value.findings
    assert (finding.file, finding.line, finding.rule) == ("points.dmn", 2, "decision-model")
    assert "urn:weights" in finding.message
    assert world.scalar("select count(*) from definition_version") == 0


def test_a_model_that_breaks_its_importer_is_refused_with_it(world: World) -> None:
    other = made("weights", knowledge("other", "x", "x"))
    with pytest.raises(Refused) as refused:
        world.engine.deploy({**PROCESS, "points.dmn": POINTS, "weights.dmn": other})
    assert {finding.file for finding in refused.value.findings} == {"points.dmn"}
