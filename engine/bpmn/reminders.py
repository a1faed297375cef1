"""`bihuan:remind`: when a task reminds of its date, as the diagram writes it.

`P3D` and `P1W` count civil days, `P5WD` working days, `PT4H` hours and minutes before the end. `R/P1WD`
reminds after the date, and again each time as much has passed, until the task is done.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

_WORKING = re.compile(r"P([1-9]\d{0,2})WD", re.ASCII)
_AGAIN = "R/"
_CIVIL = re.compile(
    r"P(?=.)(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?", re.ASCII
)


@dataclass(frozen=True)
class Lead:
    """How long before: working days, else civil days (without `hours`), else a length of time.

    With `repeats`: how long after, and then again and again.
    """

    working_days: int | None = None
    days: int = 0
    hours: timedelta | None = None
    repeats: bool = False


def read_lead(text: str) -> Lead | None:
    """One lead time, or None when it is none."""
    if text.startswith(_AGAIN):
        lead = read_lead(text.removeprefix(_AGAIN))
        endless = lead is not None and lead.hours is None and (lead.days or lead.working_days)
        return replace(lead, repeats=True) if lead and endless and not lead.repeats else None
    working = _WORKING.fullmatch(text)
    if working:
        return Lead(working_days=int(working[1]))
    match = _CIVIL.fullmatch(text)
    if match is None:
        return None
    weeks, days, hours, minutes = (int(group or 0) for group in match.groups())
    timed = match[3] is not None or match[4] is not None
    return Lead(days=7 * weeks + days, hours=timedelta(hours=hours, minutes=minutes) if timed else None)


def parts_of(text: str) -> list[str]:
    """The lead times of a property, as written, apart."""
    return [part.strip() for part in text.split(",") if part.strip()]
