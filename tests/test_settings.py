"""The settings: everything wrong is said at once, and no secret is ever in what is said."""

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
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forget the settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def put(monkeypatch: pytest.MonkeyPatch, known: dict[str, str]) -> None:
    """Set environment variables."""
    for name, value in known.items():
        monkeypatch.setenv(name, value)


def test_every_setting_has_a_name_for_the_environment_and_a_description() -> None:
    assert len(NAMES) == len(Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


def test_two_tokens_are_enough_and_all_else_has_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SOCKET)
    settings = load_settings()
    assert settings.is_socket_mode
    assert settings.database_url == "sqlite:///labelbot.db"
    assert settings.exports_dir == Path("exports")
    assert settings.api_url == SLACK_API_URL
    assert settings.coordinators == ()
    assert (settings.host, settings.port, settings.tick_seconds) == ("127.0.0.1", 8080, 5.0)


def test_a_signing_secret_instead_of_an_app_token_means_signed_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(monkeypatch, HTTP)
    assert not load_settings().is_socket_mode


def test_with_both_socket_mode_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {**SOCKET, **HTTP})
    assert load_settings().is_socket_mode


def test_commands_without_slack_need_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {"DATABASE_URL": "postgresql://me@db/labels"})
    assert load_storage_settings().database_url == "postgresql://me@db/labels"


def test_a_file_called_env_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = (
        "SLACK_BOT_TOKEN=xoxb-from-file",
        "SLACK_APP_TOKEN=xapp-from-file",
        "LABELBOT_PORT=9000",
        "SOMETHING_ELSE=1",
    )
    (tmp_path / ".env").write_text("\n".join(lines))
    put(monkeypatch, {"LABELBOT_PORT": "9001"})
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == "xoxb-from-file"
    assert settings.port == 9001


@pytest.mark.parametrize("way", ["environment", "file"])
def test_what_is_left_empty_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    empty = {"SLACK_SIGNING_SECRET": "", "LABELBOT_COORDINATORS": "", "DATABASE_URL": ""}
    if way == "file":
        (tmp_path / ".env").write_text("".join(f"{name}=\n" for name in empty))
    else:
        put(monkeypatch, empty)
    put(monkeypatch, SOCKET)
    settings = load_settings()
    assert settings.signing_secret is None
    assert settings.database_url == "sqlite:///labelbot.db"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("U1", ("U1",)),
        ("U1,U2", ("U1", "U2")),
        (" U1 , U2,,\nW3 ", ("U1", "U2", "W3")),
        (",", ()),
    ],
)
def test_coordinators_are_a_list_with_commas_or_spaces(
    monkeypatch: pytest.MonkeyPatch, written: str, read: tuple[str, ...]
) -> None:
    put(monkeypatch, {**SOCKET, "LABELBOT_COORDINATORS": written})
    assert load_settings().coordinators == read


def test_the_address_of_the_web_api_always_ends_with_a_slash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(monkeypatch, {**SOCKET, "SLACK_API_URL": "http://127.0.0.1:9000/api"})
    assert load_settings().api_url == "http://127.0.0.1:9000/api/"


WRONG = [
    ("SLACK_BOT_TOKEN", "xoxp-hush", "SLACK_BOT_TOKEN must start with xoxb-"),
    ("SLACK_APP_TOKEN", "xoxb-hush", "SLACK_APP_TOKEN must start with xapp-"),
    ("SLACK_API_URL", "slack.com/hush", "SLACK_API_URL is no address of a Web API"),
    ("SLACK_API_URL", "ftp://hush", "SLACK_API_URL is no address of a Web API"),
    ("DATABASE_URL", "hush", "DATABASE_URL is no address of a database"),
    ("DATABASE_URL", "mysql://me:hush@db/labels", "DATABASE_URL names mysql; use sqlite"),
    ("DATABASE_URL", "sqlite://", "DATABASE_URL names no file"),
    ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL names no file"),
    ("LABELBOT_PORT", "hush", "LABELBOT_PORT Input should be a valid integer"),
    ("LABELBOT_PORT", "65536", "LABELBOT_PORT Input should be less than or equal to 65535"),
    ("LABELBOT_TICK_SECONDS", "0", "LABELBOT_TICK_SECONDS Input should be greater than 0"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_what_is_wrong_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    put(monkeypatch, {**SOCKET, name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"The settings need mending: {said}")
    assert [other for other in NAMES if other in str(caught.value)] == [name]
    assert "hush" not in str(caught.value)


def test_everything_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {name: value for name, value, _ in WRONG})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert all(name in str(caught.value) for name, _, _ in WRONG)


def test_without_any_setting_both_tokens_are_asked_for() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "The settings need mending: SLACK_BOT_TOKEN is missing; SLACK_SIGNING_SECRET or "
        "SLACK_APP_TOKEN is missing: set one of them (HTTP or Socket Mode)."
    )


def test_a_wrong_app_token_is_not_also_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {**SOCKET, "SLACK_APP_TOKEN": "xoxb-wrong"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "missing" not in str(caught.value)


SECRET = "hush-hush"  # noqa: S105 - it is what must not be seen


def test_no_secret_shows_in_any_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    put(
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


def test_no_secret_shows_in_the_traceback_of_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(monkeypatch, {**SOCKET, "SLACK_BOT_TOKEN": SECRET, "DATABASE_URL": f"mysql://{SECRET}"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.__suppress_context__
    assert SECRET not in str(caught.value)
