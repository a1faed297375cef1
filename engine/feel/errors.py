"""What can go wrong in an expression, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

Position = tuple[int, int]
"""Line and column, both counted from 1."""


class FeelError(Exception):
    """Root of this room's exceptions; `code` is for programs, `message` for a person."""

    def __init__(self, message: str, *, code: str = "feel") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class FeelSyntaxError(FeelError):
    """The text is not an expression: `position` says where, `text` is the whole expression."""

    def __init__(self, message: str, *, position: Position = (1, 1), text: str = "") -> None:
        super().__init__(message, code="syntax")
        self.position = position
        self.text = text

    def __str__(self) -> str:
        return f"{self.message}（第{self.position[0]}行第{self.position[1]}列）"


class LimitReached(FeelError):
    """An evaluation went over its `Limits`; the whole expression becomes null with this warning."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message, code=f"limit.{code}")


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a part of an expression became null."""

    code: str
    message: str
    position: Position
