"""A realistic form, and the record behind it, for all tests of forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from forms import Form, read_form

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def annual_targets() -> Form:
    return read_form((DATA / "annual_targets.form").read_bytes(), file="annual_targets.form")


@pytest.fixture
def context() -> dict[str, object]:
    return {"unit": {"name": "市环保局"}, "cycle": {"year": 2018}}


@pytest.fixture
def record() -> dict[str, object]:
    """PM2.5 comes from above and is locked at 49; the water target is the unit's own."""
    return {
        "contact": {"name": "王芳", "phone": "0451-8888 0000"},
        "targets": [
            {
                "id": "pm25",
                "locked": True,
                "name": "PM2.5 年均浓度",
                "value": Decimal("49"),
                "unit": "µg/m³",
                "kind": "binding",
                "milestones": [
                    {"date": "2018-06-30", "value": Decimal("45")},
                    {"date": "2018-12-31", "value": Decimal("49.00")},
                ],
            },
            {
                "id": "water",
                "last_year": Decimal("88.5"),
                "name": "水质达标率",
                "value": Decimal("90.25"),
                "unit": "%",
                "kind": "expected",
                "milestones": [],
            },
        ],
        "confirmed": True,
        "bases": ["duties"],
        "minutes": [],
        "unit_options": ["µg/m³", {"label": "百分比", "value": "%"}],
        "last_year_results": [{"name": "PM2.5 年均浓度", "value": Decimal("52")}],
    }


@pytest.fixture
def make() -> Callable[..., Form]:
    """A form of the components given as dicts."""

    def build(*components: dict[str, object]) -> Form:
        document = {"type": "default", "id": "f", "schemaVersion": 19, "components": list(components)}
        return read_form(json.dumps(document), file="f.form")

    return build
