"""异常: the list of what has stopped, one incident with its diagram and data, and mending it."""

import re

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.house import House, house_of
from api.language import gettext as _
from api.office.following import chosen_cycle
from api.office.incidents import REASON, lines_of, mended_cycles, read_values, story_of
from api.pages import page
from api.security.posted import number_of, posted, text_of
from api.security.session import signed_in
from api.story import read_instance, story_for
from engine.people.persons import Person
from engine.runtime.incidents.typed import MOST, NAMES
from engine.verbs.refusals import Broken, Invalid, Refusal, Stale
from engine.verbs.showing.incident_view import IncidentView
from engine.verbs.tokens.mending import Mended, Mending, mend, retry_same

router = APIRouter(prefix="/office/incidents", include_in_schema=False)
NAME = re.compile(r"[^\W\d]\w*", re.ASCII)
SPARE = 3
"""Empty lines for values that the diagram does not name."""


@router.get("")
def list_incidents(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """What has stopped in one cycle of the office's own assessor."""
    with house.database.read() as connection:
        cycles = mended_cycles(connection, person)
        chosen = chosen_cycle(cycles, cycle, today=house.today)
        lines = lines_of(house, connection, chosen["id"])
    return page(request, "office/incidents.html", cycles=cycles, cycle=chosen, lines=lines, said=_told(said))


@router.get("/{incident_id}")
def show_incident(
    request: Request,
    incident_id: str,
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """What failed, where, with which data, and what each act would do."""
    if said == "still":
        return _page(request, house, person, incident_id, warning=_("又试了一次，仍然停在这里。原因见下。"))
    return _page(request, house, person, incident_id, said=_told(said))


@router.get("/{incident_id}/same")
def show_same(
    request: Request, incident_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """All that stopped for the same cause, before they are tried again together."""
    return page(request, "office/incidents_same.html", story=story_of(house, person, incident_id))


@router.post("/{incident_id}/same")
def mend_same(
    incident_id: str, person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """重试 all of the same cause."""
    cycle_id = story_of(house, person, incident_id).seen.incident["cycle_id"]
    on, stopped = retry_same(house.engine, person, incident_id)
    return RedirectResponse(f"/office/incidents?cycle={cycle_id}&said=same-{on}-{stopped}", status_code=303)


@router.post("/{incident_id}/{act}")
def mend_incident(
    request: Request,
    incident_id: str,
    act: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """改正数据, 重试, 跳过 or 移动令牌; what was refused is said on the page, with what was written kept."""
    try:
        asked = _asked(form, act, house, person, incident_id)
        mended = mend(house.engine, person, incident_id, act, asked)
    except (Invalid, Stale, Broken) as refusal:
        return _page(request, house, person, incident_id, refusal=refusal, written=form)
    return RedirectResponse(_after(mended, act, tried=asked.then_retry), status_code=303)


def _asked(form: FormData, act: str, house: House, person: Person, incident_id: str) -> Mending:
    version = number_of(form, "version") if form.get("version") else None
    seen = story_of(house, person, incident_id).seen if act == "correct" else None
    return Mending(
        version=version,
        reason=text_of(form, "reason", longest=REASON),
        changes=_changes(form, seen) if seen else {},
        outputs=_outputs(form) if act == "skip" else {},
        flow=text_of(form, "flow"),
        target=text_of(form, "target"),
        then_retry=form.get("then_retry") == "yes",
    )


def _changes(form: FormData, seen: IncidentView) -> dict[str, object]:
    """The variables whose text or kind differs from what stands there, and a new one. Raises Invalid."""
    written: list[tuple[str, str, str]] = []
    for known in seen.variables:
        kind = text_of(form, f"kind.{known.name}") or known.kind
        text = form.get(f"value.{known.name}")
        if known.locked or not isinstance(text, str) or len(text) > MOST:
            continue
        text = text.replace("\r\n", "\n")
        if text != known.text or kind != known.kind:
            written.append((known.name, _kind(kind), text))
    return read_values([*written, *_named(form, "new")])


def _outputs(form: FormData) -> dict[str, object]:
    return read_values(_named(form, "out"))


def _named(form: FormData, prefix: str) -> list[tuple[str, str, str]]:
    """Lines of name, kind and value; those without a name are left empty. Raises Invalid."""
    names, kinds, values = (
        [str(one) for one in form.getlist(f"{prefix}.{part}")] for part in ("name", "kind", "value")
    )
    found = []
    for name, kind, value in zip(names, kinds, values, strict=False):
        if not name.strip() or (prefix == "out" and not value.strip() and kind != "null"):
            continue
        if not NAME.fullmatch(name.strip()):
            raise Invalid(_("“{name}”不能用作变量名。").format(name=name))
        found.append((name.strip(), _kind(kind), value.replace("\r\n", "\n")))
    return found


def _kind(kind: str) -> str:
    if kind not in NAMES:
        raise Invalid(_("没有“{kind}”这种数据。").format(kind=kind))
    return kind


def _after(mended: Mended, act: str, *, tried: bool) -> str:
    if mended.open:
        said = "still" if act == "retry" or tried else "corrected"
        return f"/office/incidents/{mended.incident_id}?said={said}"
    return f"/office/incidents?cycle={mended.cycle_id}&said={act}-{mended.opened}"


def _told(said: str) -> str:
    word, _dash, figures = said.partition("-")
    plain = {
        "corrected": _("已改正数据，流程没有移动。现在可以重试。"),
    }
    if word in plain:
        return plain[word]
    first, _dash, second = figures.partition("-")
    if word == "same" and first.isdigit() and second.isdigit():
        return _("已重试：{on} 件继续，{stopped} 件仍然停着。").format(on=first, stopped=second)
    done = {
        "retry": _("已重试，流程继续。"),
        "correct": _("已改正数据，流程继续。"),
        "skip": _("已跳过，流程继续。"),
        "jump": _("已移动令牌。"),
    }
    if word not in done:
        return ""
    opened = _("新的待办 {n} 项。").format(n=first) if first.isdigit() and int(first) else ""
    return done[word] + opened


def _page(
    request: Request,
    house: House,
    person: Person,
    incident_id: str,
    *,
    said: str = "",
    warning: str = "",
    refusal: Refusal | None = None,
    written: FormData | None = None,
) -> Response:
    story = story_of(house, person, incident_id)
    instance_id = story.seen.incident["instance_id"]
    with house.database.read() as connection:
        instance = read_instance(connection, instance_id) if instance_id else None
        told = story_for(house, connection, person, instance) if instance else None
    return page(
        request,
        "office/incident.html",
        diagram=instance is not None,
        status=refusal.status if refusal else 200,
        incident=story,
        story=told,
        instance=instance,
        kinds=NAMES,
        spare=SPARE,
        said=said,
        refusal=refusal.message if refusal else warning,
        written=written or {},
    )
