"""The names by which the diagrams of rectification call its Python."""

from engine.work.bindings import RecordBinding, Service
from processes.rectification.batch_steps import ClassifyIssues, MergeOpinions, dispatch, gather
from processes.rectification.complaints import Complaint
from processes.rectification.handling_steps import (
    Answer,
    Listed,
    Reassign,
    Rule,
    Settle,
    Sign,
    close,
    note_route,
    redo,
)
from processes.rectification.intake_steps import SortOpinion, receive
from processes.rectification.key_steps import (
    Check,
    Done,
    Plan,
    PlanReview,
    Progress,
    begin_round,
    publish_promise,
    publish_result,
)
from processes.rectification.result_steps import (
    AnswerComment,
    Counts,
    ScreenComment,
    note_satisfaction,
    raise_flag,
)

SERVICES: dict[str, Service] = {
    "rectification.gather": gather,
    "rectification.dispatch": dispatch,
    "rectification.receive": receive,
    "rectification.note_route": note_route,
    "rectification.redo": redo,
    "rectification.close": close,
    "rectification.begin_round": begin_round,
    "rectification.publish_promise": publish_promise,
    "rectification.publish_result": publish_result,
    "rectification.note_satisfaction": note_satisfaction,
    "rectification.raise_flag": raise_flag,
}

RECORDS: dict[str, RecordBinding] = {
    "rectification.merge": MergeOpinions(),
    "rectification.classify": ClassifyIssues(),
    "rectification.sort": SortOpinion(),
    "rectification.listed": Listed(),
    "rectification.sign": Sign(),
    "rectification.reassign": Reassign(),
    "rectification.rule": Rule(),
    "rectification.answer": Answer(),
    "rectification.settle": Settle(),
    "rectification.plan": Plan(),
    "rectification.plan_review": PlanReview(),
    "rectification.progress": Progress(),
    "rectification.done": Done(),
    "rectification.check": Check(),
    "rectification.counts": Counts(),
    "rectification.screen": ScreenComment(),
    "rectification.comment": AnswerComment(),
    "rectification.complaint": Complaint(),
}
