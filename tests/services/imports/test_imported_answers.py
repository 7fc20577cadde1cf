"""Imported answers: how they are stored, and what experts and coordinators see of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.imports.answers.mapping import AnswerMapping
from bot.imports.plan import ImportOptions
from bot.kinds.label import Preference
from bot.services.answers.imported import ImportedAnswerError
from bot.services.answers.labels import iter_labels
from bot.services.campaigns import invitations
from bot.services.imports.dry_run import dry_run
from bot.services.imports.import_progress import ImportResult
from bot.services.imports.importer import ImportSource
from bot.services.reports.campaign_status import expert_statuses
from bot.services.reviews import corrections, decisions, exclusions
from storage.queries import experts, imported_answers, reviews, votes
from storage.row_id import id_of
from storage.tables import (
    Annotation,
    Assignment,
    AssignmentState,
    Expert,
    Item,
    OutboxMessage,
    Task,
)
from tests.services.conftest import NOW, Scenario, pair
from tests.services.imports.answer_files import import_answers, write_csv
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests of what does not depend on the database."""

VOTES = [
    pair(1, winner="left", rater="ann", at="2026-02-01T10:00:00Z", why="Shorter."),
    pair(1, winner="tie", rater="ben", at="2026-02-01T11:00:00Z", why=""),
    pair(2, winner="heron-7b", rater="ann", at="2026-02-01T12:00:00Z", why=""),
]
MAPPINGS = ("answer=winner", "expert=rater", "time=at", "rationale=why")


def import_votes(scenario: Scenario, rows: Sequence[Mapping[str, object]]) -> ImportResult:
    """Import votes on pairs with texts."""
    return import_answers(scenario, scenario.write_file(rows), *MAPPINGS)


def answers_of(scenario: Scenario) -> list[tuple[str, dict[str, object] | None]]:
    """Return the stored answers by the name of their expert in the file."""
    names = {id_of(expert): expert.name for expert in scenario.rows(Expert)}
    return [(names[row.expert_id], row.value) for row in scenario.rows(Assignment)]


def test_rows_of_an_item_become_its_answers(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=2, experts=[ADA])
    result = import_votes(scenario, VOTES)
    assert (result.added, result.answers, result.rejected) == (2, 3, 0)
    assert answers_of(scenario) == [
        ("ann", {"verdict": "a", "reason": "Shorter."}),
        ("ben", {"verdict": "tie"}),
        ("ann", {"verdict": "a"}),
    ]
    first, *_rest = scenario.rows(Annotation)
    assert first.interaction_id == imported_answers.IMPORTED
    assert first.created_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert "winner" not in scenario.rows(Item)[0].meta
    assert result.warnings == ()
    check_counts(scenario)


@on_sqlite
def test_exports_of_labelbot_can_be_imported_with_their_answers(scenario: Scenario) -> None:
    """Its rows are grouped by item, and each of them has the candidates in the same order."""
    scenario.create_campaign("audit", overlap=2)
    exported = [
        {
            "item": "i1",
            "campaign": "old",
            "kind": "comparison",
            "expert": expert,
            "prompt": [{"role": "user", "content": "Why?"}],
            "left": "Yes.",
            "right": "No.",
            "left_model": "heron",
            "right_model": "wren",
            "winner": winner,
            "meta": "{}",
        }
        for expert, winner in (("expert-1", "right"), ("expert-2", "both_bad"))
    ]
    path = scenario.write_file(exported)
    result = import_answers(scenario, path, "answer=winner", "expert=expert")
    assert (result.added, result.answers) == (1, 2)
    assert answers_of(scenario) == [
        ("expert-1", {"verdict": "b"}),
        ("expert-2", {"verdict": "both_bad"}),
    ]


