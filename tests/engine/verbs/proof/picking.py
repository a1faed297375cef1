"""Who does what next: mostly what makes sense, often enough what does not."""

from datetime import date

from .blocks import EVERYBODY, STARTER, Work, inside, tasks
from .choosing import Chooser
from .clerk import RULES, URGING, Act, Clerk
from .growing import SIGNERS
from .moving import targets
from .paper import Paper
from .pieces import Piece
from .places import Matter
from .upon import ahead, done_at
from .waiting import Working

COME_IN = ("ask", "add_before", "add_after")
VERBS = ("complete",) * 8 + ("return_to",) * 5 + ("add_signer", "remove_signer", "hand_over", *COME_IN) * 2
ON_ITEMS = VERBS + tuple(RULES)
REGISTERED: dict[str, object] = {
    "meeting": "第3次会议", "document": "杭考〔2018〕3号", "decided_on": date(2018, 2, 28),
}  # fmt: skip
"""What 代录 says of the decision that it enters."""
ASK_WHY = ("return_to", "add_signer", "remove_signer", "hand_over", "recall", *COME_IN)
UPON = ("copy_to", "mark_read", "follow", "unfollow") * 2 + ("terminate", "void", "withdraw", "reopen")
OUTCOMES = ("approve", "approve", "return", "submit")


