"""Settings: from the environment (BIHUAN_…), then a TOML file, then defaults that need no secret.

The file is `bihuan.toml` in the working folder, or what BIHUAN_CONFIG names.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.outgoing.channels import HOOK, NoticeChannel, Webhook
from engine.clock import Clock, OffsetClock, SystemClock
from engine.jobs.queue import Backoff
from engine.runtime.housekeeping.sweeping import Keeping
from engine.runtime.notices.kinds import Kind

MEGABYTE = 1024 * 1024


class Settings(BaseSettings):
    """Everything an installation may set. Sizes in megabytes, times as their names say."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    database_url: str = ""
    """Empty: the SQLite file `bihuan.db` in `data_dir`."""
    worker_database_url: str = ""
    """Where workers listen when `database_url` leads through a transaction pool; empty: the same."""
    transaction_pool: bool = False
    """True when `database_url` leads through pgbouncer in transaction mode."""
    job_lease_seconds: int = Field(default=5, ge=1, le=600)
    """What a worker has claimed and not begun goes to another after so long."""
    data_dir: Path = Path("var")
    clock: datetime | None = None
    """The moment at which the business clock starts; None: the machine's own time."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    trusted_proxies: str = "127.0.0.1"
    """Addresses of the proxies whose word for a visitor's address is taken; comma-separated, networks too."""
    secure_cookies: bool = False
    """True wherever the pages are served over https."""
    language: Literal["zh", "en"] = "zh"

    session_hours: int = Field(default=12, ge=1)
    lock_after_failures: int = Field(default=5, ge=2)
    lock_minutes: int = Field(default=15, ge=1)
    password_length: int = Field(default=10, ge=8)
    argon2_time: int = Field(default=3, ge=1)
    argon2_memory_kib: int = Field(default=65536, ge=8)
    argon2_parallelism: int = Field(default=4, ge=1)

    max_upload_mb: int = Field(default=20, ge=1)
    max_request_mb: int = Field(default=64, ge=1)
    """A whole request, with all its files."""
    failed_log_ins_per_hour: int = Field(default=200, ge=1)
    """Of one address; an office behind one address shares them."""
    public_comments_per_hour: int = Field(default=10, ge=1)
    public_codes_per_hour: int = Field(default=20, ge=1)
    """Wrong follower's codes from one address."""

    retry_first_seconds: float = Field(default=2, gt=0)
    """How long a failed job rests before it is tried again; `retry_factor` times as long each time after."""
    retry_factor: float = Field(default=2, ge=1, le=100)
    retry_longest_seconds: float = Field(default=600, gt=0)

    mail_host: str = ""
    """Empty: no mail leaves the house."""
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_security: Literal["none", "starttls", "tls"] = "none"
    mail_user: str = ""
    mail_password: str = Field(default="", repr=False)
    mail_from: str = ""
    webhooks: dict[str, Webhook] = {}
    """By the name that diagrams use (`channel`)."""
    send_attempts: int = Field(default=8, ge=1, le=100)
    """How often a letter is tried before it becomes an incident."""
    send_timeout_seconds: float = Field(default=20, gt=0)

    yellow_working_days: int = Field(default=3, ge=0, le=30)
    """With so many working days left, or fewer, a deadline is yellow."""
    public_url: str = ""
    """Where people reach the pages; letters link there. Empty: no links."""
    notice_channels: dict[str, NoticeChannel] = {}
    """Ways besides mail by which people are told, by a key of one's own."""
    notice_passes: list[Kind] = ["incident"]
    """Kinds of notices that quiet hours and days off do not hold."""
    notice_attempts: int = Field(default=60, ge=1, le=1000)
    """How often a notice's letter is tried before it becomes an incident: some nine hours."""
    live_pages: int = Field(default=2000, ge=0)
    """How many open pages one server tells of news at once; 0: none."""
    todo_webhook: str = ""
    """The webhook of an outside to-do centre that is kept in step; empty: there is none."""

    seal_hours: int = Field(default=24, ge=0)
    """How often the audit chains are sealed; 0: only by command."""
    keep_messages_days: int = Field(default=30, ge=0)
    """How long messages that have expired, and the ids by which a repeated one is known, are kept.
    0: for ever; so for all that follow."""
    keep_request_keys_days: int = Field(default=7, ge=0)
    keep_letters_days: int = Field(default=180, ge=0)
    """Letters that were sent."""
    keep_sessions_days: int = Field(default=90, ge=0)
    """Log-in sessions after their end."""
    keep_drafts_days: int = Field(default=365, ge=0)
    """Drafts of open tasks that nobody has touched."""
    keep_notices_days: int = Field(default=180, ge=0)
    """What was told to whom outside the page, once it is settled and its task is over."""

    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("clock")
    @classmethod
    def _needs_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("clock must carry a zone, as in 2018-03-01T09:00:00+08:00")
        return value

    @model_validator(mode="after")
    def _database_lies_in_the_data_folder(self) -> "Settings":
        if not self.database_url:
            self.database_url = f"sqlite:///{self.data_dir / 'bihuan.db'}"
        return self

    @model_validator(mode="after")
    def _webhooks_exist(self) -> "Settings":
        named = [self.todo_webhook] if self.todo_webhook else []
        for channel in self.notice_channels.values():
            if channel.scheme == HOOK:
                named.append(channel.url.get_secret_value().partition("://")[2].partition("/")[0])
        if unknown := sorted(set(named) - self.webhooks.keys()):
            raise ValueError(f"webhooks lacks {', '.join(unknown)}")
        return self

    @property
    def backoff(self) -> Backoff:
        """How failed jobs are tried again."""
        first = timedelta(seconds=self.retry_first_seconds)
        return Backoff(first, self.retry_factor, timedelta(seconds=self.retry_longest_seconds))

    @property
    def keeping(self) -> Keeping:
        """What the house does by itself."""

        def days(count: int) -> timedelta | None:
            return timedelta(days=count) if count else None

        return Keeping(
            messages=days(self.keep_messages_days),
            request_keys=days(self.keep_request_keys_days),
            letters=days(self.keep_letters_days),
            sessions=days(self.keep_sessions_days),
            drafts=days(self.keep_drafts_days),
            notices=days(self.keep_notices_days),
            seal_every=timedelta(hours=self.seal_hours) if self.seal_hours else None,
        )

    @property
    def files_dir(self) -> Path:
        """Where uploaded files lie, by their digest."""
        return self.data_dir / "files"

    def make_clock(self) -> Clock:
        """The clock of business; sessions and lock-outs never ask it."""
        return SystemClock() if self.clock is None else OffsetClock(self.clock)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        path = Path(os.environ.get("BIHUAN_CONFIG", "bihuan.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)
