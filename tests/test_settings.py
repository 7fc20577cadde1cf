"""Tests of the settings: all problems are reported at once, and no message contains a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import (
    SLACK_API_URL,
    Settings,
    SettingsError,
    load_settings,
    load_storage_settings,
)

NAMES = sorted(
    str(field.validation_alias)
    for field in Settings.model_fields.values()
    if field.validation_alias
)
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_APP_TOKEN": "xapp-1-secret"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_SIGNING_SECRET": "secret"}


@pytest.fixture(autouse=True)
def _without_own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ignore the settings of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def set_environment(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Set environment variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_every_setting_has_an_environment_variable_and_a_description() -> None:
    assert len(NAMES) == len(Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


def test_two_tokens_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, SOCKET)
    settings = load_settings()
    assert settings.is_socket_mode
    assert settings.database_url == "sqlite:///labelbot.db"
    assert settings.exports_dir == Path("exports")
    assert settings.api_url == SLACK_API_URL
    assert settings.coordinators == ()
    assert (settings.host, settings.port, settings.tick_seconds) == ("127.0.0.1", 8080, 5.0)


def test_signing_secret_without_app_token_means_signed_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environment(monkeypatch, HTTP)
    assert not load_settings().is_socket_mode


def test_socket_mode_wins_if_both_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {**SOCKET, **HTTP})
    assert load_settings().is_socket_mode


def test_commands_without_slack_need_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {"DATABASE_URL": "postgresql://me@db/labels"})
    assert load_storage_settings().database_url == "postgresql://me@db/labels"


def test_environment_overrides_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = (
        "SLACK_BOT_TOKEN=xoxb-from-file",
        "SLACK_APP_TOKEN=xapp-from-file",
        "LABELBOT_PORT=9000",
        "SOMETHING_ELSE=1",
    )
    (tmp_path / ".env").write_text("\n".join(lines))
    set_environment(monkeypatch, {"LABELBOT_PORT": "9001"})
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == "xoxb-from-file"
    assert settings.port == 9001


@pytest.mark.parametrize("source", ["environment", "file"])
def test_empty_setting_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str
) -> None:
    empty = {"SLACK_SIGNING_SECRET": "", "LABELBOT_COORDINATORS": "", "DATABASE_URL": ""}
    if source == "file":
        (tmp_path / ".env").write_text("".join(f"{name}=\n" for name in empty))
    else:
        set_environment(monkeypatch, empty)
    set_environment(monkeypatch, SOCKET)
    settings = load_settings()
    assert settings.signing_secret is None
    assert settings.database_url == "sqlite:///labelbot.db"


@pytest.mark.parametrize(
    ("value", "coordinators"),
    [
        ("U1", ("U1",)),
        ("U1,U2", ("U1", "U2")),
        (" U1 , U2,,\nW3 ", ("U1", "U2", "W3")),
        (",", ()),
    ],
)
def test_coordinators_are_separated_by_commas_or_spaces(
    monkeypatch: pytest.MonkeyPatch, value: str, coordinators: tuple[str, ...]
) -> None:
    set_environment(monkeypatch, {**SOCKET, "LABELBOT_COORDINATORS": value})
    assert load_settings().coordinators == coordinators


def test_api_url_always_ends_with_a_slash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environment(monkeypatch, {**SOCKET, "SLACK_API_URL": "http://127.0.0.1:9000/api"})
    assert load_settings().api_url == "http://127.0.0.1:9000/api/"


INVALID = [
    ("SLACK_BOT_TOKEN", "xoxp-hush", "SLACK_BOT_TOKEN must start with xoxb-"),
    ("SLACK_APP_TOKEN", "xoxb-hush", "SLACK_APP_TOKEN must start with xapp-"),
    ("SLACK_API_URL", "slack.com/hush", "SLACK_API_URL is not a Web API URL"),
    ("SLACK_API_URL", "ftp://hush", "SLACK_API_URL is not a Web API URL"),
    ("DATABASE_URL", "hush", "DATABASE_URL is not a database URL"),
    ("DATABASE_URL", "mysql://me:hush@db/labels", "DATABASE_URL uses mysql; use sqlite"),
    ("DATABASE_URL", "sqlite://", "DATABASE_URL names no file"),
    ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL names no file"),
    ("LABELBOT_PORT", "hush", "LABELBOT_PORT is not a whole number"),
    ("LABELBOT_PORT", "65536", "LABELBOT_PORT must be at most 65535"),
    ("LABELBOT_TICK_SECONDS", "0", "LABELBOT_TICK_SECONDS must be more than 0"),
]


@pytest.mark.parametrize(("name", "value", "problem"), INVALID)
def test_error_names_the_setting_and_does_not_quote_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    set_environment(monkeypatch, {**SOCKET, name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"Invalid settings: {problem}")
    assert [other for other in NAMES if other in str(caught.value)] == [name]
    assert "hush" not in str(caught.value)


def test_all_problems_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {name: value for name, value, _ in INVALID})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert all(name in str(caught.value) for name, _, _ in INVALID)


def test_without_settings_both_tokens_are_reported_missing() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "Invalid settings: SLACK_BOT_TOKEN is missing; SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is "
        "missing: set one of them (HTTP or Socket Mode)."
    )


def test_invalid_app_token_is_not_also_reported_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, {**SOCKET, "SLACK_APP_TOKEN": "xoxb-wrong"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "missing" not in str(caught.value)


SECRET = "hush-hush"  # noqa: S105 - the value that must not appear


def test_settings_repr_contains_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(
        monkeypatch,
        {
            "SLACK_BOT_TOKEN": f"xoxb-{SECRET}",
            "SLACK_APP_TOKEN": f"xapp-{SECRET}",
            "SLACK_SIGNING_SECRET": SECRET,
            "DATABASE_URL": f"postgresql://me:{SECRET}@db/labels",
        },
    )
    settings = load_settings()
    assert SECRET not in f"{settings} {settings!r}"
    assert SECRET in settings.database_url


def test_traceback_of_invalid_setting_contains_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environment(
        monkeypatch, {**SOCKET, "SLACK_BOT_TOKEN": SECRET, "DATABASE_URL": f"mysql://{SECRET}"}
    )
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.__suppress_context__
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["LABELBOT_EXPORTS", "LABELBOT_IMPORTS"])
def test_folder_must_be_on_this_machine(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    set_environment(monkeypatch, {name: "s3://bucket/x"})
    message = f"{name} is “s3://bucket/x”; only a folder on this machine is supported"
    with pytest.raises(SettingsError, match=message):
        load_storage_settings()
