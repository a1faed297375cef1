"""`withdraw` (撤销), `terminate` (终止) and `void` (作废): an instance ends before its diagram does.

Its open work goes to the history, what it has called ends with it, and whoever had work is told. Nothing is
deleted. What was withdrawn or voided may be started anew; what was terminated is over for its year.
"""

from collections.abc import Callable

from engine.people.persons import Person
from engine.runtime.incidents.mending import Act
from engine.runtime.instances.terminating import end_by, free_business_key
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.step import RUNNING
from engine.verbs.rules import withdrawable
from engine.verbs.showing.lateness import why_over
from engine.verbs.tokens.mending import may_mend
from engine.verbs.verb import InstanceVerb, Matter


def of_the_office(person: Person, row: InstanceRow) -> bool:
    """Whether the person mends the assessor's instances (考评办)."""
    return may_mend(person, {"assessor_id": row.assessor_id, "cycle_id": row.cycle_id})


def of_the_initiator(person: Person, row: InstanceRow) -> bool:
    """Whether the person has started the instance."""
    return row.started_by == person.id


def not_running(matter: Matter) -> str:
    """Why nothing moves in an instance that does not stand still: it is over; "" when it runs."""
    if matter.row.status == RUNNING:
        return ""
    return why_over(matter.connection, matter.row.id, matter.row.status, zone=matter.setup.zone)


def _not_withdrawable(matter: Matter) -> str:
    if why := not_running(matter):
        return why
    return (
        "" if withdrawable(matter.step) else "流程图没有规定这个流程可以由发起人撤销；可请考评办终止或作废。"
    )


def _withdraw(matter: Matter) -> str:
    end_by(matter.step, Act("withdraw", matter.request.opinion.strip()), status="withdrawn")
    free_business_key(matter.step)
    return "流程已撤销，同一事项可以重新发起。"


def _terminate(matter: Matter) -> str:
    end_by(matter.step, Act("terminate", matter.request.opinion.strip()), status="terminated")
    return "流程已终止。"


def _void(matter: Matter) -> str:
    end_by(matter.step, Act("void", matter.request.opinion.strip()), status="voided")
    free_business_key(matter.step)
    return "流程已作废，同一事项可以重新发起。"


def _telling(anew: str) -> Callable[[Matter], tuple[str, ...]]:
    """The sentences that no row shows."""

    def tell(matter: Matter) -> tuple[str, ...]:
        said = (anew, "有待办的人会收到通知；办理过程全部保留。")
        return said if matter.row.parent_id is None else (*said, _CALLER)

    return tell


_CALLER = "上级流程不再等它；其余下级流程办完后，上级流程照常继续。"
WITHDRAW = InstanceVerb(
    "withdraw", "撤销", of_the_initiator, "由发起人办理", _withdraw, against=_not_withdrawable,
    tell=_telling("撤销以后同一事项可以重新发起。"),
)  # fmt: skip
TERMINATE = InstanceVerb(
    "terminate", "终止", of_the_office, "由考评办办理", _terminate, against=not_running,
    tell=_telling("终止以后同一事项本年度不再发起；需要时由考评办恢复办理。"),
)  # fmt: skip
VOID = InstanceVerb(
    "void", "作废", of_the_office, "由考评办办理", _void, against=not_running,
    tell=_telling("作废以后不能恢复办理，同一事项可以重新发起。"),
)  # fmt: skip
