"""Turn ratings: one page per assistant turn, each tap stored, turns numbered in the label."""

from __future__ import annotations

import pytest

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.criteria_presets import ANSWER_CRITERIA
from bot.kinds.label import RatedTurn, Rating
from bot.kinds.media import Media
from bot.kinds.rating import RATING, RatingSettings

SETTINGS = RatingSettings(criteria=ANSWER_CRITERIA[:2], noun="answer", per_turn=True)
CONVERSATION = (
    ConversationTurn("system", "Be kind."),
    ConversationTurn("user", "Hi."),
    ConversationTurn("assistant", "Hello."),
    ConversationTurn("user", "Who are you?"),
)
CONTENT = Content(CONVERSATION, (Candidate("A bot.", "wren-mini"),))
FIRST: AnswerValue = {"turn1of2_accuracy": 3, "turn1of2_appropriateness": 4}
ALL: AnswerValue = {**FIRST, "turn2of2_accuracy": 5, "turn2of2_appropriateness": 1}


def parse(form_input: AnswerValue, previous: AnswerValue) -> tuple[AnswerValue, bool]:
    """Return the value after a tap, and whether it is complete."""
    answer = RATING.parse_answer(form_input, previous, SETTINGS, (0,))
    return answer.value, answer.complete


def test_page_shows_one_assistant_turn_with_the_conversation_before_it() -> None:
    form = RATING.build_form(CONTENT, SETTINGS, (0,))
    assert [p.title for p in form.passages] == [
        "System",
        "User",
        "Assistant · turn 1 of 2",
        "User",
        "Assistant · turn 2 of 2",
    ]
    assert [p.text for p in form.passages_for({})] == ["Be kind.", "Hi.", "Hello."]
    assert [field.key for field in form.message_fields_for({})] == list(FIRST)
    assert form.passages_for(FIRST) == form.passages
    second_page = [field.key for field in form.message_fields_for(FIRST)]
    assert second_page == ["turn2of2_accuracy", "turn2of2_appropriateness", "page"]
    assert form.message_fields_for(ALL) == form.message_fields_for(FIRST)
    assert form.message_fields_for({**FIRST, "page": 1}) == form.message_fields_for({})


def test_each_tap_is_stored_and_the_last_completes_the_answer() -> None:
    value: AnswerValue = {}
    for key, point in ALL.items():
        value, is_complete = parse({key: str(point)}, value)
        assert is_complete == (value == ALL)
    assert value == ALL


def test_expert_can_go_back_to_a_turn_until_the_next_rating() -> None:
    value, is_complete = parse({"page": "1"}, FIRST)
    assert (value, is_complete) == ({**FIRST, "page": 1}, False)
    assert parse({"turn1of2_accuracy": "1"}, value) == ({**FIRST, "turn1of2_accuracy": 1}, False)


@pytest.mark.parametrize(
    "form_input",
    [
        {"turn3of2_accuracy": "1"},
        {"turn1of3_accuracy": "1"},
        {"turn1of99_accuracy": "1"},
        {"turn1of2_accuracy": "6"},
        {"turn1of2_accuracy": "0"},
        {"page": "0"},
        {"page": "21"},
        {"page": "first"},
    ],
)
def test_unknown_turns_points_and_pages_are_rejected(form_input: AnswerValue) -> None:
    with pytest.raises(InvalidAnswerError):
        parse(form_input, FIRST)


def test_unknown_keys_are_ignored() -> None:
    assert parse({"accuracy": "1", "turn0of2_accuracy": "1", "turn1of2_humor": "1"}, FIRST) == (
        FIRST,
        False,
    )


def test_label_has_each_turn_with_its_number() -> None:
    assert RATING.to_label(CONTENT, ALL, (0,)) == Rating(
        prompt=CONVERSATION,
        candidate=Candidate("A bot.", "wren-mini"),
        scores=(
            ("turn1_accuracy", 3),
            ("turn1_appropriateness", 4),
            ("turn2_accuracy", 5),
            ("turn2_appropriateness", 1),
        ),
        turns=(
            RatedTurn(1, CONVERSATION[:2], "Hello.", (("accuracy", 3), ("appropriateness", 4))),
            RatedTurn(2, CONVERSATION, "A bot.", (("accuracy", 5), ("appropriateness", 1))),
        ),
    )


def test_summary_lists_the_points_in_the_order_of_the_turns() -> None:
    assert RATING.summarize(ALL, SETTINGS) == "Accuracy 3 5, Appropriateness 4 1"


def test_prompt_without_a_response_can_be_rated() -> None:
    content = Content(CONVERSATION)
    RATING.validate_content(content, SETTINGS)
    (key,) = {
        field.key.partition("_")[0]
        for field in RATING.build_form(content, SETTINGS, ()).message_fields
    }
    assert key == "turn1of1"
    value: AnswerValue = {"turn1of1_accuracy": 2, "turn1of1_appropriateness": 2}
    label = RATING.to_label(content, value, ())
    assert isinstance(label, Rating)
    assert label.candidate == Candidate("Hello.")


def test_media_are_shown_with_their_turn() -> None:
    cat, dog = (Media("image", f"https://x.example/{name}", name) for name in ("cat", "dog"))
    content = Content(CONVERSATION, (Candidate("A bot.", media=(dog,)),), media=(cat,))
    form = RATING.build_form(content, SETTINGS, (0,))
    assert [p.media for p in form.passages] == [(), (), (), (cat,), (dog,)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Content(), "no assistant turn"),
        (Content((ConversationTurn("user", "Hi."),)), "no assistant turn"),
        (
            Content(CONVERSATION, (Candidate("a"), Candidate("b"))),
            "one conversation to rate and has 2",
        ),
        (Content(CONVERSATION[1:3] * 21), "21 assistant turns; the maximum is 20"),
    ],
)
def test_content_without_turns_to_rate_is_rejected(content: Content, reason: str) -> None:
    with pytest.raises(InvalidContentError, match=reason):
        RATING.validate_content(content, SETTINGS)


def test_too_many_ratings_are_rejected() -> None:
    settings = RatingSettings(criteria=ANSWER_CRITERIA, per_turn=True)
    RATING.validate_content(Content(CONVERSATION[1:3] * 13), settings)
    with pytest.raises(
        InvalidContentError, match=r"more than 40 ratings \(14 turns with 3 criteria each\)"
    ):
        RATING.validate_content(Content(CONVERSATION[1:3] * 14), settings)
