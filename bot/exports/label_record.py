"""Label record: one annotation with everything that an export row may contain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.kinds.label import Label
from bot.kinds.media import Media
from bot.kinds.rationale import NO_RATIONALE, Rationale
from bot.quality.aggregation.shares import QuestionShares
from bot.quality.consensus import Consensus, ConsensusSource
from bot.quality.scales import Scales
from bot.quality.votes import Vote

ORIGIN_JUDGED = "judged"
"""Origin of a pair that experts compared."""


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label with its provenance.

    Attributes:
        label: the annotation in export form, candidates in imported order.
        item_key: key of the item, as imported.
        campaign: name of the campaign.
        kind: name of the task kind.
        expert: pseudonym; real names never reach an export.
        answered_at: when this version was submitted; timezone-aware.
        version: 1 for the first answer, one more for each change.
        guidelines_version: version of the guidelines in force at the time.
        value: the raw answer, in the order in which the expert saw the candidates.
        meta: unmapped columns of the imported row.
        shown: per passage, how many characters there are and how many were shown; None if not
            recorded.
        order: imported position of each candidate in the order shown.
        media: media of the prompt, then of each candidate in imported order.
        seconds: time spent, None if not measured.
        was_paused: the expert was away meanwhile, so `seconds` is unreliable.
        is_gold: the item is a gold question.
        is_imported: the answer was imported from a file.
        has_text: the item has the texts that the answer is about.
        rationale: reason, categories and confidence of the expert.
        level: 2 if a second expert has confirmed the answer, else 1.
        required_levels: the level that the campaign requires.
        source: how the answers to the item agree: unanimous, majority, split, single or
            adjudicated.
        is_with_majority: the answer is the majority's, the only one, or a reviewer's decision.
        is_adjudicated: a reviewer decided the item, so this answer of an expert no longer counts.
        answers: number of stored answers that the label stands for.
        votes: number of answers to the item that count.
        agreement: share of them that agree with the label, 0 to 1.
        shares: share of each value among the votes on each question; empty: only the label's own.
        margin: how much better the preferred response is; None: as the label says.
        scales: the campaign's scales, by criterion.
        pair_origin: where a preference comes from: a judged pair, a kept tie, or two ratings.
        item_id: number of the item in the database.
        answer_id: number of the answer's assignment, or of the decision; 0 if not stored.
        is_new: the answer is new since the time or the export from which the export begins.
        has_opened: the expert opened the full text of the task; None if that was not recorded.
    """

    label: Label
    item_key: str
    campaign: str
    kind: str
    expert: str
    answered_at: datetime
    version: int
    guidelines_version: int
    value: Mapping[str, object]
    meta: Mapping[str, object] = field(default_factory=dict)
    shown: Mapping[str, object] | None = None
    order: Sequence[int] = ()
    media: Sequence[Sequence[Media]] = ()
    seconds: int | None = None
    was_paused: bool = False
    is_gold: bool = False
    is_imported: bool = False
    has_text: bool = True
    rationale: Rationale = NO_RATIONALE
    level: int = 1
    required_levels: int = 1
    source: ConsensusSource = "single"
    is_with_majority: bool = True
    is_adjudicated: bool = False
    answers: int = 1
    votes: int = 1
    agreement: float = 1.0
    shares: QuestionShares = field(default_factory=dict)
    margin: float | None = None
    scales: Scales = field(default_factory=dict)
    pair_origin: str = ORIGIN_JUDGED
    item_id: int = 0
    answer_id: int = 0
    is_new: bool = True
    has_opened: bool | None = None


@dataclass(frozen=True, slots=True)
class ItemLabels:
    """The labels of one item.

    Attributes:
        answers: one label per answer, by pseudonym.
        ballots: the votes of each answer.
        consensus: how the answers agree.
        decision: the label of a reviewer's decision, if there is one.
    """

    answers: Sequence[LabelRecord]
    ballots: Sequence[Sequence[Vote]]
    consensus: Consensus
    decision: LabelRecord | None = None
