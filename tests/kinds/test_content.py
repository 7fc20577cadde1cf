"""Content: prompts in every shape people have them, and candidates in the order shown."""

from __future__ import annotations

import pytest

from bot.kinds.content import Candidate, Content, ConversationTurn, parse_turns

TURNS: list[tuple[object, tuple[ConversationTurn, ...]]] = [
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


@pytest.mark.parametrize(("written", "turns"), TURNS)
def test_a_prompt_is_read_in_every_shape(
    written: object, turns: tuple[ConversationTurn, ...]
) -> None:
    assert parse_turns(written) == turns


WRONG: list[tuple[object, str]] = [
    (None, "not nothing"),
    ([], "not nothing"),
    (5, "not a number"),
    ({"role": "user"}, "not an object"),
    (["a", 5], "not a list of something else"),
    (["a", {"role": "user", "content": "b"}], "not a list of something else"),
    ("", "is empty"),
    (" \n", "is empty"),
    (["", " "], "is empty"),
    ([{"role": "user"}], "message 1 of the prompt needs a text"),
    ([{"role": "user", "content": " "}], "message 1 of the prompt needs a text"),
    ([{"role": "user", "content": ["x"]}], "message 1 of the prompt needs a text"),
    ([{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}], "message 2 .* a role"),
    ([{"content": "a"}], "message 1 of the prompt needs a role"),
    ([{"role": ["user"], "content": "a"}], "message 1 of the prompt needs a role"),
    ([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "must end with"),
    ([{"role": "system", "content": "a"}], "must end with"),
]


@pytest.mark.parametrize(("written", "said"), WRONG)
def test_a_prompt_in_no_shape_is_refused_in_words(written: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_turns(written)


def test_a_prompt_is_written_as_chat_messages() -> None:
    messages = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    assert Content(parse_turns(messages)).prompt_messages() == messages


def test_an_order_says_where_each_shown_candidate_came_from() -> None:
    one, two, three = (Candidate(name) for name in ("one", "two", "three"))
    content = Content(candidates=(one, two, three))
    assert content.candidates_in_order((2, 0, 1)) == [three, one, two]
    assert content.candidates_in_order([0, 1, 2]) == [one, two, three]
