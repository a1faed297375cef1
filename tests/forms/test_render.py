"""The page that people see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forms import FieldError, FileLink, Form, check, parse_post, render
from tests.forms.browsing import change, parsed, posted

Make = Callable[..., Form]
Data = dict[str, object]


def test_an_input_is_tied_to_its_label_hint_and_sentence(make: Make) -> None:
    form = make(
        {
            "type": "textfield",
            "key": "unit.name",
            "label": "单位",
            "description": "全称",
            "validate": {"required": True},
        }
    )
    page = parsed(render(form, errors=[FieldError("unit.name", "required", "请填写单位。")]))
    field = page.get_element_by_id("f-unit-name")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-required") == "true"
    words = [page.get_element_by_id(name).text for name in field.get("aria-describedby").split()]
    assert words == ["全称", "请填写单位。"]
    assert page.xpath("//label[@for='f-unit-name']")[0].text_content().strip() == "单位 *"
    assert page.xpath("//div[@role='alert']//a/@href") == ["#f-unit-name"]


def test_after_errors_everything_typed_is_still_there(
    annual_targets: Form, record: Data, context: Data
) -> None:
    page = render(annual_targets, stored=record, context=context)
    pairs = change(posted(page), targets__1__value="九十", targets__1__unit="%", contact__phone="<八八>")
    checked = check(annual_targets, parse_post(annual_targets, pairs).data, context=context, stored=record)
    assert [error.field for error in checked.errors] == ["contact.phone", "targets.1.value"]
    again = render(annual_targets, data=checked.shown, errors=checked.errors, stored=record, context=context)
    fields = dict(posted(again))
    assert (fields["targets.1.value"], fields["contact.phone"]) == ("九十", "<八八>")
    assert parsed(again).get_element_by_id("f-targets-1-value-error").text == "全年目标值应为数字，如 12.5。"


def test_errors_that_belong_to_no_field_are_told_too(make: Make) -> None:
    page = parsed(render(make(), errors=[FieldError("quota", "quota", "名额已用完。")]))
    assert page.xpath("//div[@role='alert']//li/text()") == ["名额已用完。"]


def test_a_reader_gets_text_and_nothing_to_fill_in(annual_targets: Form, record: Data, context: Data) -> None:
    for mode in ("read", "print"):
        page = render(annual_targets, stored=record, context=context, mode=mode)  # type: ignore[arg-type]
        tree = parsed(page)
        assert tree.xpath("//input|//select|//textarea|//button") == []
        text = " ".join(tree.text_content().split())
        for expected in (
            "市环保局",
            "PM2.5 年均浓度",
            "49",
            "百分比",
            "2018-06-30",
            "三定方案",
            "预期性",
            "52",
        ):
            assert expected in text
    assert "bh-print" in page


def test_english_labels_are_shown_when_there_are_some(annual_targets: Form, record: Data) -> None:
    text = parsed(render(annual_targets, stored=record, language="en")).text_content()
    assert "Contact" in text
    assert "Add a row" in text
    assert "联系电话" in text


def test_text_is_markdown_without_html_and_data_in_it_is_literal(make: Make) -> None:
    form = make(
        {"type": "text", "text": "**{{name}}** <b>x</b> [a](javascript:alert(1)) ![p](http://x/y.png)"}
    )
    page = render(form, context={"name": "*甲* [b](http://evil) <script>"})
    assert "<strong>*甲* [b](http://evil) &lt;script&gt;</strong>" in page
    assert "<b>" not in page
    assert parsed(page).xpath("//img") == []
    assert parsed(page).xpath("//@href") == ["http://x/y.png"], "a picture is at most a link"


def test_text_may_be_an_expression(make: Make) -> None:
    form = make({"type": "text", "text": '="共 " + string(count(rows)) + " 项"'})
    assert "共 2 项" in render(form, data={"rows": [1, 2]})


def test_a_list_of_what_to_mind_is_a_list_and_not_dashes_in_a_line(make: Make) -> None:
    """The dashes came from the data, so the head's phone showed them as plain text."""
    text = '="**请注意**\\n\\n" + string join(for one in warnings return "- " + one, "\\n")'
    page = parsed(render(make({"type": "text", "text": text}), data={"warnings": ["*甲*", "- 乙"]}))
    assert [item.text_content().strip() for item in page.xpath("//ul/li")] == ["*甲*", "- 乙"]


def test_widths_of_a_row_fill_sixteen_columns(make: Make) -> None:
    form = make(
        {"type": "textfield", "key": "a", "layout": {"row": "r", "columns": 6}},
        {"type": "textfield", "key": "b", "layout": {"row": "r", "columns": None}},
        {"type": "textfield", "key": "c", "layout": {"row": "r"}},
        {"type": "textfield", "key": "d", "layout": {"row": "s"}},
    )
    lines = parsed(render(form)).xpath("//div[@class='bh-line']")
    spans = [[cell.get("class").split("-")[-1] for cell in line.xpath("div")] for line in lines]
    assert spans == [["6", "5", "5"], ["16"]]


def test_enter_presses_a_button_that_only_shows_the_form_again(annual_targets: Form, record: Data) -> None:
    first = parsed(render(annual_targets, stored=record)).xpath("//button[@type='submit']")[0]
    assert first.get("name") == "_refresh"


def test_every_id_is_unique_and_every_label_points_somewhere(
    annual_targets: Form, record: Data, context: Data
) -> None:
    tree = parsed(render(annual_targets, stored=record, context=context))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(tree.xpath("//label/@for")) <= set(ids)


