"""Every table of the engine in one metadata: what migrations and tests ask for."""

from sqlmodel import SQLModel

import engine.audit.tables
import engine.jobs.tables
import engine.people.tables
import engine.runtime.housekeeping.tables
import engine.runtime.migrating.tables
import engine.runtime.notices.tables
import engine.runtime.replaying.tables
import engine.runtime.tables
import engine.work.comment_tables
import engine.work.leaving_tables
import engine.work.signature_tables
import engine.work.tables  # noqa: F401

metadata = SQLModel.metadata
