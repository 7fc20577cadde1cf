"""Values of existing answers, as files of many tools write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.imports.answers import ANSWER_FORMATS
from bot.imports.answers.mapping import AnswerMapping, ValueMeaningError
from bot.imports.answers.reader import AnswerReader, ImportedAnswer
from bot.imports.mapping import ColumnMapping, MappingError
from bot.imports.row import InvalidRowError, Row
from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn

PROMPT = (ConversationTurn("user", "Why?"),)
PAIR = Content(PROMPT, (Candidate("Because.", "gpt-4"), Candidate("No idea", "llama 2")))
TRIPLE = Content(PROMPT, tuple(Candidate(f"text {m}", m) for m in ("m1", "m2", "m3")))
TEXT = Content(PROMPT, (Candidate("A text."),))
DIALOGUE = Content(
    (*PROMPT, ConversationTurn("assistant", "So."), *PROMPT), (Candidate("Well, so."),)
)

SCORE = {"criteria": [{"key": "score", "label": "Score", "anchors": ["bad", "so-so", "good"]}]}
PER_TURN = {**SCORE, "per_turn": True}


def reader_of(  # noqa: PLR0913, PLR0917 - what a reader is built from
    kind: str,
    mappings: Sequence[str] = ("answer=a",),
    rows: Sequence[Mapping[str, object]] = (),
    columns: ColumnMapping | None = None,
    meanings: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> AnswerReader:
    """Return a reader of a file with these rows."""
    return AnswerReader.build(
        AnswerMapping.parse(mappings, meanings),
        KINDS[kind],
        KINDS[kind].settings.model_validate(settings or {}),
        columns or ColumnMapping(),
        lambda: [Row(number, fields) for number, fields in enumerate(rows, start=1)],
    )


def read(
    kind: str,
    value: object,
    content: Content,
    **options: Any,  # noqa: ANN401 - any option of reader_of
) -> dict[str, object]:
    """Return the one answer in a row whose answer is `value`."""
    row = {"a": value}
    (answer,) = reader_of(kind, rows=[row], **options).read_row(row, content)
    return answer.value


def error_of(reader: AnswerReader, row: Mapping[str, object], content: Content) -> str:
    """Return why a row cannot be imported."""
    with pytest.raises(InvalidRowError) as raised:
        reader.read_row(row, content)
    return str(raised.value)


def test_every_kind_has_answers() -> None:
    assert ANSWER_FORMATS.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("verdict", "values"),
    [
        (
            "a",
            ["a", "A", "left", "first", "model_a", "Model A", "response_1", "Response 1", 1, "1"],
        ),
        ("a", ["gpt-4", "GPT-4", "Because.", "A>B", "b < a", "A is better", "left wins", "a3"]),
        ("b", ["b", "right", "assistant_b", "response2", 2, "llama 2", "No idea", "B>>A"]),
        ("tie", ["tie", "Tie", "equal", "A=B", "A = B", "about the same", "tie (both good)"]),
        ("both_bad", ["both bad", "BOTH_BAD", "Both are bad", "tie (bothbad)", "bothbad"]),
    ],
)
def test_verdicts_of_many_datasets_are_understood(verdict: str, values: list[object]) -> None:
    assert [read("comparison", value, PAIR) for value in values] == [{"verdict": verdict}] * len(
        values
    )


@pytest.mark.parametrize("value", ["neither", "model_c", "3", True, [1], "slightly", 0.5])
def test_verdict_that_may_mean_anything_is_rejected(value: object) -> None:
    row = {"a": value}
    reason = error_of(reader_of("comparison", rows=[row]), row, PAIR)
    assert "in the column “a” is not understood; possible values are a, b, left, right," in reason


@pytest.mark.parametrize(
    ("numbers", "verdicts"),
    [
        ([1, 2, "2"], ["a", "b", "b"]),
        ([0, 1], ["a", "b"]),
        ([-2, 0, 3, "+1"], ["a", "tie", "b", "b"]),
    ],
)
def test_all_numbers_of_a_file_tell_what_one_means(
    numbers: list[object], verdicts: list[str]
) -> None:
    rows = [{"a": number} for number in numbers]
    reader = reader_of("comparison", rows=rows)
    assert [reader.read_row(row, PAIR)[0].value["verdict"] for row in rows] == verdicts


def test_numbers_with_several_meanings_are_rejected_until_said() -> None:
    rows = [{"a": number} for number in (0, 1, 2)]
    reader = reader_of("comparison", rows=rows)
    assert all("--value" in error_of(reader, row, PAIR) for row in rows)
    reader = reader_of("comparison", rows=rows, meanings=["0=tie", "1=left", "2=right"])
    verdicts = [reader.read_row(row, PAIR)[0].value["verdict"] for row in rows]
    assert verdicts == ["tie", "a", "b"]


def test_zero_and_one_are_read_as_positions_with_a_warning() -> None:
    rows = [{"a": 0}, {"a": 1}]
    assert "0 and 1 are read as the first and the second" in " ".join(
        reader_of("comparison", rows=rows).notes
    )
    counted_from_zero = ColumnMapping(candidates=("response_0", "response_1"))
    assert not reader_of("comparison", rows=rows, columns=counted_from_zero).notes


def test_columns_count_from_the_number_that_the_file_uses() -> None:
    columns = ColumnMapping(candidates=("response_0", "response_1"))
    assert read("comparison", "response_1", PAIR, columns=columns) == {"verdict": "b"}
    assert read("comparison", "model_1", PAIR, columns=columns) == {"verdict": "b"}
    columns = ColumnMapping(candidates=("chosen", "rejected"))
    assert read("comparison", "chosen", PAIR, columns=columns) == {"verdict": "a"}


def test_value_that_names_both_responses_is_rejected() -> None:
    same_model = Content(PROMPT, (Candidate("One", "wren"), Candidate("Two", "wren")))
    reason = error_of(reader_of("comparison"), {"a": "wren"}, same_model)
    assert "“wren” in the column “a” may mean “A is better or B is better”" in reason
    named_tie = Content(PROMPT, (Candidate("One", "tie"), Candidate("Two", "wren")))
    assert "may mean" in error_of(reader_of("comparison"), {"a": "tie"}, named_tie)


def test_strength_is_kept_if_the_campaign_asks_for_it() -> None:
    settings = {"strength": True}
    assert read("comparison", -3, PAIR, settings=settings) == {"verdict": "a3"}
    assert read("comparison", "B is slightly better", PAIR, settings=settings) == {"verdict": "b1"}
    assert read("comparison", "left", PAIR, settings=settings) == {"verdict": "a"}
    mappings = ("answer=a", "strength=s")
    reader = reader_of("comparison", mappings, settings=settings)
    assert reader.read_row({"a": "right", "s": "much"}, PAIR)[0].value == {"verdict": "b3"}
    assert "in the column “s”" in error_of(reader, {"a": "right", "s": 4}, PAIR)
    with pytest.raises(MappingError, match="does not ask how much better"):
        reader_of("comparison", mappings)


def test_lost_strength_is_warned_of() -> None:
    reader = reader_of("comparison", rows=[{"a": -3}])
    assert reader.read_row({"a": -3}, PAIR)[0].value == {"verdict": "a"}
    assert "only the better side" in " ".join(reader.notes)


def test_better_response_belongs_to_both_bad() -> None:
    reader = reader_of("comparison", ("answer=a", "better_response=b"))
    value = reader.read_row({"a": "both bad", "b": "Since."}, PAIR)[0].value
    assert (value["better_response"], value["started_from"]) == ("Since.", "blank")
    assert "is not that both are bad" in error_of(reader, {"a": "tie", "b": "Since."}, PAIR)


@pytest.mark.parametrize(
    ("ranks", "values"),
    [
        ("b>a>c", ["B>A>C", "b, a, c", "BAC", "2 1 3", [2, 1, 3], "[2, 1, 3]", [1, 0, 2]]),
        ("b>a>c", [["m2", "m1", "m3"], "m2 > m1 > m3", ["response_2", "response_1", "C"]]),
        (
            "b>a=c",
            ["B>A=C", [["b"], ["a", "c"]], {"A": 2, "B": 1, "C": 2}, {"1": 4, "2": 1, "3": 4}],
        ),
        ("b>a=c", [[{"value": f"response-{n}", "rank": r} for n, r in ((1, 2), (2, 1), (3, 2))]]),
    ],
)
def test_rankings_of_many_datasets_are_understood(ranks: str, values: list[object]) -> None:
    assert [read("ranking", value, TRIPLE) for value in values] == [{"ranks": ranks}] * len(values)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a>b", "has 2 of 3 responses"),
        ([1, 1, 2], "“1” in the column “a” is not understood"),
        (["a", "a", "b"], "is in the column “a” twice"),
        ({"a": 1, "b": "x", "c": 2}, "a rank, 1 for the best response"),
        ("best", "is not understood"),
        (7, "is not understood"),
    ],
)
def test_incomplete_ranking_is_rejected(value: object, reason: str) -> None:
    assert reason in error_of(reader_of("ranking"), {"a": value}, TRIPLE)


def test_ranks_of_the_responses_have_their_own_part() -> None:
    reader = reader_of("ranking", ("ranks=x,y,z",))
    assert reader.read_row({"x": 2, "y": "1", "z": 4}, TRIPLE)[0].value == {"ranks": "b>a>c"}
    reader = reader_of("ranking", ("ranks=r",))
    assert reader.read_row({"r": "[2, 1, 2]"}, TRIPLE)[0].value == {"ranks": "b>a=c"}
    assert "3 numbers, 1 for the best" in error_of(reader, {"r": [1, 2]}, TRIPLE)


@pytest.mark.parametrize(
    "value",
    [3, "3", 3.0, "good", "Good", "3/3", "3 - good", "3 (good)", '{"score": 3}', {"Score": "good"}],
)
def test_points_are_numbers_or_labels(value: object) -> None:
    assert read("rating", value, TEXT, settings=SCORE) == {"score": 3}


@pytest.mark.parametrize("value", [0, 4, "2.5", "3/5", "3 - bad", "fine", True, {"other": 1}])
def test_point_off_the_scale_is_rejected(value: object) -> None:
    reason = error_of(reader_of("rating", settings=SCORE), {"a": value}, TEXT)
    assert "1 to 3, “bad”, “so-so”, “good”" in reason or "the criteria are score" in reason


def test_each_criterion_has_a_column() -> None:
    mappings = [f"answer.{key}={key[0]}" for key in ("relevance", "humor", "clarity")]
    reader = reader_of("rating", mappings)
    row = {"r": 5, "h": "chuckle", "c": "1"}
    value = {"relevance": 5, "humor": 4, "clarity": 1}
    assert reader.read_row(row, TEXT)[0].value == value
    assert error_of(reader, {**row, "h": ""}, TEXT) == "the answer has no value for “humor”"
    assert reader.read_row(dict.fromkeys(row), TEXT) == []
    assert "map each: --map answer.relevance=COLUMN" in error_of(
        reader_of("rating"), {"a": 3}, TEXT
    )
    with pytest.raises(MappingError, match=r"the criteria are answer\.relevance"):
        reader_of("rating", ["answer.wit=w"])


@pytest.mark.parametrize(
    "value", [[2, 3], [{"score": 2}, {"score": 3}], {"turn1_score": 2, "turn2_score": "good"}]
)
def test_turns_are_rated_one_by_one(value: object) -> None:
    expected = {"turn1of2_score": 2, "turn2of2_score": 3}
    assert read("rating", value, DIALOGUE, settings=PER_TURN) == expected
    reader = reader_of("rating", settings=PER_TURN)
    assert "there are 2 turns" in error_of(reader, {"a": [1, 2, 3]}, DIALOGUE)
    assert "no value for “score”" in error_of(reader, {"a": [1]}, DIALOGUE)


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("validation", "yes", "no"), ("curation", "keep", "drop")]
)
def test_verdicts_about_one_text_are_understood(kind: str, good: str, bad: str) -> None:
    for value in (True, "true", "Yes", 1, "good", "keep", "faithful", "correct"):
        assert read(kind, value, TEXT) == {"verdict": good}
    for value in (False, "FALSE", "no", 0, -1, "bad", "drop", "not faithful", "rejected"):
        assert read(kind, value, TEXT) == {"verdict": bad}
    rows = [{"a": number} for number in (-1, 0, 1)]
    assert "--value" in error_of(reader_of(kind, rows=rows), rows[1], TEXT)


def test_correction_needs_its_text() -> None:
    reader = reader_of("curation", ("answer=a", "corrected=c"))
    assert reader.read_row({"a": "fixed", "c": "Better."}, TEXT)[0].value["corrected"] == "Better."
    assert "corrected text is missing" in error_of(reader, {"a": "fix", "c": ""}, TEXT)
    assert reader.read_row({"a": "keep", "c": "A text."}, TEXT)[0].value == {"verdict": "keep"}
    assert "is not that it was corrected" in error_of(reader, {"a": "keep", "c": "B"}, TEXT)


def test_demonstration_is_the_text() -> None:
    content = Content(PROMPT)
    assert read("demonstration", "Because.", content) == {"response": "Because."}
    reason = "“3” in the column “a” is not understood; possible values are text"
    assert error_of(reader_of("demonstration"), {"a": 3}, content) == reason


def test_expert_time_and_rationale_come_with_the_answer() -> None:
    mappings = ("answer=a", "expert=e", "time=t", "confidence=c", "rationale=r")
    reader = reader_of("validation", mappings)
    row = {"a": "no", "e": 58.0, "t": "2026-03-02 09:00", "c": "certain", "r": "Wrong year."}
    assert reader.read_row(row, TEXT) == [
        ImportedAnswer(
            "58",
            {"verdict": "no", "reason": "Wrong year.", "confidence": 3},
            datetime(2026, 3, 2, 9, tzinfo=UTC),
        )
    ]
    for column, value in (("e", ""), ("e", [1]), ("e", "x" * 201), ("t", "soon"), ("c", 4)):
        assert error_of(reader, {**row, column: value}, TEXT)


@pytest.mark.parametrize(
    "value",
    ["2026-03-02T10:00:00+01:00", "2026-03-02T09:00Z", 1772442000, "1772442000", 1772442000000],
)
def test_times_are_in_utc(value: object) -> None:
    reader = reader_of("validation", ("answer=a", "time=t"))
    (answer,) = reader.read_row({"a": "yes", "t": value}, TEXT)
    assert answer.answered_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_one_column_for_each_expert() -> None:
    reader = reader_of("validation", ("answer=ann,ben,cem",))
    answers = reader.read_row({"ann": "yes", "ben": "", "cem": "no"}, TEXT)
    assert [(one.expert, one.value["verdict"]) for one in answers] == [
        ("ann", "yes"),
        ("cem", "no"),
    ]
    assert "“maybe” in the column “ben”" in error_of(reader, {"ben": "maybe"}, TEXT)


@pytest.mark.parametrize(
    ("mappings", "reason"),
    [
        (["expert=e"], "map the answer too"),
        (["answer=a", "answer=b"], "answer is mapped twice"),
        (["answer=a,"], "a column name after the = is empty"),
        (["answer=a,a"], "a column is named twice"),
        (["answer=a,b", "expert=e"], "as many columns of experts as columns of answers"),
        (["answer=a", "time=t,u"], "time takes one column"),
        (["answer.=a"], "write PART=COLUMN"),
        (["answer"], "write PART=COLUMN"),
    ],
)
def test_mapping_that_makes_no_sense_is_rejected(mappings: list[str], reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        AnswerMapping.parse(mappings)


def test_part_of_another_kind_is_rejected() -> None:
    with pytest.raises(MappingError, match="an answer to a ranking has the parts answer, expert"):
        reader_of("ranking", ("answer=a", "corrected=c"))
    with pytest.raises(ValueMeaningError, match="write VALUE=ANSWER"):
        AnswerMapping.parse(["answer=a"], ["1"])
    with pytest.raises(ValueMeaningError, match="two meanings"):
        AnswerMapping.parse(["answer=a"], ["x=left", "X=right"])


CRITERIA = {"criteria": ["accuracy", "tone"]}


@pytest.mark.parametrize(
    ("kind", "content", "answer", "cells", "expected"),
    [
        ("comparison", PAIR, "left", ("model_b", "tie"), {"accuracy": "b", "tone": "tie"}),
        ("comparison", PAIR, -2, (2, 0), {"accuracy": "b", "tone": "tie"}),
        ("comparison", PAIR, "both bad", ("gpt-4", ""), {"accuracy": "a"}),
        ("ranking", TRIPLE, "A>B=C", ("m3", "Tie"), {"accuracy": "c", "tone": "tie"}),
        ("ranking", TRIPLE, "CAB", ("", None), {}),
    ],
)
def test_best_response_on_each_criterion_is_read(
    kind: str, content: Content, answer: object, cells: tuple[object, object], expected: object
) -> None:
    row = dict(zip(("a", "x", "y"), (answer, *cells), strict=True))
    mappings = ("answer=a", "answer.accuracy=x", "answer.tone=y")
    reader = reader_of(kind, mappings, [row, {"a": 1}], settings=CRITERIA)
    (found,) = reader.read_row(row, content)
    assert {key: found.value[key] for key in ("accuracy", "tone") if key in found.value} == expected


@pytest.mark.parametrize("value", ["both bad", "somewhat", "m1 or m2"])
def test_criterion_without_a_best_response_is_rejected(value: str) -> None:
    row = {"a": "A", "x": value}
    reader = reader_of("comparison", ("answer=a", "answer.accuracy=x"), [row], settings=CRITERIA)
    assert "in the column “x” is not understood" in error_of(reader, row, PAIR)


def test_answers_without_the_criteria_of_the_campaign_are_read() -> None:
    assert read("comparison", "left", PAIR, settings=CRITERIA) == {"verdict": "a"}


def test_names_of_experts_that_differ_in_capital_letters_are_reported() -> None:
    names = ["Ann Lee", " Ann  Lee ", "ANN LEE"]
    rows = [{"a": "left", "who": name} for name in names]
    reader = reader_of("comparison", ("answer=a", "expert=who"), rows)
    found = [answer.expert for row in rows for answer in reader.read_row(row, PAIR)]
    assert found == ["Ann Lee", "Ann Lee", "ANN LEE"]
    (note,) = reader.notes
    assert "“Ann Lee” and “ANN LEE” differ only in capital letters" in note
