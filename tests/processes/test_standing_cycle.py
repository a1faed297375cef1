"""Which year a page shows when nobody asks for one."""

from datetime import date
from typing import Any

import pytest

from processes.planning.queries import standing_cycle


def _years(**begun: bool) -> list[dict[str, Any]]:
    return [{"year": int(year[1:]), "begun": is_begun} for year, is_begun in sorted(begun.items())][::-1]


@pytest.mark.parametrize(
    ("cycles", "today", "shown"),
    [
        (_years(y2017=True, y2018=True, y2019=False), date(2018, 5, 2), 2018),
        (_years(y2017=True, y2018=True, y2019=False), date(2019, 1, 2), 2019),
        (_years(y2018=True, y2019=False), date(2017, 12, 20), 2018),
        (_years(y2017=False, y2018=True, y2019=False), None, 2018),
        (_years(y2018=False, y2019=False), date(2016, 1, 1), 2019),
    ],
)
def test_the_year_of_today_stands_else_the_newest_that_has_begun_else_the_newest(
    cycles: list[dict[str, Any]], today: date | None, shown: int
) -> None:
    found = standing_cycle(cycles, today)
    assert found is not None
    assert found["year"] == shown


def test_without_a_year_none_stands() -> None:
    assert standing_cycle([], date(2018, 1, 1)) is None
