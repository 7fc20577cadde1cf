"""Both are bad: an expert writes the better one, edits it, takes it back, and it is exported."""

from __future__ import annotations

from sqlmodel import Session

from bot.exports.formats import FORMATS
from bot.exports.formats.format import ExportRow, SkippedLabel
from bot.services.answers import labels
from bot.services.campaigns import campaigns
from tests.journeys.journey import ITEM_ROWS, Journey, top_modal


def test_the_better_one_begins_with_a_bad_one_and_becomes_training_data(story: Journey) -> None:
    ada = story.add_user()
    story.create_campaign("comparison", [ada], ITEM_ROWS["comparison"][:1])
    story.start_bot()
    ada.wait_for_text("Which response is better?")
    story.click_and_wait(ada, "Both bad")
    ada.wait_for_text("Saved: Both bad")
    order = story.assignments()[0].candidate_order
    texts = [ITEM_ROWS["comparison"][0][f"response_{side}"] for side in ("left", "right")]
    shown = [texts[place] for place in order]
    ada.click("Write the better one")
    ada.wait_for_text(shown[0])
    ada.choose("Begin with", "Response B")
    story.sandbox.wait_until(lambda: shown[1] in str(top_modal(ada).state))
    ada.submit_modal()
    ada.wait_for_text("and a better one of 3 words")
    ada.click("Edit the better one")
    ada.fill("The better response", "A third answer.")
    ada.submit_modal()
    story.sandbox.wait_until(lambda: "third" in str(story.answer_values()))
    value = {"verdict": "both_bad", "written": "A third answer.", "began_with": "b"}
    assert story.answer_values() == [value]
    assert [row.version for row in story.annotations()] == [1, 2, 3]
    began = ("left", "right")[order[1]]
    (sft,) = rows(story, "sft")
    assert (sft["completion"], sft["origin"], sft["began_with"]) == (
        [{"role": "assistant", "content": "A third answer."}],
        "written",
        began,
    )
    pairs = rows(story, "preference")
    assert [pair["rejected"] for pair in pairs] == [
        [{"role": "assistant", "content": text}] for text in texts
    ]
    assert all(pair["chosen"] == sft["completion"] for pair in pairs)
    assert {pair["origin"] for pair in pairs} == {"written"}
    story.click_and_wait(ada, "Undo")
    assert story.answer_values() == []


def rows(story: Journey, name: str) -> list[ExportRow]:
    """Return the rows of an export."""

    def read(session: Session) -> list[ExportRow]:
        campaign = campaigns.campaign_by_name(session, "comparison")
        found = (FORMATS[name].to_rows(label) for label in labels.iter_labels(session, campaign))
        return [row for kept in found if not isinstance(kept, SkippedLabel) for row in kept]

    return story.database.read_now(read)
