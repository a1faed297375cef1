"""What the year's own diagrams use."""

from engine.work.bindings import RecordBinding, Service
from processes.cycle.calendar_step import YearCalendar
from processes.cycle.paper_step import YearPaper

SERVICES: dict[str, Service] = {}
RECORDS: dict[str, RecordBinding] = {"cycle.calendar": YearCalendar(), "cycle.paper": YearPaper()}
