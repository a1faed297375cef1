"""The names by which the diagram of the survey calls its Python."""

from engine.work.bindings import RecordBinding
from processes.evaluation.survey.services import SERVICES
from processes.evaluation.survey.steps import CodeSheets, Design, Outcome, Plan, Report, Sampling

RECORDS: dict[str, RecordBinding] = {
    "survey.design": Design(),
    "survey.sampling": Sampling(),
    "survey.plan": Plan(),
    "survey.code_sheets": CodeSheets(),
    "survey.results": Outcome(),
    "survey.report": Report(),
}

__all__ = ["RECORDS", "SERVICES"]
