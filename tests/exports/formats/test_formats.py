"""Every format keeps its promises for every kind, and the training formats are TRL's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, cast

import orjson
import pytest

from bot.errors import NotFoundError
from bot.exports.formats import FORMATS, format_named
from bot.exports.formats.format import ChatMessage, ExportRow, Format, SkippedLabel
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

every_format = pytest.mark.parametrize("shape", FORMATS.values(), ids=list(FORMATS))
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))

TYPES = {
    "text": str,
    "integer": int,
    "number": float,
    "messages": list,
    "scores": dict,
    "texts": list,
    "integers": list,
    "conversations": list,
}

TRAINING = ("sft", "preference", "rating")

TRL_READS = {"messages", "label", "tools", "images", "text", "input_ids", "chat_template_kwargs"}
"""Columns to which TRL's trainers give a meaning that ours would not have."""


def _row(shape: Format, labelled: LabelRecord) -> ExportRow:
    rows = shape.to_rows(labelled)
    assert not isinstance(rows, SkippedLabel)
    (row,) = rows
    return row


@every_kind
@every_format
def test_a_row_has_exactly_the_columns_with_their_types_and_nothing_blank(
    shape: Format, kind: Kind[Any], example_of: ExampleOf
) -> None:
    rows = shape.to_rows(example_of(kind))
    if isinstance(rows, SkippedLabel):
        assert rows.reason
        return
    assert rows
    for row in rows:
        assert list(row) == [column.name for column in shape.columns]
        for column in shape.columns:
            assert type(row[column.name]) is TYPES[column.type], column.name
            assert row[column.name] != []


@every_kind
def test_every_kind_has_a_place_in_a_training_format_and_among_the_annotations(
    kind: Kind[Any], example_of: ExampleOf
) -> None:
    labelled = example_of(kind)
    places = [
        name for name in FORMATS if not isinstance(FORMATS[name].to_rows(labelled), SkippedLabel)
    ]
    assert set(places) & set(TRAINING)
    assert places[-1] == "annotations"


@every_kind
@every_format
@pytest.mark.parametrize("bare", [False, True], ids=["with a prompt", "without"])
def test_trl_takes_the_rows_for_conversations_that_a_chat_template_can_write(
    shape: Format, kind: Kind[Any], example_of: ExampleOf, *, bare: bool
) -> None:
    labelled = example_of(kind)
    if bare:
        labelled = replace(labelled, label=replace(labelled.label, prompt=()))
    rows = shape.to_rows(labelled)
    if shape.name not in TRAINING or isinstance(rows, SkippedLabel):
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
def test_training_rows_use_no_other_column_that_trl_reads(name: str) -> None:
    columns = {column.name for column in FORMATS[name].columns}
    assert not columns & TRL_READS
    assert columns & {"prompt", "completion", "chosen", "rejected"} in (
        {"prompt", "completion"},
        {"prompt", "chosen", "rejected"},
    )


def _judged(example_of: ExampleOf, winner: Winner, strength: int | None) -> LabelRecord:
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
def test_the_better_response_is_chosen_with_its_model_and_margin(
    example_of: ExampleOf, winner: Winner, strength: int | None, texts: str, cells: ExportRow
) -> None:
    assert _row(FORMATS["preference"], _judged(example_of, winner, strength)) == {
        "prompt": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "chosen": [{"role": "assistant", "content": texts[0]}],
        "rejected": [{"role": "assistant", "content": texts[1]}],
        **cells,
        "origin": "judged",
        "began_with": "",
        "item": "item-1",
        "expert": "expert-7",
        "campaign": "spring",
        "source": "single",
    }


@pytest.mark.parametrize(
    ("winner", "reason"), [("tie", "a tie"), ("both_bad", "both responses are bad")]
)
def test_what_is_undecided_is_no_preference_but_an_annotation(
    example_of: ExampleOf, winner: Winner, reason: str
) -> None:
    labelled = _judged(example_of, winner, None)
    assert FORMATS["preference"].to_rows(labelled) == SkippedLabel(reason)
    row = _row(FORMATS["annotations"], labelled)
    assert (row["winner"], row["strength"]) == (winner, 0)


