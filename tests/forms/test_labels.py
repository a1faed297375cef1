"""What was typed into a form is shown elsewhere under the form's own words."""

import json

from forms import Form, label_at, read_form, value_at

FIELDS = [
    {"type": "textfield", "key": "name", "id": "f1", "label": "牵头人"},
    {
        "type": "select", "key": "kind", "id": "f2", "label": "类别",
        "values": [{"label": "改革", "value": "reform"}, {"label": "发展", "value": "growth"}],
    },
    {
        "type": "dynamiclist", "path": "steps", "id": "f3", "label": "措施",
        "components": [{"type": "textfield", "key": "what", "id": "f4", "label": "内容"}],
    },
]  # fmt: skip


def a_form() -> Form:
    return read_form(json.dumps({"type": "default", "id": "f", "components": FIELDS}).encode(), file="f.form")


def test_a_field_is_called_by_its_label_and_a_row_by_its_number() -> None:
    form = a_form()
    assert label_at(form, "name") == "牵头人"
    assert label_at(form, "steps.1.what") == "措施 2 · 内容"
    assert label_at(form, "opinion") == "" == label_at(form, "steps.1.nothing")


def test_what_was_chosen_is_said_as_it_was_read() -> None:
    form = a_form()
    assert form.by_path[("kind",)].options is not None
    tokens = {option.label: option.token for option in form.by_path[("kind",)].options}
    assert value_at(form, "kind", tokens["发展"]) == "发展"
    assert value_at(form, "kind", "别的") == "别的" == value_at(form, "name", "别的")
