"""Only a field that a condition looks at makes the page ask again when it changes."""

from collections.abc import Callable

from forms import Form
from forms.affecting import EVERY, affecting

Make = Callable[..., Form]


def test_a_field_of_the_same_name_in_another_list_does_not_count(make: Make) -> None:
    form = make(
        {"type": "number", "key": "amount"},
        {
            "type": "dynamiclist",
            "path": "bids",
            "components": [
                {"type": "number", "key": "amount"},
                {"type": "textfield", "key": "why", "conditional": {"hide": "=amount < 3"}},
            ],
        },
        {"type": "dynamiclist", "path": "costs", "components": [{"type": "number", "key": "amount"}]},
    )
    assert affecting(form.root) == {("bids", "amount")}


def test_a_condition_in_a_row_may_look_at_what_encloses_it(make: Make) -> None:
    form = make(
        {"type": "checkbox", "key": "detailed"},
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [{"type": "textfield", "key": "why", "conditional": {"hide": "=not(detailed)"}}],
        },
    )
    assert affecting(form.root) == {("detailed",)}


def test_of_a_list_only_the_fields_that_the_condition_names_count(make: Make) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "components": [{"type": "number", "key": "weight"}, {"type": "textfield", "key": "name"}],
    }
    many = make(rows, {"type": "textfield", "key": "a", "conditional": {"hide": "=count(rows) = 0"}})
    assert affecting(many.root) == set()
    heavy = make(rows, {"type": "textfield", "key": "a", "conditional": {"hide": "=sum(rows.weight) > 100"}})
    assert affecting(heavy.root) == {("rows", "weight")}


def test_a_condition_on_the_whole_row_makes_every_field_count(make: Make) -> None:
    form = make(
        {"type": "textfield", "key": "a"},
        {"type": "textfield", "key": "b", "validate": {"required": '=get value(this, "a") != null'}},
    )
    assert EVERY in affecting(form.root)


def test_what_is_required_by_another_field_counts_too(make: Make) -> None:
    form = make(
        {"type": "textfield", "key": "a"},
        {"type": "textfield", "key": "b", "validate": {"required": '=a = "b"'}},
        {"type": "textfield", "key": "c"},
    )
    assert affecting(form.root) == {("a",)}
