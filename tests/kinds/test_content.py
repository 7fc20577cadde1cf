"""Content: the prompt as messages, and candidates in the order shown."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content, ConversationTurn


def test_prompt_converts_back_to_chat_messages() -> None:
    messages = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
    turns = (ConversationTurn("system", "a"), ConversationTurn("user", "b"))
    assert Content(turns).prompt_messages() == messages


def test_order_lists_the_imported_positions_of_the_candidates_shown() -> None:
    first, second, third = (Candidate(name) for name in ("first", "second", "third"))
    content = Content(candidates=(first, second, third))
    assert content.candidates_in_order((2, 0, 1)) == [third, first, second]
    assert content.candidates_in_order([0, 1, 2]) == [first, second, third]
