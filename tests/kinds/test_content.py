"""Content: prompts in all accepted formats, and candidates in the order shown."""

from __future__ import annotations

import pytest

from bot.kinds.content import Candidate, Content, ConversationTurn, parse_turns

PROMPTS: list[tuple[object, tuple[ConversationTurn, ...]]] = [
    ("Hello", (ConversationTurn("user", "Hello"),)),
    (" Hello \n", (ConversationTurn("user", " Hello \n"),)),
    (["One?"], (ConversationTurn("user", "One?"),)),
    (["One?", " Two? "], (ConversationTurn("user", "One?\n\nTwo?"),)),
    ([{"role": "user", "content": "Hi"}], (ConversationTurn("user", "Hi"),)),
    (
        [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "Bye", "name": "ada"},
        ],
        (
            ConversationTurn("system", "Be brief."),
            ConversationTurn("user", "Hi"),
            ConversationTurn("assistant", "Hello."),
            ConversationTurn("user", "Bye"),
        ),
    ),
]


@pytest.mark.parametrize(("raw", "turns"), PROMPTS)
def test_prompt_is_parsed_in_every_format(raw: object, turns: tuple[ConversationTurn, ...]) -> None:
    assert parse_turns(raw) == turns


INVALID_PROMPTS: list[tuple[object, str]] = [
    (None, "not an empty value"),
    ([], "not an empty value"),
    (5, "not a number"),
    ({"role": "user"}, "not an object"),
    (["a", 5], "not a list of other values"),
    (["a", {"role": "user", "content": "b"}], "not a list of other values"),
    ("", "is empty"),
    (" \n", "is empty"),
    (["", " "], "is empty"),
    ([{"role": "user"}], "message 1 of the prompt needs text"),
    ([{"role": "user", "content": " "}], "message 1 of the prompt needs text"),
    ([{"role": "user", "content": ["x"]}], "message 1 of the prompt needs text"),
    ([{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}], "message 2 .* a role"),
    ([{"content": "a"}], "message 1 of the prompt needs a role"),
    ([{"role": ["user"], "content": "a"}], "message 1 of the prompt needs a role"),
    (
        [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
        "must end with a user message",
    ),
    ([{"role": "system", "content": "a"}], "must end with a user message"),
]


@pytest.mark.parametrize(("raw", "error"), INVALID_PROMPTS)
def test_invalid_prompt_is_rejected_with_a_reason(raw: object, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        parse_turns(raw)


def test_prompt_converts_back_to_chat_messages() -> None:
    messages = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    assert Content(parse_turns(messages)).prompt_messages() == messages


def test_order_lists_the_imported_positions_of_the_candidates_shown() -> None:
    first, second, third = (Candidate(name) for name in ("first", "second", "third"))
    content = Content(candidates=(first, second, third))
    assert content.candidates_in_order((2, 0, 1)) == [third, first, second]
    assert content.candidates_in_order([0, 1, 2]) == [first, second, third]
