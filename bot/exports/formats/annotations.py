"""Annotations format: one row per annotation, with ties, raw answers and metadata, for analysis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_never

import orjson

from bot.exports.formats.format import (
    WITH_MAJORITY_COLUMN,
    ChatMessage,
    Column,
    ExportRow,
    Format,
    prompt_messages,
    response_messages,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.content import Candidate
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.kinds.rationale import Rationale


def _to_rows(record: LabelRecord) -> list[ExportRow]:
    return [_build_row(record)]


def _build_row(record: LabelRecord) -> ExportRow:
    return {
        "item": record.item_key,
        "campaign": record.campaign,
        "kind": record.kind,
        "expert": record.expert,
        "answered_at": _format_time(record.answered_at),
        "version": record.version,
        "guidelines_version": record.guidelines_version,
        "seconds": record.seconds or 0,
        "paused": int(record.was_paused),
        "prompt": prompt_messages(record.label.prompt),
        **_EMPTY_LABEL_CELLS,
        **_label_cells(record.label),
        "level": record.level,
        "source": record.source,
        "with_majority": int(record.is_with_majority),
        **_rationale_cells(record.rationale),
        "value": _dump_json(record.value),
        "order": _dump_json(list(record.order)),
        "shown": _dump_json(record.shown or {}),
        "responses": _dump_json(_conversations(record.label)),
        "media": _dump_json([[entry.as_dict() for entry in group] for group in record.media]),
        "gold": int(record.is_gold),
        "imported": int(record.is_imported),
        "meta": _dump_json(record.meta),
    }


_EMPTY_LABEL_CELLS: ExportRow = {
    "response": "",
    "draft": "",
    "left": "",
    "right": "",
    "left_model": "",
    "right_model": "",
    "winner": "",
    "strength": 0,
    "criteria": "{}",
    "better_response": "",
    "started_from": "",
    "rated": "",
    "rated_model": "",
    "points": "{}",
    "ranked": "[]",
    "ranks": "[]",
    "ranked_models": "[]",
    "judged": "",
    "judged_model": "",
    "verdict": "",
    "corrected": "",
}


def _label_cells(label: Label) -> ExportRow:
    match label:
        case Demonstration():
            return {"response": label.response, "draft": label.draft or ""}
        case Preference():
            return _preference_cells(label)
        case Rating():
            return {
                "rated": label.candidate.text,
                "rated_model": label.candidate.model or "",
                "points": _dump_json(dict(label.scores)),
            }
        case Ranking():
            return {
                "ranked": _dump_json([candidate.text for candidate in label.candidates]),
                "ranks": _dump_json(list(label.ranks)),
                "ranked_models": _dump_json(
                    [candidate.model or "" for candidate in label.candidates]
                ),
                "criteria": _dump_json(dict(label.criteria)),
            }
        case Verdict():
            return {
                "judged": label.candidate.text,
                "judged_model": label.candidate.model or "",
                "verdict": label.verdict,
                "corrected": label.corrected_text or "",
            }
    assert_never(label)


def _preference_cells(label: Preference) -> ExportRow:
    return {
        "left": label.left.text,
        "right": label.right.text,
        "left_model": label.left.model or "",
        "right_model": label.right.model or "",
        "winner": label.winner,
        "strength": label.strength or 0,
        "criteria": _dump_json(dict(label.criteria)),
        "better_response": label.better_response or "",
        "started_from": label.started_from or "",
    }


def _rationale_cells(rationale: Rationale) -> ExportRow:
    return {
        "reason": rationale.reason or "",
        "categories": _dump_json(list(rationale.categories)),
        "confidence": rationale.confidence or 0,
    }


def _conversations(label: Label) -> list[list[ChatMessage]]:
    """Return the messages of each response, in imported order, if one has more than its text."""
    candidates = _candidates_of(label)
    if not any(candidate.turns or candidate.extra for candidate in candidates):
        return []
    return [response_messages(candidate) for candidate in candidates]


def _candidates_of(label: Label) -> tuple[Candidate, ...]:
    match label:
        case Demonstration():
            return ()
        case Preference():
            return (label.left, label.right)
        case Ranking():
            return tuple(label.candidates)
        case Rating() | Verdict():
            return (label.candidate,)
    assert_never(label)


def _format_time(moment: datetime) -> str:
    """Return a time in UTC as RFC 3339, always with microseconds.

    Without them, `datasets` reads the column as naive timestamps from JSON but as text from
    Parquet.
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _dump_json(value: object) -> str:
    """Return JSON with sorted keys; such values vary in shape, so no column type fits all rows."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


ANNOTATIONS = Format(
    name="annotations",
    description="every annotation with all its metadata, ties included, for analysis",
    training_code="",
    columns=(
        Column("item", "text", "key of the item, as imported"),
        Column("campaign", "text", "name of the campaign"),
        Column("kind", "text", "task kind of the campaign"),
        Column("expert", "text", "pseudonym of the expert"),
        Column("answered_at", "text", "time of the answer, in UTC (RFC 3339)"),
        Column("version", "integer", "1 for the first answer, one more for each change"),
        Column("guidelines_version", "integer", "version of the guidelines in force at the time"),
        Column("seconds", "integer", "time spent without pauses; 0 if not measured"),
        Column("paused", "integer", "1 if the expert was away meanwhile, else 0"),
        Column("prompt", "messages", "the conversation up to the response"),
        Column("response", "text", "demonstration: what the expert wrote"),
        Column("draft", "text", "demonstration: what the expert started from"),
        Column("left", "text", "comparison: the response imported first"),
        Column("right", "text", "comparison: the response imported second"),
        Column("left_model", "text", "comparison: model of the left response"),
        Column("right_model", "text", "comparison: model of the right response"),
        Column("winner", "text", "comparison: left, right, tie or both_bad"),
        Column("strength", "integer", "comparison: -3 (left) to 3 (right); 0 if even or not asked"),
        Column(
            "criteria",
            "text",
            "left, right or tie on each criterion; ranking: the ranks on it; as JSON",
        ),
        Column("better_response", "text", "comparison: what the expert wrote if both were bad"),
        Column("started_from", "text", "comparison: left, right or blank: where that started"),
        Column("rated", "text", "rating: the rated response"),
        Column("rated_model", "text", "rating: model of the response"),
        Column("points", "text", "rating: the score on each criterion (of each turn), as JSON"),
        Column("ranked", "text", "ranking: the responses in imported order, as JSON"),
        Column("ranks", "text", "ranking: the rank of each, 1 is best, as JSON"),
        Column("ranked_models", "text", "ranking: the model of each, as JSON"),
        Column("judged", "text", "validation, curation: the judged text"),
        Column("judged_model", "text", "validation, curation: model of the text"),
        Column("verdict", "text", "validation, curation: good, bad or corrected"),
        Column("corrected", "text", "validation, curation: the corrected text"),
        Column("level", "integer", "2 if a second expert confirmed it, else 1"),
        Column("source", "text", "unanimous, majority, split, single or adjudicated"),
        WITH_MAJORITY_COLUMN,
        Column("reason", "text", "reason in the expert's words"),
        Column("categories", "text", "keys of the chosen reason categories, as JSON"),
        Column("confidence", "integer", "confidence of the expert, 1 to 3; 0 if not asked"),
        Column("value", "text", "raw answer in the order shown, as JSON"),
        Column("order", "text", "imported position of each response in the order shown, as JSON"),
        Column("shown", "text", "characters of each passage, and how many were shown, as JSON"),
        Column("responses", "text", "messages of each response with more than its text, as JSON"),
        Column("media", "text", "links shown with the prompt, then with each response, as JSON"),
        Column("gold", "integer", "1 for a gold question, else 0"),
        Column("imported", "integer", "1 if the answer was imported from a file, else 0"),
        Column("meta", "text", "unmapped columns of the imported row, as JSON"),
    ),
    to_rows=_to_rows,
    label_types=(Demonstration, Preference, Ranking, Rating, Verdict),
    includes_uncounted=True,
)
