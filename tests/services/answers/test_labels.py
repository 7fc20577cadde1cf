"""Labels: how sure each is, and what a reviewer decided beside what experts said."""

from __future__ import annotations

from bot.exports.formats import FORMATS
from bot.exports.formats.format import SkippedLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Preference
from bot.services.answers import labels as answer_labels
from bot.services.reviews import decisions
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import CORA, EXPERTS, create_answered_task, answer_by_text


def labels(scenario: Scenario) -> list[LabelRecord]:
    """Return every label of the campaign."""
    return scenario.run_for_campaign("tone", lambda *given: list(answer_labels.iter_labels(*given)))


def winners(found: list[LabelRecord]) -> list[tuple[str, str]]:
    """Return who won, and how sure that is."""
    return [(one.label.winner, one.source) for one in found if isinstance(one.label, Preference)]


def test_each_answer_says_how_sure_its_item_is(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    answer_by_text(scenario, "a", "a", "a")
    answer_by_text(scenario, "a", "b", "a")
    answer_by_text(scenario, "a", "b", "tie")
    sources = [source for _winner, source in winners(labels(scenario))]
    assert sources == ["unanimous"] * 3 + ["majority"] * 3 + ["split"] * 3


def test_a_decision_stands_beside_what_was_said_and_takes_its_place_in_training(
    scenario: Scenario,
) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "b"}, "It is true.", CORA)
    found = labels(scenario)
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


def test_what_a_reviewer_took_over_is_read_in_the_order_it_was_seen_in(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    before = labels(scenario)
    for number, one in enumerate(before, start=1):
        scenario.database.write_now(decisions.accept_answer, number, CORA)
        theirs = next(x for x in before if x.expert == one.expert)
        assert theirs.label in [x.label for x in before]
        if number < len(before):
            scenario.database.write_now(decisions.undo_decision, 1, CORA)
    after = labels(scenario)
    assert after[-1].source == "adjudicated"
    assert isinstance(after[-1].label, Preference)
    assert after[-1].label.winner == "right"


def test_what_is_left_or_taken_back_changes_no_export(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    before = labels(scenario)
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert labels(scenario) == before
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    assert labels(scenario) == before


def test_a_decision_about_what_nobody_answered_is_there(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "a"}, "", CORA)
    assert winners(labels(scenario)) == [("left", "adjudicated")]
