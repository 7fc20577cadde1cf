"""Labels: annotations in export form, one class per type of training data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.kinds.content import Candidate, ConversationTurn

Winner = Literal["left", "right", "tie", "both_bad"]

CriterionWinner = Literal["left", "right", "tie"]
"""The better response on one criterion, in imported order."""

StartingPoint = Literal["left", "right", "blank"]
"""What an expert's own response started from: a candidate in imported order, or nothing."""

Judgment = Literal["good", "bad", "corrected"]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """An ideal response written by an expert; `draft` is the draft they started from, if any."""

    prompt: tuple[ConversationTurn, ...]
    response: str
    draft: str | None


@dataclass(frozen=True, slots=True)
class Preference:
    """A judged pair, in imported order: left is the first imported candidate.

    `strength` runs from -3 (left is much better) to 3 (right is much better), None if the campaign
    did not ask for it. If both are bad, `better_response` is the one that the expert wrote, if any,
    and `started_from` is what it started from. `criteria` are the better responses by criterion,
    empty if the campaign did not ask.
    """

    prompt: tuple[ConversationTurn, ...]
    left: Candidate
    right: Candidate
    winner: Winner
    strength: int | None
    better_response: str | None = None
    started_from: StartingPoint | None = None
    criteria: tuple[tuple[str, CriterionWinner], ...] = ()


@dataclass(frozen=True, slots=True)
class RatedTurn:
    """One assistant turn with its scores. `number` counts assistant turns from 1."""

    number: int
    prompt: tuple[ConversationTurn, ...]
    response: str
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """One text with its score on each criterion.

    If a conversation was rated turn by turn, `turns` are the rated turns, `candidate` is the last,
    and `scores` has every turn's scores, keyed by turn and criterion: `turn2_clarity`.
    """

    prompt: tuple[ConversationTurn, ...]
    candidate: Candidate
    scores: tuple[tuple[str, float], ...]
    turns: tuple[RatedTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates in imported order, each with its rank: 1 is best, tied candidates share one.

    Ranks are dense: after two candidates on rank 1 comes rank 2. `criteria` has the ranks on each
    criterion: 1 for the best candidate and 2 for the others, or 1 for all if they tie.
    """

    prompt: tuple[ConversationTurn, ...]
    candidates: tuple[Candidate, ...]
    ranks: tuple[int, ...]
    criteria: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgment of one text; `corrected_text` is the expert's correction, if any.

    The prompt is the source of the text: a question, or the original of a paraphrase.
    """

    prompt: tuple[ConversationTurn, ...]
    candidate: Candidate
    verdict: Judgment
    corrected_text: str | None


Label: TypeAlias = Demonstration | Preference | Ranking | Rating | Verdict