class Picker:
    """Makes acts for the people of a story."""

    def __init__(self, chooser: Chooser, paper: Paper, clerk: Clerk) -> None:
        self.chooser, self.paper, self.clerk = chooser, paper, clerk

    def works(self) -> list[str]:
        """The names of the services."""
        bodies = [body for body in (self.paper.whole.body, self.paper.whole.called) if body]
        return [one.name for body in bodies for one in inside(body) if isinstance(one, Work)]

    def act(self, *, busy: bool = False) -> Act | None:
        """Somebody, a verb, and an open item; `busy` people do only what they may."""
        pieces = self.paper.pieces()
        if not pieces:
            return None
        piece = self.chooser.one(pieces)
        verb = self.chooser.one(ON_ITEMS)
        if piece.asked or piece.waits:
            verb = self.chooser.one(["answer" if piece.asked else "recall"] * 3 + [verb])
        if not self._makes_sense(piece, verb) and self.chooser.often(85):
            verb = "complete"
        if piece.step.block.body and verb == "complete" and self.chooser.often(80):
            verb = "register_for"
        if piece.claim and piece.holder is None and self.chooser.often(60):
            verb = "claim"
        return Act(self._person(piece, verb, busy=busy), verb, piece, said=self._said(piece, verb))

    def _makes_sense(self, piece: Piece, verb: str) -> bool:
        """Is there anything that the verb could do here?"""
        if verb == "return_to":
            return bool(targets(piece.step))
        if verb in ("add_signer", "remove_signer"):
            return piece.step.block.vote is not None
        if verb in ("answer", "recall"):
            return piece.asked if verb == "answer" else bool(piece.step.ballot.helpers(piece.seat))
        return verb != "register_for"

    def _person(self, piece: Piece, verb: str, *, busy: bool) -> str:
        able = [one for one in EVERYBODY if self.clerk.has(one, piece)]
        if verb in URGING:
            able = ["kao", "ban1", "ban2"]
        return self.chooser.one(EVERYBODY if not able or (not busy and self.chooser.often(12)) else able)

    def _said(self, piece: Piece, verb: str) -> dict[str, object]:
        said: dict[str, object] = {}
        if verb in ("complete", "register_for"):
            offered = piece.step.block.outcomes
            said["outcome"] = self.chooser.one(OUTCOMES if self.chooser.often(5) else offered + offered[:1])
            said |= REGISTERED if verb == "register_for" else {}
        if verb in ("hand_over", *COME_IN):
            said["people"] = self._others(piece, more=verb != "hand_over")
        if verb in ASK_WHY and not self.chooser.often(3):
            said["opinion"] = "有理由"
        if verb == "return_to":
            body = piece.step.matter.tree
            legal = sorted(targets(piece.step))
            every = list(tasks(body))
            said["target"] = self.chooser.one(legal if legal and not self.chooser.often(15) else every)
            said["straight_back"] = self.chooser.often(50)
        if verb in ("add_signer", "remove_signer"):
            signers = [seat.name for seat in piece.step.ballot.seats if seat.kind != "ask"]
            others = [one for one in SIGNERS if one not in signers]
            useful = others if verb == "add_signer" else [one for one in signers if one != piece.meant]
            wild = not useful or self.chooser.often(15)
            said["target"] = self.chooser.one([*SIGNERS, "nobody"] if wild else useful)
        return said

    def _others(self, piece: Piece, *, more: bool) -> tuple[str, ...]:
        """Somebody who is not in the step yet; now and then two, or somebody who is."""
        step = piece.step
        seated = {seat.name for seat in step.ballot.seats}
        new = [one for one in SIGNERS if one not in seated.union(other.meant for other in step.pieces)]
        if not new or self.chooser.often(5):
            return (self.chooser.one(sorted(seated - {piece.meant}) or ["nobody"]),)
        first = self.chooser.one(new)
        rest = [one for one in new if one != first]
        return (first, self.chooser.one(rest)) if more and rest and self.chooser.often(20) else (first,)

    def upon(self) -> Act | None:
        """跳转, 抄送, 已阅, 关注; now and then 终止, 作废, 撤销."""
        matter = self.chooser.one(self.paper.matters())
        verb = self.chooser.one(["jump"] * 10 + list(UPON))
        person = self.chooser.one(EVERYBODY if self.chooser.often(20) else ("kao", "ban1"))
        said: dict[str, object] = {} if self.chooser.often(3) else {"opinion": "经研究决定"}
        if self.chooser.often(80):
            verb, person = self._sensible(matter, verb, person)
        if verb in ("terminate", "void") and not self.chooser.often(25):
            return None
        if verb == "jump":
            return self._jump(person, matter, said)
        said |= {"people": (STARTER,)} if verb == "copy_to" else {}
        said |= {"target": "nowhere"} if verb == "reopen" else {}
        return Act(person, verb, matter=self.paper.root if verb == "withdraw" else matter, said=said)

    def _sensible(self, matter: Matter, verb: str, person: str) -> tuple[str, str]:
        """What can be done, by somebody who can do it."""
        if verb == "mark_read":
            return (verb, STARTER) if matter.readers else ("copy_to", person)
        if verb in ("follow", "unfollow"):
            followers = sorted(matter.followers)
            if verb == "follow" and self.chooser.often(50):
                return verb, person
            verb = "unfollow"
            return (verb, self.chooser.one(followers)) if followers else ("follow", person)
        if verb == "withdraw":
            free = self.paper.started_by and self.paper.whole.withdraw
            return (verb, STARTER) if free else ("follow", person)
        return verb, person

    def _jump(self, person: str, matter: Matter, said: dict[str, object]) -> Act | None:
        steps = [step for step in self.paper.steps() if step.matter is matter]
        if not steps:
            return None
        step = self.chooser.one(steps)
        legal = sorted(targets(step) | ahead(step))
        said["token"] = step.block.name
        said["target"] = self.chooser.one(legal if legal and not self.chooser.often(10) else ["nowhere"])
        return Act(person, "jump", matter=matter, step=step, said=said)

    def taking_back(self) -> Act:
        """撤回, by who has just submitted, or by somebody who has not."""
        last = self.clerk.last
        idle = [one for one in EVERYBODY if all(done[4] != one for done in last.matter.did)]
        wrong = bool(idle) and self.chooser.often(15)
        return Act(self.chooser.one(idle) if wrong else last.person, "take_back", matter=last.matter)

    def reopening(self) -> Act | None:
        """恢复办理, once all is over."""
        root = self.paper.root
        steps = done_at(root)
        if not steps:
            return None
        said = {"opinion": "结果有误", "target": self.chooser.one(steps)}
        return Act(self.chooser.one(("kao", "ban1", "lu")), "reopen", matter=root, said=said)

    def office(self) -> Act | None:
        """挂起, 恢复办理."""
        rests = self.paper.rested_since is not None
        verb = "resume" if rests != self.chooser.often(10) else "suspend"
        person = self.chooser.one(EVERYBODY if self.chooser.often(15) else ("kao", "ban1"))
        said = {} if self.chooser.often(5) else {"reason": "核实情况"}
        return Act(person, verb, matter=self.paper.root, said=said)

    def mending(self) -> Act | None:
        """处理异常: 重试, 跳过, 改正数据, 移动令牌."""
        stopped = [one for one in self.paper.leaves() if isinstance(one, Working) and one.stopped]
        if not stopped:
            return None
        work = self.chooser.one(stopped)
        verb = self.chooser.one(["retry", "skip", "correct", "jump", "jump"])
        person = self.chooser.one(EVERYBODY if self.chooser.often(15) else ("kao", "ban1"))
        said: dict[str, object] = {} if self.chooser.often(5) else {"reason": "已查明"}
        if verb == "jump":
            legal = sorted(targets(work))
            said["target"] = self.chooser.one(legal if legal and not self.chooser.often(10) else ["nowhere"])
        return Act(person, verb, work=work, said=said)
