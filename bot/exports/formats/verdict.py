"""Verdicts: a text, whether it is good, and the corrected text where there is one."""

from __future__ import annotations

from bot.exports.formats.format import (
    SOURCE,
    Column,
    Format,
    LeftOut,
    Row,
    prompt_of,
    response_of,
    source_of,
)
from bot.exports.labelled import Labelled
from bot.kinds.label import Verdict


def _rows(labelled: Labelled) -> list[Row] | LeftOut:
    label = labelled.label
    if not isinstance(label, Verdict):
        return LeftOut("not a verdict")
    row: Row = {
        "prompt": prompt_of(label.prompt),
        "completion": response_of(label.judged.text),
        "verdict": label.verdict,
        "corrected": label.corrected or "",
        "reason": labelled.remark.reason or "",
        "categories": ", ".join(labelled.remark.categories),
        "model": label.judged.model or "",
        "level": labelled.level,
        **source_of(labelled),
    }
    return [row]


VERDICT = Format(
    name="verdict",
    says="texts with an expert's verdict: good, bad, or corrected; for classifiers and filters",
    trains="",
    columns=(
        Column("prompt", "messages", "the conversation or the original text"),
        Column("completion", "messages", "the text in question, one message"),
        Column("verdict", "text", "good, bad or corrected"),
        Column("corrected", "text", "the corrected text; empty if there is none"),
        Column("reason", "text", "why, in the expert's words"),
        Column("categories", "text", "why, as keys of the campaign's reasons, commas between"),
        Column("model", "text", "who wrote the text; empty if unknown"),
        Column("level", "integer", "2 if a second expert confirmed it, else 1"),
        *SOURCE,
    ),
    rows=_rows,
)
