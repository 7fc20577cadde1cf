"""What does not fit a message can be read in full, and that it was opened is written down."""

from __future__ import annotations

from functools import partial

from bot.sandbox import SimulatedUser
from tests.journeys.journey import Journey, top_modal

WORDS = " ".join(f"word{number}" for number in range(1, 4001))
LAST = "word4000"


def test_a_long_candidate_is_read_in_full(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "response_left": WORDS, "response_right": "Short."}]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    ada.wait_for_text("more characters do not fit here")
    ada.wait_until_gone(LAST)
    ada.click("Read in full")
    ada.wait_for_text("In full")
    for _ in range(9):
        shown = top_modal(ada).plain_text
        if LAST in shown:
            break
        ada.click("Next")
        journey.sandbox.wait_until(partial(_has_turned, ada, shown))
    assert LAST in top_modal(ada).plain_text
    ada.close_modal()
    ada.click("A is better")
    ada.wait_for_text("That was all for now")
    (version,) = journey.annotations()
    assert version.read_in_full
    assert version.shown is not None
    long_one = max(version.shown.values(), key=lambda passage: passage["characters"])
    assert long_one["characters"] == len(WORDS)
    assert 0 < long_one["shown"] <= 3000


def _has_turned(person: SimulatedUser, shown: str) -> bool:
    return top_modal(person).plain_text != shown


def test_an_answer_without_reading_on_says_so(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "response_left": WORDS, "response_right": "Short."}]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    ada.click("Tie")
    ada.wait_for_text("That was all for now")
    (version,) = journey.annotations()
    assert not version.read_in_full


def test_guidelines_are_one_tap_away(journey: Journey) -> None:
    ada = journey.add_user()
    guidelines = "Prefer **short** answers.\n\n- Facts first."
    journey.create_campaign("comparison", [ada], guidelines=guidelines)
    journey.start_bot()
    ada.click("Guidelines")
    ada.wait_for_text("Prefer short answers.")
    ada.wait_for_text("Facts first.")


def test_text_of_models_can_do_nothing_but_be_read(journey: Journey) -> None:
    ada = journey.add_user()
    evil = "<!channel> <@U123> <https://example.com|click> *bold* :smile: @here https://example.com"
    rows = [{"id": "1", "prompt": evil, "response_left": evil, "response_right": f"{evil}!"}]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    task = ada.wait_for_text("<!channel> <@U123>")
    assert "<!channel>" not in task.text
    assert "<@U123>" not in task.text
    kinds = {leaf["type"] for leaf in _leaves(task.blocks)}
    assert kinds == {"text"}


def _leaves(node: object) -> list[dict[str, object]]:
    """Return the leaves of all rich text in blocks."""
    if isinstance(node, list):
        return [leaf for child in node for leaf in _leaves(child)]
    if not isinstance(node, dict):
        return []
    if str(node.get("type")).startswith("rich_text"):
        return [leaf for child in node["elements"] for leaf in _leaves(child)]
    return [node] if node.get("type") in ("text", "link", "user", "broadcast", "emoji") else []
