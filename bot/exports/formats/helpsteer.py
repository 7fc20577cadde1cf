"""HelpSteer formats: responses with a column per attribute, and pairs from -3 to 3.

Schemas: the cards of https://huggingface.co/datasets/nvidia/HelpSteer2 (`prompt`, `response` and
attributes from 0) and https://huggingface.co/datasets/nvidia/HelpSteer3 (`context`, `response1`,
`response2` and `overall_preference`, from -3 if response 1 is much better to 3 if response 2 is).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from bot.exports.formats.derived_format import Conversion, derive_format
from bot.exports.formats.format import (
    SOURCE_COLUMNS,
    ChatMessage,
    Column,
    ExportRow,
    Format,
    LeftOutLabel,
    prompt_messages,
    response_messages,
    round_cell,
    source_cells,
)
from bot.exports.formats.messages import SEVERAL_MESSAGES, messages_in, reason_against
from bot.exports.formats.rating import RATING
from bot.exports.label_record import LabelRecord
from bot.exports.row_options import Aggregate
from bot.kinds.label import Preference
from bot.quality.aggregation.shares import mean_of, point_shares
from bot.quality.votes import STRENGTH

TURN_MARKER = "<extra_id_1>"
"""Begins each turn of a prompt after the first, followed by the role and a line break."""

TURN_NAMES = {"user": "User", "assistant": "Assistant"}

LARGEST_PREFERENCE = 3

NO_SYSTEM_MESSAGES = "the prompt has a message that is neither of a user nor of an assistant"
HAS_MARKER = "the prompt contains the mark of a turn"
NOT_ASKED = "the campaign did not ask how much better a response is"


def _convert_rating(row: ExportRow) -> ExportRow | LeftOutLabel:
    prompt, response = messages_in(row["prompt"]), messages_in(row["completion"])
    if reason := _reason_against_text(prompt, response):
        return LeftOutLabel(reason)
    scores = cast("dict[str, float]", row["scores"])
    return {
        "prompt": _prompt_text(prompt),
        "response": response[0]["content"],
        "attributes": {key: score - 1 for key, score in scores.items()},
    }


def _reason_against_text(prompt: Sequence[ChatMessage], response: Sequence[ChatMessage]) -> str:
    """Return why a prompt and a response cannot be one text each; empty: they can."""
    if len(response) > 1:
        return SEVERAL_MESSAGES
    if any(message["role"] not in TURN_NAMES for message in prompt):
        return NO_SYSTEM_MESSAGES
    if any(TURN_MARKER in message["content"] for message in prompt):
        return HAS_MARKER
    return reason_against([*prompt, *response])


def _prompt_text(prompt: Sequence[ChatMessage]) -> str:
    first, *others = prompt
    turns = (f"\n{TURN_MARKER}{TURN_NAMES[turn['role']]}\n{turn['content']}" for turn in others)
    return first["content"] + "".join(turns)


HELPSTEER = replace(
    derive_format(
        RATING,
        Conversion(
            ("prompt", "completion", "scores", "soft_label", "spread"),
            (
                Column("prompt", "text", "the conversation up to the response"),
                Column("response", "text", "the rated response"),
                Column("attributes", "scores", "the score on each criterion, 0 is worst"),
            ),
            _convert_rating,
        ),
    ),
    name="helpsteer",
    description="rated responses with a column per criterion, as in HelpSteer 1 and 2",
    target="HelpSteer",
    flattened="attributes",
)


def _preference_rows(record: LabelRecord) -> list[ExportRow] | LeftOutLabel:
    label = record.label
    if not isinstance(label, Preference):
        return LeftOutLabel("not a comparison")
    if label.winner == "both_bad":
        return LeftOutLabel("both responses are bad")
    preference = _overall_preference(record, label)
    responses = [response_messages(side) for side in (label.left, label.right)]
    if preference is None:
        return LeftOutLabel(NOT_ASKED)
    if any(len(response) > 1 for response in responses):
        return LeftOutLabel(SEVERAL_MESSAGES)
    context = prompt_messages(label.prompt)
    if reason := reason_against([*context, *responses[0], *responses[1]], has_reasoning=False):
        return LeftOutLabel(reason)
    mean, overall = preference
    row: ExportRow = {
        "context": context,
        "response1": responses[0][0]["content"],
        "response2": responses[1][0]["content"],
        "overall_preference": overall,
        "mean_preference": round_cell(mean),
        "reasoning": record.rationale.reason or "",
        "model1": label.left.model or "",
        "model2": label.right.model or "",
        **source_cells(record),
    }
    return [row]


def _overall_preference(record: LabelRecord, label: Preference) -> tuple[float, int] | None:
    """Return the mean strength of the answers and the nearest one in favor of the winner.

    None if the campaign did not ask for strengths.
    """
    shares = record.shares.get((STRENGTH, ""))
    if shares:
        mean = mean_of(point_shares(shares))
    elif label.strength is not None:
        mean = float(label.strength)
    else:
        return None
    if label.winner == "tie":
        return mean, 0
    sign = 1 if label.winner == "right" else -1
    return mean, sign * min(max(round(sign * mean), 1), LARGEST_PREFERENCE)


HELPSTEER_PREFERENCE = Format(
    name="helpsteer-preference",
    description="pairs with a preference from -3 to 3, with ties, as in HelpSteer 2 and 3",
    training_code="",
    columns=(
        Column("context", "messages", "the conversation up to the responses"),
        Column("response1", "text", "the response imported first"),
        Column("response2", "text", "the response imported second"),
        Column(
            "overall_preference",
            "integer",
            "-3 if response 1 is much better, 0 if they are even, 3 if response 2 is much better",
        ),
        Column("mean_preference", "number", "mean of the answers, on the same scale"),
        Column("reasoning", "text", "reasons of the experts who agree, one per line"),
        Column("model1", "text", "model of response 1; empty if unknown"),
        Column("model2", "text", "model of response 2; empty if unknown"),
        *SOURCE_COLUMNS,
    ),
    to_rows=_preference_rows,
    label_types=(Preference,),
    aggregated_types=(Preference,),
    default_aggregate=Aggregate.MAJORITY,
    target="HelpSteer",
)
