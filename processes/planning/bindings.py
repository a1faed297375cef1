"""The names by which the diagrams of planning call its Python: one list of services, one of records."""

from engine.work.bindings import RecordBinding
from processes.planning.city_steps import Comments, JointReview, ReturnedUnits
from processes.planning.decision_steps import Decision, IssueDocument
from processes.planning.division_steps import Assignment, DivisionShare
from processes.planning.objection_step import ObjectionDecisions
from processes.planning.review_steps import HeadSignature, LeaderReview, OfficeReview
from processes.planning.services import SERVICES
from processes.planning.unit_steps import AssignedValue, UnitPlanEntry

RECORDS: dict[str, RecordBinding] = {
    "planning.assignment": Assignment(),
    "planning.division_share": DivisionShare(),
    "planning.unit_plan": UnitPlanEntry(),
    "planning.objections": ObjectionDecisions(),
    "planning.leader_review": LeaderReview(),
    "planning.head_signature": HeadSignature(),
    "planning.office_review": OfficeReview(),
    "planning.joint_review": JointReview(),
    "planning.returned_units": ReturnedUnits(),
    "planning.comments": Comments(),
    "planning.decision": Decision(),
    "planning.issue_document": IssueDocument(),
    "planning.assigned_value": AssignedValue(),
}

__all__ = ["RECORDS", "SERVICES"]
