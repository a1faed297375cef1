"""What happens in a story is chosen by numbers: any list of them is one, a shorter list a shorter one."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
MANY = 1_000
LARGEST = 9_999


class Chooser:
    """Gives the numbers of a list one after the other, then zeros; counts how many were taken."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers, self.taken = numbers, 0

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`; zero in the list means `low`, the simplest."""
        at, self.taken = self.taken, self.taken + 1
        given = self._numbers[at] if at < len(self._numbers) else 0
        return low + given % (high - low + 1)

    def one(self, options: Sequence[T]) -> T:
        """One of the options; the first is the simplest."""
        return options[self.number(0, len(options) - 1)]

    def often(self, percent: int) -> bool:
        """True about so often; zero means no."""
        return self.number(0, 99) >= 100 - percent


def numbers_of(seed: int) -> list[int]:
    """The story of a seed."""
    random = Random(seed)
    return [random.randint(0, LARGEST) for _ in range(MANY)]


def shrink(numbers: Sequence[int], fails: Callable[[Sequence[int]], bool], *, most: int = 300) -> list[int]:
    """A shorter and smaller list that still fails; `most` is how often it may be tried."""
    best, tries = list(numbers), 0

    def better(candidate: list[int]) -> bool:
        nonlocal best, tries
        if tries >= most or candidate == best:
            return False
        tries += 1
        if not fails(candidate):
            return False
        best = candidate
        return True

    size = max(len(best) // 2, 1)
    while size and tries < most:
        at = 0
        while at < len(best):
            if not better(best[:at] + best[at + size :]):
                at += size
        size //= 2
    for at in range(len(best)):
        if best[at]:
            better([*best[:at], 0, *best[at + 1 :]])
    return best
