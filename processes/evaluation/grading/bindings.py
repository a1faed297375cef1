"""The names by which the diagrams of grading call its Python."""

from processes.evaluation.grading.services import SERVICES
from processes.evaluation.grading.steps import RECORDS

__all__ = ["RECORDS", "SERVICES"]
