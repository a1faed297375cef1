"""What the year's own diagrams use."""

from engine.work.bindings import RecordBinding
from processes.cycle.calendar_step import YearCalendar
from processes.cycle.paper_step import YearPaper
from processes.cycle.year_services import SERVICES

RECORDS: dict[str, RecordBinding] = {"cycle.calendar": YearCalendar(), "cycle.paper": YearPaper()}

__all__ = ["RECORDS", "SERVICES"]