def test_a_better_one_than_two_bad_ones_is_preferred_to_both(example_of: ExampleOf) -> None:
    labelled = _judged(example_of, "both_bad", None)
    assert isinstance(labelled.label, Preference)
    label = replace(labelled.label, better_response="Better.", started_from="right")
    labelled = replace(labelled, label=label)
    better = [{"role": "assistant", "content": "Better."}]
    pairs = FORMATS["preference"].to_rows(labelled)
    assert not isinstance(pairs, SkippedLabel)
    assert [(pair["chosen"], pair["rejected"]) for pair in pairs] == [
        (better, [{"role": "assistant", "content": text}]) for text in "LR"
    ]
    assert [pair["rejected_model"] for pair in pairs] == [label.left.model, label.right.model or ""]
    (written,) = [_row(FORMATS["sft"], labelled)]
    for row in (*pairs, written):
        assert (row["origin"], row["began_with"], row["expert"]) == ("written", "right", "expert-7")
    assert written["completion"] == better
    told = _row(FORMATS["annotations"], labelled)
    assert (told["winner"], told["written"], told["began_with"]) == ("both_bad", "Better.", "right")


def test_a_demonstration_is_a_prompt_and_its_completion(example_of: ExampleOf) -> None:
    assert _row(FORMATS["sft"], example_of(DEMONSTRATION)) == {
        "prompt": [{"role": "user", "content": "Explain tides to a child."}],
        "completion": [
            {"role": "assistant", "content": "The moon pulls the sea, and the sea follows it."}
        ],
        "origin": "written",
        "began_with": "",
        "item": "item-1",
        "expert": "expert-7",
        "campaign": "spring",
        "source": "single",
    }


def test_a_conversation_rated_turn_by_turn_is_a_row_a_turn(example_of: ExampleOf) -> None:
    asked = (
        ConversationTurn("user", "Hi"),
        ConversationTurn("assistant", "Hello"),
        ConversationTurn("user", "Bye"),
    )
    turns = (
        RatedTurn(1, asked[:1], "Hello", (("tone", 2),)),
        RatedTurn(2, asked, "Ciao", (("tone", 1),)),
    )
    scores = (("turn1_tone", 2), ("turn2_tone", 1))
    label = Rating(asked, Candidate("Ciao", "wren"), scores, turns)
    labelled = replace(example_of(RATING), label=label)
    rows = FORMATS["rating"].to_rows(labelled)
    assert not isinstance(rows, SkippedLabel)
    assert [(row["turn"], row["scores"], row["model"]) for row in rows] == [
        (1, {"tone": 2}, ""),
        (2, {"tone": 1}, "wren"),
    ]
    assert rows[1]["prompt"] == [turn.as_message() for turn in asked]
    points = _row(FORMATS["annotations"], labelled)["points"]
    assert points == '{"turn1_tone":2,"turn2_tone":1}'


def test_a_rating_has_its_points_by_criterion(example_of: ExampleOf) -> None:
    row = _row(FORMATS["rating"], example_of(RATING))
    assert row["scores"] == {"relevance": 5, "humor": 4, "clarity": 3}
    assert row["model"] == "kestrel-large"


def test_a_ranking_becomes_every_pair_that_it_decides(example_of: ExampleOf) -> None:
    rows = FORMATS["preference"].to_rows(example_of(RANKING))
    assert not isinstance(rows, SkippedLabel)
    texts = [one.text for one in RANKING.example.content.candidates]

    def place(row: ExportRow, name: str) -> int:
        (message,) = cast("list[ChatMessage]", row[name])
        return texts.index(message["content"])

    pairs = [(place(row, "chosen"), place(row, "rejected"), row["margin"]) for row in rows]
    assert pairs == [(1, 0, 1.0), (1, 2, 1.0)]
    assert {row["chosen_model"] for row in rows} == {"heron-7b"}


