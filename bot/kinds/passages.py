"""What there is to read: every turn of the prompt, and each response, as passages of a form."""

from __future__ import annotations

from bot.kinds.content import Candidate, Content
from bot.kinds.form import Passage

ROLE_TITLES = {"system": "System", "user": "User", "assistant": "Assistant"}


def prompt_passages(content: Content) -> tuple[Passage, ...]:
    """Return the prompt: one passage, or one for each turn of a conversation, labelled by its role.

    What is shown with the prompt stands with its last turn.
    """
    if not content.prompt:
        return (Passage("prompt", "Prompt", "", media=content.media),) if content.media else ()
    if len(content.prompt) == 1:
        return (Passage("prompt", "Prompt", content.prompt[0].content, media=content.media),)
    last = len(content.prompt)
    return tuple(
        Passage(
            f"turn{number}",
            ROLE_TITLES[turn.role],
            turn.content,
            media=content.media if number == last else (),
        )
        for number, turn in enumerate(content.prompt, start=1)
    )


def response_passage(key: str, title: str, candidate: Candidate) -> Passage:
    """Return one candidate, its model and author left out."""
    return Passage(key, title, candidate.text, media=candidate.media)
