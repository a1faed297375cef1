"""The names by which the diagrams of feedback call its Python."""

from processes.feedback.services import SERVICES
from processes.feedback.steps import RECORDS

__all__ = ["RECORDS", "SERVICES"]
