"""Column detection: common column names per kind, and the error if a required part is missing."""

from __future__ import annotations

import pytest

from bot.imports.detection import ColumnsNotDetectedError, FileColumns, detect_columns
from bot.imports.mapping import ColumnMapping
from bot.kinds import KINDS


@pytest.mark.parametrize(
    ("kind", "available", "mappings"),
    [
        ("demonstration", "id prompt", "prompt=prompt id=id"),
        ("demonstration", "text", "prompt=text"),
        ("demonstration", "prompt text", "prompt=prompt"),
        ("demonstration", "instruction input output", "prompt=instruction,input"),
        ("demonstration", "question_id turns", "prompt=turns id=question_id"),
        ("demonstration", "Prompt DRAFT", "prompt=Prompt draft=DRAFT"),
        ("demonstration", "prompt response_a response_b", "prompt=prompt"),
        (
            "comparison",
            "uid prompt response_left response_right model_left model_right",
            (
                "prompt=prompt candidates=response_left,response_right "
                "models=model_left,model_right id=uid"
            ),
        ),
        ("comparison", "response_b response_a", "candidates=response_a,response_b"),
        (
            "comparison",
            "question answer_1 answer_2",
            "prompt=question candidates=answer_1,answer_2",
        ),
        (
            "comparison",
            "prompt chosen rejected chosen_model rejected_model",
            "prompt=prompt candidates=chosen,rejected models=chosen_model,rejected_model",
        ),
        ("comparison", "candidates models", "candidates=candidates models=models"),
        ("comparison", "responses a b", "candidates=responses"),
        ("comparison", "a b model_a", "candidates=a,b"),
        ("rating", "prompt joke model", "prompt=prompt candidates=joke models=model"),
        ("rating", "text", "candidates=text"),
        ("rating", "Text text TEXT", "candidates=Text"),
        ("rating", "instruction output", "prompt=instruction candidates=output"),
        ("rating", "input text", "prompt=input candidates=text"),
    ],
)
def test_common_column_names_are_detected(kind: str, available: str, mappings: str) -> None:
    columns = detect_columns(
        ColumnMapping(), KINDS[kind], FileColumns("items.csv", available.split())
    )
    assert columns.as_mappings() == mappings.split()


@pytest.mark.parametrize(
    ("kind", "mapped", "available", "mappings"),
    [
        ("rating", "prompt=text", "text joke", "prompt=text candidates=joke"),
        ("rating", "candidates=prompt", "prompt text", "candidates=prompt"),
        (
            "comparison",
            "candidates=reply_b,reply_a",
            "reply_a reply_b model_a model_b",
            "candidates=reply_b,reply_a models=model_b,model_a",
        ),
        (
            "comparison",
            "candidates=left,right",
            "left right model_a model_b",
            "candidates=left,right",
        ),
    ],
)
def test_detection_keeps_mapped_columns_and_takes_them_into_account(
    kind: str, mapped: str, available: str, mappings: str
) -> None:
    columns = detect_columns(
        ColumnMapping.parse(mapped.split()),
        KINDS[kind],
        FileColumns("items.csv", available.split()),
    )
    assert columns.as_mappings() == mappings.split()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            "demonstration",
            (
                "“items.csv” has the columns “one”, “two”, “three”. "
                "Choose the columns with the prompt. For example: --map prompt=one."
            ),
        ),
        (
            "comparison",
            (
                "“items.csv” has the columns “one”, “two”, “three”. "
                "Choose the columns with the candidates. For example: --map candidates=one,two."
            ),
        ),
        (
            "rating",
            (
                "“items.csv” has the columns “one”, “two”, “three”. "
                "Choose the columns with the candidates. For example: --map candidates=one."
            ),
        ),
    ],
)
def test_undetected_columns_error_lists_columns_and_an_example(kind: str, message: str) -> None:
    with pytest.raises(ColumnsNotDetectedError) as caught:
        detect_columns(
            ColumnMapping(), KINDS[kind], FileColumns("items.csv", ["one", "two", "three"])
        )
    assert caught.value.for_command_line() == message
    assert "--" not in str(caught.value)


@pytest.mark.parametrize(
    ("word", "part"), [("audio", "candidate_audio"), ("image", "candidate_images")]
)
@pytest.mark.parametrize("ends", ["ab", "12"])
def test_media_of_a_pair_are_the_responses_if_there_are_no_texts(
    word: str, part: str, ends: str
) -> None:
    media = [f"{word}_{end}" for end in ends]
    models = [f"model_{end}" for end in ends]
    file = FileColumns("a.jsonl", ["prompt", *media, *models], media)
    found = detect_columns(ColumnMapping(), KINDS["comparison"], file)
    assert getattr(found, part) == tuple(media)
    assert (found.prompt, found.candidates, found.models) == (("prompt",), (), tuple(models))
