"""The content of an item: prompt, candidate responses and draft, the same type for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.kinds.media import Media

ChatRole = Literal["system", "developer", "user", "assistant", "tool"]

ChatMessage = dict[str, object]
"""A message as chat templates read it: `role`, `content`, and the keys of `EXTRA_KEYS`."""

EXTRA_KEYS = (
    *("name", "tool_calls", "tool_call_id", "function_call"),
    *("reasoning_content", "reasoning", "thinking"),
)
"""Keys of a message other than role and content that chat templates read, and experts see."""

Order = Sequence[int]
"""The imported position of each candidate as shown: `order[0]` is that of the first one shown."""


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """One message of a conversation, as in chat templates. `extra` has keys of `EXTRA_KEYS`."""

    role: ChatRole
    content: str
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

    def as_message(self) -> ChatMessage:
        """Return the turn in TRL's conversational format."""
        return {"role": self.role, "content": self.content, **self.extra}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One response to a prompt. `model` names its source and never reaches Slack.

    `author` is the person who wrote or edited it, as a Slack id or pseudonym; that person never
    judges it. The text may be empty if the response consists of media or tool calls.

    `turns` come before the text, in this candidate's conversation alone: the turns that all
    candidates share are the prompt. `extra` is as in `ConversationTurn`.
    """

    text: str
    model: str | None = None
    media: tuple[Media, ...] = ()
    author: str | None = None
    turns: tuple[ConversationTurn, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

    def as_messages(self) -> list[ChatMessage]:
        """Return the response as chat messages: its own earlier turns, then the text."""
        return [
            *(turn.as_message() for turn in self.turns),
            {"role": "assistant", "content": self.text, **self.extra},
        ]


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

    def prompt_messages(self) -> list[ChatMessage]:
        """Return the prompt as a list of chat messages."""
        return [turn.as_message() for turn in self.prompt]

    def all_media(self) -> tuple[Media, ...]:
        """Return the media of the prompt and of all candidates."""
        return (*self.media, *[entry for one in self.candidates for entry in one.media])

    @property
    def opening(self) -> str:
        """Return the text by which people recognize the item, on one line; "" for media alone.

        It is the last turn of the user, or else the first text that there is.
        """
        user_turns = [turn.content for turn in reversed(self.prompt) if turn.role == "user"]
        texts = (*user_turns, *(turn.content for turn in self.prompt), self.draft or "")
        texts = (*texts, *(candidate.text for candidate in self.candidates))
        return next((line for line in (" ".join(text.split()) for text in texts) if line), "")

    def candidates_in_order(self, order: Order) -> list[Candidate]:
        """Return the candidates in the order that one expert sees."""
        return [self.candidates[position] for position in order]
