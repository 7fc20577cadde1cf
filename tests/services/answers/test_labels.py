"""Labels of answers and review decisions, with their consensus source."""

from __future__ import annotations

from bot.exports.formats import FORMATS
from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.kinds.label import Preference
from bot.services.answers import labels as answer_labels
from bot.services.reviews import decisions
from tests.services.conftest import Scenario, pair
from tests.services.reviews.test_review_queue import (
    CORA,
    EXPERTS,
    answer_by_text,
    create_answered_task,
)


def labels(scenario: Scenario) -> list[LabelRecord]:
    """Return every label of the campaign."""
    return scenario.run_for_campaign("tone", lambda *args: list(answer_labels.iter_labels(*args)))


def winners(records: list[LabelRecord]) -> list[tuple[str, str]]:
    """Return the winner and the consensus source of each preference."""
    return [
        (record.label.winner, record.source)
        for record in records
        if isinstance(record.label, Preference)
    ]


def test_each_label_has_the_consensus_source_of_its_item(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    answer_by_text(scenario, "a", "a", "a")
    answer_by_text(scenario, "a", "b", "a")
    answer_by_text(scenario, "a", "b", "tie")
    sources = [source for _winner, source in winners(labels(scenario))]
    assert sources == ["unanimous"] * 3 + ["majority"] * 3 + ["split"] * 3


def test_each_label_says_whether_it_is_with_the_majority(scenario: Scenario) -> None:
    """Of 173 exported rows, 37 once contradicted the majority that they named as their source."""
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(2)])
    answer_by_text(scenario, "a", "b", "a")
    answer_by_text(scenario, "a", "b", "tie")
    records = labels(scenario)
    with_majority = [
        record.is_with_majority == (winner == "left")
        for record, (winner, source) in zip(records, winners(records), strict=True)
        if source == "majority"
    ]
    assert with_majority == [True] * 3
    assert not any(record.is_with_majority for record in records if record.source == "split")


def test_decision_is_added_to_annotations_and_replaces_answers_in_training(
    scenario: Scenario,
) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "b"}, "It is true.", CORA)
    records = labels(scenario)
    answers = sorted(winners(records)[:3])
    assert answers == [("left", "majority"), ("left", "majority"), ("right", "majority")]
    assert winners(records)[3] == ("right", "adjudicated")
    assert records[3].expert == answer_labels.REVIEWER_PSEUDONYM
    assert records[3].rationale.reason == "It is true."
    annotation_rows = [FORMATS["annotations"].rows_of(record) for record in records]
    assert not any(isinstance(rows, LeftOutLabel) for rows in annotation_rows)
    training_rows = [FORMATS["preference"].rows_of(record) for record in records]
    is_skipped = [isinstance(rows, LeftOutLabel) for rows in training_rows]
    assert is_skipped == [True, True, True, False]
    (row,) = training_rows[3]  # type: ignore[misc]  # it is not left out
    assert row["chosen"] == [{"role": "assistant", "content": "Right 1"}]
    assert (row["source"], row["expert"]) == ("adjudicated", "reviewer")


def test_accepted_answer_keeps_its_candidate_order(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    before = labels(scenario)
    for number, record in enumerate(before, start=1):
        scenario.database.write_now(decisions.accept_answer, number, CORA)
        own_record = next(other for other in before if other.expert == record.expert)
        assert own_record.label in [other.label for other in before]
        if number < len(before):
            scenario.database.write_now(decisions.undo_decision, 1, CORA)
    after = labels(scenario)
    assert after[-1].source == "adjudicated"
    assert isinstance(after[-1].label, Preference)
    assert after[-1].label.winner == "right"


def test_keep_as_is_and_undone_decisions_change_no_label(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    before = labels(scenario)
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert labels(scenario) == before
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    assert labels(scenario) == before


def test_decision_about_unanswered_item_has_a_label(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "a"}, "", CORA)
    assert winners(labels(scenario)) == [("left", "adjudicated")]