def test_a_new_row_in_the_browser_has_names_of_its_own(annual_targets: Form, record: Data) -> None:
    page = render(annual_targets, stored=record)
    assert 'name="targets.__row0__.name"' in page
    assert 'name="targets.__row0__.milestones.__row1__.date"' in page
    assert 'name="targets.1.milestones.__row1__.date"' in page
    filled = page.replace("__row0__", "2").replace("__row1__", "5")
    assert 'name="targets.2.milestones.5.date"' in filled


def test_attached_files_are_listed_and_can_be_unticked(make: Make) -> None:
    form = make({"type": "filepicker", "key": "files", "label": "纪要", "accept": ".pdf", "multiple": True})
    link = FileLink("1", "纪<要>.pdf", "380 KB", "/files/1")
    page = render(form, stored={"files": ["1"]}, files={"1": link})
    assert parsed(page).xpath("//a[@href='/files/1']")[0].text == "纪<要>.pdf"
    assert posted(page)[-2:] == [("files", ""), ("files", "1")]
    unticked = [pair for pair in posted(page) if pair != ("files", "1")]
    emptied = parse_post(form, unticked).data
    assert check(form, emptied, context={}, stored={"files": ["1"]}).data == {"files": []}


def test_a_choice_that_is_no_longer_offered_stays_visible_and_is_refused(make: Make) -> None:
    form = make({"type": "select", "key": "a", "label": "甲", "values": ["x"]})
    page = render(form, stored={"a": "old"})
    assert "old（已不可选）" in page
    checked = check(form, parse_post(form, posted(page)).data, context={}, stored={"a": "old"})
    assert [error.code for error in checked.errors] == ["option"]


def test_a_date_that_no_calendar_has_is_shown_as_typed(make: Make) -> None:
    form = make({"type": "datetime", "key": "a"})
    field = parsed(render(form, data={"a": "2018-02-30"})).get_element_by_id("f-a")
    assert (field.get("type"), field.get("value")) == ("text", "2018-02-30")


@pytest.mark.parametrize("look", ["table", "cards"])
def test_rows_stand_as_a_table_or_as_cards(make: Make, look: str) -> None:
    inner = {"type": "textfield", "key": "t", "label": "内容"}
    form = make(
        {"type": "dynamiclist", "path": "rows", "properties": {"rows.as": look}, "components": [inner]}
    )
    page = parsed(render(form, data={"rows": [{"t": "x"}]}))
    assert bool(page.xpath("//table")) == (look == "table")
    assert posted(render(form, data={"rows": [{"t": "x"}]}))[-1] == ("rows.0.t", "x")


def test_rows_are_called_as_the_form_says_or_numbered(make: Make) -> None:
    inner = {"type": "textarea", "key": "t", "label": "内容"}
    title = {"rows.title": "{{code}} {{t}}"}
    form = make({"type": "dynamiclist", "path": "rows", "properties": title, "components": [inner]})
    rows = [{"code": "KPI08", "t": "<空气>"}, {}]
    for mode in ("edit", "read"):
        page = parsed(render(form, data={"rows": rows}, mode=mode))  # type: ignore[arg-type]
        heads = [" ".join(head.text_content().split()) for head in page.xpath("//*[@class='card-header']")]
        assert heads[0].startswith("KPI08 <空气>")


def test_a_text_without_content_leaves_no_gap(make: Make) -> None:
    form = make({"type": "text", "text": '="退回意见：" + remark'})
    assert "bh-line" not in render(form, data={"remark": None})


def test_a_table_shows_data_and_takes_none(make: Make) -> None:
    form = make(
        {
            "type": "table",
            "id": "t",
            "dataSource": "=results",
            "columnsExpression": '=[{key: "n", label: "指标"}, {key: "v", label: "完成"}]',
        }
    )
    page = parsed(render(form, data={"results": [{"n": "PM2.5", "v": True}, "junk"]}))
    assert [cell.text for cell in page.xpath("//td")] == ["PM2.5", "是"]
    assert page.xpath("//th/text()") == ["指标", "完成"]


HOSTILE = [
    "[点此重新登录](http://evil.example/login)",
    "<http://evil.example>",
    "<a href='http://evil.example'>登录</a>",
    "**粗** `码` ~~删~~ &lt;",
    "第一行\n\n# 标题\n===\n- 项\n[甲]: http://evil.example",
    "[甲]\\",
]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(
    "text",
    [
        '="**意见**：" + remark',
        "=remark",
        '="**请注意**\\n\\n" + rows[1].remark',
        '="甲" + substring(remark, 1) + "。"',
        "**意见**：{{remark}}",
        "{{remark}}",
        '{{"见" + rows[1].remark}}',
    ],
)
def test_texts_of_data_are_never_markup(make: Make, text: str, words: str) -> None:
    context = {"remark": words, "rows": [{"remark": words}]}
    html = str(render(make({"type": "text", "text": text}), context=context))
    page = parsed(html)
    assert not page.xpath("//a[contains(@href, 'evil')] | //h1 | //ul | //code | //em | //s")
    lines = [line for line in words.splitlines() if line]
    assert all(line in page.text_content() for line in lines)
    assert [strong.text for strong in page.xpath("//strong")] in ([], ["意见"], ["请注意"])
    assert html.count("<br") >= len(lines) - 1


def test_expressions_of_a_text_still_compute_with_keys_and_dates(make: Make) -> None:
    form = make(
        {"type": "text", "text": '=if key = "a-b" then "*" + string(date(due).day) + "* 日" else "无"'}
    )
    page = parsed(render(form, context={"key": "a-b", "due": "2018-03-09"}))
    assert page.xpath("//em/text()") == ["9"]
