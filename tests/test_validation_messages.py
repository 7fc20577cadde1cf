"""Tests of validation messages: pydantic's own words never reach people."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.errors import BotError
from bot.kinds import KINDS, kind_named
from bot.services.campaigns.campaigns import validate_settings
from bot.settings import SettingsError, load_settings

HUMOR = {"key": "humor", "label": "Humor"}
PYDANTIC_WORDS = re.compile(r"[Ii]nput|[Tt]uple|validation|[Ss]hould|dictionary|instance|\bgot\b")

CASES: list[tuple[dict[str, Any], str]] = [
    (
        {"criteria": [{**HUMOR, "anchors": ["no", "some", "x" * 61]}]},
        "criteria 1, anchors 3: “" + "x" * 40 + "…” has 61 characters; at most 60 are allowed",
    ),
    (
        {"criteria": [{**HUMOR, "anchors": ["no"]}]},
        "criteria 1, anchors: needs 2 or more entries and has 1",
    ),
    ({"criteria": [{**HUMOR}]}, "criteria 1, anchors: is missing"),
    ({"criteria": []}, "criteria: needs 1 or more entries and has 0"),
    ({"criteria": 5}, "criteria: must be a list"),
    ({"criteria": [5]}, "criteria 1: must have keys and values"),
    (
        {"criteria": [{**HUMOR, "key": "Ü", "anchors": ["a", "b"]}]},
        "criteria 1, key: “Ü” has characters that are not allowed",
    ),
    ({"reason": "maybe"}, "reason: “maybe” is not allowed; choose 'no', 'optional' or 'required'"),
    ({"confidence": "x"}, "confidence: must be true or false"),
    ({"levels": 3}, "levels: “3” is not allowed; choose 1 or 2"),
    ({"reason_categories": ["日"]}, "reason_categories 1: write it as"),
    (
        {"reason_categories": ["x"] * 21},
        "reason_categories: has 21 entries; at most 20 are allowed",
    ),
]


@pytest.mark.parametrize(("settings", "message"), CASES)
def test_settings_of_a_kind_are_explained_in_our_words(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(BotError) as caught:
        validate_settings(kind_named("rating"), settings)
    assert message in str(caught.value)
    assert "; " not in str(caught.value).replace(message, ""), "one problem, one message"
    assert not PYDANTIC_WORDS.search(str(caught.value))


JUNK: tuple[object, ...] = (
    None,
    "x",
    "",
    -1,
    10**30,
    1.5,
    [],
    [None],
    [[]],
    {},
    {"x": 1},
    "x" * 999,
)


@pytest.mark.parametrize("kind", KINDS)
def test_junk_in_any_setting_is_explained_in_our_words(kind: str) -> None:
    for name in kind_named(kind).settings.model_fields:
        for junk in JUNK:
            try:
                validate_settings(kind_named(kind), {name: junk})
            except BotError as error:
                text = str(error.details["problems"])
                assert not PYDANTIC_WORDS.search(text), (name, junk, text)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LABELBOT_PORT", "x", "LABELBOT_PORT is not a whole number"),
        ("LABELBOT_TICK_SECONDS", "x", "LABELBOT_TICK_SECONDS is not a number"),
    ],
)
def test_environment_variables_are_explained_in_our_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert message in str(caught.value)
    assert not PYDANTIC_WORDS.search(str(caught.value))
