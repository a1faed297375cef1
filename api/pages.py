"""Pages: one template, one view function, one query. What every template may use is named here."""

import json
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api import words
from api.as_shown import mark_of
from api.language import current_language, gettext, ngettext, offered_languages
from api.security.headers import DIAGRAMS
from api.typed import typed_as, typed_in

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _digests(changed_at: float) -> dict[str, str]:
    digests: dict[str, str] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    return digests


def static_url(name: str) -> str:
    """`/static/app.js?v=<digest>`, so that browsers may keep the file for ever."""
    manifest = STATIC / "manifest.json"
    digest = _digests(manifest.stat().st_mtime).get(name) if manifest.exists() else None
    return f"/static/{name}" + (f"?v={digest}" if digest else "")


def icon(name: str, *, label: str = "") -> Markup:
    """One icon of the sprite; decoration unless it has a label."""
    says = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        says, static_url("icons.svg"), name
    )


def lines(text: str) -> Markup:
    """Text as it was written, line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


@cache
def environment() -> Environment:
    """The one Jinja environment: autoescape always, undefined names are errors."""
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        static_url=static_url,
        icon=icon,
        languages=offered_languages(),
        language=current_language,
        typed_as=typed_as,
        typed_in=typed_in,
        mark_of=mark_of,
    )
    env.filters.update(
        day=words.local_day, time=words.local_time, size=words.size_words, verb=words.verb_words, lines=lines
    )
    return env


def page(
    request: Request, template: str, *, status: int = 200, diagram: bool = False, **context: object
) -> HTMLResponse:
    """Render `template`. `diagram` says that bpmn-js draws on the page."""
    shell = getattr(request.state, "shell", None)
    text = environment().get_template(template).render(request=request, shell=shell, **context)
    headers = {"content-security-policy": DIAGRAMS} if diagram else {}
    return HTMLResponse(text, status_code=status, headers=headers)
