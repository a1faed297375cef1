"""docs/designer.md lists every rule of the lint as the code says it."""

from tests.docs.lint_rules import PAGE, names, told, written


def test_every_rule_is_found_with_a_sentence_and_what_to_do() -> None:
    rules = {one.rule: one for one in told()}
    assert set(rules) == names()
    for one in rules.values():
        assert one.sentence.strip("…") and one.hint.strip("…"), one.rule


def test_the_page_lists_the_rules_as_the_code_says_them() -> None:
    assert PAGE.read_text("utf-8") == written(), "write it anew: python -m tests.docs.lint_rules"
