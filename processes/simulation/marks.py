"""What the office enters into the ledger from outside: 一票否决, 加分 and 减分, as a file of marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.people.persons import Person
from engine.runtime.engine import Engine
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.importing import BASIS, UNIT, import_marks
from processes.evaluation.grading.marks import components_of
from processes.simulation.chance import Chance, rounded
from processes.simulation.city import VirtualCity

VETO = "发生较大安全生产责任事故"
RARE = 0.3
"""The share of units with something to add, and with something to take off."""


@dataclass(frozen=True)
class OutsideMarks:
    """The file that the office imports once, before the year is graded."""

    engine: Engine
    city: VirtualCity
    chance: Chance

    def bring(self, person: Person) -> None:
        """Import it, if the city's scheme has such marks at all."""
        with self.engine.database.write() as connection:
            components = {
                one.key: one.label for one in components_of(scheme_of(connection, self.city.cycle_id))
            }
            columns = [key for key in ("veto", "plus", "minus") if key in components]
            rows = [self._row(code, name, role, columns) for code, name, role in self._units()]
            lines: list[list[str]] = [
                [UNIT, *(components[key] for key in columns), BASIS],
                *(row for row in rows if any(row[1:-1])),
            ]
            if len(lines) > 1:
                import_marks(
                    connection,
                    "\n".join(",".join(line) for line in lines).encode(),
                    cycle_id=self.city.cycle_id,
                    by=person.id,
                    by_unit=self.city.assessor_id,
                    at=self.engine.clock.now(),
                )

    def _units(self) -> list[tuple[str, str, str]]:
        return [(body.code, body.name, body.character.role) for body in self.city.assessed]

    def _row(self, code: str, name: str, role: str, columns: Sequence[str]) -> list[str]:
        cells = dict.fromkeys(columns, "")
        if role == "vetoed" and "veto" in cells:
            cells["veto"] = VETO
        for key in cells.keys() & {"plus", "minus"}:
            mood = self.chance.of("extra", key, code)
            if mood.random() < RARE:
                cells[key] = str(rounded(mood.uniform(0.5, 8), 1))
        return [name, *(cells[key] for key in columns), "有关部门年终通报"]
