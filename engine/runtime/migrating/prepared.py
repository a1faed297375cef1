"""An instance between two versions: worked out, not yet written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.execution import Wait
from engine.bpmn.migration.carrying import Remark
from engine.runtime.migrating.items import Changed
from engine.runtime.steps.step import Step


@dataclass(frozen=True)
class Prepared:
    """An instance in its new version, not yet written."""

    step: Step
    before: Mapping[str, Wait]
    after: Mapping[str, Wait]
    items: list[Changed] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
