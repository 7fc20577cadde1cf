"""Items on hold and deleted items: who gets them, what counts, and what is left of the text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlmodel import Session

from bot.services.answers.submit import DeletedItemError
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.imports.import_progress import ImportResult
from bot.services.items import changes, references
from bot.services.items.changes import NoItemsError
from bot.services.items.references import UnknownItemError
from bot.services.questions import flags, questions
from bot.services.reports import campaign_status
from bot.services.reviews import corrections, exclusions, review_queue
from storage.queries import labels
from storage.tables import (
    Annotation,
    Assignment,
    AuditEvent,
    CandidateRow,
    Flag,
    Item,
    OutboxMessage,
    Question,
    Task,
)
from tests.services.conftest import NOW, Scenario, pair

SECRET = "Zanzibar"  # noqa: S105 - not a password: a word that must disappear


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with two experts and three pairs; the first one has a secret word."""
    scenario.create_campaign(experts=["U01", "U02"], overlap=2)
    first = pair(1, prompt=f"{SECRET}?", response_a=SECRET, model_a=SECRET, note=SECRET)
    scenario.import_rows("tone", [first, pair(2), pair(3)])
    return scenario


def ids_of(session: Session, *keys: str) -> list[int]:
    """Return the ids of items by key."""
    campaign = campaign_by_name(session, "tone")
    return [references.find_item(session, campaign, key) for key in keys]


def change(scenario: Scenario, action: Any, *keys: str, **options: Any) -> Any:  # noqa: ANN401 - any change of items
    """Apply a change to items by key."""
    ids = scenario.database.read_now(ids_of, *keys)
    return scenario.run_for_campaign("tone", action, ids, actor=scenario.actor, **options)


def everything_stored(scenario: Scenario) -> str:
    """Return all rows of all tables as text, without the annotations."""

    def dump(session: Session) -> str:
        connection = session.connection()
        names = [table for table in Item.metadata.tables if table != "annotation"]
        return "\n".join(
            str(tuple(row))
            for name in names
            for row in connection.execute(sql(f'SELECT * FROM "{name}"'))  # noqa: S608 - our tables
        )

    return scenario.database.read_now(dump)


def test_nobody_gets_an_item_on_hold(scenario: Scenario) -> None:
    assert change(scenario, changes.hold_items, "pair-1", "pair-2", reason=" Check \n it ") == 2
    assert change(scenario, changes.hold_items, "pair-1", reason="again") == 0
    assert scenario.rows(Task)[0].on_hold_reason == "Check it"
    assert scenario.answer_all("U01", verdict="tie") == 1
    assert change(scenario, changes.release_items, "pair-1", "pair-3") == 1
    assert scenario.answer_all("U01", verdict="tie") == 1
    assert [row for row in scenario.audit_log() if "item" in row[1]] == [
        ("put an item on hold", "item 1"),
        ("put an item on hold", "item 2"),
        ("returned an item to the queue", "item 1"),
    ]


def test_nothing_of_a_deleted_text_is_left(scenario: Scenario) -> None:
    assert SECRET in everything_stored(scenario)
    deletion = change(scenario, changes.delete_items, "pair-1")
    assert (deletion.keys, deletion.answers, deletion.unassigned) == (("pair-1",), 0, 0)
    assert SECRET not in everything_stored(scenario)
    assert {row.item_id for row in scenario.rows(CandidateRow)} == {2, 3}
    (event,) = [row for row in scenario.rows(AuditEvent) if row.action == "deleted an item"]
    assert (event.subject, event.details) == ("item 1", {"key": "pair-1", "answer_count": 0})


def test_answers_to_a_deleted_item_are_kept_and_do_not_count(scenario: Scenario) -> None:
    scenario.answer_all("U01", verdict="tie")
    first = scenario.assign_next("U02") or 0
    versions = scenario.count("annotation")
    deletion = change(scenario, changes.delete_items, "pair-1", "pair-2")
    assert (deletion.answers, deletion.unassigned) == (2, 1)
    assert scenario.count("annotation") == versions
    (message,) = [row for row in scenario.rows(OutboxMessage) if row.message_type == "unassigned"]
    assert message.payload == {"assignment_id": first, "is_deleted": True}
    states = [row.state for row in scenario.rows(Assignment)]
    assert states == ["quarantined", "quarantined", "answered", "released"]
    (status,) = scenario.database.read_now(campaign_status.list_statuses)
    assert (status.items, status.tasks, status.wanted, status.answered) == (1, 1, 2, 1)
    exported = scenario.database.read_now(
        lambda session: [
            item.key for _row, item in labels.stream_labels(session, 1, with_gold=False)
        ]
    )
    assert exported == ["pair-3"]


