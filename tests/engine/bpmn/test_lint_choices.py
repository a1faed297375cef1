"""What a task says of its form's fields, of who comes next, of signatures: told where it means nothing."""

import pytest

from engine.bpmn.handlers import HandlerChoice, handler_choices
from engine.bpmn.lint import Catalogue, lint
from tests.engine.runtime.world import FORMS, in_a_row, user

SIGNED = {"outcomes": "approve:同意,return:退回", "vote": "all"}


def rules(**said: str) -> list[str]:
    """The rules that a step `fill` with these properties breaks; `check` comes after it, `vote` last."""
    drawn = in_a_row(
        user("fill", "unit.liaison", **said),
        user("check", "unit.head"),
        user("vote", "unit.head", **SIGNED),
    )
    found = lint({"planning.bpmn": drawn, **FORMS}, catalogue=Catalogue())
    return [one.rule for one in found if one.element == "fill" and one.severity == "error"]


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ({"hidden": "note", "writable": "value"}, []),
        ({"readonly": "f_note,*"}, []),
        ({"hidden": "nothing"}, ["field-unknown"]),
        ({"writable": "value,remark"}, ["field-unknown"]),
        ({"hidden": "note", "writable": "note"}, ["field-rights-clash"]),
        ({"hidden": "*"}, ["field-unknown"]),
        ({"signature": "required"}, []),
        ({"signature": "required:approve", "outcomes": "approve:同意,return:退回"}, []),
        ({"signature": "required:approve"}, ["signature-unreadable"]),
        ({"signature": "perhaps"}, ["signature-unreadable"]),
        ({"nextHandler": 'check → = holders(post(unit, "head"))'}, []),
        ({"nextHandler": 'check -> = [post(unit, "head")]; vote -> "x"'}, ["next-handler-vote"]),
        ({"nextHandler": "check"}, ["next-handler-unreadable"]),
        ({"nextHandler": "check → = (("}, ["next-handler-unreadable"]),
        ({"nextHandler": 'nowhere → = post(unit, "head")'}, ["next-handler-unknown"]),
        ({"nextHandler": 'check → = post(unit, "head")', **SIGNED}, ["next-handler-vote"]),
    ],
)
def test_each_setting_is_judged(said: dict[str, str], broken: list[str]) -> None:
    assert rules(**said) == broken


def test_a_semicolon_inside_a_string_parts_nothing() -> None:
    found = handler_choices({"bihuan:nextHandler": 'a → = "x;y" ; b -> = [1]'})
    assert found == [HandlerChoice("a", '= "x;y"'), HandlerChoice("b", "= [1]")]
