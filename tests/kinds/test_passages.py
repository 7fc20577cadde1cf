"""What there is to read: a prompt as one passage, a conversation turn by turn."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content, Turn
from bot.kinds.form import Passage
from bot.kinds.media import Media
from bot.kinds.passages import asked, response

CAT = Media("image", "https://pictures.example/cat.png", "A cat")


def test_one_turn_is_the_prompt_and_more_are_told_by_their_roles() -> None:
    assert asked(Content((Turn("user", "Hi"),))) == (Passage("prompt", "Prompt", "Hi"),)
    talk = (
        Turn("system", "Be brief."),
        Turn("user", "Hi"),
        Turn("assistant", "Hello"),
        Turn("user", "Bye"),
    )
    assert asked(Content(talk, media=(CAT,))) == (
        Passage("turn1", "System", "Be brief."),
        Passage("turn2", "User", "Hi"),
        Passage("turn3", "Assistant", "Hello"),
        Passage("turn4", "User", "Bye", media=(CAT,)),
    )


def test_images_may_be_all_that_is_asked() -> None:
    assert asked(Content()) == ()
    assert asked(Content(media=(CAT,))) == (Passage("prompt", "Prompt", "", media=(CAT,)),)


def test_a_response_is_shown_without_who_wrote_it() -> None:
    candidate = Candidate("Meow.", "wren-mini", (CAT,), "U0EVE")
    assert response("a", "Response A", candidate) == Passage(
        "a", "Response A", "Meow.", media=(CAT,)
    )
