"""Rating: each tap is stored, the last one completes the answer, and points have anchors."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.criteria_presets import CRITERIA_PRESETS
from bot.kinds.form import ScaleField
from bot.kinds.label import Rating
from bot.kinds.rating import RATING, RatingSettings

QUICK = settings(max_examples=40)

JOKES = RatingSettings()
JOKE = Content(candidates=(Candidate("Knock, knock.", "m"),))


def criterion(key: str = "wit", **changes: object) -> dict[str, object]:
    """Return the raw settings of a criterion."""
    return {"key": key, "label": key.title(), "anchors": ["low", "high"], **changes}


def with_criteria(*criteria: dict[str, object]) -> RatingSettings:
    """Return settings with these criteria."""
    return RatingSettings.model_validate({"criteria": criteria})


@QUICK
@given(taps=st.permutations(["relevance", "humor", "clarity"]), point=st.integers(1, 5))
def test_order_of_the_taps_does_not_matter(taps: list[str], point: int) -> None:
    value: AnswerValue = {}
    for number, key in enumerate(taps, start=1):
        answer = RATING.parse_answer({key: str(point)}, value, JOKES, (0,))
        value = answer.value
        assert answer.complete == (number == 3)
    assert list(value.items()) == [("relevance", point), ("humor", point), ("clarity", point)]


def test_new_point_replaces_the_previous_one_as_a_number() -> None:
    answer = RATING.parse_answer({"humor": "2"}, {"humor": 5}, JOKES, (0,))
    assert answer.value == {"humor": 2}


@pytest.mark.parametrize(
    "point", ["0", "6", "01", "1.0", " 1", "", "one", "\N{FULLWIDTH DIGIT ONE}", "-1", 0, 6, 1.0]
)
def test_point_outside_the_scale_is_rejected(point: object) -> None:
    with pytest.raises(InvalidAnswerError, match="Rate Humor from 1 to 5") as caught:
        RATING.parse_answer({"humor": point}, {}, JOKES, (0,))
    assert caught.value.field == "humor"


def test_one_invalid_point_rejects_the_whole_input() -> None:
    with pytest.raises(InvalidAnswerError):
        RATING.parse_answer({"humor": "1", "clarity": "9"}, {}, JOKES, (0,))


def test_scales_may_have_different_lengths() -> None:
    settings = with_criteria(criterion("a"), criterion("b", anchors=["1", "2", "3"]))
    assert RATING.parse_answer({"a": "2", "b": "3"}, {}, settings, (0,)).complete
    with pytest.raises(InvalidAnswerError, match="Rate A from 1 to 2"):
        RATING.parse_answer({"a": "3"}, {}, settings, (0,))


def test_points_have_their_anchors_from_low_to_high() -> None:
    form = RATING.build_form(JOKE, JOKES, (0,))
    for scale, expected in zip(form.message_fields, JOKES.criteria, strict=True):
        assert isinstance(scale, ScaleField)
        assert tuple(point.hint for point in scale.points) == expected.anchors
        assert [point.value for point in scale.points] == ["1", "2", "3", "4", "5"]
        assert [point.label for point in scale.points] == ["1", "2", "3", "4", "5"]
        assert (scale.key, scale.label) == (expected.key, expected.label)
        assert scale.question == expected.question


@pytest.mark.parametrize(
    ("noun", "question", "title"),
    [
        ("joke", "Rate this joke", "Joke"),
        ("LLM answer", "Rate this LLM answer", "LLM answer"),
        ("iPhone tip", "Rate this iPhone tip", "IPhone tip"),
    ],
)
def test_form_uses_the_noun_of_the_campaign(noun: str, question: str, title: str) -> None:
    form = RATING.build_form(JOKE, RatingSettings(noun=noun), (0,))
    assert (form.question, form.passages[-1].title) == (question, title)


def test_prompt_is_optional() -> None:
    content = Content((ConversationTurn("user", "A joke, please."),), JOKE.candidates)
    assert [p.key for p in RATING.build_form(JOKE, JOKES, (0,)).passages] == ["text"]
    assert [p.key for p in RATING.build_form(content, JOKES, (0,)).passages] == ["prompt", "text"]


def test_summary_lists_the_points_in_the_order_of_the_criteria() -> None:
    value = RATING.parse_answer(
        {"clarity": "3", "relevance": "5", "humor": "4"}, {}, JOKES, (0,)
    ).value
    assert RATING.summarize(value, JOKES) == "Relevance 5, Humor 4, Clarity 3"


def test_label_has_the_model_and_the_points() -> None:
    value = RATING.parse_answer(
        {"relevance": "1", "humor": "2", "clarity": "3"}, {}, JOKES, (0,)
    ).value
    label = RATING.to_label(JOKE, value, (0,))
    assert label == Rating((), JOKE.candidates[0], (("relevance", 1), ("humor", 2), ("clarity", 3)))


def test_content_error_uses_the_noun_of_the_campaign() -> None:
    with pytest.raises(InvalidContentError, match="needs one limerick to rate and has 2"):
        RATING.validate_content(
            Content(candidates=JOKE.candidates * 2), RatingSettings(noun="limerick")
        )


INVALID_SETTINGS: list[dict[str, Any]] = [
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


@pytest.mark.parametrize("settings", INVALID_SETTINGS, ids=range(len(INVALID_SETTINGS)))
def test_settings_that_do_not_fit_a_message_are_rejected(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RatingSettings.model_validate(settings)


@pytest.mark.parametrize("name", CRITERIA_PRESETS)
def test_every_preset_of_criteria_is_valid(name: str) -> None:
    preset = RatingSettings(criteria=CRITERIA_PRESETS[name])
    assert RatingSettings.model_validate_json(preset.model_dump_json()) == preset
