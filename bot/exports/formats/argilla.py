"""Argilla format: a record per item, with the responses of all experts.

Schema: `Record.from_dict` of the Argilla SDK, which `rg.Dataset.records.from_json` reads
(https://docs.argilla.io/latest/how_to_guides/import_export/). Argilla identifies people by UUID, so
each expert has one that is derived from the pseudonym.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from bot.exports.formats.format import (
    Column,
    ExportRow,
    Format,
    FormatFile,
    JsonObject,
    LeftOutLabel,
)
from bot.exports.formats.questions import (
    QuestionAnswer,
    answers_of,
    candidates_of,
    fields_of,
    reason_not_shown,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Demonstration, Preference, Ranking, Rating, Verdict

NAMESPACE = uuid5(NAMESPACE_URL, "https://labelbot/experts")


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    if reason := reason_not_shown(record.label):
        return LeftOutLabel(reason)
    models = {
        f"{name}_model": one.model for name, one in candidates_of(record.label).items() if one.model
    }
    metadata: JsonObject = {"campaign": record.campaign, "kind": record.kind, **models}
    user = str(uuid5(NAMESPACE, record.expert))
    responses: JsonObject = {
        answer.name: [{"value": _value_of(answer), "user_id": user, "status": "submitted"}]
        for answer in answers_of(record)
    }
    row: ExportRow = {
        "id": record.item_key,
        "fields": cast("JsonObject", fields_of(record.label)),
        "metadata": metadata,
        "suggestions": {},
        "responses": responses,
        "vectors": {},
        "status": "completed",
    }
    return [row]


def _value_of(answer: QuestionAnswer) -> object:
    """Return the value; a rating in Argilla is an integer."""
    is_whole = isinstance(answer.value, float) and answer.value.is_integer()
    return int(answer.value) if is_whole else answer.value


def _join(rows: Sequence[ExportRow]) -> ExportRow:
    """Return the record of an item with the responses in all of its rows."""
    responses: dict[str, list[object]] = {}
    for row in rows:
        for name, given in cast("dict[str, list[object]]", row["responses"]).items():
            responses.setdefault(name, []).extend(given)
    return {**rows[0], "responses": cast("JsonObject", responses)}


ARGILLA = Format(
    name="argilla",
    description="records with the answers of all experts, for Argilla",
    training_code="",
    columns=(
        Column("id", "text", "key of the item, as imported"),
        Column("fields", "json", "the prompt as chat messages, the draft, and the responses"),
        Column("metadata", "json", "campaign, kind, and the model of each response"),
        Column("suggestions", "json", "empty"),
        Column("responses", "json", "by question, the answer of each expert"),
        Column("vectors", "json", "empty"),
        Column("status", "text", "completed"),
    ),
    to_rows=_to_rows,
    label_types=(Demonstration, Preference, Ranking, Rating, Verdict),
    includes_uncounted=True,
    files=(FormatFile("records.json", "json"),),
    loading=(
        "```python\n"
        "import argilla\n\n"
        'dataset = argilla.Argilla().datasets("NAME")  # with these fields and questions\n'
        'dataset.records.from_json("records.json")\n'
        "```\n"
    ),
    target="Argilla",
    join_rows=_join,
)