def test_a_ranking_is_kept_whole_as_well(example_of: ExampleOf) -> None:
    row = _row(FORMATS["ranking"], example_of(RANKING))
    assert row["ranks"] == [2, 1, 2]
    assert row["models"] == ["wren-mini", "heron-7b", "dunlin-chat"]
    assert cast("list[list[ChatMessage]]", row["candidates"])[1] == [
        {"role": "assistant", "content": "Water turns solid at 0 °C, at sea level."}
    ]


def test_where_all_tie_nothing_is_preferred(example_of: ExampleOf) -> None:
    labelled = example_of(RANKING)
    label = RANKING.example.label
    assert isinstance(label, Ranking)
    tied = replace(labelled, label=replace(label, ranks=(1, 1, 1)))
    assert FORMATS["preference"].to_rows(tied) == SkippedLabel("all of them tie")


def _verdict(verdict: Judgment, corrected: str | None = None) -> Verdict:
    label = CURATION.example.label
    assert isinstance(label, Verdict)
    return replace(label, verdict=verdict, corrected_text=corrected)


VERDICTS: list[tuple[Judgment, str | None, str]] = [
    ("good", None, "Lima!!! Call me: 555 0199"),
    ("corrected", "Lima.", "Lima."),
]


@pytest.mark.parametrize(("verdict", "corrected", "text"), VERDICTS)
def test_what_stands_after_a_verdict_is_trained_on(
    example_of: ExampleOf, verdict: Judgment, corrected: str | None, text: str
) -> None:
    labelled = example_of(CURATION)
    row = _row(FORMATS["sft"], replace(labelled, label=_verdict(verdict, corrected)))
    assert row["completion"] == [{"role": "assistant", "content": text}]


def test_what_is_dropped_is_a_verdict_and_nothing_to_train_on(example_of: ExampleOf) -> None:
    remark = Rationale("Spam.", ("noise", "personal_data"))
    labelled = replace(example_of(CURATION), label=_verdict("bad"), rationale=remark, level=2)
    assert FORMATS["sft"].to_rows(labelled) == SkippedLabel("judged as bad")
    row = _row(FORMATS["verdict"], labelled)
    assert (row["verdict"], row["corrected"], row["level"]) == ("bad", "", 2)
    assert (row["reason"], row["categories"]) == ("Spam.", "noise, personal_data")


def test_what_is_not_confirmed_yet_trains_nothing(example_of: ExampleOf) -> None:
    waiting = replace(example_of(CURATION), level=1, required_levels=2)
    assert FORMATS["sft"].rows_of(waiting) == SkippedLabel("not confirmed yet")
    assert not isinstance(FORMATS["sft"].rows_of(replace(waiting, level=2)), SkippedLabel)
    assert not isinstance(FORMATS["annotations"].rows_of(waiting), SkippedLabel)


def test_annotations_hold_everything(example_of: ExampleOf) -> None:
    berlin = timezone(timedelta(hours=1))
    labelled = replace(
        example_of(COMPARISON),
        answered_at=datetime(2026, 3, 1, 0, 30, tzinfo=berlin),
        shown={"b": "Nine.", "a": "Seven."},
        rationale=Rationale("Nine is three times three.", ("facts",), 3),
    )
    row = _row(FORMATS["annotations"], labelled)
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


def test_annotations_of_other_kinds_hold_their_own_parts(example_of: ExampleOf) -> None:
    written = _row(FORMATS["annotations"], example_of(DEMONSTRATION))
    assert written["draft"] == "Tides are water."
    assert written["response"] == "The moon pulls the sea, and the sea follows it."
    rated = _row(FORMATS["annotations"], example_of(RATING))
    assert rated["rated"] == "Mine has a leak. It is under investigation."
    assert rated["rated_model"] == "kestrel-large"
    assert orjson.loads(cast("str", rated["points"])) == {"relevance": 5, "humor": 4, "clarity": 3}


def test_formats_are_found_by_name() -> None:
    assert all(format_named(name) is shape for name, shape in FORMATS.items())
    assert all(shape.name == name for name, shape in FORMATS.items())
    with pytest.raises(
        NotFoundError, match="sft, preference, ranking, rating, verdict, annotations"
    ):
        format_named("dpo")
