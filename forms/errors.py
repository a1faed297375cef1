"""What goes wrong with forms: a form file that is refused, a field that is filled in wrongly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormFinding:
    """One fault in a form file.

    `component` is the place inside the file (`components[2].components[0]`, empty for the form
    itself), `message` says what is wrong and `hint` what to do.
    """

    file: str
    component: str
    rule: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.component}" if self.component else self.file
        return f"{place}: {self.message} {self.hint}".rstrip()


class FormError(Exception):
    """The family of everything that forms raise."""


class FormRefused(FormError):
    """A form file that cannot be used; `findings` says why, all faults at once."""

    def __init__(self, findings: list[FormFinding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field that must be corrected: `field` is its path (`targets.3.value`), `message` a sentence."""

    field: str
    code: str
    message: str
