"""Label Studio format: a task per item with an annotation per answer, and the configuration.

Schemas: https://labelstud.io/guide/tasks#Basic-Label-Studio-JSON-format and
https://labelstud.io/guide/setup. The labeling configuration has a control for each question that
the rows have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from xml.sax.saxutils import quoteattr

from bot.exports.formats.format import (
    Column,
    ExportRow,
    Format,
    FormatFile,
    JsonObject,
    LeftOutLabel,
    WrittenFiles,
)
from bot.exports.formats.questions import (
    CHOICES,
    PROMPT,
    QuestionAnswer,
    answers_of,
    candidates_of,
    fields_of,
    reason_not_shown,
)
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Demonstration, Preference, Ranking, Rating, Verdict

CONFIG_FILE = "label_config.xml"

TAGS = "tags"
"""A column that is in no file: the tags of the configuration, as `kind:name:object`."""

FIELD_TAG = "field"

CONTROL_TAGS = {
    "choice": '<Choices name={name} toName={target} choice="single">{values}</Choices>',
    "number": "<Number name={name} toName={target}/>",
    "text": '<TextArea name={name} toName={target} maxSubmissions="1"/>',
}

VALUE_KEYS = {"choice": "choices", "number": "number", "text": "text"}

RESULT_TYPES = {"choice": "choices", "number": "number", "text": "textarea"}


def _to_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    if reason := reason_not_shown(record.label):
        return LeftOutLabel(reason)
    fields, answers = fields_of(record.label), answers_of(record)
    target = list(fields)[-1] if fields else PROMPT
    models = {
        f"{name}_model": one.model for name, one in candidates_of(record.label).items() if one.model
    }
    annotation: JsonObject = {
        "result": [_result(answer, target, record.expert) for answer in answers],
        "lead_time": record.seconds or 0,
    }
    tags = [f"{FIELD_TAG}:{name}:" for name in fields]
    tags += [f"{answer.type}:{answer.name}:{target}" for answer in answers]
    data: JsonObject = {"id": record.item_key, **fields}
    row: ExportRow = {
        "data": data,
        "meta": {"campaign": record.campaign, "kind": record.kind, **models},
        "annotations": [annotation],
        TAGS: dict.fromkeys(tags, 1.0),
    }
    return [row]


def _result(answer: QuestionAnswer, target: str, expert: str) -> JsonObject:
    is_number = answer.type == "number"
    value = answer.value if is_number else [answer.value]
    return {
        "from_name": control_name(answer.name),
        "to_name": target,
        "type": RESULT_TYPES[answer.type],
        "value": {VALUE_KEYS[answer.type]: value},
        "meta": {"text": [expert]},
    }


def control_name(question: str) -> str:
    """Return the name of the control of a question, which no field has."""
    return f"answer_{question}"


def _join(rows: Sequence[ExportRow]) -> ExportRow:
    """Return the task of an item with the annotations in all of its rows."""
    annotations = [one for row in rows for one in cast("list[JsonObject]", row["annotations"])]
    tags = {name: 1.0 for row in rows for name in cast("dict[str, float]", row[TAGS])}
    return {**rows[0], "annotations": annotations, TAGS: tags}


def _documents(files: WrittenFiles) -> Mapping[str, bytes]:
    """Return the labeling configuration for the fields and questions that the rows have."""
    (tags,) = (column.criteria for column in files.columns if column.name == TAGS)
    fields = [tag for tag in tags if tag.startswith(FIELD_TAG)]
    others = [tag for tag in tags if tag not in fields]
    lines = "".join(f"  {_tag(*_parts_of(tag))}\n" for tag in (*fields, *others))
    return {CONFIG_FILE: f"<View>\n{lines}</View>\n".encode()}


def _parts_of(tag: str) -> tuple[str, str, str]:
    """Return kind, name and object of a tag; only the name may have colons."""
    kind, _, rest = tag.partition(":")
    name, _, target = rest.rpartition(":")
    return kind, name, target


def _tag(kind: str, name: str, target: str) -> str:
    if kind == FIELD_TAG and name == PROMPT:
        return (
            f'<Paragraphs name="{PROMPT}" value="${PROMPT}" nameKey="role" textKey="content" '
            'layout="dialogue"/>'
        )
    if kind == FIELD_TAG:
        return f'<Text name="{name}" value="${name}"/>'
    values = "".join(f"<Choice value={quoteattr(value)}/>" for value in CHOICES.get(name, ()))
    control = quoteattr(control_name(name))
    return CONTROL_TAGS[kind].format(name=control, target=quoteattr(target), values=values)


LABEL_STUDIO = Format(
    name="label-studio",
    description="tasks with the answers of all experts, for Label Studio",
    training_code="",
    columns=(
        Column("data", "json", "key of the item, the prompt as chat messages, and the responses"),
        Column("meta", "json", "campaign, kind, and the model of each response"),
        Column("annotations", "json", "the answer of each expert, whose pseudonym is in `meta`"),
        Column(TAGS, "scores", "fields and questions, for the labeling configuration; in no file"),
    ),
    to_rows=_to_rows,
    label_types=(Demonstration, Preference, Ranking, Rating, Verdict),
    includes_uncounted=True,
    files=(FormatFile("tasks.json", "json", ("data", "meta", "annotations")),),
    documents=_documents,
    loading=(
        f"Create a project with the labeling configuration in `{CONFIG_FILE}`, then import\n"
        "`tasks.json`.\n"
    ),
    target="Label Studio",
    join_rows=_join,
)
