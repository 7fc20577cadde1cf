"""Reward format: two whole conversations that differ in their response, for reward models.

TRL calls this a preference dataset with an implicit prompt:
https://huggingface.co/docs/trl/dataset_formats#preference
"""

from __future__ import annotations

from bot.exports.formats.format import (
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
)
from bot.exports.formats.preference import PAIR_COLUMNS, PREFERENCE, pair_cells
from bot.exports.label_record import LabelRecord
from bot.exports.response_pairs import pairs_of
from bot.exports.row_options import Aggregate, Undecided


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    pairs = pairs_of(record)
    if isinstance(pairs, LeftOutLabel):
        return pairs
    prompt = prompt_messages(record.label.prompt)
    return [
        {
            "chosen": [*prompt, *response_messages(pair.chosen)],
            "rejected": [*prompt, *response_messages(pair.rejected)],
            **pair_cells(record, pair),
        }
        for pair in pairs
    ]


REWARD = Format(
    name="reward",
    description="two whole conversations that differ in their response, for reward models",
    training_code="trl.RewardTrainer(model, train_dataset=dataset)",
    columns=(
        Column("chosen", "messages", "the whole conversation with the better response"),
        Column("rejected", "messages", "the whole conversation with the worse response"),
        *PAIR_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=PREFERENCE.label_types,
    aggregated_types=PREFERENCE.aggregated_types,
    default_aggregate=Aggregate.MAJORITY,
    has_pairs=True,
    ties=Undecided.DROP,
    both_bad=Undecided.DROP,
)
