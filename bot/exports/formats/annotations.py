"""Everything: one row an annotation, ties and raw answers included, to study rather than train."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_never

import orjson

from bot.exports.formats.format import Column, ExportRow, Format, prompt_messages
from bot.exports.label_record import LabelRecord
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
        **_rationale_cells(record.rationale),
        "value": _dump_json(record.value),
        "order": _dump_json(list(record.order)),
        "shown": _dump_json(record.shown or {}),
        "media": _dump_json([[one.as_dict() for one in shown] for shown in record.media]),
        "gold": int(record.is_gold),
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
    "written": "",
    "began_with": "",
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
        "written": label.better_response or "",
        "began_with": label.started_from or "",
    }


def _rationale_cells(rationale: Rationale) -> ExportRow:
    return {
        "reason": rationale.reason or "",
        "categories": _dump_json(list(rationale.categories)),
        "confidence": rationale.confidence or 0,
    }


def _format_time(moment: datetime) -> str:
    """Return RFC 3339 in UTC.

    Always with microseconds: without them, `datasets` would take the column of a JSON file for
    naive timestamps, and the same rows in Parquet for texts.
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _dump_json(value: object) -> str:
    """Return JSON with sorted keys: of varying shape, so no column type fits all rows."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


ANNOTATIONS = Format(
    name="annotations",
    description="every annotation with all that is known about it, ties included, to study",
    training_code="",
    columns=(
        Column("item", "text", "key of the item, as imported"),
        Column("campaign", "text", "name of the campaign"),
        Column("kind", "text", "what was asked: the kind of the campaign"),
        Column("expert", "text", "pseudonym of the expert"),
        Column("answered_at", "text", "when, in UTC (RFC 3339)"),
        Column("version", "integer", "1 for a first answer, one more for each change"),
        Column("guidelines_version", "integer", "the guidelines that were in force"),
        Column("seconds", "integer", "time at the task, pauses left out; 0 if not measured"),
        Column("paused", "integer", "1 if the expert was away meanwhile, else 0"),
        Column("prompt", "messages", "the conversation up to the response"),
        Column("response", "text", "demonstration: what the expert wrote"),
        Column("draft", "text", "demonstration: what the expert started from"),
        Column("left", "text", "comparison: the response imported first"),
        Column("right", "text", "comparison: the response imported second"),
        Column("left_model", "text", "comparison: who wrote the left response"),
        Column("right_model", "text", "comparison: who wrote the right response"),
        Column("winner", "text", "comparison: left, right, tie or both_bad"),
        Column("strength", "integer", "comparison: -3 (left) to 3 (right); 0 if not asked or even"),
        Column("written", "text", "comparison: the better response, if both were bad"),
        Column("began_with", "text", "comparison: left, right or nothing: what that began with"),
        Column("rated", "text", "rating: the response"),
        Column("rated_model", "text", "rating: who wrote the response"),
        Column("points", "text", "rating: the points on each criterion (of each turn), as JSON"),
        Column("ranked", "text", "ranking: the responses as imported, as JSON"),
        Column("ranks", "text", "ranking: the rank of each, 1 is best, as JSON"),
        Column("ranked_models", "text", "ranking: who wrote each, as JSON"),
        Column("judged", "text", "validation, curation: the text in question"),
        Column("judged_model", "text", "validation, curation: who wrote the text"),
        Column("verdict", "text", "validation, curation: good, bad or corrected"),
        Column("corrected", "text", "validation, curation: the corrected text"),
        Column("level", "integer", "2 if a second expert confirmed it, else 1"),
        Column("source", "text", "unanimous, majority, split, single or adjudicated"),
        Column("reason", "text", "why, in the expert's words"),
        Column("categories", "text", "why, as keys of the campaign's reasons, as JSON"),
        Column("confidence", "integer", "how sure, 1 to 3; 0 if not asked"),
        Column("value", "text", "the answer as the expert gave it, as JSON"),
        Column("order", "text", "imported place of each shown response, as JSON"),
        Column("shown", "text", "what was on the screen, as JSON"),
        Column("media", "text", "links shown with the prompt, then with each response, as JSON"),
        Column("gold", "integer", "1 if the right answer was known and mixed in, else 0"),
        Column("meta", "text", "every other column of the imported row, as JSON"),
    ),
    to_rows=_to_rows,
    includes_uncounted=True,
)
