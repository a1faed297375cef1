"""Chance with names: what happens to somebody hangs on the seed and on who and what it is, on nothing else.

No generator is shared, so the order in which things happen changes nothing, and neither do identifiers.
"""

import random
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256


@dataclass(frozen=True)
class Chance:
    """All chance of one simulated year."""

    seed: int

    def of(self, *names: object) -> random.Random:
        """The generator of a name, always the same from its beginning: `of("U20", "report", "2018-06")`."""
        text = "\x1f".join(str(one) for one in (self.seed, *names))
        return random.Random(int.from_bytes(sha256(text.encode()).digest()))  # noqa: S311 - no secret hangs on it

    def share(self, low: float, high: float, *names: object) -> Decimal:
        """A number between two, evenly, with four decimals."""
        return rounded(self.of(*names).uniform(low, high), 4)

    def happens(self, likely: float, *names: object) -> bool:
        """Whether something that happens with this probability happens to this name."""
        return self.of(*names).random() < likely


def rounded(number: float | Decimal, places: int) -> Decimal:
    """An exact number of so many decimals; the same on every machine."""
    return Decimal(repr(number) if isinstance(number, float) else number).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN
    )
