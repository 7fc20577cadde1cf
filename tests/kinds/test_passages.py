"""What there is to read: a prompt as one passage, a conversation turn by turn."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import Passage
from bot.kinds.media import Media
from bot.kinds.passages import prompt_passages, response_passage

CAT = Media("image", "https://pictures.example/cat.png", "A cat")


def test_one_turn_is_the_prompt_and_more_are_told_by_their_roles() -> None:
    assert prompt_passages(Content((ConversationTurn("user", "Hi"),))) == (
        Passage("prompt", "Prompt", "Hi"),
    )
    talk = (
        ConversationTurn("system", "Be brief."),
        ConversationTurn("user", "Hi"),
        ConversationTurn("assistant", "Hello"),
        ConversationTurn("user", "Bye"),
    )
    assert prompt_passages(Content(talk, media=(CAT,))) == (
        Passage("turn1", "System", "Be brief."),
        Passage("turn2", "User", "Hi"),
        Passage("turn3", "Assistant", "Hello"),
        Passage("turn4", "User", "Bye", media=(CAT,)),
    )


def test_images_may_be_all_that_is_asked() -> None:
    assert prompt_passages(Content()) == ()
    assert prompt_passages(Content(media=(CAT,))) == (
        Passage("prompt", "Prompt", "", media=(CAT,)),
    )


def test_a_response_is_shown_without_who_wrote_it() -> None:
    candidate = Candidate("Meow.", "wren-mini", (CAT,), "U0EVE")
    assert response_passage("a", "Response A", candidate) == Passage(
        "a", "Response A", "Meow.", media=(CAT,)
    )
