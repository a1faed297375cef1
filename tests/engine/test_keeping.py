"""What is kept by content is shared, bounded, and never stands in for another content."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from engine import dmn
from engine.bpmn import reader
from engine.bpmn.findings import Refused
from engine.bpmn.gate import DEFAULT_LIMITS
from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.reader import read_model
from engine.feel import FeelSyntaxError, compile_expression
from engine.keeping import Kept
from engine.store import Database
from tests.engine.runtime.world import FORMS, World, build_world, in_a_row, user

ONE, OTHER = in_a_row(user("fill", "unit.liaison")), in_a_row(user("write", "unit.liaison"))
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="d">
<decision id="rate" name="rate"><literalExpression><text>{text}</text></literalExpression></decision>
</definitions>"""
ANYTHING = Catalogue(
    forms=None, decisions=None, processes=None, posts=None, handlers=None, records=None, functions=None
)


def test_the_least_lately_used_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)


def test_of_two_at_once_everybody_has_the_first() -> None:
    kept: Kept[str, object] = Kept(2)
    first = object()
    assert kept.put("a", first) is first
    assert kept.put("a", object()) is first


def test_a_diagram_is_kept_by_its_content_and_not_by_its_name() -> None:
    first = read_model(ONE, file="a.bpmn")
    assert read_model(bytes(bytearray(ONE)), file="a.bpmn") is first
    assert "write" in read_model(OTHER, file="a.bpmn").processes["planning"].elements
    assert read_model(ONE, file="b.bpmn").file == "b.bpmn"


def test_what_the_lint_has_read_is_not_read_again() -> None:
    content = in_a_row(user("only_here", "unit.liaison"))
    assert lint({"c.bpmn": content, **FORMS}, catalogue=ANYTHING) == []
    kept = reader.MODELS.get((content, "c.bpmn", "dialect", DEFAULT_LIMITS))
    assert kept is not None
    assert read_model(content, file="c.bpmn") is kept


def test_a_refused_diagram_is_refused_each_time() -> None:
    broken = ONE.replace(b'targetRef="fill"', b'targetRef="nowhere"')
    for _ in range(2):
        with pytest.raises(Refused):
            read_model(broken, file="a.bpmn")


def test_a_decision_is_kept_by_its_content() -> None:
    def decide(text: str) -> object:
        return dmn.read(TABLE.format(text=text).encode(), file="a.dmn").decide("rate", {}).value

    assert (decide("1 + 1"), decide("1 + 2"), decide("1 + 1")) == (2, 3, 2)


def test_an_expression_means_what_the_names_around_it_make_of_it() -> None:
    context = {"a": Decimal(5), "b": Decimal(3), "a-b": Decimal(7)}
    assert compile_expression("a-b")(context) == 2
    assert compile_expression("a-b", names=["a-b"])(context) == 7
    assert compile_expression("a-b")(context) == 2
    assert compile_expression("a-b") is compile_expression("a-b")
    for _ in range(2):
        with pytest.raises(FeelSyntaxError):
            compile_expression("1 +")


def test_functions_given_when_compiling_belong_to_that_expression_alone() -> None:
    first = compile_expression("twice(2)", functions={"twice": lambda n: n * 2})
    other = compile_expression("twice(2)", functions={"twice": lambda n: n * 3})
    assert (first({}), other({})) == (4, 6)


def test_a_new_version_runs_anew_and_the_old_one_as_before(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=ONE)
    old = world.start()
    world.deploy(planning=OTHER)
    new = world.start()
    assert (_waits(world, old), _waits(world, new)) == ("fill", "write")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: world.start(drain=False), range(8)))
    assert world.scalar("select count(*) from work_item where element_id = 'write'") == 9


def _waits(world: World, instance_id: str) -> str:
    return str(world.scalar("select element_id from work_item where instance_id = :id", id=instance_id))
