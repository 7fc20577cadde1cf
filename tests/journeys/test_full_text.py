"""A long text can be opened in a modal, and the annotation records whether it was."""

from __future__ import annotations

from functools import partial

from bot.sandbox import SimulatedUser
from tests.journeys.journey import Journey, top_modal

LONG_TEXT = " ".join(f"word{number}" for number in range(1, 4001))
LAST_WORD = "word4000"


def test_full_text_of_a_long_candidate_can_be_opened(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "response_left": LONG_TEXT, "response_right": "Short."}]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    ada.wait_for_text("Choose Show full text to see everything")
    ada.wait_until_gone(LAST_WORD)
    ada.click("Show full text…")
    ada.wait_for_text("Full text")
    for _ in range(9):
        shown = top_modal(ada).plain_text
        if LAST_WORD in shown:
            break
        ada.click("Next")
        journey.sandbox.wait_until(partial(_has_next_page, ada, shown))
    assert LAST_WORD in top_modal(ada).plain_text
    ada.close_modal()
    ada.click("A is better")
    ada.wait_for_text("No more tasks for now")
    (version,) = journey.annotations()
    assert version.read_in_full
    assert version.shown is not None
    long_passage = max(version.shown.values(), key=lambda passage: passage["characters"])
    assert long_passage["characters"] == len(LONG_TEXT)
    assert 0 < long_passage["shown"] <= 3000


def test_long_pairs_take_two_taps_and_then_one(journey: Journey) -> None:
    ada = journey.add_user()
    responses = {"response_left": LONG_TEXT[:9_000], "response_right": "Short."}
    rows = [{"id": str(n), "prompt": f"Why {n}?", **responses} for n in (1, 2)]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    ada.click("Show full text…")
    ada.wait_for_text("Full text")
    ada.click("A is better", in_=top_modal(ada))
    journey.sandbox.wait_until(lambda: "Why 2?" in top_modal(ada).plain_text)
    assert "✓ Saved: A is better" in top_modal(ada).plain_text
    ada.click("Tie", in_=top_modal(ada))
    journey.sandbox.wait_until(lambda: "Close this dialog" in top_modal(ada).plain_text)
    ada.close_modal()
    ada.wait_for_text("No more tasks for now")
    assert journey.answer_values() == [{"verdict": "a"}, {"verdict": "tie"}]
    assert [version.read_in_full for version in journey.annotations()] == [True, True]
    assert len(ada.messages) == 1


def test_quick_taps_in_the_full_text_all_count(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "text": LONG_TEXT[:9_000]}]
    journey.create_campaign("rating", [ada], rows)
    journey.start_bot()
    ada.click("Show full text…")
    ada.wait_for_text("Full text")
    for criterion in ("relevance", "humor", "clarity"):
        ada.click(f"answer:{criterion}:3", in_=top_modal(ada))
    ada.wait_for_text("Close this dialog")
    assert journey.answer_values() == [{"relevance": 3, "humor": 3, "clarity": 3}]


def test_required_reason_is_asked_on_top_of_the_full_text(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "response": LONG_TEXT[:9_000]}]
    journey.create_campaign("curation", [ada], rows)
    journey.start_bot()
    ada.click("Show full text…")
    ada.wait_for_text("Full text")
    ada.click("Drop", in_=top_modal(ada))
    journey.sandbox.wait_until(lambda: "Factually wrong" in top_modal(ada).plain_text)
    ada.choose("Reason", "Factually wrong")
    ada.submit_modal()
    ada.wait_for_text("Saved: dropped")
    assert ada.modal is None, "the full text is closed too"


def _has_next_page(person: SimulatedUser, shown: str) -> bool:
    return top_modal(person).plain_text != shown


def test_answer_records_that_the_full_text_was_not_opened(journey: Journey) -> None:
    ada = journey.add_user()
    rows = [{"id": "1", "prompt": "Why?", "response_left": LONG_TEXT, "response_right": "Short."}]
    journey.create_campaign("comparison", [ada], rows)
    journey.start_bot()
    ada.click("Tie")
    ada.wait_for_text("No more tasks for now")
    (version,) = journey.annotations()
    assert not version.read_in_full


def test_one_tap_opens_the_guidelines(journey: Journey) -> None:
    ada = journey.add_user()
    guidelines = "Prefer **short** answers.\n\n- Facts first."
    journey.create_campaign("comparison", [ada], guidelines=guidelines)
    journey.start_bot()
    ada.click("Guidelines…")
    ada.wait_for_text("Prefer short answers.")
    ada.wait_for_text("Facts first.")


def test_model_text_stays_plain_text(journey: Journey) -> None:
    ada = journey.add_user()
    markup = (
        "<!channel> <@U123> <https://example.com|click> *bold* :smile: @here https://example.com"
    )
    rows = [{"id": "1", "prompt": markup, "response_left": markup, "response_right": f"{markup}!"}]
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
