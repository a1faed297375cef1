"""The names by which the diagrams of innovation call its Python: one list of services, one of records."""

from engine.work.bindings import RecordBinding, Service
from processes.innovation.application import Application
from processes.innovation.assigning import SeatChoice, Seats, assign, replace
from processes.innovation.awarding import award, propose
from processes.innovation.catalogue import Catalogue, prepare, publish_catalogue
from processes.innovation.expert_steps import BlindScore, Declaration
from processes.innovation.meeting_steps import Awards, Synthesis
from processes.innovation.project_steps import (
    Admission,
    Card,
    Closing,
    ClosingCheck,
    Cosign,
    Statement,
    collect,
)
from processes.innovation.publicity import Objection, close_publicity, publish_awards
from processes.innovation.results import Matrix, eliminate, normalise

RECORDS: dict[str, RecordBinding] = {
    "innovation.catalogue": Catalogue(),
    "innovation.application": Application(),
    "innovation.card": Card(),
    "innovation.cosign": Cosign(),
    "innovation.admission": Admission(),
    "innovation.closing": Closing(),
    "innovation.closing_check": ClosingCheck(),
    "innovation.seats": Seats(),
    "innovation.seat_choice": SeatChoice(),
    "innovation.declaration": Declaration(),
    "innovation.score": BlindScore(),
    "innovation.matrix": Matrix(),
    "innovation.statement": Statement(),
    "innovation.synthesis": Synthesis(),
    "innovation.awards": Awards(),
    "innovation.objection": Objection(),
}
SERVICES: dict[str, Service] = {
    "innovation.prepare": prepare,
    "innovation.publish_catalogue": publish_catalogue,
    "innovation.collect": collect,
    "innovation.assign": assign,
    "innovation.replace": replace,
    "innovation.normalise": normalise,
    "innovation.eliminate": eliminate,
    "innovation.propose": propose,
    "innovation.award": award,
    "innovation.publish_awards": publish_awards,
    "innovation.close_publicity": close_publicity,
}

__all__ = ["RECORDS", "SERVICES"]