def test_nobody_gets_or_answers_a_deleted_item(scenario: Scenario) -> None:
    held = scenario.assign_next("U01") or 0
    change(scenario, changes.delete_items, "pair-1")
    with pytest.raises(DeletedItemError):
        scenario.submit_answer("U01", held, verdict="tie")
    assert not scenario.rows(Annotation)
    assert scenario.answer_all("U01", verdict="tie") == 2
    assert scenario.answer_all("U02", verdict="tie") == 2
    scenario.run_for_campaign("tone", corrections.change_overlap, 1, scenario.actor)
    scenario.run_for_campaign("tone", corrections.change_overlap, 5, scenario.actor)
    assert scenario.answer_all("U01", verdict="tie") == 0
    assert scenario.rows(Task)[0].overlap == 0


def test_included_answers_do_not_bring_a_deleted_item_back(scenario: Scenario) -> None:
    scenario.answer_all("U01", verdict="tie")
    change(scenario, changes.delete_items, "pair-1")
    actor = scenario.actor
    excluded = scenario.run_for_campaign("tone", exclusions.exclude, "U01", NOW, "a bot", actor)
    assert excluded.answer_count == 2
    (listed,) = scenario.run_for_campaign("tone", exclusions.list_exclusions)
    assert listed.answer_count == 2
    included = scenario.run_for_campaign("tone", exclusions.include, "U01", actor)
    assert included.answer_count == 2
    assert [row.state for row in scenario.rows(Assignment)] == ["quarantined", *["answered"] * 2]
    assert scenario.rows(Task)[0].slots_taken == 0


def test_questions_and_flags_of_a_deleted_item_are_closed(scenario: Scenario) -> None:
    held = scenario.assign_next("U01") or 0
    interaction = scenario.interaction("U01")
    scenario.database.write_now(questions.ask_question, held, "Why?", interaction, ["UC"])
    scenario.database.write_now(flags.flag_item, held, "Broken", interaction, ["UC"])
    change(scenario, changes.hold_items, "pair-1", reason="")
    change(scenario, changes.delete_items, "pair-1")
    assert [row.answer for row in scenario.rows(Question)] == [changes.DELETED_ANSWER]
    assert [row.resolution for row in scenario.rows(Flag)] == [changes.DELETED_ANSWER]
    assert scenario.database.read_now(review_queue.list_cases, 1, "", 50) == []


def test_deleted_item_is_not_found(scenario: Scenario) -> None:
    held = scenario.assign_next("U01")
    change(scenario, changes.delete_items, "pair-1")
    with pytest.raises(
        UnknownItemError, match=r"no item “pair-1”. Did you mean “pair-3” or “pair-2”"
    ):
        change(scenario, changes.delete_items, "pair-1")
    with pytest.raises(NoItemsError):
        change(scenario, changes.delete_items, f"T-{held}")


def test_same_row_stays_deleted_and_a_corrected_one_is_new(scenario: Scenario) -> None:
    change(scenario, changes.delete_items, "pair-2")
    again = scenario.import_rows("tone", [pair(2), pair(4)])
    assert (again.added, again.rejected) == (1, 1)
    assert again.errors[0].reason == (
        "the item “pair-2” was deleted from the campaign; to import it again, give it another id"
    )
    assert scenario.import_rows("tone", [pair(2, prompt="Corrected?")]) == ImportResult(added=1)
    assert scenario.import_rows("tone", [pair(2, id="pair-2b")]) == ImportResult(added=1)
    keys = [row.key for row in scenario.rows(Item)]
    assert keys == ["pair-1", "pair-2 (deleted 2)", "pair-3", "pair-4", "pair-2", "pair-2b"]
