"""Passages of a form: every turn of the prompt, and each response."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content
from bot.kinds.form import Passage

ROLE_TITLES = {"system": "System", "user": "User", "assistant": "Assistant"}


def prompt_passages(content: Content) -> tuple[Passage, ...]:
    """Return the prompt as one passage, or a conversation as one per turn, titled by its role.

    The media of a prompt are shown with its last turn.
    """
    if not content.prompt:
        return (Passage("prompt", "Prompt", "", media=content.media),) if content.media else ()
    if len(content.prompt) == 1:
        return (Passage("prompt", "Prompt", content.prompt[0].content, media=content.media),)
    last_number = len(content.prompt)
    return tuple(
        Passage(
            f"turn{number}",
            ROLE_TITLES[turn.role],
            turn.content,
            media=content.media if number == last_number else (),
        )
        for number, turn in enumerate(content.prompt, start=1)
    )


def response_passage(key: str, title: str, candidate: Candidate) -> Passage:
    """Return one candidate as a passage, without its model and author."""
    return Passage(key, title, candidate.text, media=candidate.media)
