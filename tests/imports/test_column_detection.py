"""Well-known columns are recognised, each for the kind it suits, and doubt is said."""

from __future__ import annotations

import pytest

from bot.imports.column_detection import ColumnsNotDetectedError, detect_columns
from bot.imports.column_mapping import ColumnMapping
from bot.kinds import KINDS


@pytest.mark.parametrize(
    ("kind", "known", "mappings"),
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
def test_well_known_columns_are_recognised(kind: str, known: str, mappings: str) -> None:
    found = detect_columns(ColumnMapping(), KINDS[kind], known.split(), "items.csv")
    assert found.as_mappings() == mappings.split()


@pytest.mark.parametrize(
    ("kind", "mapped", "known", "mappings"),
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
def test_what_is_mapped_stays_and_steers_the_guess(
    kind: str, mapped: str, known: str, mappings: str
) -> None:
    found = detect_columns(
        ColumnMapping.parse(mapped.split()), KINDS[kind], known.split(), "items.csv"
    )
    assert found.as_mappings() == mappings.split()


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (
            "demonstration",
            (
                "“items.csv” has the columns “one”, “two”, “three”. Which hold the prompt? "
                "Say so, as in --map prompt=one."
            ),
        ),
        (
            "comparison",
            (
                "“items.csv” has the columns “one”, “two”, “three”. Which hold the candidates? "
                "Say so, as in --map candidates=one,two."
            ),
        ),
        (
            "rating",
            (
                "“items.csv” has the columns “one”, “two”, “three”. Which hold the candidates? "
                "Say so, as in --map candidates=one."
            ),
        ),
    ],
)
def test_where_nothing_is_recognised_the_columns_and_an_example_are_named(
    kind: str, sentence: str
) -> None:
    with pytest.raises(ColumnsNotDetectedError) as caught:
        detect_columns(ColumnMapping(), KINDS[kind], ["one", "two", "three"], "items.csv")
    assert str(caught.value) == sentence