@on_sqlite
def test_columns_that_differ_between_answers_are_warned_of(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    result = import_votes(scenario, [{**row, "page": n} for n, row in enumerate(VOTES)])
    (warning,) = result.warnings
    assert warning.reason.startswith("rows of the same item differ in columns that are not mapped")


def test_imported_answers_count_towards_the_answers_per_item(scenario: Scenario) -> None:
    """Item 1 has both of its answers, so that only item 2 needs one more."""
    scenario.create_campaign("audit", overlap=2, experts=[ADA, BOB])
    import_votes(scenario, VOTES)
    assert scenario.answer_all(ADA, verdict="b") == 1
    assert scenario.answer_all(BOB, verdict="b") == 0
    check_counts(scenario)


def test_more_answers_than_needed_are_all_kept(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=1, experts=[ADA])
    import_votes(scenario, VOTES)
    assert [(task.slots_taken, task.overlap) for task in scenario.rows(Task)] == [(2, 2), (1, 1)]
    assert scenario.assign_next(ADA) is None
    check_counts(scenario)


def test_importing_again_adds_only_what_is_new(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=1)
    import_votes(scenario, VOTES[:1])
    result = import_votes(scenario, [*VOTES, VOTES[2]])
    assert (result.added, result.existing, result.answers) == (1, 1, 2)
    assert (result.existing_answers, result.repeated_answers, result.rejected) == (1, 1, 0)
    check_counts(scenario)


def test_answers_to_items_of_the_campaign_are_added(scenario: Scenario) -> None:
    """The items were imported without answers, with the candidates in the other order."""
    scenario.create_campaign("audit", overlap=2)
    scenario.import_rows("audit", [pair(1, response_a="Right 1", response_b="Left 1")])
    result = import_votes(scenario, [{**VOTES[0], "id": "other"}])
    assert (result.added, result.existing, result.answers) == (0, 1, 1)
    (answer,) = scenario.rows(Assignment)
    assert (answer.value["verdict"], answer.candidate_order) == ("a", [1, 0])
    (record,) = scenario.run_for_campaign("audit", lambda s, c: list(iter_labels(s, c)))
    assert isinstance(record.label, Preference)
    assert (record.label.winner, record.is_imported) == ("right", True)


@on_sqlite
def test_second_answer_of_an_expert_is_rejected(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    result = import_votes(scenario, [*VOTES, {**VOTES[2], "winner": "right"}])
    (row,) = result.errors
    assert row.line == 4
    assert row.reason == (
        "the expert “ann” has given this item another answer in line 3, which is kept (if it is "
        "another item, map what tells them apart to the id or the prompt)"
    )
    result = import_votes(scenario, [{**VOTES[2], "winner": "right"}])
    assert [row.reason for row in result.errors] == [
        "the campaign has another answer of the expert “ann” to this item, which is kept"
    ]


@on_sqlite
def test_answers_to_a_rejected_item_are_rejected(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    scenario.import_rows("audit", [pair(1, prompt="Another question?")])
    result = import_votes(scenario, VOTES)
    assert [(row.line, row.reason) for row in result.errors] == [
        (1, "the campaign has the id “pair-1” with other content"),
        (2, "its item was rejected: the campaign has its id with other content"),
    ]
    assert (result.added, result.answers) == (1, 1)
    check_counts(scenario)


@on_sqlite
def test_value_that_is_not_understood_is_named(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    result = import_votes(scenario, [VOTES[0], {**VOTES[1], "winner": "model_c"}])
    (error,) = result.errors
    assert error.place == "line 2"
    assert error.reason.startswith("“model_c” in the column “winner” is not understood; possible")
    assert (result.added, result.answers) == (1, 1)
    strict = import_answers(
        scenario, scenario.write_file([{**VOTES[2], "winner": "?"}]), *MAPPINGS, strict=True
    )
    assert (strict.aborted, strict.added, strict.answers) == (True, 0, 0)


@on_sqlite
def test_dry_run_counts_answers_and_stores_nothing(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    import_votes(scenario, VOTES[:1])
    path = scenario.write_file([*VOTES, {**VOTES[2], "rater": "cem", "winner": "?"}])
    answers = AnswerMapping.parse(MAPPINGS)
    source = ImportSource("audit", path, options=ImportOptions(answers=answers))
    found = dry_run(scenario.database, source)
    assert found.answers is not None
    assert (found.answers.new, found.answers.existing, found.rejected) == (2, 1, 1)
    assert found.answers.by_answer == {"A is better": 2, "Tie": 1}
    assert found.answers.by_expert == {"ann": 2, "ben": 1}
    assert (found.columns["winner"], found.columns["why"]) == ("answer", "rationale")
    assert scenario.count("assignment") == 1


def test_items_without_text_reach_nobody(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=3, experts=[ADA])
    rows = [("x", "wren", "heron", "wren", "ann"), ("x", "wren", "heron", "heron", "ben")]
    path = write_csv(scenario, ["id", "model_a", "model_b", "winner", "rater"], rows)
    result = import_answers(scenario, path, "answer=winner", "expert=rater")
    assert (result.answers, result.warning_count) == (2, 1)
    (task,) = scenario.rows(Task)
    assert (task.has_text, task.slots_taken, task.overlap) == (False, 2, 2)
    scenario.run_for_campaign("audit", corrections.change_overlap, 5, scenario.actor)
    scenario.run_for_campaign(
        "audit", exclusions.exclude, _pseudonym(scenario, "ann"), NOW, "bot", scenario.actor
    )
    assert scenario.assign_next(ADA) is None
    campaign_id = id_of(scenario.run_for_campaign("audit", lambda _session, campaign: campaign))
    assert not scenario.database.read_now(reviews.undecided_tasks, campaign_id, ADA)
    check_counts(scenario)


def _pseudonym(scenario: Scenario, name: str) -> str:
    rows: list[Expert] = scenario.rows(Expert)
    return next(expert.pseudonym for expert in rows if expert.name == name)


@on_sqlite
def test_row_with_neither_text_nor_answer_is_rejected(scenario: Scenario) -> None:
    scenario.create_campaign("audit")
    path = write_csv(scenario, ["id", "model_a", "model_b", "winner"], [("x", "wren", "heron", "")])
    result = import_answers(scenario, path, "answer=winner")
    assert [row.reason for row in result.errors] == [
        "the row has neither a text to judge nor an answer"
    ]


def test_experts_of_imported_answers_are_no_people_in_slack(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=2, experts=[ADA])
    import_votes(scenario, [{**row, "at": scenario.now.isoformat()} for row in VOTES])
    read = scenario.database.read_now
    since = scenario.now - timedelta(days=1)
    assert [expert.slack_id for expert in read(experts.list_experts)] == [ADA]
    hour = timedelta(hours=1)
    assert read(experts.list_profiles_to_sync, scenario.now, hour, hour, 10) == [ADA]
    assert read(votes.answers_by_day, since) == {}
    assert read(votes.count_active_experts, since) == {}
    assert read(votes.answers_by_expert, since) == []
    statuses = scenario.run_for_campaign("audit", expert_statuses)
    assert [status.slack_id for status in statuses] == [ADA]
    listed = scenario.run_for_campaign("audit", invitations.list_imported_experts)
    assert [(expert.name, expert.answers) for expert in listed] == [("ann", 2), ("ben", 1)]


def test_imported_answers_are_final(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=2, experts=[ADA])
    import_votes(scenario, VOTES)
    answer, *_rest = scenario.rows(Assignment)
    with pytest.raises(ImportedAnswerError):
        scenario.database.write_now(corrections.reopen, id_of(answer), "", scenario.actor)
    with pytest.raises(ImportedAnswerError):
        scenario.database.write_now(decisions.send_back, answer.task_id, "", scenario.actor)
    assert scenario.count("outbox") == 0


def test_answers_of_an_imported_expert_can_be_excluded(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=2, experts=[ADA])
    import_votes(scenario, VOTES)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pseudonym = _pseudonym(scenario, "ann")
    excluded = scenario.run_for_campaign(
        "audit", exclusions.exclude, pseudonym, since, "guesses", scenario.actor
    )
    assert excluded.answer_count == 2
    states = [row.state for row in scenario.rows(Assignment)]
    assert states.count(AssignmentState.QUARANTINED) == 2
    included = scenario.run_for_campaign("audit", exclusions.include, pseudonym, scenario.actor)
    assert included.answer_count == 2
    check_counts(scenario)


@on_sqlite
def test_same_models_again_are_another_item_if_nothing_tells_items(scenario: Scenario) -> None:
    """An arena's log has many votes of one expert on two models: each is a vote."""
    scenario.create_campaign("audit")
    votes = [
        ("wren", "heron", "wren", "ann"),
        ("heron", "wren", "heron", "ann"),
        ("wren", "heron", "wren", "ann"),
        ("wren", "heron", "heron", "ben"),
    ]
    path = write_csv(scenario, ["model_a", "model_b", "winner", "rater"], votes)
    for expected in ((3, 4, 0), (0, 0, 4)):
        result = import_answers(scenario, path, "answer=winner", "expert=rater")
        assert (result.added, result.answers, result.existing_answers) == expected
        assert (result.rejected, result.warning_count) == (0, 2)


def _levels_of(scenario: Scenario) -> list[tuple[int, str]]:
    """Return the level of each answer that has a label, and who gave it."""
    records = scenario.run_for_campaign("audit", lambda s, c: list(iter_labels(s, c)))
    kinds = {True: "imported", False: "member"}
    return [(record.level, kinds[record.is_imported]) for record in records]


def _decide(scenario: Scenario, person: str, task: int, choice: str, **values: object) -> None:
    scenario.submit_answer(person, task, confirm=f"{choice}_1", **values)


def test_imported_answers_of_two_levels_are_confirmed_or_replaced(scenario: Scenario) -> None:
    """An imported answer that is sent back has no author to correct it: a member answers instead.

    The second expert may also take their decision back.
    """
    scenario.create_campaign("audit", overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    import_votes(scenario, [VOTES[0], VOTES[2]])
    assert _levels_of(scenario) == [(1, "imported"), (1, "imported")]
    first, second = scenario.assign_next(ADA) or 0, scenario.assign_next(BOB) or 0
    _decide(scenario, ADA, first, "confirm")
    check_counts(scenario)
    _decide(scenario, BOB, second, "send_back", sent_back_reason="Wrong side.")
    assert _levels_of(scenario) == [(2, "imported")]
    check_counts(scenario)
    _decide(scenario, BOB, second, "confirm")
    assert _levels_of(scenario) == [(2, "imported"), (2, "imported")]
    _decide(scenario, BOB, second, "send_back", sent_back_reason="Wrong side.")
    answered = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, answered, verdict="b")
    assert sorted(_levels_of(scenario)) == [(1, "member"), (2, "imported")]
    recipients = {row.recipient for row in scenario.rows(OutboxMessage)}
    assert recipients <= {ADA, BOB}
    check_counts(scenario)


@on_sqlite
def test_gold_and_items_without_text_need_no_confirmation(scenario: Scenario) -> None:
    scenario.create_campaign("audit", overlap=1, settings={"levels": 2})
    gold = scenario.write_file([{**VOTES[0], "right": "a"}])
    import_answers(scenario, gold, *MAPPINGS, "gold=right")
    models = [{"id": "7", "model_left": "wren", "model_right": "heron", "winner": "left"}]
    import_answers(scenario, scenario.write_file(models), "answer=winner")
    assert len(scenario.rows(Assignment)) == 2
    assert [task.confirms_assignment_id for task in scenario.rows(Task)] == [None, None]
