"""Export formats: columns, types, rows per kind, and compatibility with TRL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import orjson
import pytest

from bot.errors import NotFoundError
from bot.exports.formats import FORMATS, format_named
from bot.exports.formats.format import ChatMessage, ExportRow, Format, LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.curation import CURATION
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import Judgment, Preference, Ranking, RatedTurn, Rating, Verdict, Winner
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING
from bot.kinds.rationale import Rationale

ExampleOf = Callable[[Kind[Any]], LabelRecord]

every_format = pytest.mark.parametrize("export_format", FORMATS.values(), ids=list(FORMATS))
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))

TYPES = {
    "text": str,
    "integer": int,
    "number": float,
    "message": dict,
    "boolean": bool,
    "messages": list,
    "scores": dict,
    "texts": list,
    "integers": list,
    "numbers": list,
    "conversations": list,
}

TRAINING = ("sft", "preference", "rating")

TRL_READS = {"messages", "label", "tools", "images", "text", "input_ids", "chat_template_kwargs"}
"""Column names with a special meaning for TRL's trainers."""


def _row(export_format: Format, record: LabelRecord) -> ExportRow:
    rows = export_format.to_rows(record)
    assert not isinstance(rows, LeftOutLabel)
    (row,) = rows
    return row


@every_kind
@every_format
def test_row_has_exactly_its_columns_with_their_types_and_no_empty_list(
    export_format: Format, kind: Kind[Any], example_of: ExampleOf
) -> None:
    rows = export_format.to_rows(example_of(kind))
    if isinstance(rows, LeftOutLabel):
        assert rows.reason
        return
    assert rows
    for row in rows:
        assert list(row) == [column.name for column in export_format.columns]
        for column in export_format.columns:
            if column.type != "json":
                assert type(row[column.name]) is TYPES[column.type], column.name
            assert row[column.name] != [] or export_format.target == "spreadsheets"


@every_kind
def test_every_kind_has_rows_in_a_training_format_and_in_annotations(
    kind: Kind[Any], example_of: ExampleOf
) -> None:
    record = example_of(kind)
    formats = [
        name
        for name, one in FORMATS.items()
        if not one.target and not isinstance(one.to_rows(record), LeftOutLabel)
    ]
    assert set(formats) & set(TRAINING)
    assert formats[-1] == "annotations"


@every_kind
@every_format
@pytest.mark.parametrize("has_prompt", [True, False], ids=["with a prompt", "without"])
def test_training_rows_are_conversations_for_trl_and_chat_templates(
    export_format: Format, kind: Kind[Any], example_of: ExampleOf, *, has_prompt: bool
) -> None:
    record = example_of(kind)
    if not has_prompt:
        record = replace(record, label=replace(record.label, prompt=()))
    rows = export_format.to_rows(record)
    if export_format.name not in TRAINING or isinstance(rows, LeftOutLabel):
        return
    for row in rows:
        _check_conversation(row)


def _check_conversation(row: ExportRow) -> None:
    prompt = cast("list[ChatMessage]", row["prompt"])
    assert prompt
    assert prompt[-1]["role"] == "user"
    for name in {"completion", "chosen", "rejected"} & set(row):
        response = cast("list[ChatMessage]", row[name])
        assert [message["role"] for message in response] == ["assistant"]
        assert response[0]["content"]
    cells = [row[name] for name in {"prompt", "completion", "chosen", "rejected"} & set(row)]
    messages = [message for cell in cells for message in cast("list[ChatMessage]", cell)]
    assert all(list(message) == ["role", "content"] for message in messages)


@pytest.mark.parametrize("name", TRAINING)
def test_training_rows_have_no_other_column_that_trl_reads(name: str) -> None:
    columns = {column.name for column in FORMATS[name].columns}
    assert not columns & TRL_READS
    assert columns & {"prompt", "completion", "chosen", "rejected"} in (
        {"prompt", "completion"},
        {"prompt", "chosen", "rejected"},
    )


def _preference_record(example_of: ExampleOf, winner: Winner, strength: int | None) -> LabelRecord:
    label = Preference(
        prompt=(ConversationTurn("system", "Be brief."), ConversationTurn("user", "Hi")),
        left=Candidate("L", "wren"),
        right=Candidate("R"),
        winner=winner,
        strength=strength,
    )
    return replace(example_of(COMPARISON), label=label)


LEFT_CELLS: ExportRow = {"chosen_model": "wren", "rejected_model": ""}
RIGHT_CELLS: ExportRow = {"chosen_model": "", "rejected_model": "wren"}


