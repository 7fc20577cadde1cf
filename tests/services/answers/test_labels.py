"""Labels: how sure each is, and what a reviewer decided beside what experts said."""

from __future__ import annotations

from bot.exports.formats import FORMATS
from bot.exports.formats.format import SkippedLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Preference
from bot.services.answers import labels as answer_labels
from bot.services.reviews import decisions
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import CORA, PEOPLE, disagreed, texts


def labels(workshop: Scenario) -> list[LabelRecord]:
    """Return every label of the campaign."""
    return workshop.run_for_campaign("tone", lambda *given: list(answer_labels.iter_labels(*given)))


def winners(found: list[LabelRecord]) -> list[tuple[str, str]]:
    """Return who won, and how sure that is."""
    return [(one.label.winner, one.source) for one in found if isinstance(one.label, Preference)]


def test_each_answer_says_how_sure_its_item_is(workshop: Scenario) -> None:
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(number) for number in range(3)])
    texts(workshop, "a", "a", "a")
    texts(workshop, "a", "b", "a")
    texts(workshop, "a", "b", "tie")
    sources = [source for _winner, source in winners(labels(workshop))]
    assert sources == ["unanimous"] * 3 + ["majority"] * 3 + ["split"] * 3


def test_a_decision_stands_beside_what_was_said_and_takes_its_place_in_training(
    workshop: Scenario,
) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(decisions.override_answer, 1, {"verdict": "b"}, "It is true.", CORA)
    found = labels(workshop)
    said = sorted(winners(found)[:3])
    assert said == [("left", "majority"), ("left", "majority"), ("right", "majority")]
    assert winners(found)[3] == ("right", "adjudicated")
    assert [one.expert for one in found][3] == answer_labels.REVIEWER_PSEUDONYM
    assert found[3].rationale.reason == "It is true."
    kept = [FORMATS["annotations"].rows_of(one) for one in found]
    assert not any(isinstance(one, SkippedLabel) for one in kept)
    trained = [FORMATS["preference"].rows_of(one) for one in found]
    assert [isinstance(one, SkippedLabel) for one in trained] == [True, True, True, False]
    (row,) = trained[3]  # type: ignore[misc]  # it is not left out
    assert row["chosen"] == [{"role": "assistant", "content": "Right 1"}]
    assert (row["source"], row["expert"]) == ("adjudicated", "reviewer")


def test_what_a_reviewer_took_over_is_read_in_the_order_it_was_seen_in(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    before = labels(workshop)
    for number, one in enumerate(before, start=1):
        workshop.database.write_now(decisions.accept_answer, number, CORA)
        theirs = next(x for x in before if x.expert == one.expert)
        assert theirs.label in [x.label for x in before]
        if number < len(before):
            workshop.database.write_now(decisions.undo_decision, 1, CORA)
    after = labels(workshop)
    assert after[-1].source == "adjudicated"
    assert isinstance(after[-1].label, Preference)
    assert after[-1].label.winner == "right"


def test_what_is_left_or_taken_back_changes_no_export(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    before = labels(workshop)
    workshop.database.write_now(decisions.keep_as_is, 1, CORA)
    assert labels(workshop) == before
    workshop.database.write_now(decisions.undo_decision, 1, CORA)
    workshop.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    workshop.database.write_now(decisions.undo_decision, 1, CORA)
    assert labels(workshop) == before


def test_a_decision_about_what_nobody_answered_is_there(workshop: Scenario) -> None:
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(1)])
    workshop.database.write_now(decisions.override_answer, 1, {"verdict": "a"}, "", CORA)
    assert winners(labels(workshop)) == [("left", "adjudicated")]
