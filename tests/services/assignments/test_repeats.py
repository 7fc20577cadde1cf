"""Mirrored repeats: the same expert, days later, with the sides exchanged, and counted nowhere."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, delete

from bot.errors import BotError
from bot.services.answers import labels, submit
from bot.services.assignments import pair_priorities, repeats
from bot.services.assignments.repeats import REPEAT_AFTER
from bot.services.reports import agreement, campaign_status, forecast
from bot.services.tasks import manual_assignment, next_task, scheduled_delivery
from storage.queries import (
    adaptive_overlap,
    final_answers,
    on_hold_tasks,
    progress,
    reviews,
    unanswerable_tasks,
    votes,
)
from storage.queries import repeats as repeat_queries
from storage.row_id import id_of
from storage.tables import Assignment, AssignmentState, Campaign, Expert, OutboxMessage, Task
from tests.services.conftest import NOW, Scenario, pair, run_notifications

ADA, BOB = "U0ADA", "U0BOB"
SHARE = 0.2


@pytest.fixture
def answered(scenario: Scenario) -> Scenario:
    """Return a scenario in which two experts answered forty pairs, three days ago."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB], repeat_share=SHARE)
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    scenario.answer_all(ADA, verdict="a")
    scenario.answer_all(BOB, verdict="b")
    scenario.advance_clock(days=3, minutes=1)
    return scenario


def assign_repeats(scenario: Scenario) -> int:
    """Run the job once."""
    return scenario.database.write_now(repeats.assign_due_repeats, 1, scenario.now)


def repeat_everything(scenario: Scenario, **values: object) -> int:
    """Run the job until nothing is due, and answer every repeat; return how many."""
    answered = 0
    while assign_repeats(scenario):
        answered += scenario.answer_all(ADA, **values) + scenario.answer_all(BOB, **values)
    return answered


def repeat_assignments(scenario: Scenario) -> list[Assignment]:
    """Return the assignments of repeats."""
    ids = {task.id for task in scenario.rows(Task) if task.is_repeat}
    return [row for row in scenario.rows(Assignment) if row.task_id in ids]


def test_share_of_pairs_returns_to_the_same_expert_with_exchanged_sides(
    answered: Scenario,
) -> None:
    count = repeat_everything(answered, verdict="a")
    assert 8 <= count <= 24
    rows = {row.id: row for row in answered.rows(Assignment)}
    by_id = {task.id: task for task in answered.rows(Task)}
    for repeat in repeat_assignments(answered):
        first = rows[by_id[repeat.task_id].confirms_assignment_id]
        assert (repeat.expert_id, repeat.campaign_id) == (first.expert_id, first.campaign_id)
        assert repeat.candidate_order == first.candidate_order[::-1]
        assert by_id[repeat.task_id].item_id == by_id[first.task_id].item_id
        assert repeat.created_at - first.answered_at >= REPEAT_AFTER
        assert repeat.selection_reason == first.selection_reason
    assert assign_repeats(answered) == 0


def test_nothing_is_repeated_before_its_time(answered: Scenario) -> None:
    answered.now -= timedelta(minutes=2)
    assert assign_repeats(answered) == 0


def test_expert_has_one_repeat_at_a_time_and_the_other_never_gets_it(answered: Scenario) -> None:
    assert assign_repeats(answered) == 2
    assert assign_repeats(answered) == 0
    (ada,) = [row for row in repeat_assignments(answered) if row.expert_id == 1]
    answered.database.write_now(submit.skip_task, id_of(ada), "unclear", answered.interaction(ADA))
    assert answered.answer_all(BOB, verdict="a") == 1
    assert [row.expert_id for row in repeat_assignments(answered)] == [1, 2]


def test_repeat_looks_like_the_first_task(answered: Scenario) -> None:
    assign_repeats(answered)
    (repeat,) = [row for row in repeat_assignments(answered) if row.expert_id == 1]
    first_id = next(task for task in answered.rows(Task) if task.id == repeat.task_id)
    views = [
        answered.database.read_now(next_task.task_view, assignment_id)
        for assignment_id in (first_id.confirms_assignment_id, id_of(repeat))
    ]
    first, second = views
    assert first.form.question == second.form.question
    assert [passage.title for passage in first.form.passages] == [
        passage.title for passage in second.form.passages
    ]
    texts = [passage.text for passage in first.form.passages]
    assert [passage.text for passage in second.form.passages] == [texts[0], texts[2], texts[1]]
    assert first.selection_reason == second.selection_reason


