"""换用方案的新状态: until the year is frozen, the office may take over what the scheme's file says now."""

from datetime import datetime

from sqlalchemy import Connection, update

from engine.people.persons import Person
from processes.cycle.freezing import CHANGED, YearRefusal, frozen_sentence, require_reason, write_act
from processes.cycle.opening import store_profile
from processes.cycle.profile import load_profile
from processes.cycle.reading import CYCLES, cycle_of


def change_weights(connection: Connection, cycle_id: str, *, reason: str, by: Person, at: datetime) -> None:
    """Let the cycle run under its scheme as the file stands now: weights, terms, limits.

    The year's dates stay: the office confirmed them. Raises YearRefusal when the year is frozen, or the
    scheme is the same.
    """
    require_reason(reason)
    if sentence := frozen_sentence(connection, cycle_id):
        raise YearRefusal(409, "frozen", sentence)
    cycle = cycle_of(connection, cycle_id)
    version_id = store_profile(connection, load_profile(cycle["profile"]))
    if version_id == cycle["profile_version_id"]:
        raise YearRefusal(409, "same", "方案文件没有变化，本年度用的就是它现在的样子。")
    connection.execute(update(CYCLES).where(CYCLES.c.id == cycle_id).values(profile_version_id=version_id))
    write_act(connection, cycle_id, CHANGED, reason=reason, by=by, at=at)
