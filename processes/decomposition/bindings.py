"""The names by which the diagrams of the decomposition call its Python."""

from engine.work.bindings import RecordBinding
from processes.decomposition.assign_step import AssignPeople
from processes.decomposition.confirm_step import Confirmation
from processes.decomposition.services import SERVICES
from processes.decomposition.unit_step import BreakDown

RECORDS: dict[str, RecordBinding] = {
    "decomposition.break_down": BreakDown(),
    "decomposition.assign_people": AssignPeople(),
    "decomposition.confirmation": Confirmation(),
}

__all__ = ["RECORDS", "SERVICES"]
