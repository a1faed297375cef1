"""How the year begins: the office starts the yearly process, which holds the clock from then on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.runtime.definitions import UnknownDefinition
from engine.runtime.engine import Engine
from processes.cycle.reading import scheme_of
from processes.cycle.running import engine_cycle
from processes.simulation.citizens import moment
from processes.simulation.city import VirtualCity
from processes.simulation.year import Plan

ANNUAL = "annual_cycle"


@dataclass
class Beginning:
    """Starts the year, or its stages one after another where there is no yearly process yet."""

    engine: Engine
    city: VirtualCity
    plan: Plan

    def begin(self) -> None:
        """Start what there is to start."""
        with self.engine.database.read() as connection:
            try:
                self.engine.definitions.latest(connection, "process", ANNUAL)
            except UnknownDefinition:
                return self._by_stages()
        return self._start(ANNUAL)()

    def _by_stages(self) -> None:
        year = self.city.year
        stages: list[tuple[date, str, dict[str, object]]] = [
            (date(year, 2, 1), "plan_setting", {}),
            (date(year, 3, 1), "opinion_batch", {}),
        ]
        stages.append((date(year, 5, 10), "innovation_review", {}))
        for month in range(5, 13):
            first = date(year + month // 12, month % 12 + 1, 1)
            stages.append((first, "monthly_monitor", {"period": f"{year}-{month:02d}"}))
        stages += [
            (date(year, 11, 10), "survey", {}),
            (date(year, 12, 1), "leader_evaluation", {}),
            (date(year, 12, 15), "data_collection", {}),
            (date(year, 12, 20), "target_assessment", {}),
            (date(year + 1, 3, 20), "composite_grading", {}),
            (date(year + 1, 4, 25), "feedback_publicity", {}),
        ]
        with self.engine.database.read() as connection:
            innovates = "innovation" in scheme_of(connection, self.city.cycle_id)
        for day, process, variables in stages:
            if process == "innovation_review" and not innovates:
                continue
            self.plan(moment(day, 9), process, self._start(process, **variables))

    def _start(self, process: str, **variables: object) -> Callable[[], None]:
        def start() -> None:
            with self.engine.database.write() as connection:
                cycle = engine_cycle(connection, self.city.cycle_id)
                self.engine.start_in(connection, process, cycle=cycle, variables=variables)

        return start
