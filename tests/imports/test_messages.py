"""Chat messages: roles and keys of every convention, content parts, and keys that are kept."""

from __future__ import annotations

import pytest

from bot.imports.messages import is_conversation, parse_conversation
from bot.imports.row import InvalidRowError
from bot.kinds.content import ConversationTurn

CALL = [{"function": {"name": "weather", "arguments": "{}"}}]

MESSAGES: list[tuple[dict[str, object], ConversationTurn]] = [
    ({"role": "user", "content": " Hi "}, ConversationTurn("user", " Hi ")),
    ({"role": "developer", "content": "Hi"}, ConversationTurn("developer", "Hi")),
    ({"from": "human", "value": "Hi"}, ConversationTurn("user", "Hi")),
    ({"from": "gpt", "value": "Hi"}, ConversationTurn("assistant", "Hi")),
    ({"role": "prompter", "text": "Hi"}, ConversationTurn("user", "Hi")),
    ({"type": "ai", "data": {"content": "Hi"}}, ConversationTurn("assistant", "Hi")),
    (
        {"lc": 1, "id": ["langchain", "HumanMessage"], "kwargs": {"content": "Hi"}},
        ConversationTurn("user", "Hi"),
    ),
    (
        {"role": "tool", "content": "Rain", "tool_call_id": "c1", "name": "weather"},
        ConversationTurn("tool", "Rain", {"name": "weather", "tool_call_id": "c1"}),
    ),
    (
        {"role": "assistant", "content": None, "tool_calls": CALL},
        ConversationTurn("assistant", "", {"tool_calls": CALL}),
    ),
    (
        {"role": "assistant", "content": "A", "reasoning_content": "Hm.", "tool_calls": []},
        ConversationTurn("assistant", "A", {"reasoning_content": "Hm."}),
    ),
    (
        {"role": "user", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]},
        ConversationTurn("user", "A\n\nB"),
    ),
    (
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hm."},
                {"type": "tool_use", "id": "1", "name": "find", "input": {"q": 1}},
            ],
        },
        ConversationTurn(
            "assistant",
            "",
            {
                "tool_calls": [{"name": "find", "arguments": {"q": 1}}],
                "reasoning_content": "Hm.",
            },
        ),
    ),
]


@pytest.mark.parametrize(("message", "turn"), MESSAGES)
def test_message_of_every_convention_becomes_a_turn(
    message: dict[str, object], turn: ConversationTurn
) -> None:
    assert is_conversation([message])
    assert parse_conversation([message], "the prompt").turns == (turn,)


def test_links_in_parts_are_media_and_other_keys_are_kept() -> None:
    parts = [
        {"type": "text", "text": "Look."},
        {"type": "image_url", "image_url": {"url": "https://a.b/c.png"}},
        {"type": "image"},
    ]
    message = {"role": "user", "content": parts, "timestamp": 5, "weight": None}
    conversation = parse_conversation([message], "the prompt")
    assert conversation.turns == (ConversationTurn("user", "Look."),)
    assert conversation.media == (("image", "https://a.b/c.png"),)
    assert conversation.rest == ({"timestamp": 5},)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Hi", "must be an object, not text"),
        ({"content": "Hi"}, "needs a role: system, developer, user, assistant or tool"),
        ({"role": "narrator", "content": "Hi"}, "needs a role: system"),
        ({"role": "user"}, "needs text as its content"),
        ({"role": "user", "content": " ", "name": "Ada"}, "needs text as its content"),
        ({"role": "user", "content": 5}, "needs text as its content, not a number"),
        ({"role": "user", "content": [{"text": "x"}]}, "has a content part without a type"),
        (
            {"role": "user", "content": [{"type": "file", "file": {}}]},
            "has a content part of the type “file”, which is not shown",
        ),
        (
            {"role": "user", "content": [{"type": "image", "source": {"data": "aGVsbG8="}}]},
            "contains the image itself; use a link to it",
        ),
    ],
)
def test_message_that_cannot_be_shown_is_rejected(message: object, reason: str) -> None:
    with pytest.raises(InvalidRowError) as caught:
        parse_conversation([{"role": "user", "content": "Hi"}, message], "the prompt")
    assert str(caught.value).startswith(f"message 2 of the prompt {reason}")
