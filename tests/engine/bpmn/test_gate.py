"""The gate: limits, no DTD, one located refusal, nothing else ever raised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.findings import Finding, Refused
from engine.bpmn.gate import Limits, parse
from engine.bpmn.reader import read_model
from tests.engine.bpmn.lint_diagrams import good


def refusal(data: bytes, limits: Limits | None = None) -> Finding:
    with pytest.raises(Refused) as caught:
        parse(data, file="a.bpmn", limits=limits or Limits())
    assert len(caught.value.findings) == 1
    return caught.value.findings[0]


def test_a_good_file_becomes_a_tree() -> None:
    assert parse(good(), file="a.bpmn").tag.endswith("definitions")


def test_a_file_over_the_size_limit_is_refused_unread() -> None:
    found = refusal(b"<a>" + b" " * 100 + b"</a>", Limits(size=50))
    assert (found.file, found.line, found.rule, found.severity) == ("a.bpmn", 0, "too-large", "error")
    assert "107" in found.message


def test_deep_nesting_is_refused_at_the_line_where_it_goes_too_deep() -> None:
    found = refusal(b"<a>\n" * 8 + b"</a>" * 8, Limits(depth=5))
    assert (found.rule, found.line) == ("too-deep", 6)


def test_too_many_elements_are_refused() -> None:
    found = refusal(b"<a>\n" + b"<b/>\n" * 20 + b"</a>", Limits(elements=10))
    assert (found.rule, found.line) == ("too-many-elements", 11)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE a>",
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_any_document_type_is_refused(doctype: bytes) -> None:
    found = refusal(b'<?xml version="1.0"?>\n' + doctype + b"\n<a/>")
    assert (found.rule, found.line) == ("dtd", 2)


def test_a_document_type_in_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE a [<!ENTITY x "y">]>\n<a>&x;</a>'
    assert refusal(text.encode("utf-16")).rule == "dtd"


def test_entity_expansion_costs_nothing() -> None:
    lines = ['<!DOCTYPE z [<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    assert refusal("\n".join([*lines, "]><z b='&a11;'/>"]).encode()).rule == "dtd"


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"", 1), (b"hello", 1), (b"<a>\n<b>\n</a>", 3), (b"<a>\n&nothing;</a>", 2), (b"\xff\xfe\x00", 1)],
)
def test_malformed_xml_is_one_finding_with_its_line(data: bytes, line: int) -> None:
    found = refusal(data)
    assert (found.rule, found.line) == ("malformed-xml", line)


def test_an_unknown_encoding_is_malformed() -> None:
    assert refusal(b'<?xml version="1.0" encoding="no-such-thing"?><a/>').rule == "malformed-xml"


def test_an_xml_file_that_is_no_diagram_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_model(b"<html/>", file="a.bpmn")
    assert [finding.rule for finding in caught.value.findings] == ["not-bpmn"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_refusals(data: bytes) -> None:
    with pytest.raises(Refused):
        read_model(data, file="a.bpmn")


GOOD = good()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 12), st.binary(max_size=8)),
        min_size=1,
        max_size=6,
    )
)
def test_mutated_diagrams_raise_nothing_but_refusals(edits: list[tuple[int, int, bytes]]) -> None:
    data = GOOD
    for place, length, replacement in edits:
        data = data[:place] + replacement + data[place + length :]
    try:
        model = read_model(data, file="a.bpmn")
    except Refused as refused:
        assert refused.findings and all(finding.severity == "error" for finding in refused.findings)
    else:
        assert model.processes
