"""What Python adds to a diagram: services (jobs) and records (what a form reads and stores).

A stage of the assessment registers them by name; a diagram names them. The engine knows only these
signatures. Everything they do happens inside the step's own transaction, on `StepContext.connection`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

Value = Any
"""A FEEL value: None, bool, Decimal, str, date, time, durations, list, dict."""

FormData = dict[str, Any]
"""What a form shows and sends: plain JSON."""


@dataclass(frozen=True)
class FieldError:
    """One sentence beside one field; `field` is a path such as `targets.3.value`."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Signature:
    """What one signer of a step said: their outcome, whether it approves, and the form as they sent it."""

    person_id: str | None
    outcome: str
    approves: bool
    data: FormData


@dataclass(frozen=True)
class StepContext:
    """Where a step happens: one element of one instance, in one transaction.

    `at` is the instant and `today` the civil date on the cycle's clock. `person_id` is who acts (None
    for the engine itself), `on_behalf` the body a registered decision speaks for.
    `variables` are those visible to the element, by name; `properties` are the element's own, as drawn;
    `signatures` are everybody's, in order, where several people have decided the step (`bihuan:vote`).
    `decide(decision id, context)` asks a decision that belongs to the diagram's deployment.
    """

    connection: Connection
    at: datetime
    today: date
    cycle_id: str
    instance_id: str
    element_id: str
    round: int
    variables: Mapping[str, Value]
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    decide: Callable[[str, dict[str, Value]], Value] | None = None
    person_id: str | None = None
    unit_id: str | None = None
    on_behalf: str | None = None
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class ServiceCall(StepContext):
    """A step that a program does: `inputs` are the element's own input mappings."""

    inputs: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1


class BpmnError(Exception):
    """Raised by a service: an outcome that the diagram expects, caught by an error boundary event."""

    def __init__(self, code: str, message: str, *, variables: Mapping[str, Value] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.variables = dict(variables or {})


Service = Callable[[ServiceCall], dict[str, Value] | None]
"""Does the work of a service task; what it answers becomes the task's variables."""


def reads_only(service: Service) -> Service:
    """Mark a service that only looks and works out: 撤回 goes back over it. What others do lasts."""
    service.reads_only = True  # type: ignore[attr-defined]
    return service


def lasts(service: Service | None) -> bool:
    """Does what the service does outlast a 撤回 of what led to it?"""
    return not getattr(service, "reads_only", False)


class RecordBinding(Protocol):
    """What a user task's form reads from tables and writes to them (`bihuan:record`)."""

    def read(self, step: StepContext) -> FormData:
        """The form's data as stored, locked rows and option lists included."""
        ...

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        """What the form's schema cannot say; an empty list when `data` may be written."""
        ...

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        """Store `data`; small values that become variables of the task.

        Where several people sign, called once, when the step is decided: with the step's outcome, the form
        as the last of the deciding side sent it, and everybody's in `step.signatures`. `read` and `check` are
        called for each signer, so nothing is stored before the decision.
        """
        ...


FormCheck = Callable[["FormCheckRequest"], "FormChecked"]
"""Registered by forms/ at start-up: the engine knows only this signature."""


@dataclass(frozen=True)
class FormCheckRequest:
    """A form (its JSON), what was sent, what is stored, what may not be written, and ids of files sent."""

    form: bytes
    form_version: str
    data: FormData
    stored: FormData
    context: Mapping[str, Value]
    readonly: frozenset[str]
    files: frozenset[str]
    today: date
    functions: Mapping[str, Callable[..., Value]]


@dataclass(frozen=True)
class FormChecked:
    """The data that may be written, and one sentence for each field that is wrong."""

    data: FormData
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class Bindings:
    """Everything registered at start-up."""

    services: Mapping[str, Service]
    records: Mapping[str, RecordBinding]
    check_form: FormCheck
    form_judge: str = ""
    """`module:function` that says what is wrong with a form file (`forms.judging:faults_of`)."""
    decision_functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    jobs: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    """What runs a kind of job that the engine's lower rooms do not know: `(setup, job) -> whether it did`."""
