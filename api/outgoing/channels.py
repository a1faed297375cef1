"""Ways out of the house as they are set up: webhooks, and the channels by which people are told."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

SCHEMES: tuple[Literal["http"], Literal["https"]] = ("http", "https")
HOOK = "webhook"
"""The scheme of a channel that is one of the house's own signed webhooks."""
BOTS = ("wecombot", "dingtalk", "feishu")
CALLS = ("json", "jsons")
_PLACE = re.compile(r"\{(\w*)\}")
FIELDS = ("email", "phone", "login", "address")


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


class NoticeChannel(BaseModel):
    """A channel by which people are told: its name, and an Apprise address with one place for the person.

    `wecombot://{address}`, `dingtalk://token/{phone}`, `jsons://sms.example.cn/send/{phone}`,
    `webhook://gateway/{login}` (a webhook of the settings). Without a place everybody would read everything.
    """

    name: str
    url: SecretStr

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if not value.strip() or len(value) > 40:
            raise ValueError("a channel's name has 1 to 40 characters")
        return value.strip()

    @field_validator("url")
    @classmethod
    def _reaches_one_person(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        scheme, _, rest = url.partition("://")
        if scheme not in (*BOTS, *CALLS, HOOK):
            known = ", ".join(f"{name}://" for name in (*BOTS, *CALLS, HOOK))
            raise ValueError(f"a channel's url begins with one of {known}")
        places = _PLACE.findall(url)
        if len(places) != 1 or places[0] not in FIELDS:
            raise ValueError("a channel's url has exactly one of {email}, {phone}, {login}, {address}")
        if scheme not in BOTS and "{" in rest.partition("/")[0]:
            raise ValueError("a person's own words are no part of a host's name")
        return value

    @property
    def scheme(self) -> str:
        """`wecombot`, `jsons`, `webhook` …"""
        return self.url.get_secret_value().partition("://")[0]

    @property
    def field(self) -> str:
        """Which value of a person stands in the address."""
        return str(_PLACE.findall(self.url.get_secret_value())[0])
