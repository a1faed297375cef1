"""Links lead somewhere, pictures are there, nothing is unreachable from the index."""

from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT, headings, links, name_of

OUTSIDE = ("http://", "https://", "mailto:")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_heading(page: Path) -> None:
    lost = []
    for target in links(page):
        if target.startswith(OUTSIDE):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in headings(there)):
            lost.append(target)
    assert lost == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in links(page)}
    pictures = {path.resolve() for path in (DOCS / "pictures").glob("*.png")}
    assert pictures, "docs/pictures holds no picture"
    assert sorted(path.name for path in pictures - shown) == []


def test_the_index_names_every_page() -> None:
    index = DOCS / "README.md"
    named = {(DOCS / target.partition("#")[0]).resolve() for target in links(index)}
    pages = {path.resolve() for path in DOCS.glob("*.md")} - {index}
    assert sorted(path.name for path in pages - named) == []


def test_the_readme_leads_to_the_index() -> None:
    assert "docs/README.md" in [target.partition("#")[0] for target in links(ROOT / "README.md")]
