"""What a unit's token must not reach: another unit's rows, and what is the office's alone."""

from collections import Counter
from dataclasses import dataclass, field

from tests.rest_round.callers import REFUSED, Callers, answered

ANOTHER_UNITS = (
    "/units/{unit}/targets",
    "/units/{unit}/targets/taken-back",
    "/units/{unit}/progress",
    "/units/{unit}/changes",
    "/units/{unit}/decomposition",
    "/units/{unit}/score-sheet",
)
THE_OFFICES = (
    "/cycles/{cycle}/year",
    "/cycles/{cycle}/open-items",
    "/cycles/{cycle}/overview",
    "/cycles/{cycle}/incidents",
    "/cycles/{cycle}/grading",
    "/cycles/{cycle}/accountability",
    "/cycles/{cycle}/data",
    "/cycles/{cycle}/marks/template",
)
DOING = ("/cycles/{cycle}/year", "/cycles/{cycle}/challenge-selection")


@dataclass
class Walls:
    """A unit's liaison tries the neighbour's rows and the office's calls, several times a year."""

    callers: Callers
    held: Counter[str] = field(default_factory=Counter)

    def hold(self) -> None:
        """Every call is refused; the same call about the own unit is not met with 403."""
        city = self.callers.city
        mine, other = city.assessed[5], city.assessed[6]
        login = self.callers.of(mine.id, "liaison")
        for path in (*ANOTHER_UNITS, *THE_OFFICES):
            place = path.format(unit=other.id, cycle=city.cycle_id)
            self._note(path, self.callers.get(login, place).status_code)
        for path in DOING:
            place = path.format(cycle=city.cycle_id)
            self._note(f"POST {path}", self.callers.post(login, place).status_code)
        answered(self.callers.get(login, f"/units/{mine.id}/targets", cycle=city.cycle_id))

    def _note(self, path: str, status: int) -> None:
        assert status in REFUSED, f"{path}: {status}"
        self.held[path] += 1
