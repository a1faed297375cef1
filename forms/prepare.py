"""The common beginning of checking and showing: merge what was entered, then drop what is hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from forms.examine import Examined, examine
from forms.expressions import Functions
from forms.form import Form
from forms.merge import Merged, merge
from forms.messages import Sentences
from forms.scope import layer


def prepare(
    form: Form,
    data: Mapping[str, object],
    *,
    context: Mapping[str, object],
    readonly: Collection[str],
    stored: Mapping[str, object],
    files: Collection[str],
    functions: Functions | None,
    sentences: Sentences,
    today: date | None = None,
    fresh: bool = False,
) -> tuple[Merged, Examined]:
    """Merge and examine in one go; the arguments are those of `check` and `merge`."""
    around = layer(context)
    merged = merge(
        form,
        data,
        context=around,
        readonly=readonly,
        stored=stored,
        files=files,
        functions=functions,
        fresh=fresh,
    )
    found = examine(
        form,
        merged,
        context=around,
        stored=stored,
        today=today,
        sentences=sentences,
        functions=functions,
    )
    return merged, found
