"""Rating: each tap counts at once, the last one completes it, and the points are anchored."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import ScaleField
from bot.kinds.label import Rating
from bot.kinds.rating import CRITERIA_PRESETS, RATING, RatingSettings

QUICK = settings(max_examples=40)

JOKES = RatingSettings()
JOKE = Content(candidates=(Candidate("Knock, knock.", "m"),))


def criterion(key: str = "wit", **changes: object) -> dict[str, object]:
    """Return a criterion as somebody would write it."""
    return {"key": key, "label": key.title(), "anchors": ["low", "high"], **changes}


def with_criteria(*criteria: dict[str, object]) -> RatingSettings:
    """Return settings with these criteria."""
    return RatingSettings.model_validate({"criteria": criteria})


@QUICK
@given(taps=st.permutations(["relevance", "humor", "clarity"]), point=st.integers(1, 5))
def test_the_order_of_the_taps_does_not_matter(taps: list[str], point: int) -> None:
    value: AnswerValue = {}
    for number, key in enumerate(taps, start=1):
        reading = RATING.parse_answer({key: str(point)}, value, JOKES, (0,))
        value = reading.value
        assert reading.complete == (number == 3)
    assert list(value.items()) == [("relevance", point), ("humor", point), ("clarity", point)]


def test_a_point_can_be_changed_and_stays_a_number() -> None:
    reading = RATING.parse_answer({"humor": "2"}, {"humor": 5}, JOKES, (0,))
    assert reading.value == {"humor": 2}


@pytest.mark.parametrize(
    "point", ["0", "6", "01", "1.0", " 1", "", "one", "\N{FULLWIDTH DIGIT ONE}", "-1", 0, 6, 1.0]
)
def test_a_point_beyond_the_scale_is_refused_in_words(point: object) -> None:
    with pytest.raises(InvalidAnswerError, match="Humor is rated from 1 to 5") as caught:
        RATING.parse_answer({"humor": point}, {}, JOKES, (0,))
    assert caught.value.field == "humor"


def test_a_wrong_point_is_not_taken_beside_a_right_one() -> None:
    with pytest.raises(InvalidAnswerError):
        RATING.parse_answer({"humor": "1", "clarity": "9"}, {}, JOKES, (0,))


def test_scales_may_differ_in_length() -> None:
    chosen = with_criteria(criterion("a"), criterion("b", anchors=["1", "2", "3"]))
    assert RATING.parse_answer({"a": "2", "b": "3"}, {}, chosen, (0,)).complete
    with pytest.raises(InvalidAnswerError, match="A is rated from 1 to 2"):
        RATING.parse_answer({"a": "3"}, {}, chosen, (0,))


def test_every_point_carries_its_anchor_from_low_to_high() -> None:
    form = RATING.build_form(JOKE, JOKES, (0,))
    for scale, wanted in zip(form.message_fields, JOKES.criteria, strict=True):
        assert isinstance(scale, ScaleField)
        assert tuple(point.hint for point in scale.points) == wanted.anchors
        assert [point.value for point in scale.points] == ["1", "2", "3", "4", "5"]
        assert scale.question == wanted.question


@pytest.mark.parametrize(
    ("noun", "question", "title"),
    [
        ("joke", "Rate this joke", "Joke"),
        ("LLM answer", "Rate this LLM answer", "LLM answer"),
        ("iPhone tip", "Rate this iPhone tip", "IPhone tip"),
    ],
)
def test_the_text_is_called_what_it_is(noun: str, question: str, title: str) -> None:
    form = RATING.build_form(JOKE, RatingSettings(noun=noun), (0,))
    assert (form.question, form.passages[-1].title) == (question, title)


def test_a_joke_may_stand_alone_or_answer_a_prompt() -> None:
    asked = Content((ConversationTurn("user", "A joke, please."),), JOKE.candidates)
    assert [p.key for p in RATING.build_form(JOKE, JOKES, (0,)).passages] == ["text"]
    assert [p.key for p in RATING.build_form(asked, JOKES, (0,)).passages] == ["prompt", "text"]


def test_the_receipt_names_every_point_in_the_order_of_the_criteria() -> None:
    value = RATING.parse_answer(
        {"clarity": "3", "relevance": "5", "humor": "4"}, {}, JOKES, (0,)
    ).value
    assert RATING.summarize(value, JOKES) == "Relevance 5, Humor 4, Clarity 3"


def test_a_label_keeps_the_model_and_the_points() -> None:
    value = RATING.parse_answer(
        {"relevance": "1", "humor": "2", "clarity": "3"}, {}, JOKES, (0,)
    ).value
    label = RATING.to_label(JOKE, value, (0,))
    assert label == Rating((), JOKE.candidates[0], (("relevance", 1), ("humor", 2), ("clarity", 3)))


def test_what_is_refused_says_what_it_is_called() -> None:
    with pytest.raises(InvalidContentError, match="needs one limerick to rate and has 2"):
        RATING.validate_content(
            Content(candidates=JOKE.candidates * 2), RatingSettings(noun="limerick")
        )


BAD: list[dict[str, Any]] = [
    {"criteria": []},
    {"criteria": [criterion(f"c{number}") for number in range(9)]},
    {"criteria": [criterion("a"), criterion("a")]},
    {"criteria": [criterion("A")]},
    {"criteria": [criterion("a:b")]},
    {"criteria": [criterion("1a")]},
    {"criteria": [criterion("a\n")]},
    {"criteria": [criterion("")]},
    {"criteria": [criterion("a" * 41)]},
    {"criteria": [criterion(label="")]},
    {"criteria": [criterion(label="x" * 61)]},
    {"criteria": [criterion(question="x" * 201)]},
    {"criteria": [criterion(anchors=["only one"])]},
    {"criteria": [criterion(anchors=["x"] * 8)]},
    {"criteria": [criterion(anchors=["x", "y" * 61])]},
    {"criteria": [criterion(weight=2)]},
    {"noun": ""},
    {"noun": "x" * 31},
]


@pytest.mark.parametrize("wanted", BAD, ids=range(len(BAD)))
def test_settings_that_no_message_could_hold_are_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RatingSettings.model_validate(wanted)


@pytest.mark.parametrize("name", CRITERIA_PRESETS)
def test_each_named_set_of_criteria_can_be_chosen(name: str) -> None:
    chosen = RatingSettings(criteria=CRITERIA_PRESETS[name])
    assert RatingSettings.model_validate_json(chosen.model_dump_json()) == chosen