def everything_that_reads_answers(session: Session) -> dict[str, Any]:
    """Return what every query and service that reads answers says about the campaign."""
    campaign = session.get_one(Campaign, 1)
    with closing(votes.stream_votes(session, 1)) as rows:
        vote_rows = list(rows)
    with closing(votes.stream_candidates(session, 1)) as candidates:
        candidate_rows = list(candidates)
    status = campaign_status.status_of(session, campaign)
    activity = forecast.recent_activity(session, NOW)
    return {
        "exports": [list(labels.iter_labels(session, campaign, with_gold=True))],
        "agreement": agreement.compute_figures(session, 1).questions,
        "sources": agreement.compute_figures(session, 1).sources,
        "votes": vote_rows,
        "candidates": candidate_rows,
        "answers": votes.count_answers(session, 1),
        "by day": votes.answers_by_day(session),
        "less overlap": votes.remaining_with_less_overlap(session),
        "status": (status.tasks, status.wanted, status.answered, status.complete, status.items),
        "finished": progress.finished_task_counts(session, 1),
        "demand": progress.answer_demand(session, 1),
        "remaining": forecast.forecast_campaign(status, activity, [], NOW).remaining,
        "review": reviews.undecided_tasks(session, 1, "U0EVE"),
        "on hold": on_hold_tasks.on_hold_tasks(session, 1),
        "unanswerable": unanswerable_tasks.skipped_tasks(session),
        "adaptive": adaptive_overlap.task_groups(session, 1),
        "models": pair_priorities.compare_models(session, 1),
    }


def test_repeats_leak_into_no_query(answered: Scenario) -> None:
    before = answered.database.read_now(everything_that_reads_answers)
    assert repeat_everything(answered, verdict="tie") > 0
    assert answered.database.read_now(everything_that_reads_answers) == before


def test_open_and_skipped_repeats_leak_into_no_query(answered: Scenario) -> None:
    before = answered.database.read_now(everything_that_reads_answers)
    assign_repeats(answered)
    assert answered.database.read_now(everything_that_reads_answers) == before
    ada = next(row for row in repeat_assignments(answered) if row.expert_id == 1)
    answered.database.write_now(submit.skip_task, id_of(ada), "broken", answered.interaction(ADA))
    assert answered.database.read_now(everything_that_reads_answers) == before


def test_frozen_answers_are_those_of_exports(answered: Scenario) -> None:
    repeat_everything(answered, verdict="a")
    frozen = answered.database.write_now(final_answers.freeze_answers, 1, "an export")
    assert frozen == 80
    assert {row.finalized_by for row in repeat_assignments(answered)} == {None}


def test_repeat_is_delivered_in_working_hours(answered: Scenario) -> None:
    answered.sync_profiles()
    answered.database.write_now(lambda session: session.exec(delete(OutboxMessage)))
    assign_repeats(answered)
    answered.advance_clock(minutes=2)
    assert run_notifications(answered, manual_assignment.notify_assignees) == 2
    assert answered.assign_next(ADA) == repeat_assignments(answered)[0].id


def test_nobody_on_time_off_or_away_gets_a_repeat(answered: Scenario) -> None:
    def leave(session: Session) -> None:
        ada, bob = session.get_one(Expert, 1), session.get_one(Expert, 2)
        ada.paused_until, bob.away_since = answered.now + timedelta(days=1), answered.now
        session.add_all([ada, bob])

    answered.database.write_now(leave)
    assert assign_repeats(answered) == 0
    answered.advance_clock(days=1)
    assert assign_repeats(answered) == 1


def test_both_answers_are_returned_by_expert(answered: Scenario) -> None:
    count = repeat_everything(answered, verdict="a")
    pairs = answered.database.read_now(repeat_queries.repeated_answers, 1)
    assert len(pairs) == count == answered.database.read_now(repeat_queries.count_repeats, 1)
    assert {(row.expert_id, row.first_value["verdict"]) for row in pairs} == {(1, "a"), (2, "b")}
    assert all(row.repeat_value == {"verdict": "a"} for row in pairs)
    assert all(row.first_order == row.repeat_order[::-1] for row in pairs)


def test_undone_first_answer_has_no_pair(answered: Scenario) -> None:
    count = repeat_everything(answered, verdict="a")
    first = next(task for task in answered.rows(Task) if task.is_repeat).confirms_assignment_id
    owner = next(row for row in answered.rows(Assignment) if row.id == first).expert_id
    person = {1: ADA, 2: BOB}[owner]
    answered.database.write_now(submit.undo, first, answered.interaction(person))
    pairs = answered.database.read_now(repeat_queries.repeated_answers, 1)
    assert len(pairs) == count - 1


def test_expired_repeat_returns_to_its_expert_only(answered: Scenario) -> None:
    assign_repeats(answered)
    assert assign_repeats(answered) == 0
    answered.advance_clock(days=30)
    answered.database.write_now(scheduled_delivery.expire_leases, answered.now)
    states = {row.state for row in repeat_assignments(answered)}
    assert states == {AssignmentState.EXPIRED}
    assert answered.assign_next(ADA) == repeat_assignments(answered)[0].id


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "rating", "repeat_share": 0.1}, "Only the pairs of a comparison"),
        ({"repeat_share": 0.1, "settings": {"levels": 2}}, "without confirmation"),
        ({"repeat_share": 0.3}, "must be from 0 to 0.2, not 0.3"),
    ],
)
def test_bad_share_is_refused(scenario: Scenario, options: dict[str, Any], message: str) -> None:
    with pytest.raises(BotError, match=message):
        scenario.create_campaign(**options)
