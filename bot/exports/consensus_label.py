"""Consensus labels: the answers to one item as one label, by a rule that weighs their votes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.kinds.label import (
    Demonstration,
    Judgment,
    Label,
    Preference,
    Ranking,
    Rating,
    Verdict,
    Winner,
)
from bot.kinds.rationale import Rationale
from bot.quality.aggregation.kemeny import PairShares, kemeny_consensus
from bot.quality.aggregation.shares import (
    EqualWeights,
    QuestionShares,
    ShareRule,
    Shares,
    largest_share,
    mean_of,
    median_of,
    point_shares,
)
from bot.quality.consensus import Consensus
from bot.quality.scales import tolerance_of
from bot.quality.votes import (
    ORDER,
    STRENGTH,
    VERDICT,
    WINNER,
    Vote,
    VoteValue,
    main_votes,
    votes_of,
)

TIED = "tie: no answer has more votes than the others"
UNRELIABLE = "no expert who answered is reliable"
OUTVOTED = "outvoted"
NO_RANKING = "tie: no single ranking is nearest to the answers"


@dataclass(frozen=True, slots=True)
class ItemVotes:
    """The answers to an item that count in an export, with their votes."""

    records: Sequence[LabelRecord]
    ballots: Sequence[Sequence[Vote]]
    consensus: Consensus

    @classmethod
    def of(cls, item: ItemLabels, counted: Sequence[int]) -> ItemVotes:
        """Return the answers at these places."""
        return cls(
            [item.answers[place] for place in counted],
            [item.ballots[place] for place in counted],
            item.consensus,
        )

    def shares(self, rule: ShareRule) -> QuestionShares:
        """Return the share of each value on each question."""
        votes: defaultdict[tuple[str, str], list[tuple[str, VoteValue]]] = defaultdict(list)
        for record, ballot in zip(self.records, self.ballots, strict=True):
            for vote in ballot:
                votes[vote.question, vote.part].append((record.expert, vote.value))
        return {key: rule.shares(key[0], given) for key, given in votes.items()}

    def agreement_with(self, ballot: Sequence[Vote]) -> float:
        """Return the share of answers that agree with votes, as the mean of all questions.

        Points agree if they are as near as the scale allows: see `tolerance_of`.
        """
        votes = main_votes(ballot)
        if not votes or (len(self.ballots) == 1 and main_votes(self.ballots[0]) == votes):
            return 1.0
        given: defaultdict[tuple[str, str], list[VoteValue]] = defaultdict(list)
        for other in self.ballots:
            for vote in other:
                given[vote.question, vote.part].append(vote.value)
        scales = self.consensus.scales
        shares = [
            sum(
                _is_near(value, vote.value, tolerance_of(vote.question, scales))
                for value in given[vote.question, vote.part]
            )
            / len(given[vote.question, vote.part])
            for vote in votes
        ]
        return sum(shares) / len(shares)


def _is_near(value: VoteValue, other: VoteValue, tolerance: int) -> bool:
    if isinstance(value, str) or isinstance(other, str):
        return value == other
    return abs(value - other) <= tolerance


def separate_labels(votes: ItemVotes) -> Iterator[LabelRecord]:
    """Yield each answer as a separate label, with the shares of all answers to the item."""
    if len(votes.records) == 1 or isinstance(votes.records[0].label, Demonstration):
        yield from votes.records
        return
    shares = votes.shares(EqualWeights())
    for record, ballot in zip(votes.records, votes.ballots, strict=True):
        yield replace(
            record,
            votes=len(votes.records),
            agreement=votes.agreement_with(ballot),
            shares=shares,
        )


def consensus_labels(votes: ItemVotes, rule: ShareRule) -> Iterator[LabelRecord | LeftOutLabel]:
    """Yield the label of an item, and its answers that are left out.

    The better responses that experts wrote for a pair whose responses are both bad stay separate.
    """
    if len(votes.records) == 1 and isinstance(rule, EqualWeights):
        yield from votes.records
        return
    shares, label = votes.shares(rule), votes.records[0].label
    match label:
        case Preference():
            yield from _class_labels(votes, shares, WINNER)
        case Verdict():
            yield from _class_labels(votes, shares, VERDICT)
        case Rating():
            yield _rating_label(votes, shares, label, rule)
        case Ranking():
            yield _ranking_label(votes, shares, label)
        case Demonstration():
            yield from votes.records


def _class_labels(
    votes: ItemVotes, shares: QuestionShares, question: str
) -> Iterator[LabelRecord | LeftOutLabel]:
    best = largest_share(shares[question, ""])
    if best is None:
        reason = TIED if shares[question, ""] else UNRELIABLE
        yield LeftOutLabel(reason, len(votes.records))
        return
    supporters = [
        record
        for record, ballot in zip(votes.records, votes.ballots, strict=True)
        if any(vote.question == question and vote.value == best for vote in ballot)
    ]
    label = _label_of_class(votes.records[0].label, supporters, best)
    merged = _merge(votes, supporters, label, shares)
    written = [record for record in supporters if _better_response(record)]
    if written:
        for record in written:
            yield replace(
                record,
                is_with_majority=merged.is_with_majority,
                votes=merged.votes,
                agreement=merged.agreement,
                shares=shares,
            )
    if len(written) < len(supporters) or not supporters:
        yield replace(merged, answers=len(supporters) - len(written))
    yield LeftOutLabel(OUTVOTED, len(votes.records) - len(supporters))


def _better_response(record: LabelRecord) -> str | None:
    return record.label.better_response if isinstance(record.label, Preference) else None


def _label_of_class(label: Label, supporters: Sequence[LabelRecord], best: VoteValue) -> Label:
    """Return the label of the class that won.

    A corrected text is the one that most experts wrote; of several, that of the earliest answer.
    What only single answers say, such as verdicts per criterion, is left out.
    """
    if isinstance(label, Preference):
        return Preference(
            label.prompt, label.left, label.right, cast("Winner", best), strength=None
        )
    if not isinstance(label, Verdict):
        return label
    by_time = sorted(supporters, key=lambda record: (record.answered_at, record.expert))
    texts = [
        record.label.corrected_text
        for record in by_time
        if isinstance(record.label, Verdict) and record.label.corrected_text
    ]
    text = Counter(texts).most_common(1)[0][0] if texts else None
    return replace(label, verdict=cast("Judgment", best), corrected_text=text)


def _rating_label(
    votes: ItemVotes, shares: QuestionShares, label: Rating, rule: ShareRule
) -> LabelRecord | LeftOutLabel:
    found = {key: _point_of(shares.get((key, ""), {}), rule) for key, _score in label.scores}
    points = {key: point for key, point in found.items() if point is not None}
    if len(points) < len(found):
        is_tied = any(shares.get((key, "")) for key in found.keys() - points.keys())
        return LeftOutLabel(TIED if is_tied else UNRELIABLE, len(votes.records))
    turns = tuple(
        replace(
            turn,
            scores=tuple((key, points[f"turn{turn.number}_{key}"]) for key, _score in turn.scores),
        )
        for turn in label.turns
    )
    merged = replace(label, scores=tuple(points.items()), turns=turns)
    return _merge(votes, votes.records, merged, shares)


def _point_of(shares: Shares, rule: ShareRule) -> float | None:
    """Return the point of a criterion; None if no answer has a weight, or several are tied."""
    if not shares:
        return None
    if not rule.most_probable_point:
        return median_of(point_shares(shares))
    point = largest_share(shares)
    return None if point is None else float(point)


def _ranking_label(
    votes: ItemVotes, shares: QuestionShares, label: Ranking
) -> LabelRecord | LeftOutLabel:
    pairs = {}
    for (question, part), given in shares.items():
        if question == ORDER:
            if not given:
                return LeftOutLabel(UNRELIABLE, len(votes.records))
            first, second = (int(number) - 1 for number in part.split("-"))
            relation = (given.get(value, 0.0) for value in ("left", "tie", "right"))
            pairs[first, second] = PairShares(*relation)
    ranks = kemeny_consensus(len(label.ranks), pairs).ranks
    if ranks is None:
        return LeftOutLabel(NO_RANKING, len(votes.records))
    return _merge(votes, votes.records, replace(label, ranks=ranks, criteria=()), shares)


def _merge(
    votes: ItemVotes, supporters: Sequence[LabelRecord], label: Label, shares: QuestionShares
) -> LabelRecord:
    """Return one record for the answers in a label, with the reasons of those who gave it."""
    ballot, first = votes_of(label), votes.records[0]
    return replace(
        first,
        label=label,
        expert=first.expert if len(votes.records) == 1 else "",
        rationale=_merge_rationales(record.rationale for record in supporters),
        level=min(record.level for record in votes.records),
        is_with_majority=votes.consensus.includes(ballot),
        answers=len(supporters),
        votes=len(votes.records),
        agreement=votes.agreement_with(ballot),
        shares=shares,
        margin=_margin(label, shares),
        is_new=any(record.is_new for record in votes.records),
    )


def _merge_rationales(rationales: Iterable[Rationale]) -> Rationale:
    """Return all reasons, one per line, and all categories, each once."""
    given = list(rationales)
    reasons = dict.fromkeys(rationale.reason for rationale in given if rationale.reason)
    categories = dict.fromkeys(key for rationale in given for key in rationale.categories)
    return Rationale(reason="\n".join(reasons) or None, categories=tuple(categories))


def _margin(label: Label, shares: QuestionShares) -> float | None:
    """Return the mean strength of all answers in favor of the winner, at least 0."""
    strengths = shares.get((STRENGTH, ""))
    if not isinstance(label, Preference) or not strengths:
        return None
    mean = mean_of(point_shares(strengths))
    return max(0.0, mean if label.winner == "right" else -mean)
