"""Tests of models, addresses and keys."""

from __future__ import annotations

import pytest

from bot.candidates.generator import UnusableModelKeyError, parse_generators

OPENAI = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("model", "environment", "key"),
    [
        ("wren-mini=http://x/v1", {"LABELBOT_MODEL_KEY_WREN_MINI": " sk-1\n"}, "sk-1"),
        ("Org/Wren 2.5=http://x/v1", {"LABELBOT_MODEL_KEY_ORG_WREN_2_5": "sk-1"}, "sk-1"),
        (f"gpt={OPENAI}", {"OPENAI_API_KEY": "sk-1"}, "sk-1"),
        (f"gpt={OPENAI}", {"OPENAI_API_KEY": "sk-1", "LABELBOT_MODEL_KEY_GPT": "sk-2"}, "sk-2"),
        ("gpt=http://api.openai.com/v1", {"OPENAI_API_KEY": "sk-1"}, ""),
        ("gpt=https://example.org/v1", {"OPENAI_API_KEY": "sk-1"}, ""),
        ("gpt=https://api.openai.com.example.org/v1", {"OPENAI_API_KEY": "sk-1"}, ""),
    ],
)
def test_key_comes_from_its_own_variable(model: str, environment: dict[str, str], key: str) -> None:
    (generator,) = parse_generators([model], [], environment)
    assert generator.key == key
    assert "sk-" not in repr(generator)


def test_key_that_cannot_be_sent_is_not_shown() -> None:
    with pytest.raises(UnusableModelKeyError) as caught:
        parse_generators(["w=http://x"], [], {"LABELBOT_MODEL_KEY_W": "sk-secret\r\nX: y"})
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://x:8000/v1", "http://x:8000/v1/chat/completions"),
        ("http://x:8000/v1/", "http://x:8000/v1/chat/completions"),
        ("http://x:8000", "http://x:8000/chat/completions"),
        ("http://x/v1/chat/completions", "http://x/v1/chat/completions"),
        ("http://x/v1?api-version=2", "http://x/v1/chat/completions?api-version=2"),
    ],
)
def test_requests_go_to_the_route_below_the_base_url(url: str, endpoint: str) -> None:
    (generator,) = parse_generators([f"w={url}"], [], {})
    assert str(generator.endpoint) == endpoint
