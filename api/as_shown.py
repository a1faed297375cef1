"""Forms that change what is there carry a mark of what they showed: nobody writes over what is unseen.

`parts.shown(…)` in a template writes the mark; who saves asks `check_as_shown` inside the transaction.
"""

from hashlib import sha256

import orjson
from starlette.datastructures import FormData

from api.errors import Trouble
from api.language import gettext as _
from api.security.posted import text_of

SHOWN = "shown"
"""The field that carries the mark."""
_LONGEST = 20_000


def mark_of(*shown: object) -> str:
    """What tells one state of a form from another."""
    return sha256(orjson.dumps([one or "" for one in shown], default=str)).hexdigest()[:16]


def shown_in(form: FormData) -> str | None:
    """The mark that a page's form has sent; None for what is no page's form."""
    return text_of(form, SHOWN, longest=_LONGEST) if SHOWN in form else None


def check_as_shown(mark: str | None, *now: object) -> None:
    """Raises Trouble(409, "stale") when what is there `now` is not what the page showed.

    None is a program's: it names what it changes, and the rest stays as it is.
    """
    if mark is not None and mark != mark_of(*now):
        raise changed_since()


def changed_since() -> Trouble:
    """What is said to who has not seen another's change."""
    return Trouble(409, "stale", _("您打开这一页以后，别人改过这里，您的修改没有保存。"))
