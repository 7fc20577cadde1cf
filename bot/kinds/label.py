"""What an annotation becomes in an export: one shape a kind of training data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.kinds.content import Candidate, ConversationTurn

Winner = Literal["left", "right", "tie", "both_bad"]

StartingPoint = Literal["left", "right", "nothing"]
"""What a response that an expert wrote themselves began with."""

Judgment = Literal["good", "bad", "corrected"]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """An ideal response that an expert wrote; `draft` is what they started from, if anything."""

    prompt: tuple[ConversationTurn, ...]
    response: str
    draft: str | None


@dataclass(frozen=True, slots=True)
class Preference:
    """A judged pair, in imported order: left is the first imported candidate.

    `strength` runs from -3 (left is much better) over 0 to 3 (right is much better) and is None
    where the campaign did not ask for it. Where both are bad, `written` is the better one that the
    expert wrote, if they did, and `began` is what they began with.
    """

    prompt: tuple[ConversationTurn, ...]
    left: Candidate
    right: Candidate
    winner: Winner
    strength: int | None
    better_response: str | None = None
    started_from: StartingPoint | None = None


@dataclass(frozen=True, slots=True)
class RatedTurn:
    """One turn of the assistant with its points. `number` counts such turns from 1."""

    number: int
    prompt: tuple[ConversationTurn, ...]
    response: str
    scores: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """One text with its points, criterion by criterion.

    Where a conversation was rated turn by turn, `turns` are all of them, `rated` is the last, and
    `scores` are those of all turns, each criterion with its turn: `turn2_clarity`.
    """

    prompt: tuple[ConversationTurn, ...]
    candidate: Candidate
    scores: tuple[tuple[str, int], ...]
    turns: tuple[RatedTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates in imported order, each with its rank: 1 is best, who ties shares one.

    Ranks are dense: behind two on rank 1 comes rank 2.
    """

    prompt: tuple[ConversationTurn, ...]
    candidates: tuple[Candidate, ...]
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody says about one text. `corrected` is the text as it should be, if they wrote it.

    The prompt is what the text came from: a question, or the original of a paraphrase.
    """

    prompt: tuple[ConversationTurn, ...]
    candidate: Candidate
    verdict: Judgment
    corrected_text: str | None


Label: TypeAlias = Demonstration | Preference | Ranking | Rating | Verdict
