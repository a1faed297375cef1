"""Variables live in scopes and mappings mean what Camunda 8 says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.bpmn.execution import Execution
from engine.bpmn.model import Mapping

from .drawing import Desk, draw, line, node


def test_results_without_mappings_go_to_the_nearest_scope_that_has_the_name() -> None:
    process = draw(
        [node("s", "start"), node("sub", "sub", inputs=(Mapping("= 1", "inner"),)), node("z", "user"),
         node("i", "start", parent="sub"), node("a", "user", parent="sub"), node("e", "end", parent="sub")],
        ["s -> sub", "sub -> z", "i -> a", "a -> e"],
    )  # fmt: skip
    desk = Desk(process, reload=True, outer=Decimal(1))
    desk.act().complete(desk.key("a"), {"inner": Decimal(5), "outer": Decimal(6), "fresh": Decimal(7)})
    assert desk.x.variables_of(None) == {"outer": 6, "fresh": 7}, "inner stays in the subprocess"
    desk.done()
    assert desk.x.variables_of(desk.key("z")) == {"outer": 6, "fresh": 7}


def test_input_mappings_are_local_and_vanish_with_the_task() -> None:
    process = draw(
        [node("s", "start"), node("a", "user", inputs=(Mapping("= unit.name", "title"),
                                                       Mapping('= title + "!"', "loud"))),
         node("b", "user")],
        line(*"sab"),
    )  # fmt: skip
    desk = Desk(process, reload=True, unit={"name": "市旅委"})
    token = desk.key("a")
    assert desk.x.waits()[token].inputs == {"title": "市旅委", "loud": "市旅委!"}
    assert "title" not in desk.x.variables_of(None)
    assert desk.x.changed_variables()[(token, "title")] == "市旅委"
    desk.complete("a", title="changed locally", note="kept")
    assert desk.x.variables_of(desk.key("b")) == {"unit": {"name": "市旅委"}, "note": "kept"}
    assert (token, "title") not in desk.stored


def test_output_mappings_let_out_only_what_they_name() -> None:
    process = draw(
        [node("s", "start"), node("a", "user", outputs=(Mapping("= x + 1", "y"), Mapping("= x", "deep.x"))),
         node("b", "user")],
        line(*"sab"),
    )  # fmt: skip
    desk = Desk(process, reload=True, deep={"kept": "yes"})
    desk.complete("a", x=Decimal(1), noise="no")
    assert desk.x.variables_of(None) == {"y": 2, "deep": {"kept": "yes", "x": 1}}


def test_an_entry_set_by_a_mapping_does_not_change_the_old_context_in_place() -> None:
    deep = {"kept": "yes"}
    process = draw([node("s", "start"), node("a", "user", outputs=(Mapping("= 1", "deep.x"),)),
                    node("b", "user")],
                   line(*"sab"))  # fmt: skip
    desk = Desk(process, deep=deep)
    desk.complete("a")
    assert deep == {"kept": "yes"}


def test_a_loop_gives_each_round_a_fresh_scope() -> None:
    process = draw(
        [node("s", "start"), node("m", "xor"), node("a", "user", inputs=(Mapping("= n", "round"),)),
         node("x", "xor"), node("e", "end")],
        ["s -> m", "m -> a", "a -> x", "x -> m: = n < 3", "x => e"],
    )  # fmt: skip
    desk = Desk(process, reload=True, n=Decimal(1))
    seen = []
    for n in (2, 3):
        token = desk.key("a")
        seen.append((token, desk.x.variables_of(token)["round"]))
        desk.complete("a", n=Decimal(n))
    assert [r for _, r in seen] == [1, 2] and len({t for t, _ in seen}) == 2
    assert desk.x.ended and desk.x.results() == {"n": 3}


def test_changed_variables_are_exactly_the_difference() -> None:
    process = draw([node("s", "start"), node("a", "user"), node("b", "user")], line(*"sab"))
    desk = Desk(process, x="1", y="2")
    assert desk.x.changed_variables() == {("", "x"): "1", ("", "y"): "2"}
    desk.save_and_load()
    assert desk.x.changed_variables() == {}
    desk.complete("a", x="1", y="3", z=None)
    assert desk.x.changed_variables() == {("", "y"): "3", ("", "z"): None}


def test_branches_see_each_others_variables_only_through_their_common_scope() -> None:
    process = draw(
        [node("s", "start"), node("f", "and"),
         node("a", "user", inputs=(Mapping('= "a"', "who"),)), node("b", "user")],
        ["s -> f", "f -> a", "f -> b"],
    )  # fmt: skip
    desk = Desk(process)
    assert desk.x.variables_of(desk.key("a")) == {"who": "a"}
    assert desk.x.variables_of(desk.key("b")) == {}
    desk.complete("a", shared="yes")
    assert desk.x.variables_of(desk.key("b")) == {"shared": "yes"}


@pytest.mark.parametrize("text", ["= a + b", "a + b", "  =a+b"])
def test_evaluate_takes_text_with_and_without_the_sign(text: str) -> None:
    process = draw([node("s", "start"), node("t", "user", inputs=(Mapping("= 2", "b"),))], line(*"st"))
    desk = Desk(process, a=Decimal(1), b=Decimal(100))
    assert desk.x.evaluate(desk.key("t"), text) == 3
    assert desk.x.evaluate(None, text) == 101
    assert desk.x.evaluate(None, text, extra={"a": Decimal(0)}) == 100


def test_names_of_several_words_are_found() -> None:
    process = draw([node("s", "start"), node("a", "script", script="= total score + 1", result_variable="r"),
                    node("b", "user")], line(*"sab"))  # fmt: skip
    desk = Desk(process, **{"total score": Decimal(41)})
    assert desk.x.variables_of(None)["r"] == 42


def test_functions_of_several_words_come_from_the_services() -> None:
    process = draw([node("s", "start"), node("a", "user")], line(*"sa"))
    desk = Desk(process, day=Decimal(3))
    services = replace(desk.services, functions={"add working days": lambda d, n: d + n, "post": lambda u: u})
    x = Execution.load(process, desk.x.dump(), variables={("", "day"): Decimal(3)}, services=services)
    assert x.evaluate(None, "= add working days(day, 2)") == 5
    assert x.evaluate(None, "= add  working\n days(day, 4)") == 7
    assert x.evaluate(None, '= post("u")') == "u"
