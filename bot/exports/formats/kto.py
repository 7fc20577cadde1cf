"""KTO format: single responses, each desirable or not.

TRL calls this unpaired preference: https://huggingface.co/docs/trl/dataset_formats
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never, get_args

from bot.exports.formats.format import (
    ORIGIN_WRITTEN,
    SOURCE_COLUMNS,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    source_cells,
)
from bot.exports.label_record import ORIGIN_JUDGED, LabelRecord
from bot.exports.rating_position import position_of
from bot.exports.response_pairs import ORIGIN_CORRECTED
from bot.exports.row_options import Aggregate, Undecided
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict

ORIGIN_DRAFT = "draft"
"""Origin of a draft that the expert replaced."""

MIDDLE = 0.5
"""Position on a scale above which a response is desirable, and below which it is not."""


@dataclass(frozen=True, slots=True)
class _JudgedResponse:
    """A response of a row, whether it is desirable, and where it comes from."""

    candidate: Candidate
    is_desirable: bool
    origin: str = ORIGIN_JUDGED


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    responses = _responses_of(record)
    if isinstance(responses, LeftOutLabel):
        return responses
    return [
        {
            "prompt": prompt_messages(record.label.prompt),
            "completion": response_messages(response.candidate),
            "label": response.is_desirable,
            "model": response.candidate.model or "",
            "origin": response.origin,
            **source_cells(record),
        }
        for response in responses
    ]


def _responses_of(record: LabelRecord) -> list[_JudgedResponse] | LeftOutLabel:
    match record.label:
        case Preference() as label:
            return _responses_of_preference(label)
        case Ranking() as label:
            return _responses_of_ranking(label)
        case Rating() as label:
            return _responses_of_rating(record, label)
        case Verdict() as label:
            return _responses_of_verdict(label)
        case Demonstration() as label:
            return _responses_of_demonstration(label)
    assert_never(record.label)


def _responses_of_preference(label: Preference) -> list[_JudgedResponse]:
    """Return both responses; of two bad ones neither is desirable, of two equal ones both are."""
    judged = [
        _JudgedResponse(label.left, label.winner in ("left", "tie")),
        _JudgedResponse(label.right, label.winner in ("right", "tie")),
    ]
    if label.better_response is None:
        return judged
    written = _JudgedResponse(
        Candidate(label.better_response), is_desirable=True, origin=ORIGIN_WRITTEN
    )
    return [written, *judged]


def _responses_of_ranking(label: Ranking) -> list[_JudgedResponse] | LeftOutLabel:
    """Return the best and the worst responses; those between are neither."""
    best, worst = min(label.ranks), max(label.ranks)
    if best == worst:
        return LeftOutLabel("all responses tied")
    return [
        _JudgedResponse(candidate, rank == best)
        for candidate, rank in zip(label.candidates, label.ranks, strict=True)
        if rank in (best, worst)
    ]


def _responses_of_rating(
    record: LabelRecord, label: Rating
) -> list[_JudgedResponse] | LeftOutLabel:
    if label.turns:
        return LeftOutLabel("rated turn by turn")
    position = position_of(label, record.scales)
    if position == MIDDLE:
        return LeftOutLabel("rated in the middle of the scale")
    return [_JudgedResponse(label.candidate, position > MIDDLE)]


def _responses_of_verdict(label: Verdict) -> list[_JudgedResponse]:
    judged = _JudgedResponse(label.candidate, label.verdict == "good")
    if not label.corrected_text or label.corrected_text == label.candidate.text:
        return [judged]
    corrected = Candidate(label.corrected_text, turns=label.candidate.turns)
    return [_JudgedResponse(corrected, is_desirable=True, origin=ORIGIN_CORRECTED), judged]


def _responses_of_demonstration(label: Demonstration) -> list[_JudgedResponse]:
    written = _JudgedResponse(Candidate(label.response), is_desirable=True, origin=ORIGIN_WRITTEN)
    if label.draft is None or label.draft == label.response:
        return [written]
    return [
        written,
        _JudgedResponse(Candidate(label.draft), is_desirable=False, origin=ORIGIN_DRAFT),
    ]


KTO = Format(
    name="kto",
    description="single responses, each desirable or not, for KTO",
    training_code="trl.KTOTrainer(model, train_dataset=dataset)",
    columns=(
        Column("prompt", "messages", "the conversation up to the response"),
        Column("completion", "messages", "the response, one message"),
        Column("label", "boolean", "true if the response is desirable"),
        Column("model", "text", "model of the response; empty if unknown"),
        Column("origin", "text", "judged; written or corrected by the expert; draft: replaced"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=get_args(Label),
    aggregated_types=(Preference, Ranking, Rating, Verdict),
    default_aggregate=Aggregate.MAJORITY,
    ties=Undecided.DROP,
)
