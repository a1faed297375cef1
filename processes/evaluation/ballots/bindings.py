"""The names by which the diagrams of the leaders' evaluation call its Python."""

from engine.work.bindings import RecordBinding
from processes.evaluation.ballots.leader_services import SERVICES
from processes.evaluation.ballots.leader_steps import Cast, Results, Scope

RECORDS: dict[str, RecordBinding] = {
    "leaders.scope": Scope(),
    "leaders.cast": Cast(),
    "leaders.results": Results(),
}

__all__ = ["RECORDS", "SERVICES"]
