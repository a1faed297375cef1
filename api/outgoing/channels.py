"""A webhook as it is set up."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

SCHEMES: tuple[Literal["http"], Literal["https"]] = ("http", "https")


class Webhook(BaseModel):
    """Where to post, and the secret with which the body is signed (at least 16 characters)."""

    url: str
    secret: SecretStr

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise ValueError("a webhook's url begins with http:// or https://")
        return value

    @field_validator("secret")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("a webhook's secret has at least 16 characters")
        return value
