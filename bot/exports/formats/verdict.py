"""Verdict format: a text, whether it is good, and its correction if there is one."""

from __future__ import annotations

from typing import get_args

from bot.exports.formats.format import (
    SOURCE_COLUMNS,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    rounded,
    source_cells,
)
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
from bot.kinds.label import Judgment, Verdict
from bot.quality.votes import VERDICT as VERDICT_QUESTION


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    label = record.label
    if not isinstance(label, Verdict):
        return LeftOutLabel("not a verdict")
    row: ExportRow = {
        "prompt": prompt_messages(label.prompt),
        "completion": response_messages(label.candidate),
        "verdict": label.verdict,
        "corrected": label.corrected_text or "",
        "reason": record.rationale.reason or "",
        "categories": ", ".join(record.rationale.categories),
        "model": label.candidate.model or "",
        "level": record.level,
        "soft_label": _soft_label(record, label),
        **source_cells(record),
    }
    return [row]


def _soft_label(record: LabelRecord, label: Verdict) -> dict[str, float]:
    shares = record.shares.get((VERDICT_QUESTION, ""), {label.verdict: 1.0})
    return {verdict: rounded(shares.get(verdict, 0.0)) for verdict in get_args(Judgment)}


VERDICT = Format(
    name="verdict",
    description="texts with a verdict (good, bad or corrected), for classifiers and filters",
    training_code="",
    columns=(
        Column("prompt", "messages", "the conversation or the original text"),
        Column("completion", "messages", "the judged text, one message"),
        Column("verdict", "text", "good, bad or corrected"),
        Column("corrected", "text", "the corrected text; empty if none"),
        Column("reason", "text", "reason in the expert's words"),
        Column("categories", "text", "keys of the chosen reason categories, comma-separated"),
        Column("model", "text", "model of the text; empty if unknown"),
        Column("level", "integer", "2 if a second expert confirmed it, else 1"),
        Column("soft_label", "scores", "share of the answers, or probability, of each verdict"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_to_rows,
    label_types=(Verdict,),
    aggregated_types=(Verdict,),
    default_aggregate=Aggregate.MAJORITY,
)
