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
    """`char` tests and goes on; `split` goes two ways, the first preferred; `save` notes the place.

    `back` reads what a group holds.
    """

    kind: Literal["char", "split", "jump", "save", "begin", "end", "back", "match"]
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
    fold: bool = False

    def search(self, text: str, start: int, charge: Callable[[int], None]) -> Saves | None:
        """The leftmost match from a place on: begin and end of the whole and of each group.

        `charge` is told the steps taken and may raise.
        """
        if any(one.kind == "back" for one in self.code):
            return Backtracking(self, text, charge).search(start)
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
                    if self.at_edge(instruction.kind == "begin", text, index):
                        waiting.append((place + 1, saves))
                case _:
                    found.append((place, saves))
        return found

    def at_edge(self, begin: bool, text: str, index: int) -> bool:
        if begin:
            return index == 0 or (self.multiline and text[index - 1] == "\n")
        return index == len(text) or (self.multiline and text[index] == "\n")


class Backtracking:
    """Tries one way after the other, for patterns that refer back to a group: no other method can do it.

    No state is visited twice, and each costs a hundred steps, so that the budget ends what explodes.
    """

    _COST = 100

    def __init__(self, program: Program, text: str, charge: Callable[[int], None]) -> None:
        self._program = program
        self._text = text
        self._charge = charge

    def search(self, start: int) -> Saves | None:
        """The leftmost match from a place on."""
        for begin in range(start, len(self._text) + 1):
            found = self._match(begin)
            if found is not None:
                return found
        return None

    def _match(self, begin: int) -> Saves | None:
        seen: set[tuple[int, int, Saves]] = set()
        waiting: list[tuple[int, int, Saves]] = [(0, begin, (None,) * (2 * self._program.groups + 2))]
        while waiting:
            state = waiting.pop()
            if state in seen:
                continue
            self._charge(self._COST)
            seen.add(state)
            place, index, saves = state
            instruction = self._program.code[place]
            if instruction.kind == "match":
                return (begin, index, *saves[2:])
            if instruction.kind == "split":
                waiting.append((instruction.second, index, saves))
                waiting.append((instruction.first, index, saves))
                continue
            following = self._step(instruction, index, saves)
            if following is not None:
                target = instruction.first if instruction.kind == "jump" else place + 1
                waiting.append((target, *following))
        return None

    def _step(self, instruction: Instruction, index: int, saves: Saves) -> tuple[int, Saves] | None:
        """Where one instruction leads to; None when it does not hold."""
        text = self._text
        match instruction.kind:
            case "char":
                holds = index < len(text) and instruction.test(text[index])
                return (index + 1, saves) if holds else None
            case "save":
                slot = instruction.first
                return index, (*saves[:slot], index, *saves[slot + 1 :])
            case "begin" | "end":
                return (
                    (index, saves)
                    if self._program.at_edge(instruction.kind == "begin", text, index)
                    else None
                )
            case "back":
                return self._repeated(instruction.first, index, saves)
        return index, saves

    def _repeated(self, group: int, index: int, saves: Saves) -> tuple[int, Saves] | None:
        first, last = saves[2 * group], saves[2 * group + 1]
        held = "" if first is None or last is None else self._text[first:last]
        here = self._text[index : index + len(held)]
        same = here == held or (self._program.fold and here.lower() == held.lower())
        return (index + len(held), saves) if same else None
