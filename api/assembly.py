"""Puts the rooms together: one engine from the settings, with the stages' Python and the forms' check."""

from functools import lru_cache

import forms
from api.outgoing.noticing import notice_rules
from api.outgoing.senders import senders_of
from api.settings import Settings
from engine.jobs.queue import EmbeddedQueue, Queue
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.others import working_off
from engine.work.bindings import Bindings, FieldError, FormChecked, FormCheckRequest
from forms.judging import faults_of
from processes.bindings import bindings_parts


def build_engine(settings: Settings) -> Engine:
    """The engine of an installation, on its database and its clock."""
    database = open_database(settings)
    return Engine(
        database,
        clock=settings.make_clock(),
        bindings=build_bindings(),
        queue=_queue_for(database),
        backoff=settings.backoff,
        senders=senders_of(settings),
        send_attempts=settings.send_attempts,
        notices=notice_rules(settings),
        keeping=settings.keeping,
    )


def open_database(settings: Settings, *, pool_size: int = 10) -> Database:
    """The installation's database."""
    return Database(settings.database_url, pool_size=pool_size, pooled=settings.transaction_pool)


def _queue_for(database: Database) -> Queue:
    if database.dialect == "sqlite":
        return EmbeddedQueue()
    from engine.jobs.postgresql import ProcrastinateQueue  # costs a second that SQLite need not pay

    return ProcrastinateQueue()


FORM_JUDGE = f"{faults_of.__module__}:{faults_of.__name__}"
"""Who says what is wrong with a form file, as a name that the child process for uploads can call too."""


def build_bindings() -> Bindings:
    """Services and records of all stages, and how forms are checked."""
    services, records = bindings_parts()
    return Bindings(
        services=services,
        records=records,
        check_form=check_form,
        form_judge=FORM_JUDGE,
        jobs=working_off.JOBS,
    )


@lru_cache(maxsize=200)
def compiled_form(version_id: str, content: bytes) -> forms.Form:
    """The form of a definition version; versions never change."""
    return forms.read_form(content, file=f"{version_id}.form")


def check_form(request: FormCheckRequest) -> FormChecked:
    """What the engine calls before anything is written: forms.check in the engine's own words."""
    checked = forms.check(
        compiled_form(request.form_version, request.form),
        request.data,
        context=request.context,
        readonly=request.readonly,
        stored=request.stored,
        files=request.files,
        today=request.today,
        functions=request.functions,
    )
    errors = tuple(FieldError(error.field, error.code, error.message) for error in checked.errors)
    return FormChecked(checked.data, errors)
