"""Tables of changes of targets: the case, what was said and done in it, and the facts that came of it.

Rows are only added. `target_id` is no foreign key: a unit may take a function indicator back while its plan
is being made, and what was declared about it stays.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant, Json


class ChangeCase(SQLModel, table=True):
    """One matter about one target: a challenge (挑战) or an adjustment (调整), the `number`th of its kind."""

    __tablename__ = "change_case"
    __table_args__ = (UniqueConstraint("target_id", "kind", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36, index=True)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    target_id: str = Field(max_length=36)
    kind: str = Field(max_length=16)
    """challenge | adjustment"""
    number: int
    label: str = Field(max_length=300)
    """The target's code and title when the case was opened."""
    asker: str = Field(max_length=16)
    """unit | office: whose matter it is, and who may withdraw it."""
    version_number: int = 0
    """The target's newest version when the case was opened."""
    opened_by: str | None = Field(default=None, max_length=36)
    opened_at: datetime = Field(sa_type=Instant)


class ChangeAct(SQLModel, table=True):
    """What happened in a case, in order; the newest says how it stands."""

    __tablename__ = "change_act"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="change_case.id", max_length=36, index=True)
    kind: str = Field(max_length=16)
    """A key of `cases.STATES`."""
    text: str = ""
    """The reason or the words for people."""
    facts: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """What a decision answered, the body that decided, the document."""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class ChallengeStatement(SQLModel, table=True):
    """What the unit declares of a challenge, or what the statistics office found; the newest counts."""

    __tablename__ = "challenge_statement"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="change_case.id", max_length=36, index=True)
    source: str = Field(max_length=16)
    """unit | statistics"""
    measure_id: str = Field(max_length=36)
    value: Decimal = Field(sa_type=Exact)
    """挑战值: what the unit wants to reach."""
    benchmark: str = Field(default="", max_length=64)
    """对标城市"""
    benchmark_value: Decimal | None = Field(default=None, sa_type=Exact)
    rank: int | None = None
    """同类城市排名 that the value is expected to bring."""
    rank_before: int | None = None
    own_best: Decimal | None = Field(default=None, sa_type=Exact)
    """历史最佳"""
    own_best_year: int | None = None
    grounds: str = ""
    """Where the figures come from."""
    file_ids: list[str] = Field(sa_column=Column(Json, nullable=False))
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class ChallengeFact(SQLModel, table=True):
    """A challenge that counts in the assessment, general or key (关键性); the newest of a target counts."""

    __tablename__ = "challenge_fact"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="change_case.id", max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    target_id: str = Field(max_length=36)
    measure_id: str = Field(max_length=36)
    value: Decimal = Field(sa_type=Exact)
    stands: bool = True
    """False: it no longer counts, because the target has been raised as far."""
    is_key: bool = False
    basis: str = Field(default="", max_length=300)
    """The act or paper that it rests on."""
    decision_id: str | None = Field(default=None, foreign_key="decision_record.id", max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)
    replaces_id: str | None = Field(default=None, max_length=36)


class AdjustmentStatement(SQLModel, table=True):
    """What an adjustment asks for, beside what the target said before; the newest of a case counts."""

    __tablename__ = "adjustment_statement"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="change_case.id", max_length=36, index=True)
    cause: str = Field(max_length=16)
    """above (上级下达) | objective (客观变化) | organisation (机构变动)"""
    ground: str = Field(max_length=16)
    """plenum (市委全会) | congress (市人代会) | superior (上级文件) | other"""
    paper: str = Field(default="", max_length=300)
    """The paper it rests on, by number or name."""
    reason: str
    before: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """`{"text", "weight", "figures": [...]}` as in a version."""
    after: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    """The same as it shall be."""
    file_ids: list[str] = Field(sa_column=Column(Json, nullable=False))
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)


class AdjustmentFact(SQLModel, table=True):
    """An adjustment in force: from which day which version of the target counts instead of which."""

    __tablename__ = "adjustment_fact"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="change_case.id", max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    target_id: str = Field(max_length=36, index=True)
    version_before: int
    version_number: int
    effective_on: date
    document: str = Field(max_length=300)
    decision_id: str | None = Field(default=None, foreign_key="decision_record.id", max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str | None = Field(default=None, max_length=36)
