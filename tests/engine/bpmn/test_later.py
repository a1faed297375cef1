"""Long values are read when somebody looks; whoever gets the variables sees a dict like any other."""

from collections import ChainMap
from typing import Any

from engine.bpmn.copying import copied
from engine.bpmn.later import Later, Variables
from engine.bpmn.scopes import ROOT, Scopes
from engine.feel import codec, evaluate


def unread() -> Any:
    raise AssertionError("nobody asked for it")


def test_nothing_is_read_by_those_who_only_pass_it_on() -> None:
    scopes = Scopes({(ROOT, "long"): Later(unread), (ROOT, "short"): "a", ("1", "own"): "b"})
    assert set(scopes.visible(["1", ROOT])) == {"long", "short", "own"}
    passed = copied(scopes.copy(["1", ROOT])).copy()
    assert "long" in passed and len(passed) == 3 and passed["short"] == "a"
    assert evaluate("short + own", scopes.visible(["1", ROOT])) == "ab"
    scopes.put(ROOT, "short", "c")
    scopes.put(ROOT, "given", later := Later(unread, reference="@digest"))
    assert scopes.changed() == {(ROOT, "short"): "c", (ROOT, "given"): later}


def test_whoever_looks_sees_the_value_and_it_is_read_once() -> None:
    reads: list[int] = []

    def read() -> Any:
        reads.append(1)
        return [1, 2]

    scopes = Scopes({(ROOT, "long"): Later(read), (ROOT, "short"): "a"})
    seen = scopes.copy([ROOT])
    plain = {"long": [1, 2], "short": "a"}
    assert type(seen) is Variables
    assert seen == plain and plain == dict(seen) and {**seen} == plain
    assert dict(seen.items()) == plain and list(seen.values()) == [[1, 2], "a"]
    assert seen | {"x": 1} == {**plain, "x": 1} and {"x": 1} | seen == {"x": 1, **plain}
    assert seen.get("long") == [1, 2] and seen.get("none", 3) == 3
    assert ChainMap({}, seen)["long"] == [1, 2]
    assert codec.loads(codec.dumps(seen)) == plain
    assert evaluate("count(long)", scopes.visible([ROOT])) == 2
    assert seen.copy().pop("long") == [1, 2]
    assert reads == [1]


def test_who_changes_a_copy_changes_only_that() -> None:
    scopes = Scopes({(ROOT, "long"): Later(lambda: [{"n": 1}])})
    taken = copied(scopes.copy([ROOT]))
    taken["long"][0]["n"] = 2
    assert scopes.copy([ROOT])["long"] == [{"n": 1}]
    assert scopes.changed() == {}


def test_a_long_value_that_is_replaced_or_dropped_is_a_change() -> None:
    scopes = Scopes({(ROOT, "long"): Later(unread), ("1", "gone"): Later(unread)})
    scopes.put(ROOT, "long", "short")
    scopes.drop("1")
    changed = scopes.changed()
    assert changed[(ROOT, "long")] == "short"
    assert repr(changed[("1", "gone")]) == "DELETED"
