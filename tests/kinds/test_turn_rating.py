"""Rating turn by turn: a page each, kept at every tap, told with its number."""

from __future__ import annotations

import pytest

from bot.kinds.base import AnswerValue, InvalidAnswerError, InvalidContentError
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.label import RatedTurn, Rating
from bot.kinds.media import Media
from bot.kinds.rating import ANSWER_CRITERIA, RATING, RatingSettings

SETTINGS = RatingSettings(criteria=ANSWER_CRITERIA[:2], noun="answer", per_turn=True)
TALK = (
    ConversationTurn("system", "Be kind."),
    ConversationTurn("user", "Hi."),
    ConversationTurn("assistant", "Hello."),
    ConversationTurn("user", "Who are you?"),
)
CONTENT = Content(TALK, (Candidate("A bot.", "wren-mini"),))
FIRST: AnswerValue = {"turn1of2_accuracy": 3, "turn1of2_appropriateness": 4}
ALL: AnswerValue = {**FIRST, "turn2of2_accuracy": 5, "turn2of2_appropriateness": 1}


def read(given: AnswerValue, before: AnswerValue) -> tuple[AnswerValue, bool]:
    """Return the value after a tap, and whether it is complete."""
    reading = RATING.parse_answer(given, before, SETTINGS, (0,))
    return reading.value, reading.complete


def test_a_turn_at_a_time_is_asked_with_all_that_was_said_before_it() -> None:
    form = RATING.build_form(CONTENT, SETTINGS, (0,))
    assert [p.title for p in form.passages] == [
        "System",
        "User",
        "Assistant · turn 1 of 2",
        "User",
        "Assistant · turn 2 of 2",
    ]
    assert [p.text for p in form.passages_for({})] == ["Be kind.", "Hi.", "Hello."]
    assert [tap.key for tap in form.message_fields_for({})] == list(FIRST)
    assert form.passages_for(FIRST) == form.passages
    second = [tap.key for tap in form.message_fields_for(FIRST)]
    assert second == ["turn2of2_accuracy", "turn2of2_appropriateness", "at"]
    assert form.message_fields_for(ALL) == form.message_fields_for(FIRST)
    assert form.message_fields_for({**FIRST, "at": 1}) == form.message_fields_for({})


def test_every_tap_is_kept_and_the_last_completes_it() -> None:
    value: AnswerValue = {}
    for key, point in ALL.items():
        value, is_complete = read({key: str(point)}, value)
        assert is_complete == (value == ALL)
    assert value == ALL


def test_one_may_look_at_a_turn_again_and_a_tap_leads_on() -> None:
    value, is_complete = read({"at": "1"}, FIRST)
    assert (value, is_complete) == ({**FIRST, "at": 1}, False)
    assert read({"turn1of2_accuracy": "1"}, value) == ({**FIRST, "turn1of2_accuracy": 1}, False)


@pytest.mark.parametrize(
    "given",
    [
        {"turn3of2_accuracy": "1"},
        {"turn1of3_accuracy": "1"},
        {"turn1of99_accuracy": "1"},
        {"turn1of2_accuracy": "6"},
        {"turn1of2_accuracy": "0"},
        {"at": "0"},
        {"at": "21"},
        {"at": "first"},
    ],
)
def test_what_is_not_on_the_task_is_refused(given: AnswerValue) -> None:
    with pytest.raises(InvalidAnswerError):
        read(given, FIRST)


def test_what_belongs_to_no_turn_is_not_kept() -> None:
    assert read({"accuracy": "1", "turn0of2_accuracy": "1", "turn1of2_humor": "1"}, FIRST) == (
        FIRST,
        False,
    )


def test_its_label_has_each_turn_with_its_number() -> None:
    assert RATING.to_label(CONTENT, ALL, (0,)) == Rating(
        prompt=TALK,
        candidate=Candidate("A bot.", "wren-mini"),
        scores=(
            ("turn1_accuracy", 3),
            ("turn1_appropriateness", 4),
            ("turn2_accuracy", 5),
            ("turn2_appropriateness", 1),
        ),
        turns=(
            RatedTurn(1, TALK[:2], "Hello.", (("accuracy", 3), ("appropriateness", 4))),
            RatedTurn(2, TALK, "A bot.", (("accuracy", 5), ("appropriateness", 1))),
        ),
    )


def test_the_receipt_tells_the_points_in_the_order_of_the_turns() -> None:
    assert RATING.summarize(ALL, SETTINGS) == "Accuracy 3 5, Appropriateness 4 1"


def test_turns_of_the_prompt_alone_can_be_rated() -> None:
    content = Content(TALK)
    RATING.validate_content(content, SETTINGS)
    (key,) = {
        tap.key.partition("_")[0] for tap in RATING.build_form(content, SETTINGS, ()).message_fields
    }
    assert key == "turn1of1"
    value: AnswerValue = {"turn1of1_accuracy": 2, "turn1of1_appropriateness": 2}
    label = RATING.to_label(content, value, ())
    assert isinstance(label, Rating)
    assert label.candidate == Candidate("Hello.")


def test_images_stand_with_their_turn() -> None:
    cat, dog = (Media("image", f"https://x.example/{name}", name) for name in ("cat", "dog"))
    content = Content(TALK, (Candidate("A bot.", media=(dog,)),), media=(cat,))
    form = RATING.build_form(content, SETTINGS, (0,))
    assert [p.media for p in form.passages] == [(), (), (), (cat,), (dog,)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (Content(), "no turn of the assistant"),
        (Content((ConversationTurn("user", "Hi."),)), "no turn of the assistant"),
        (Content(TALK, (Candidate("a"), Candidate("b"))), "one conversation to rate and has 2"),
        (Content(TALK[1:3] * 21), "21 turns of the assistant, where 20 are allowed"),
    ],
)
def test_what_has_no_turns_to_rate_is_refused(content: Content, reason: str) -> None:
    with pytest.raises(InvalidContentError, match=reason):
        RATING.validate_content(content, SETTINGS)


def test_more_taps_than_anybody_bears_are_refused() -> None:
    settings = RatingSettings(criteria=ANSWER_CRITERIA, per_turn=True)
    RATING.validate_content(Content(TALK[1:3] * 13), settings)
    with pytest.raises(InvalidContentError, match="its 14 turns on 3 criteria pass 40 taps"):
        RATING.validate_content(Content(TALK[1:3] * 14), settings)
