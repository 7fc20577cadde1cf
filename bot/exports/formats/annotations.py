"""Everything: one row an annotation, ties and raw answers included, to study rather than train."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_never

import orjson

from bot.exports.formats.format import Column, Format, Row, prompt_of
from bot.exports.labelled import Labelled
from bot.kinds.label import Demonstration, Label, Preference, Ranking, Rating, Verdict
from bot.kinds.remark import Remark


def _rows(labelled: Labelled) -> list[Row]:
    return [_row(labelled)]


def _row(labelled: Labelled) -> Row:
    return {
        "item": labelled.item,
        "campaign": labelled.campaign,
        "kind": labelled.kind,
        "expert": labelled.expert,
        "answered_at": _moment(labelled.answered_at),
        "version": labelled.version,
        "guidelines_version": labelled.guidelines_version,
        "seconds": labelled.seconds or 0,
        "paused": int(labelled.paused),
        "prompt": prompt_of(labelled.label.prompt),
        **_NO_LABEL,
        **_label(labelled.label),
        "level": labelled.level,
        "source": labelled.source,
        **_remark(labelled.remark),
        "value": _json(labelled.value),
        "order": _json(list(labelled.order)),
        "shown": _json(labelled.shown or {}),
        "media": _json([[one.as_dict() for one in shown] for shown in labelled.media]),
        "gold": int(labelled.is_gold),
        "meta": _json(labelled.meta),
    }


_NO_LABEL: Row = {
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


def _label(label: Label) -> Row:
    match label:
        case Demonstration():
            return {"response": label.response, "draft": label.draft or ""}
        case Preference():
            return _preference(label)
        case Rating():
            return {
                "rated": label.rated.text,
                "rated_model": label.rated.model or "",
                "points": _json(dict(label.scores)),
            }
        case Ranking():
            return {
                "ranked": _json([candidate.text for candidate in label.candidates]),
                "ranks": _json(list(label.ranks)),
                "ranked_models": _json([candidate.model or "" for candidate in label.candidates]),
            }
        case Verdict():
            return {
                "judged": label.judged.text,
                "judged_model": label.judged.model or "",
                "verdict": label.verdict,
                "corrected": label.corrected or "",
            }
    assert_never(label)


def _preference(label: Preference) -> Row:
    return {
        "left": label.left.text,
        "right": label.right.text,
        "left_model": label.left.model or "",
        "right_model": label.right.model or "",
        "winner": label.winner,
        "strength": label.strength or 0,
        "written": label.written or "",
        "began_with": label.began or "",
    }


def _remark(remark: Remark) -> Row:
    return {
        "reason": remark.reason or "",
        "categories": _json(list(remark.categories)),
        "confidence": remark.confidence or 0,
    }


def _moment(moment: datetime) -> str:
    """Return RFC 3339 in UTC.

    Always with microseconds: without them, `datasets` would take the column of a JSON file for
    naive timestamps, and the same rows in Parquet for texts.
    """
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _json(value: object) -> str:
    """Return JSON with sorted keys: of varying shape, so no column type fits all rows."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


ANNOTATIONS = Format(
    name="annotations",
    says="every annotation with all that is known about it, ties included, to study",
    trains="",
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
    rows=_rows,
    takes_all=True,
)
