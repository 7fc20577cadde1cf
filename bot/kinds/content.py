"""The content of an item: prompt, candidate responses and draft, the same type for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from bot.kinds.media import Media

ChatRole = Literal["system", "user", "assistant"]

Order = Sequence[int]
"""The imported position of each candidate as shown: `order[0]` is that of the first one shown."""


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """One message of a conversation, as in chat templates."""

    role: ChatRole
    content: str

    def as_message(self) -> dict[str, str]:
        """Return the turn in TRL's conversational format."""
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One response to a prompt. `model` names its source and never reaches Slack.

    `author` is the person who wrote or edited it, as a Slack id or pseudonym; that person never
    judges it. The text may be empty if the response consists of media.
    """

    text: str
    model: str | None = None
    media: tuple[Media, ...] = ()
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one item.

    `prompt` may be empty (such as a joke without a request). A demonstration has no `candidates`, a
    rating has one, a comparison two. `meta` holds every other column of the imported row.
    `media` belong to the prompt. `author` wrote the prompt or the draft and judges neither.
    `domains` and `language` restrict which experts get the item. `gold` is the known correct
    answer by form field, with the candidates in imported order.
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
        """Return the candidates in the order that one expert sees."""
        return [self.candidates[position] for position in order]


def parse_turns(value: object) -> tuple[ConversationTurn, ...]:
    """Parse a prompt: a text, a list of consecutive texts, or a list of messages.

    Consecutive texts become one user turn, separated by blank lines, because chat templates require
    that user and assistant alternate.

    Raises:
        ValueError: the prompt is invalid; the message says why.
    """
    if isinstance(value, str):
        return _user_turns(value)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return _user_turns("\n\n".join(part.strip() for part in cast("list[str]", value)))
    if isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        return _parse_conversation(cast("list[Mapping[str, object]]", value))
    message = f"the prompt must be text or a list of messages, not {_describe_type(value)}"
    raise ValueError(message)


def _describe_type(value: object) -> str:
    """Return the type of a value in plain words."""
    if value is None or value == []:
        return "an empty value"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list of other values" if isinstance(value, list) else "an object"


def _user_turns(text: str) -> tuple[ConversationTurn, ...]:
    if not text.strip():
        message = "the prompt is empty"
        raise ValueError(message)
    return (ConversationTurn("user", text),)


def _parse_conversation(messages: list[Mapping[str, object]]) -> tuple[ConversationTurn, ...]:
    turns = tuple(_parse_turn(number, message) for number, message in enumerate(messages, start=1))
    if turns[-1].role != "user":
        message = "the prompt must end with a user message"
        raise ValueError(message)
    return turns


def _parse_turn(number: int, message: Mapping[str, object]) -> ConversationTurn:
    role, content = message.get("role"), message.get("content")
    if role not in ("system", "user", "assistant"):
        reason = f"message {number} of the prompt needs a role: system, user or assistant"
        raise ValueError(reason)
    if not isinstance(content, str) or not content.strip():
        reason = f"message {number} of the prompt needs text as its content"
        raise ValueError(reason)
    return ConversationTurn(role, content)
