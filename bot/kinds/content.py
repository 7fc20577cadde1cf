"""What an item holds: a prompt, candidate responses, perhaps a draft. One shape for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from bot.kinds.media import Media

ChatRole = Literal["system", "user", "assistant"]

Order = Sequence[int]
"""Where each shown candidate came from: `order[0]` is the imported place of the first one shown."""


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """One message of a conversation, as chat templates expect it."""

    role: ChatRole
    content: str

    def as_message(self) -> dict[str, str]:
        """Return the turn as TRL's conversational format writes it."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One response to a prompt. `model` names who wrote it and never reaches Slack.

    `author` is the person who wrote or edited it, a Slack id or a pseudonym: they never judge it.
    The text may be empty where media are the response.
    """

    text: str
    model: str | None = None
    media: tuple[Media, ...] = ()
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one item.

    `prompt` may be empty (a joke that stands alone); `candidates` holds none for a demonstration,
    one for a rating, two for a comparison. `meta` keeps every other column of the imported row.
    `media` belong to the prompt. `author` wrote the prompt or the draft and judges neither.
    `domains` and `language` say whom the item suits, where it says so itself. `gold` is the answer
    known to be right, as the form gives it, with the candidates in imported order.
    """

    prompt: tuple[ConversationTurn, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    draft: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict)
    media: tuple[Media, ...] = ()
    author: str | None = None
    domains: tuple[str, ...] = ()
    language: str | None = None
    gold: Mapping[str, object] | None = None

    def prompt_messages(self) -> list[dict[str, str]]:
        """Return the prompt as a list of chat messages."""
        return [turn.as_message() for turn in self.prompt]

    def candidates_in_order(self, order: Order) -> list[Candidate]:
        """Return the candidates in the order one expert sees them."""
        return [self.candidates[place] for place in order]


def parse_turns(value: object) -> tuple[ConversationTurn, ...]:
    """Read a prompt: a text, a list of texts asked one after the other, or a list of messages.

    Texts asked one after the other become one user turn, a blank line between them, because chat
    templates want user and assistant to alternate.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    if isinstance(value, str):
        return _user_turns(value)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return _user_turns("\n\n".join(part.strip() for part in cast("list[str]", value)))
    if isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        return _parse_conversation(cast("list[Mapping[str, object]]", value))
    message = f"the prompt must be a text or a list of messages, not {_describe_type(value)}"
    raise ValueError(message)


def _describe_type(value: object) -> str:
    """Say what a value is, as people say it."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list of something else" if isinstance(value, list) else "an object"


def _user_turns(text: str) -> tuple[ConversationTurn, ...]:
    if not text.strip():
        message = "the prompt is empty"
        raise ValueError(message)
    return (ConversationTurn("user", text),)


def _parse_conversation(messages: list[Mapping[str, object]]) -> tuple[ConversationTurn, ...]:
    turns = tuple(_parse_turn(number, message) for number, message in enumerate(messages, start=1))
    if turns[-1].role != "user":
        message = "the prompt must end with what the user says"
        raise ValueError(message)
    return turns


def _parse_turn(number: int, message: Mapping[str, object]) -> ConversationTurn:
    role, content = message.get("role"), message.get("content")
    if role not in ("system", "user", "assistant"):
        complaint = f"message {number} of the prompt needs a role: system, user or assistant"
        raise ValueError(complaint)
    if not isinstance(content, str) or not content.strip():
        complaint = f"message {number} of the prompt needs a text as its content"
        raise ValueError(complaint)
    return ConversationTurn(role, content)
