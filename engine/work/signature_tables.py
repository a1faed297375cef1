"""手写签名: pictures of signatures. What was signed names their digest (`work_event.signature_digest`)."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class SignatureImage(SQLModel, table=True):
    """手写签名: a picture of a person's signature; its bytes lie under their digest. Kept when retired."""

    __tablename__ = "signature_image"
    __table_args__ = (
        Index("signature_image_of_person", "person_id", "id"),
        Index("signature_image_of_digest", "digest"),
    )
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(max_length=36)
    digest: str = Field(max_length=64)
    media_type: str = Field(max_length=40)
    size: int
    made: str = Field(max_length=16)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    retired_at: datetime | None = Field(default=None, sa_column=Column(Instant))
