"""Tables of data collection: orders, findings of the verification, and locks. Rows are only added."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.ids import new_id
from engine.store.types import Exact, Instant


class DataOrder(SQLModel, table=True):
    """采集单: one figure of an issued target, asked of one body for one cycle."""

    __tablename__ = "data_order"
    __table_args__ = (UniqueConstraint("cycle_id", "measure_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    cycle_id: str = Field(foreign_key="cycle.id", max_length=36)
    measure_id: str = Field(max_length=36)
    target_id: str = Field(max_length=36)
    unit_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    """Whom the figure is about."""
    supplier_id: str = Field(foreign_key="unit.id", max_length=36, index=True)
    source: str = Field(max_length=16)
    """self | bureau"""
    risk: str = Field(max_length=16)
    """high | normal"""
    evidence: str = Field(max_length=16)
    """site | papers: what the verification can look at"""
    period: str = Field(max_length=8)
    made_at: datetime = Field(sa_type=Instant)


class Verification(SQLModel, table=True):
    """A finding about one self-reported figure (符合性验证)."""

    __tablename__ = "verification"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    order_id: str = Field(foreign_key="data_order.id", max_length=36, index=True)
    datum_id: str = Field(foreign_key="datum.id", max_length=36)
    method: str = Field(max_length=32)
    """What D06 asks for: 现场验证, 工作底单核验, 综合验证."""
    result: str = Field(max_length=16)
    """equal | unequal | fraud"""
    found: Decimal | None = Field(default=None, sa_type=Exact)
    basis: str = ""
    by_person: str | None = Field(default=None, max_length=36)
    made_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)


class DataLock(SQLModel, table=True):
    """A figure that is locked (锁定), with the digest of what it says."""

    __tablename__ = "data_lock"
    __table_args__ = (UniqueConstraint("order_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    order_id: str = Field(foreign_key="data_order.id", max_length=36)
    datum_id: str = Field(foreign_key="datum.id", max_length=36)
    algorithm: str = Field(max_length=16)
    digest: str = Field(max_length=64)
    locked_at: datetime = Field(sa_type=Instant)
    instance_id: str = Field(max_length=36)
