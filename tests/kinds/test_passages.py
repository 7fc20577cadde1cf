"""Passages: a prompt is one passage, a conversation is one per turn."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import Passage
from bot.kinds.media import Media
from bot.kinds.passages import prompt_passages, response_passage

CAT = Media("image", "https://pictures.example/cat.png", "A cat")


def test_conversation_turns_are_titled_by_role() -> None:
    assert prompt_passages(Content((ConversationTurn("user", "Hi"),))) == (
        Passage("prompt", "Prompt", "Hi"),
    )
    conversation = (
        ConversationTurn("system", "Be brief."),
        ConversationTurn("user", "Hi"),
        ConversationTurn("assistant", "Hello"),
        ConversationTurn("user", "Bye"),
    )
    assert prompt_passages(Content(conversation, media=(CAT,))) == (
        Passage("turn1", "System", "Be brief."),
        Passage("turn2", "User", "Hi"),
        Passage("turn3", "Assistant", "Hello"),
        Passage("turn4", "User", "Bye", media=(CAT,)),
    )


def test_prompt_may_have_only_media() -> None:
    assert prompt_passages(Content()) == ()
    assert prompt_passages(Content(media=(CAT,))) == (
        Passage("prompt", "Prompt", "", media=(CAT,)),
    )


def test_response_passage_has_no_model_or_author() -> None:
    candidate = Candidate("Meow.", "wren-mini", (CAT,), "U0EVE")
    assert response_passage("a", "Response A", candidate) == Passage(
        "a", "Response A", "Meow.", media=(CAT,)
    )
