"""Settings from environment variables and `.env`. No message or repr contains a secret."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.database_url import check_database_url
from bot.destinations.local_folder import NotAFolderError, parse_folder
from bot.errors import BotError
from bot.validation_messages import describe_error, without_consequences
from bot.webhooks.signature import InvalidWebhookSecretError, parse_secrets

SLACK_API_URL = "https://slack.com/api/"

USER_GROUP_ID_PATTERN = re.compile(r"S[A-Z0-9]{2,20}")

ENVIRONMENT_NAMES = {
    "signing_secret": "SLACK_SIGNING_SECRET",
    "client_secret": "SLACK_CLIENT_SECRET",
}
"""Environment variables by field name; pydantic reports a default by its field name."""

TOKEN_PREFIXES = {
    "bot_token": ("xoxb-", "xoxe.xoxb-"),
    "app_token": ("xapp-",),
    "refresh_token": ("xoxe-",),
}


class SettingsError(BotError):
    """Invalid settings: {problems}."""


class StorageSettings(BaseSettings):
    """Settings of the database and folders: enough for commands that do not use Slack."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///labelbot.db",
        validation_alias="DATABASE_URL",
        description="SQLAlchemy URL of the database: sqlite:///FILE or postgresql://…",
        repr=False,
    )
    exports_dir: Path = Field(
        default=Path("exports"),
        validation_alias="LABELBOT_EXPORTS",
        description="Default folder for exports.",
    )
    imports_dir: Path = Field(
        default=Path("imports"),
        validation_alias="LABELBOT_IMPORTS",
        description="Folder for files uploaded in Slack, until they are imported.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="LABELBOT_WEBHOOK_SECRET",
        description="Secret that signs webhooks, whsec_…; several for a change, with spaces.",
    )
    webhook_allow_private: bool = Field(
        default=False,
        validation_alias="LABELBOT_WEBHOOK_ALLOW_PRIVATE",
        description="Whether webhooks may go to private addresses and without encryption.",
    )

    @field_validator("exports_dir", "imports_dir", mode="before")
    @classmethod
    def _validate_folder(cls, value: object) -> object:
        try:
            return parse_folder(value) if isinstance(value, str) else value
        except NotAFolderError:
            message = f"is “{value}”; only a folder on this machine is supported"
            raise ValueError(message) from None

    @field_validator("webhook_secret")
    @classmethod
    def _validate_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parse_secrets(value.get_secret_value())
            except InvalidWebhookSecretError as error:
                raise ValueError(str(error).rstrip(".")) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _validate_database_url(cls, value: str) -> str:
        return check_database_url(value)


class Settings(StorageSettings):
    """All settings of the running bot."""

    bot_token: SecretStr = Field(
        validation_alias="SLACK_BOT_TOKEN", description="Bot token, xoxb-…"
    )
    app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token, xapp-…: Socket Mode, needs no public URL.",
    )
    refresh_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_REFRESH_TOKEN",
        description="First refresh token, xoxe-…, if the app has token rotation.",
    )
    client_id: str | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_ID",
        description="Client id of the app, for token rotation.",
    )
    client_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_CLIENT_SECRET",
        validate_default=True,
        description="Client secret of the app, for token rotation.",
    )
    signing_secret: SecretStr | None = Field(
        default=None,
        validate_default=True,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Signing secret: signed HTTP requests, without an app token; two for a change.",
    )
    api_url: str = Field(
        default=SLACK_API_URL,
        validation_alias="SLACK_API_URL",
        description="URL of Slack's Web API; the sandbox has another one.",
    )
    coordinators: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        validation_alias="LABELBOT_COORDINATORS",
        description="Slack ids of coordinators, separated by commas.",
    )
    coordinator_group: str | None = Field(
        default=None,
        validation_alias="LABELBOT_COORDINATOR_GROUP",
        description="Id of a Slack user group (S…) whose members are also coordinators.",
    )
    senior_group: str | None = Field(
        default=None,
        validation_alias="LABELBOT_SENIOR_GROUP",
        description="Id of a Slack user group (S…) whose members are senior experts.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="LABELBOT_HOST",
        description="Address the web server listens on (signed HTTP and health checks).",
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        validation_alias="LABELBOT_PORT",
        description="Port of the web server.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        validation_alias="LABELBOT_METRICS_HOST",
        description="Address on which metrics are served.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        validation_alias="LABELBOT_METRICS_PORT",
        description="Port of the metrics for Prometheus; without it, none are served.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        validation_alias="LABELBOT_LOG_FORMAT",
        description="Format of the log: text, or json with a correlation id.",
    )
    error_hook: str | None = Field(
        default=None,
        validation_alias="LABELBOT_ERROR_HOOK",
        description="Function that gets unexpected errors, package.module:function.",
    )
    tracing: bool = Field(
        default=False,
        validation_alias="LABELBOT_TRACING",
        description="Whether to send spans to OpenTelemetry.",
    )
    tick_seconds: float = Field(
        default=5.0,
        gt=0,
        validation_alias="LABELBOT_TICK_SECONDS",
        description="Seconds between two checks for due work.",
    )
    draws_formulas: bool = Field(
        default=False,
        validation_alias="LABELBOT_FORMULA_IMAGES",
        description="Whether tasks show formulas as images next to their source; needs matplotlib.",
    )
    outbox_days: int = Field(
        default=30,
        ge=1,
        le=36_500,
        validation_alias="LABELBOT_OUTBOX_DAYS",
        description="Days after which delivered messages are deleted from the outbox.",
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
            message = "is not a user group id such as S0123ABCD"
            raise ValueError(message)
        return value

    @field_validator("api_url")
    @classmethod
    def _validate_api_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            message = f"is not a Web API URL such as {SLACK_API_URL}"
            raise ValueError(message)
        return value if value.endswith("/") else f"{value}/"

    @field_validator("bot_token", "app_token", "refresh_token")
    @classmethod
    def _validate_token_prefix(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        prefixes = TOKEN_PREFIXES[info.field_name or ""]
        if value is not None and not value.get_secret_value().startswith(prefixes):
            message = f"must start with {prefixes[0]}"
            raise ValueError(message)
        return value

    @field_validator("client_secret")
    @classmethod
    def _require_all_of_rotation(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        given = (info.data.get("refresh_token"), info.data.get("client_id"), value)
        if any(given) and not all(given):
            message = "goes with SLACK_REFRESH_TOKEN and SLACK_CLIENT_ID: set all three or none"
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
        """Return whether the bot uses Socket Mode rather than signed HTTP."""
        return self.app_token is not None


def load_settings() -> Settings:
    """Read all settings.

    Raises:
        SettingsError: settings are missing or invalid; the message lists all of them, no secrets.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(problems=_format_errors(error)) from None


def load_storage_settings() -> StorageSettings:
    """Read the settings of commands that do not use Slack.

    Raises:
        SettingsError: settings are missing or invalid; the message lists all of them, no secrets.
    """
    try:
        return StorageSettings()
    except ValidationError as error:
        raise SettingsError(problems=_format_errors(error)) from None


def _format_errors(error: ValidationError) -> str:
    return "; ".join(
        f"{_name_of(detail['loc'])} {describe_error(detail)}".strip()
        for detail in without_consequences(error.errors(include_input=False))
    )


def _name_of(location: tuple[int | str, ...]) -> str:
    return ENVIRONMENT_NAMES.get(str(location[0]), str(location[0])) if location else ""
