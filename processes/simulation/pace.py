"""When somebody of the virtual city sits down to a task that lies before them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.clock import ZONE
from processes.simulation.chance import Chance
from processes.simulation.city import VirtualCity
from processes.simulation.desk import OpenItem

LATEST = 15
"""Nobody is more than so many days late: somebody calls."""
SIGNERS = frozenset({"deputy", "head"})


def sits_down(item: OpenItem, city: VirtualCity, chance: Chance) -> datetime:
    """The moment, in UTC: never before the task is there, at ten on the day that the person takes for it."""
    days = _days(item, city, chance)
    if not days:
        return item.created_at
    local = item.created_at.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)
    local += timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)
    at_ten = local.replace(hour=10, minute=0, second=0, microsecond=0)
    return max(at_ten.astimezone(item.created_at.tzinfo), item.created_at)


def _days(item: OpenItem, city: VirtualCity, chance: Chance) -> int:
    mood = chance.of("pace", *item.place, item.element)
    body = city.bodies.get(item.unit_id or "") or city.bodies.get(city.parents.get(item.unit_id or "", ""))
    if body is None:
        return mood.choice((0, 1, 1, 2))
    if item.post in SIGNERS:
        return mood.choice((0, 0, 1))
    given = (item.due_on - item.created_at.date()).days if item.due_on else 5
    wanted = round(max(given, 1) * body.character.pace * mood.uniform(0.7, 1.15))
    return max(0, min(wanted, max(given, 0) + LATEST))
