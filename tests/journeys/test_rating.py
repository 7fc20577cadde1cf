"""An expert rates jokes and chats: each tap is stored, and the last one shows the next task."""

from __future__ import annotations

from tests.journeys.journey import Journey


def test_each_tap_is_stored_and_the_last_shows_the_next_task(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("rating", [ada])
    journey.start_bot()
    ada.wait_for_text("Joke 1.")
    ada.click("4 chuckle")
    ada.wait_for_text("✓ 4 chuckle")
    assert [version.complete for version in journey.annotations()] == [False]
    ada.click("5 fits perfectly")
    ada.click("2 hard to get")
    ada.wait_for_text("Saved: Relevance 5, Humor 4, Clarity 2")
    ada.wait_for_text("Joke 2.")
    assert journey.answer_values() == [{"relevance": 5, "humor": 4, "clarity": 2}]


def test_rating_can_be_changed_before_the_last_tap(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("rating", [ada])
    journey.start_bot()
    ada.click("4 chuckle")
    ada.wait_for_text("✓ 4 chuckle")
    ada.click("1 not funny")
    ada.wait_for_text("✓ 1 not funny")
    ada.wait_until_gone("✓ 4 chuckle")
    ada.click("3 partly fits")
    ada.click("3 some effort")
    ada.wait_for_text("Joke 2.")
    assert journey.answer_values() == [{"relevance": 3, "humor": 1, "clarity": 3}]


def test_partial_rating_survives_a_restart(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("rating", [ada])
    journey.start_bot()
    ada.click("4 chuckle")
    ada.wait_for_text("✓ 4 chuckle")
    journey.stop_bot()
    journey.start_bot()
    ada.click("5 fits perfectly")
    ada.click("5 instantly clear")
    ada.wait_for_text("Joke 2.")
    assert journey.answer_values() == [{"relevance": 5, "humor": 4, "clarity": 5}]


def test_custom_criteria_are_rated(journey: Journey) -> None:
    ada = journey.add_user()
    criteria = [
        {"key": "accuracy", "label": "Accuracy", "anchors": ["wrong", "right"]},
        {"key": "helpfulness", "label": "Helpfulness", "anchors": ["useless", "some", "solves it"]},
    ]
    journey.create_campaign("rating", [ada], settings={"criteria": criteria, "noun": "answer"})
    journey.start_bot()
    ada.wait_for_text("Rate this answer")
    ada.click("2 right")
    ada.click("3 solves it")
    ada.wait_for_text("Joke 2.")
    assert journey.answer_values() == [{"accuracy": 2, "helpfulness": 3}]


def test_conversation_is_rated_turn_by_turn_across_a_restart(journey: Journey) -> None:
    ada = journey.add_user()
    texts = ["Hi.", "Hello!", "Is 7 prime?", "No.", "And 8?", "No."]
    roles = ["user", "assistant"] * 3
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]
    criteria = [
        {"key": "accuracy", "label": "Accuracy", "anchors": ["wrong", "right"]},
        {"key": "tone", "label": "Tone", "anchors": ["off", "fitting"]},
    ]
    settings = {"criteria": criteria, "noun": "chat", "per_turn": True}
    journey.create_campaign("rating", [ada], [{"id": "1", "messages": messages}], settings=settings)
    journey.start_bot()
    ada.wait_for_text("Turn 1 · Accuracy")
    ada.wait_until_gone("Is 7 prime?")
    ada.click("2 right")
    ada.click("2 fitting")
    ada.wait_for_text("Turn 2 · Accuracy")
    ada.wait_for_text("Is 7 prime?")
    journey.stop_bot()
    journey.start_bot()
    ada.click("Back to turn 1")
    ada.wait_for_text("Turn 1 · Tone")
    ada.click("1 off")
    ada.wait_for_text("Turn 2 · Accuracy")
    ada.click("1 wrong")
    ada.click("2 fitting")
    ada.wait_for_text("Turn 3 · Tone")
    ada.click("2 right")
    ada.click("2 fitting")
    ada.wait_for_text("Saved: Accuracy 2 1 2, Tone 1 2 2")
    (value,) = journey.answer_values()
    assert value == {
        f"turn{turn}of3_{key}": points[turn - 1]
        for turn in (1, 2, 3)
        for key, points in {"accuracy": [2, 1, 2], "tone": [1, 2, 2]}.items()
    }
    assert len(journey.annotations()) == 8
