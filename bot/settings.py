"""What the bot needs to know, from the environment and `.env`. Secrets never show in any text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BotError

SLACK_API_URL = "https://slack.com/api/"

USER_GROUP_ID_PATTERN = re.compile(r"S[A-Z0-9]{2,20}")

ENVIRONMENT_NAMES = {"signing_secret": "SLACK_SIGNING_SECRET"}
"""A default is checked under the name of its field; people know the other one."""

TOKEN_PREFIXES = {"bot_token": ("xoxb-", "xoxe.xoxb-"), "app_token": ("xapp-",)}


class SettingsError(BotError):
    """The settings need mending: {problems}."""


class StorageSettings(BaseSettings):
    """Where the data is kept: all that commands without Slack need."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///labelbot.db",
        validation_alias="DATABASE_URL",
        description="SQLAlchemy address of the database: sqlite:///FILE or postgresql://…",
        repr=False,
    )
    exports_dir: Path = Field(
        default=Path("exports"),
        validation_alias="LABELBOT_EXPORTS",
        description="Folder for exports that name no other.",
    )
    imports_dir: Path = Field(
        default=Path("imports"),
        validation_alias="LABELBOT_IMPORTS",
        description="Folder for files sent in Slack, until they are imported.",
    )

    @field_validator("database_url")
    @classmethod
    def _validate_database_url(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError as error:
            message = "is no address of a database, such as sqlite:///labelbot.db"
            raise ValueError(message) from error
        backend = url.get_backend_name()
        if backend not in ("sqlite", "postgresql", "postgres"):
            message = f"names {backend}; use sqlite or postgresql"
            raise ValueError(message)
        if backend == "sqlite" and url.database in (None, "", ":memory:"):
            message = "names no file; what is only in memory would be lost"
            raise ValueError(message)
        return value


class Settings(StorageSettings):
    """All that the running bot needs."""

    bot_token: SecretStr = Field(
        validation_alias="SLACK_BOT_TOKEN", description="Bot token, xoxb-…"
    )
    app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token, xapp-…: Socket Mode, no public address needed.",
    )
    signing_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Signing secret: signed HTTP requests, used when there is no app token.",
    )
    api_url: str = Field(
        default=SLACK_API_URL,
        validation_alias="SLACK_API_URL",
        description="Address of Slack's Web API; another one for the sandbox.",
    )
    coordinators: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        validation_alias="LABELBOT_COORDINATORS",
        description="Slack ids of those who run campaigns, with commas between.",
    )
    coordinator_group: str | None = Field(
        default=None,
        validation_alias="LABELBOT_COORDINATOR_GROUP",
        description="Id of a Slack user group (S…) whose members are coordinators, too.",
    )
    senior_group: str | None = Field(
        default=None,
        validation_alias="LABELBOT_SENIOR_GROUP",
        description="Id of a Slack user group (S…) whose members are senior experts.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="LABELBOT_HOST",
        description="Address the web server listens on (signed HTTP and /health).",
    )
    port: int = Field(
        default=8080, ge=0, le=65535, validation_alias="LABELBOT_PORT", description="Its port."
    )
    tick_seconds: float = Field(
        default=5.0,
        gt=0,
        validation_alias="LABELBOT_TICK_SECONDS",
        description="How often the bot looks for what is due.",
    )

    @field_validator("coordinators", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part for part in value.replace(",", " ").split() if part)
        return value

    @field_validator("coordinator_group", "senior_group")
    @classmethod
    def _validate_user_group_id(cls, value: str | None) -> str | None:
        if value and not USER_GROUP_ID_PATTERN.fullmatch(value):
            message = "is no id of a user group, such as S0123ABCD"
            raise ValueError(message)
        return value

    @field_validator("api_url")
    @classmethod
    def _validate_api_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            message = f"is no address of a Web API, such as {SLACK_API_URL}"
            raise ValueError(message)
        return value if value.endswith("/") else f"{value}/"

    @field_validator("bot_token", "app_token")
    @classmethod
    def _validate_token_prefix(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        prefixes = TOKEN_PREFIXES[info.field_name or ""]
        if value is not None and not value.get_secret_value().startswith(prefixes):
            message = f"must start with {prefixes[0]}"
            raise ValueError(message)
        return value

    @field_validator("signing_secret")
    @classmethod
    def _require_connection(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("app_token", "wrong") is None:
            message = "or SLACK_APP_TOKEN is missing: set one of them (HTTP or Socket Mode)"
            raise ValueError(message)
        return value

    @property
    def is_socket_mode(self) -> bool:
        """Say whether Slack is reached by Socket Mode rather than signed HTTP."""
        return self.app_token is not None


def load_settings() -> Settings:
    """Read all settings.

    Raises:
        SettingsError: with everything that is missing or wrong, and no secret in it.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(problems=_format_errors(error)) from None


def load_storage_settings() -> StorageSettings:
    """Read what commands without Slack need.

    Raises:
        SettingsError: with everything that is missing or wrong, and no secret in it.
    """
    try:
        return StorageSettings()
    except ValidationError as error:
        raise SettingsError(problems=_format_errors(error)) from None


def _format_errors(error: ValidationError) -> str:
    return "; ".join(
        _format_error(found["loc"], found["type"], found["msg"]) for found in error.errors()
    )


def _format_error(location: tuple[int | str, ...], error_type: str, message: str) -> str:
    name = ENVIRONMENT_NAMES.get(str(location[0]), str(location[0])) if location else ""
    problem = "is missing" if error_type == "missing" else message.removeprefix("Value error, ")
    return f"{name} {problem}".strip()
