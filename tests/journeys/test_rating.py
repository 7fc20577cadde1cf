"""An expert rates jokes: every tap is kept at once, and the last one brings the next joke."""

from __future__ import annotations

from tests.journeys.story import Story


def test_each_tap_is_stored_and_the_last_one_brings_the_next_task(story: Story) -> None:
    ada = story.person()
    story.campaign("rating", [ada])
    story.begins()
    ada.sees("Joke 1.")
    ada.clicks("4 chuckle")
    ada.sees("✓ 4 chuckle")
    assert [version.complete for version in story.versions()] == [False]
    ada.clicks("5 fits perfectly")
    ada.clicks("2 hard to get")
    ada.sees("Saved: Relevance 5, Humor 4, Clarity 2")
    ada.sees("Joke 2.")
    assert story.values() == [{"relevance": 5, "humor": 4, "clarity": 2}]


def test_a_tap_can_be_changed_before_the_last(story: Story) -> None:
    ada = story.person()
    story.campaign("rating", [ada])
    story.begins()
    ada.clicks("4 chuckle")
    ada.sees("✓ 4 chuckle")
    ada.clicks("1 not funny")
    ada.sees("✓ 1 not funny")
    ada.sees_not("✓ 4 chuckle")
    ada.clicks("3 fits in part")
    ada.clicks("3 some effort")
    ada.sees("Joke 2.")
    assert story.values() == [{"relevance": 3, "humor": 1, "clarity": 3}]


def test_a_rating_begun_survives_a_restart(story: Story) -> None:
    ada = story.person()
    story.campaign("rating", [ada])
    story.begins()
    ada.clicks("4 chuckle")
    ada.sees("✓ 4 chuckle")
    story.ends()
    story.begins()
    ada.clicks("5 fits perfectly")
    ada.clicks("5 instantly clear")
    ada.sees("Joke 2.")
    assert story.values() == [{"relevance": 5, "humor": 4, "clarity": 5}]


def test_answers_are_rated_on_criteria_of_their_own(story: Story) -> None:
    ada = story.person()
    criteria = [
        {"key": "accuracy", "label": "Accuracy", "anchors": ["wrong", "right"]},
        {"key": "helpfulness", "label": "Helpfulness", "anchors": ["useless", "some", "solves it"]},
    ]
    story.campaign("rating", [ada], settings={"criteria": criteria, "noun": "answer"})
    story.begins()
    ada.sees("Rate this answer")
    ada.clicks("2 right")
    ada.clicks("3 solves it")
    ada.sees("Joke 2.")
    assert story.values() == [{"accuracy": 2, "helpfulness": 3}]


def test_a_conversation_is_rated_turn_by_turn_through_a_restart(story: Story) -> None:
    ada = story.person()
    said = ["Hi.", "Hello!", "Is 7 prime?", "No.", "And 8?", "No."]
    roles = ["user", "assistant"] * 3
    messages = [{"role": r, "content": c} for r, c in zip(roles, said, strict=True)]
    criteria = [
        {"key": "accuracy", "label": "Accuracy", "anchors": ["wrong", "right"]},
        {"key": "tone", "label": "Tone", "anchors": ["off", "fitting"]},
    ]
    settings = {"criteria": criteria, "noun": "chat", "per_turn": True}
    story.campaign("rating", [ada], [{"id": "1", "messages": messages}], settings=settings)
    story.begins()
    ada.sees("Turn 1 · Accuracy")
    ada.sees_not("Is 7 prime?")
    ada.clicks("2 right")
    ada.clicks("2 fitting")
    ada.sees("Turn 2 · Accuracy")
    ada.sees("Is 7 prime?")
    story.ends()
    story.begins()
    ada.clicks("Back to turn 1")
    ada.sees("Turn 1 · Tone")
    ada.clicks("1 off")
    ada.sees("Turn 2 · Accuracy")
    ada.clicks("1 wrong")
    ada.clicks("2 fitting")
    ada.sees("Turn 3 · Tone")
    ada.clicks("2 right")
    ada.clicks("2 fitting")
    ada.sees("Saved: Accuracy 2 1 2, Tone 1 2 2")
    (value,) = story.values()
    assert value == {
        f"turn{turn}of3_{key}": points[turn - 1]
        for turn in (1, 2, 3)
        for key, points in {"accuracy": [2, 1, 2], "tone": [1, 2, 2]}.items()
    }
    assert len(story.versions()) == 8
