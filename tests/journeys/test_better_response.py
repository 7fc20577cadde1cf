"""An expert writes a better response than two bad ones, edits and undoes it; it is exported."""

from __future__ import annotations

from sqlmodel import Session

from bot.exports.formats import FORMATS
from bot.exports.formats.format import ExportRow, LeftOutLabel
from bot.services.answers import labels
from bot.services.campaigns import campaigns
from tests.journeys.journey import ITEM_ROWS, Journey, top_modal


def test_better_response_can_start_from_a_bad_one_and_is_exported(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada], ITEM_ROWS["comparison"][:1])
    journey.start_bot()
    ada.wait_for_text("Which response is better?")
    journey.click_and_wait(ada, "Both are bad")
    ada.wait_for_text("Saved: Both are bad")
    order = journey.assignments()[0].candidate_order
    texts = [ITEM_ROWS["comparison"][0][f"response_{side}"] for side in ("left", "right")]
    shown = [texts[place] for place in order]
    ada.click("Write a better response…")
    ada.wait_for_text(shown[0])
    ada.choose("Start from", "Response B")
    journey.sandbox.wait_until(lambda: shown[1] in str(top_modal(ada).state))
    ada.submit_modal()
    ada.wait_for_text("with a better response (3 words)")
    ada.click("Edit better response…")
    ada.fill("Better response", "A third answer.")
    ada.submit_modal()
    journey.sandbox.wait_until(lambda: "third" in str(journey.answer_values()))
    value = {"verdict": "both_bad", "better_response": "A third answer.", "started_from": "b"}
    assert journey.answer_values() == [value]
    assert [row.version for row in journey.annotations()] == [1, 2, 3]
    started_from = ("left", "right")[order[1]]
    (sft,) = export_rows(journey, "sft")
    assert (sft["completion"], sft["origin"], sft["started_from"]) == (
        [{"role": "assistant", "content": "A third answer."}],
        "written",
        started_from,
    )
    pairs = export_rows(journey, "preference")
    assert [pair["rejected"] for pair in pairs] == [
        [{"role": "assistant", "content": text}] for text in texts
    ]
    assert all(pair["chosen"] == sft["completion"] for pair in pairs)
    assert {pair["origin"] for pair in pairs} == {"written"}
    journey.click_and_wait(ada, "Undo")
    assert journey.answer_values() == []


def export_rows(journey: Journey, name: str) -> list[ExportRow]:
    """Return the rows of an export in the format `name`."""

    def read(session: Session) -> list[ExportRow]:
        campaign = campaigns.campaign_by_name(session, "comparison")
        results = (FORMATS[name].to_rows(label) for label in labels.iter_labels(session, campaign))
        return [row for result in results if not isinstance(result, LeftOutLabel) for row in result]

    return journey.database.read_now(read)