@pytest.mark.parametrize(
    ("winner", "strength", "texts", "cells"),
    [
        ("left", None, "LR", LEFT_CELLS | {"margin": 0.0}),
        ("right", None, "RL", RIGHT_CELLS | {"margin": 0.0}),
        ("left", -3, "LR", LEFT_CELLS | {"margin": 3.0}),
        ("right", 1, "RL", RIGHT_CELLS | {"margin": 1.0}),
    ],
)
def test_better_response_is_chosen_with_its_model_and_margin(
    example_of: ExampleOf, winner: Winner, strength: int | None, texts: str, cells: ExportRow
) -> None:
    assert _row(FORMATS["preference"], _preference_record(example_of, winner, strength)) == {
        "prompt": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "chosen": [{"role": "assistant", "content": texts[0]}],
        "rejected": [{"role": "assistant", "content": texts[1]}],
        "soft_label": 1.0,
        **cells,
        "origin": "judged",
        "started_from": "",
        "item": "item-1",
        "expert": "expert-7",
        "campaign": "spring",
        "source": "single",
        "with_majority": 1,
        "votes": 1,
        "agreement": 1.0,
    }


@pytest.mark.parametrize(
    ("winner", "reason"), [("tie", "tie"), ("both_bad", "both responses are bad")]
)
def test_undecided_pair_is_only_in_annotations(
    example_of: ExampleOf, winner: Winner, reason: str
) -> None:
    record = _preference_record(example_of, winner, None)
    assert FORMATS["preference"].to_rows(record) == LeftOutLabel(reason)
    row = _row(FORMATS["annotations"], record)
    assert (row["winner"], row["strength"]) == (winner, 0)


def test_written_better_response_is_preferred_to_both(example_of: ExampleOf) -> None:
    record = _preference_record(example_of, "both_bad", None)
    assert isinstance(record.label, Preference)
    label = replace(record.label, better_response="Better.", started_from="right")
    record = replace(record, label=label)
    better = [{"role": "assistant", "content": "Better."}]
    pairs = FORMATS["preference"].to_rows(record)
    assert not isinstance(pairs, LeftOutLabel)
    assert [(pair["chosen"], pair["rejected"]) for pair in pairs] == [
        (better, [{"role": "assistant", "content": text}]) for text in "LR"
    ]
    assert [pair["rejected_model"] for pair in pairs] == [label.left.model, label.right.model or ""]
    sft_row = _row(FORMATS["sft"], record)
    for row in (*pairs, sft_row):
        assert (row["origin"], row["started_from"], row["expert"]) == (
            "written",
            "right",
            "expert-7",
        )
    assert sft_row["completion"] == better
    row = _row(FORMATS["annotations"], record)
    assert (row["winner"], row["better_response"], row["started_from"]) == (
        "both_bad",
        "Better.",
        "right",
    )


def test_demonstration_becomes_prompt_and_completion(example_of: ExampleOf) -> None:
    assert _row(FORMATS["sft"], example_of(DEMONSTRATION)) == {
        "prompt": [{"role": "user", "content": "Explain tides to a child."}],
        "completion": [
            {"role": "assistant", "content": "The moon pulls the sea, and the sea follows it."}
        ],
        "origin": "written",
        "started_from": "",
        "item": "item-1",
        "expert": "expert-7",
        "campaign": "spring",
        "source": "single",
        "with_majority": 1,
        "votes": 1,
        "agreement": 1.0,
    }


def test_conversation_rated_by_turn_has_a_row_per_turn(example_of: ExampleOf) -> None:
    prompt = (
        ConversationTurn("user", "Hi"),
        ConversationTurn("assistant", "Hello"),
        ConversationTurn("user", "Bye"),
    )
    turns = (
        RatedTurn(1, prompt[:1], "Hello", (("tone", 2),)),
        RatedTurn(2, prompt, "Ciao", (("tone", 1),)),
    )
    scores = (("turn1_tone", 2), ("turn2_tone", 1))
    label = Rating(prompt, Candidate("Ciao", "wren"), scores, turns)
    record = replace(example_of(RATING), label=label)
    rows = FORMATS["rating"].to_rows(record)
    assert not isinstance(rows, LeftOutLabel)
    assert [(row["turn"], row["scores"], row["model"]) for row in rows] == [
        (1, {"tone": 2}, ""),
        (2, {"tone": 1}, "wren"),
    ]
    assert rows[1]["prompt"] == [turn.as_message() for turn in prompt]
    points = _row(FORMATS["annotations"], record)["points"]
    assert points == '{"turn1_tone":2,"turn2_tone":1}'


def test_rating_has_a_score_per_criterion(example_of: ExampleOf) -> None:
    row = _row(FORMATS["rating"], example_of(RATING))
    assert row["scores"] == {"relevance": 5, "humor": 4, "clarity": 3}
    assert row["model"] == "kestrel-large"


def test_ranking_becomes_every_decided_pair(example_of: ExampleOf) -> None:
    rows = FORMATS["preference"].to_rows(example_of(RANKING))
    assert not isinstance(rows, LeftOutLabel)
    texts = [candidate.text for candidate in RANKING.example.content.candidates]

    def position(row: ExportRow, name: str) -> int:
        (message,) = cast("list[ChatMessage]", row[name])
        return texts.index(message["content"])

    pairs = [(position(row, "chosen"), position(row, "rejected"), row["margin"]) for row in rows]
    assert pairs == [(1, 0, 1.5), (1, 2, 1.5)]
    assert {row["chosen_model"] for row in rows} == {"heron-7b"}


