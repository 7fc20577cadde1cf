"""Both are bad: an expert writes the better one, edits it, takes it back, and it is exported."""

from __future__ import annotations

from sqlmodel import Session

from bot.exports.formats import FORMATS
from bot.exports.formats.format import LeftOut, Row
from bot.services import campaigning, labelling
from tests.journeys.story import ITEMS, Story, top_modal


def test_the_better_one_begins_with_a_bad_one_and_becomes_training_data(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada], ITEMS["comparison"][:1])
    story.begins()
    ada.sees("Which response is better?")
    story.taps(ada, "Both bad")
    ada.sees("Saved: Both bad")
    order = story.assignments()[0].candidate_order
    texts = [ITEMS["comparison"][0][f"response_{side}"] for side in ("left", "right")]
    shown = [texts[place] for place in order]
    ada.clicks("Write the better one")
    ada.sees(shown[0])
    ada.chooses("Begin with", "Response B")
    story.sandbox.wait_until(lambda: shown[1] in str(top_modal(ada).state))
    ada.submits()
    ada.sees("and a better one of 3 words")
    ada.clicks("Edit the better one")
    ada.fills("The better response", "A third answer.")
    ada.submits()
    story.sandbox.wait_until(lambda: "third" in str(story.values()))
    value = {"verdict": "both_bad", "written": "A third answer.", "began_with": "b"}
    assert story.values() == [value]
    assert [row.version for row in story.versions()] == [1, 2, 3]
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
    story.taps(ada, "Undo")
    assert story.values() == []


def rows(story: Story, name: str) -> list[Row]:
    """Return the rows of an export."""

    def read(session: Session) -> list[Row]:
        campaign = campaigning.campaign_named(session, "comparison")
        found = (FORMATS[name].rows(label) for label in labelling.labelled(session, campaign))
        return [row for kept in found if not isinstance(kept, LeftOut) for row in kept]

    return story.database.read_now(read)
