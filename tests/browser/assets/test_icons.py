"""Every icon that a page names is in the sprite."""

from __future__ import annotations

import json
import re
from pathlib import Path

API = Path(__file__).parents[3] / "api"
NAMED = re.compile(r"""(?:\bicon|parts\.empty|\bempty)\(\s*["']([a-z0-9-]+)["']""")


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    known = set(json.loads((API / "assets" / "icons.json").read_text(encoding="utf-8")))
    used = {
        (name, str(page.relative_to(API)))
        for page in [*API.glob("templates/**/*.html"), *API.glob("**/*.py")]
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
    }
    assert used
    assert {entry for entry in used if entry[0] not in known} == set()
