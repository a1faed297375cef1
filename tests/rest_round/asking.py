"""What units and the office ask for by calls: changes, a corrected figure, marks from outside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from httpx import Response
from sqlalchemy import Connection

from engine.people.persons import Person
from processes.planning.assigning import MessageToPublish
from processes.simulation.chance import rounded
from processes.simulation.changes import Changes
from processes.simulation.city import Body
from processes.simulation.marks import OutsideMarks
from tests.rest_round.callers import Callers, answered


@dataclass
class Asking(Changes):
    """Units that ask by REST; what is refused is counted by its sentence."""

    callers: Callers = field(kw_only=True)

    def choose_keys(self, person: Person) -> None:
        """选取关键性挑战指标."""
        path = f"/cycles/{self.city.cycle_id}/challenge-selection"
        self._count("selection", self.callers.post(self.city.logins[person.id], path))

    def _ask(
        self, kind: str, body: Body, make: Callable[[Connection, Body], MessageToPublish | None]
    ) -> None:
        login = self.callers.of(body.id, "liaison")
        if kind == "correction":
            self._ask_correction(login, body)
            return
        targets = self.targets(login, body.id)
        chosen = next((one for one in targets if any(row["value"] for row in one["measures"])), None)
        if chosen is not None:
            verb = {"challenge": "challenge", "adjustment": "adjust"}[kind]
            self._count(kind, self.callers.post(login, f"/targets/{chosen['id']}/{verb}"))

    def targets(self, login: str, unit_id: str) -> list[dict[str, Any]]:
        """A unit's targets of the year."""
        told = answered(self.callers.get(login, f"/units/{unit_id}/targets", cycle=self.city.cycle_id))
        items: list[dict[str, Any]] = told["items"]
        return items

    def _ask_correction(self, login: str, body: Body) -> None:
        told = answered(
            self.callers.get(
                login,
                f"/units/{body.id}/progress",
                cycle=self.city.cycle_id,
                period=f"{self.city.year}-06",
            )
        )
        for datum in (one for row in told["items"] for one in row["data"] if not one["replaced"]):
            if datum["value"] is not None:
                value = rounded(Decimal(datum["value"]) * Decimal("0.9"), 2)
                sent = {"value": str(value), "reason": "统计口径核对，更正六月累计数。"}
                self._count("correction", self.callers.post(login, f"/data/{datum['id']}/corrections", sent))
                return

    def _count(self, kind: str, answer: Response) -> None:
        assert answer.is_success or answer.status_code in (409, 422), answer.text
        if answer.is_success:
            self.asked[kind] += 1
        else:
            self.refused[answer.json()["title"]] += 1


@dataclass(frozen=True)
class SentMarks(OutsideMarks):
    """The file of marks from outside, made from the call's own template and sent by REST."""

    callers: Callers = field(kw_only=True)

    def bring(self, person: Person) -> None:
        """One file for the year."""
        login, path = self.city.logins[person.id], f"/cycles/{self.city.cycle_id}/marks"
        header = answered(self.callers.get(login, f"{path}/template"))[0]
        keys = {"一票否决": "veto", "加分": "plus", "减分": "minus"}
        columns = [keys[label] for label in header if label in keys]
        assert len(columns) == len(keys), header
        rows = [self._row(code, name, role, columns) for code, name, role in self._units()]
        lines = [[header[0], *(one for one in header if one in keys), header[-1]]]
        lines += [row for row in rows if any(row[1:-1])]
        text = "\n".join(",".join(line) for line in lines).encode()
        told = answered(self.callers.hand_over(login, path, file=("加减分.csv", text, "text/csv")))
        assert told["units"] == len(lines) - 1
