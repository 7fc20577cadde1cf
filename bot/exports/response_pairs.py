"""Pairs of responses that a label says one of is better, for every format with pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from bot.exports.formats.format import ORIGIN_WRITTEN, LeftOutLabel, share_before
from bot.exports.label_record import ORIGIN_JUDGED, LabelRecord
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Preference, Ranking, Rating, Verdict
from bot.quality.votes import VERDICT, WINNER

ORIGIN_CORRECTED = "corrected"
"""Origin of a pair: the expert corrected a response, or edited a draft."""

LARGEST_MARGIN = 3.0
"""Margin of “much better”, and between the best and the worst of a ranking without ties. Llama 2
(2023) trains its reward model with this scale: 3 for significantly better, 2, 1, 0."""

UNDECIDED_REASONS = {"tie": "tie", "both_bad": "both responses are bad"}

NO_PAIR_REASONS = {"good": "judged good, so there is no worse response", "bad": "judged bad"}


@dataclass(frozen=True, slots=True)
class ResponsePair:
    """Two responses, how much better the first is, and the share of answers that say so."""

    chosen: Candidate
    rejected: Candidate
    margin: float = 0.0
    soft_label: float = 1.0
    origin: str = ORIGIN_JUDGED


def pairs_of(record: LabelRecord) -> list[ResponsePair] | LeftOutLabel:
    """Return the pairs in a label, or why it has none.

    A ranking has a pair for each two responses with different ranks.
    """
    match record.label:
        case Preference() as label:
            return _pairs_of_preference(record, label)
        case Ranking() as label:
            return list(_ranked_pairs(record, label)) or LeftOutLabel("all responses tied")
        case Verdict() as label:
            return _pairs_of_verdict(record, label)
        case Demonstration() as label:
            return _pairs_of_demonstration(label)
        case Rating():
            return LeftOutLabel("rating without another response to compare")


def _pairs_of_preference(
    record: LabelRecord, label: Preference
) -> list[ResponsePair] | LeftOutLabel:
    if label.better_response is not None:
        written = Candidate(label.better_response)
        return [
            ResponsePair(written, candidate, origin=ORIGIN_WRITTEN)
            for candidate in (label.left, label.right)
        ]
    if label.winner in UNDECIDED_REASONS:
        return LeftOutLabel(UNDECIDED_REASONS[label.winner])
    pair = (label.left, label.right)
    chosen, rejected = pair if label.winner == "left" else pair[::-1]
    margin = abs(label.strength or 0) if record.margin is None else record.margin
    shares = record.shares.get((WINNER, ""), {label.winner: 1.0})
    undecided = shares.get("tie", 0.0) + shares.get("both_bad", 0.0)
    share = shares.get(label.winner, 0.0) + undecided / 2
    return [ResponsePair(chosen, rejected, margin, share, record.pair_origin)]


def _ranked_pairs(record: LabelRecord, ranking: Ranking) -> Iterator[ResponsePair]:
    """Yield every pair with different ranks; the margin grows with the difference of the ranks."""
    unit = LARGEST_MARGIN / max(len(ranking.ranks) - 1, 1)
    for better, worse in permutations(range(len(ranking.ranks)), 2):
        if ranking.ranks[better] < ranking.ranks[worse]:
            yield ResponsePair(
                ranking.candidates[better],
                ranking.candidates[worse],
                unit * (ranking.ranks[worse] - ranking.ranks[better]),
                share_before(record, ranking, better, worse),
            )


def _pairs_of_verdict(record: LabelRecord, label: Verdict) -> list[ResponsePair] | LeftOutLabel:
    if not label.corrected_text or label.corrected_text == label.candidate.text:
        return LeftOutLabel(NO_PAIR_REASONS.get(label.verdict, "corrected without a change"))
    share = record.shares.get((VERDICT, ""), {label.verdict: 1.0}).get(label.verdict, 0.0)
    corrected = Candidate(label.corrected_text, turns=label.candidate.turns)
    return [ResponsePair(corrected, label.candidate, soft_label=share, origin=ORIGIN_CORRECTED)]


def _pairs_of_demonstration(label: Demonstration) -> list[ResponsePair] | LeftOutLabel:
    if label.draft is None:
        return LeftOutLabel("written without a draft to compare")
    if label.draft == label.response:
        return LeftOutLabel("draft kept unchanged")
    pair = ResponsePair(Candidate(label.response), Candidate(label.draft), origin=ORIGIN_CORRECTED)
    return [pair]
