"""What the stages add to the engine: their services and records under the names that diagrams use."""

from engine.work.bindings import RecordBinding, Service
from processes.accountability import bindings as accountability
from processes.adjusting import bindings as adjusting
from processes.cycle import bindings as cycle
from processes.decomposition import bindings as decomposition
from processes.evaluation.assessment import bindings as assessment
from processes.evaluation.ballots import bindings as leaders
from processes.evaluation.collection import bindings as collection
from processes.evaluation.grading import bindings as grading
from processes.evaluation.survey import bindings as survey
from processes.feedback import bindings as feedback
from processes.innovation import bindings as innovation
from processes.monitoring import bindings as monitoring
from processes.planning import bindings as planning
from processes.rectification import bindings as rectification

STAGES = (
    *(
        cycle,
        planning,
        decomposition,
        adjusting,
        monitoring,
        innovation,
        rectification,
        collection,
        assessment,
    ),
    *(grading, survey, leaders, feedback, accountability),
)


class NamedTwice(Exception):
    """Two stages register the same name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"名称 {name} 被两个阶段同时登记")
        self.name = name


def bindings_parts() -> tuple[dict[str, Service], dict[str, RecordBinding]]:
    """(SERVICES, RECORDS) of all stages. Raises: NamedTwice."""
    services: dict[str, Service] = {}
    records: dict[str, RecordBinding] = {}
    for stage in STAGES:
        for name in (*(stage.SERVICES.keys() & services), *(stage.RECORDS.keys() & records)):
            raise NamedTwice(name)
        services |= stage.SERVICES
        records |= stage.RECORDS
    return services, records
