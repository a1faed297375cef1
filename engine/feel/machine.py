"""Runs pattern programs over a text: all ways at once, so the time grows with text times pattern, no faster.

The method is the one of Thompson and Pike: a list of threads in order of preference goes over the text one
character at a time; no place of the program is in the list twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from engine.feel.characters import CharacterTest

MAX_PROGRAM = 3_000
"""Longest program in instructions."""

Saves = tuple[int | None, ...]
"""Where each group begins and ends."""


def _never(char: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Instruction:
    """`char` tests and goes on; `split` goes two ways, the first preferred; `save` notes the place."""

    kind: Literal["char", "split", "jump", "save", "begin", "end", "match"]
    first: int = 0
    second: int = 0
    test: CharacterTest = _never

    def moved(self, by: int) -> Instruction:
        """The same instruction in a program that begins `by` places earlier."""
        if self.kind == "split":
            return replace(self, first=self.first + by, second=self.second + by)
        return replace(self, first=self.first + by) if self.kind == "jump" else self


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled pattern."""

    code: tuple[Instruction, ...]
    groups: int
    multiline: bool

    def search(self, text: str, start: int, charge: Callable[[int], None]) -> Saves | None:
        """The leftmost match from a place on: begin and end of the whole and of each group.

        `charge` is told the steps taken and may raise.
        """
        weight = 1 + self.groups // 8  # noting a place copies the places of all groups
        empty: Saves = (None,) * (2 * self.groups + 2)
        threads: list[tuple[int, Saves]] = []
        best: Saves | None = None
        for index in range(start, len(text) + 1):
            if best is None:
                seen = {place for place, _ in threads}
                fresh = self._follow(0, (index, *empty[1:]), text, index, seen)
                threads += fresh
            if not threads:
                if best is not None:
                    break
                charge(1)
                continue
            charge(len(threads) * weight)
            char = text[index] if index < len(text) else None
            following: list[tuple[int, Saves]] = []
            seen = set()
            for place, saves in threads:
                instruction = self.code[place]
                if instruction.kind == "match":
                    best = (saves[0], index, *saves[2:])
                    break  # what comes after is less preferred
                if char is not None and instruction.test(char):
                    following += self._follow(place + 1, saves, text, index + 1, seen)
            charge(len(seen) * weight)
            threads = following
        return best

    def _follow(
        self, place: int, saves: Saves, text: str, index: int, seen: set[int]
    ) -> list[tuple[int, Saves]]:
        """The places that read a character, or match, reachable without reading one."""
        found: list[tuple[int, Saves]] = []
        waiting = [(place, saves)]
        while waiting:
            place, saves = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            instruction = self.code[place]
            match instruction.kind:
                case "split":
                    waiting.append((instruction.second, saves))
                    waiting.append((instruction.first, saves))
                case "jump":
                    waiting.append((instruction.first, saves))
                case "save":
                    slot = instruction.first
                    waiting.append((place + 1, (*saves[:slot], index, *saves[slot + 1 :])))
                case "begin" | "end":
                    if self._at_edge(instruction.kind == "begin", text, index):
                        waiting.append((place + 1, saves))
                case _:
                    found.append((place, saves))
        return found

    def _at_edge(self, begin: bool, text: str, index: int) -> bool:
        if begin:
            return index == 0 or (self.multiline and text[index - 1] == "\n")
        return index == len(text) or (self.multiline and text[index] == "\n")
