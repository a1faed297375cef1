"""Several people on one step, on paper: who is asked, who has said what, and how it ends."""

from dataclasses import dataclass, field
from fractions import Fraction

from .blocks import Vote


@dataclass
class Ballot:
    """`signers` in order; `votes` are the opinions that count, `objected` who objected and keeps the task."""

    rule: Vote
    signers: list[str]
    votes: dict[str, str] = field(default_factory=dict)
    objected: set[str] = field(default_factory=set)

    def asked(self) -> list[str]:
        """Who is asked now, in order."""
        left = [name for name in self.signers if name not in self.votes]
        return left[:1] if self.rule.form == "turn" else left

    def sign(self, name: str, outcome: str) -> None:
        if outcome == "approve" or self.rule.reject != "stay":
            self.votes[name] = outcome
            self.objected.discard(name)
        else:
            self.objected.add(name)

    def spoken(self) -> set[str]:
        """Who has said anything: they are not taken out any more."""
        return {*self.votes, *self.objected}

    def passed(self) -> bool | None:
        """Decided when every way to go on ends alike, or the rule ends it early."""
        against = [name for name, outcome in self.votes.items() if outcome != "approve"]
        if self.rule.form == "any":
            first = next(iter(self.votes.values()), None)
            return None if first is None else first == "approve"
        if against and self.rule.reject == "veto":
            return False
        left = len(self.signers) - len(self.votes)
        if self.rule.form in ("all", "turn"):
            return None if left else not against
        share = Fraction(self.rule.form.partition(":")[2])
        approvals = len(self.votes) - len(against)
        ends = {Fraction(approvals + more, len(self.signers)) >= share for more in range(left + 1)}
        return ends.pop() if len(ends) == 1 else None