def test_ranking_format_has_all_ranks(example_of: ExampleOf) -> None:
    row = _row(FORMATS["ranking"], example_of(RANKING))
    assert row["ranks"] == [2, 1, 2]
    assert row["models"] == ["wren-mini", "heron-7b", "dunlin-chat"]
    assert cast("list[list[ChatMessage]]", row["candidates"])[1] == [
        {"role": "assistant", "content": "Water turns solid at 0 °C, at sea level."}
    ]


def test_ranking_with_only_ties_has_no_pairs(example_of: ExampleOf) -> None:
    record = example_of(RANKING)
    label = RANKING.example.label
    assert isinstance(label, Ranking)
    tied = replace(record, label=replace(label, ranks=(1, 1, 1)))
    assert FORMATS["preference"].to_rows(tied) == LeftOutLabel("all responses tied")


def _verdict(verdict: Judgment, corrected: str | None = None) -> Verdict:
    label = CURATION.example.label
    assert isinstance(label, Verdict)
    return replace(label, verdict=verdict, corrected_text=corrected)


VERDICTS: list[tuple[Judgment, str | None, str]] = [
    ("good", None, "Lima!!! Call me: 555 0199"),
    ("corrected", "Lima.", "Lima."),
]


@pytest.mark.parametrize(("verdict", "corrected", "text"), VERDICTS)
def test_good_or_corrected_text_is_trained_on(
    example_of: ExampleOf, verdict: Judgment, corrected: str | None, text: str
) -> None:
    record = example_of(CURATION)
    row = _row(FORMATS["sft"], replace(record, label=_verdict(verdict, corrected)))
    assert row["completion"] == [{"role": "assistant", "content": text}]


def test_bad_text_is_only_in_verdicts(example_of: ExampleOf) -> None:
    rationale = Rationale("Spam.", ("low_quality", "personal_data"))
    record = replace(example_of(CURATION), label=_verdict("bad"), rationale=rationale, level=2)
    assert FORMATS["sft"].to_rows(record) == LeftOutLabel("judged bad")
    row = _row(FORMATS["verdict"], record)
    assert (row["verdict"], row["corrected"], row["level"]) == ("bad", "", 2)
    assert (row["reason"], row["categories"]) == ("Spam.", "low_quality, personal_data")


def test_unconfirmed_answer_is_not_in_training_formats(example_of: ExampleOf) -> None:
    unconfirmed = replace(example_of(CURATION), level=1, required_levels=2)
    assert FORMATS["sft"].rows_of(unconfirmed) == LeftOutLabel("not yet confirmed")
    assert not isinstance(FORMATS["sft"].rows_of(replace(unconfirmed, level=2)), LeftOutLabel)
    assert not isinstance(FORMATS["annotations"].rows_of(unconfirmed), LeftOutLabel)


def test_annotations_have_all_metadata(example_of: ExampleOf) -> None:
    berlin = timezone(timedelta(hours=1))
    record = replace(
        example_of(COMPARISON),
        answered_at=datetime(2026, 3, 1, 0, 30, tzinfo=berlin),
        shown={"b": "Nine.", "a": "Seven."},
        rationale=Rationale("Nine is three times three.", ("facts",), 3),
    )
    row = _row(FORMATS["annotations"], record)
    assert row["answered_at"] == "2026-02-28T23:30:00.000000Z"
    assert (row["kind"], row["version"], row["guidelines_version"]) == ("comparison", 2, 1)
    assert (row["left"], row["left_model"]) == ("Nine.", "wren-mini")
    assert (row["right"], row["right_model"]) == ("Seven.", "heron-7b")
    assert (row["winner"], row["strength"]) == ("right", 3)
    assert row["reason"] == "Nine is three times three."
    assert (row["categories"], row["confidence"]) == ('["facts"]', 3)
    assert row["value"] == '{"verdict":"a3"}'
    assert row["order"] == "[1,0]"
    assert row["shown"] == '{"a":"Seven.","b":"Nine."}'
    assert row["meta"] == '{"a":"é","b":[1,null]}'


def test_annotations_have_the_cells_of_each_kind(example_of: ExampleOf) -> None:
    demonstration = _row(FORMATS["annotations"], example_of(DEMONSTRATION))
    assert demonstration["draft"] == "Tides are water."
    assert demonstration["response"] == "The moon pulls the sea, and the sea follows it."
    rating = _row(FORMATS["annotations"], example_of(RATING))
    assert rating["rated"] == "Mine has a leak. It is under investigation."
    assert rating["rated_model"] == "kestrel-large"
    assert orjson.loads(cast("str", rating["points"])) == {"relevance": 5, "humor": 4, "clarity": 3}


def test_formats_are_found_by_name() -> None:
    assert all(format_named(name) is export_format for name, export_format in FORMATS.items())
    assert all(export_format.name == name for name, export_format in FORMATS.items())
    with pytest.raises(NotFoundError, match="sft, preference, ranking, rating, verdict"):
        format_named("dpo")
