"""What people say beside the verbs: comments on an instance, and phrases kept for opinions (常用意见)."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.store.types import Instant


class Comment(SQLModel, table=True):
    """Something said about an instance; no verb, no token. Its words are in its versions.

    Erasing takes the words away; the row stays, with who erased them.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("comment_of_instance", "instance_id", "id"),)
    id: str = Field(primary_key=True, max_length=36)
    cycle_id: str = Field(max_length=36)
    instance_id: str = Field(foreign_key="instance.id", max_length=36)
    person_id: str = Field(max_length=36)
    person_name: str
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    erased_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    erased_by: str = ""


class CommentVersion(SQLModel, table=True):
    """One wording of a comment, in order; never changed. The words lie in `work_text` and can be erased."""

    __tablename__ = "comment_version"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)
    id: str = Field(primary_key=True, max_length=36)
    comment_id: str = Field(foreign_key="comment.id", max_length=36)
    number: int
    text_id: str = Field(max_length=36)
    mentioned_json: str = Field(sa_column=Column(Text, nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Phrase(SQLModel, table=True):
    """常用意见: words for an opinion ("opinion") or for sending back ("return").

    `scope` says whose it is: a person's ("own"), a unit's ("unit") or everybody's ("all"); `owner_id` names
    the person or the unit.
    """

    __tablename__ = "phrase"
    __table_args__ = (Index("phrase_of_owner", "owner_id", "place"),)
    id: str = Field(primary_key=True, max_length=36)
    scope: str = Field(max_length=8)
    owner_id: str = Field(default="", max_length=36)
    use: str = Field(max_length=16)
    content: str = Field(max_length=200)
    place: int
    created_by: str = Field(max_length=36)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
