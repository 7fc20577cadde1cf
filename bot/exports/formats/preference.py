"""Preference format: the better and the worse of two responses, with an explicit prompt."""

from __future__ import annotations

from bot.exports.formats.format import (
    SOURCE_COLUMNS,
    STARTED_FROM_COLUMN,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    round_cell,
    source_cells,
    started_from_cell,
)
from bot.exports.label_record import LabelRecord
from bot.exports.response_pairs import ResponsePair, pairs_of
from bot.exports.row_options import Aggregate, Undecided
from bot.kinds.label import Demonstration, Preference, Ranking, Rating, Verdict

PAIR_COLUMNS = (
    Column(
        "margin",
        "number",
        "how much better, 0 to 3; 0 if not asked; 3 from best to worst of a ranking or a scale",
    ),
    Column(
        "soft_label",
        "number",
        "share of the answers, or probability, that the chosen response is better; ties half",
    ),
    Column("chosen_model", "text", "model of the better response; empty if unknown"),
    Column("rejected_model", "text", "model of the worse response; empty if unknown"),
    Column(
        "origin",
        "text",
        "judged; written if both were bad and the expert wrote a better one; corrected; rated if "
        "both were rated; tie or both_bad if neither is better",
    ),
    STARTED_FROM_COLUMN,
    *SOURCE_COLUMNS,
)
"""Columns after the responses of a pair."""


def pair_cells(record: LabelRecord, pair: ResponsePair) -> ExportRow:
    """Return the cells of `PAIR_COLUMNS`."""
    return {
        "margin": round_cell(pair.margin),
        "soft_label": round_cell(pair.soft_label),
        "chosen_model": pair.chosen.model or "",
        "rejected_model": pair.rejected.model or "",
        "origin": pair.origin,
        "started_from": started_from_cell(record.label),
        **source_cells(record),
    }


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    pairs = pairs_of(record)
    if isinstance(pairs, LeftOutLabel):
        return pairs
    return [
        {
            "prompt": prompt_messages(record.label.prompt),
            "chosen": response_messages(pair.chosen),
            "rejected": response_messages(pair.rejected),
            **pair_cells(record, pair),
        }
        for pair in pairs
    ]


PREFERENCE = Format(
    name="preference",
    description="the better and the worse of two responses, for reward models and DPO",
    training_code="trl.RewardTrainer(model, train_dataset=dataset)  # or trl.DPOTrainer",
    columns=(
        Column("prompt", "messages", "the conversation up to the responses"),
        Column("chosen", "messages", "the better response, one message"),
        Column("rejected", "messages", "the worse response, one message"),
        *PAIR_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Preference, Ranking, Rating, Verdict, Demonstration),
    aggregated_types=(Preference, Ranking, Rating, Verdict),
    default_aggregate=Aggregate.MAJORITY,
    has_pairs=True,
    ties=Undecided.DROP,
    both_bad=Undecided.DROP,
    copies_texts=True,
)
