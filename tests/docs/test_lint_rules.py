"""docs/designer.md lists every rule of the lint as the code says it."""

from pathlib import Path

from tests.docs.lint_rules import PAGE, names, told, written

TESTS = Path(__file__).parents[1]


def test_every_rule_is_found_with_a_sentence_and_what_to_do() -> None:
    rules = {one.rule: one for one in told()}
    assert set(rules) == names()
    for one in rules.values():
        assert one.sentence.strip("…") and one.hint.strip("…"), one.rule


def test_the_page_lists_the_rules_as_the_code_says_them() -> None:
    assert PAGE.read_text("utf-8") == written(), "write it anew: python -m tests.docs.lint_rules"


def test_every_rule_is_told_by_a_test() -> None:
    rooms = [path for path in TESTS.rglob("*.py") if TESTS / "docs" not in path.parents]
    said = "\n".join(path.read_text("utf-8") for path in rooms)
    assert [rule for rule in sorted(names()) if f'"{rule}"' not in said] == []
