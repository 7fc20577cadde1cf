"""Review queue and decisions; reviewers see no names."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.kinds.base import InvalidAnswerError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.reviews import decided_cases, decisions, review_queue
from bot.services.reviews.decisions import AlreadyDecidedError, IncompleteAnswerError, OwnTaskError
from bot.services.reviews.review_case import NoReviewCaseError, ReviewCase, ReviewReason
from bot.services.reviews.review_queue import CaseCursor
from storage.tables import Assignment, Decision, Flag, Task
from tests.services.conftest import NOW, Scenario, pair

CORA = Actor("U0CORA", SLACK, NOW)
EXPERTS = ("U01", "U02", "U03")


def answer_by_text(scenario: Scenario, *verdicts: str) -> None:
    """Submit an answer per expert; verdicts refer to the imported order, "a" is the left text."""
    for slack_id, verdict in zip(EXPERTS, verdicts, strict=True):
        assignment_id = scenario.assign_next(slack_id)
        assert assignment_id is not None
        order = next(
            row.candidate_order for row in scenario.rows(Assignment) if row.id == assignment_id
        )
        has_winner = verdict in ("a", "b")
        shown_verdict = "ab"[order.index("ab".index(verdict))] if has_winner else verdict
        scenario.submit_answer(slack_id, assignment_id, verdict=shown_verdict)


def create_answered_task(scenario: Scenario, *verdicts: str) -> None:
    """Create a comparison task that three experts have answered."""
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    answer_by_text(scenario, *verdicts)


def first_case(scenario: Scenario, reviewer: str = "U0CORA") -> ReviewCase | None:
    """Return the first case of the queue."""
    return scenario.database.read_now(review_queue.next_case, None, reviewer)


def test_disagreement_is_shown_without_names(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    case = first_case(scenario)
    assert case is not None
    assert (case.reason, case.campaign_title) == (ReviewReason.DISAGREED, "tone")
    assert [(group.summary, len(group.assignment_ids)) for group in case.answer_groups] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    assert "Left 1" in case.form.passages[1].text
    assert "expert-" not in str(case)
    assert not any(slack_id in str(case) for slack_id in EXPERTS)


def test_unanimous_task_is_reviewed_only_in_sample(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "a")
    case = first_case(scenario)
    assert case is None or case.reason == ReviewReason.SAMPLED


def test_sample_is_stable_part_of_all_tasks(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(200)])
    scenario.answer_all("U01", verdict="tie")
    campaign = scenario.database.read_now(campaign_by_name, "tone")
    counts = [scenario.database.read_now(review_queue.count_waiting, campaign) for _ in range(2)]
    assert counts[0] == counts[1]
    assert 0 < counts[0][ReviewReason.SAMPLED] < 40
    assert counts[0][ReviewReason.DISAGREED] == 0


def test_incomplete_task_is_not_reviewed(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    for slack_id, verdict in (("U01", "a"), ("U02", "tie")):
        scenario.submit_answer(slack_id, scenario.assign_next(slack_id) or 0, verdict=verdict)
    assert first_case(scenario) is None


def test_nobody_reviews_their_own_answers(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "tie")
    assert first_case(scenario, "U01") is None
    actor = Actor("U01", SLACK, NOW)
    with pytest.raises(OwnTaskError):
        scenario.database.write_now(decisions.keep_as_is, 1, actor)


def test_decision_finalizes_answers(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    case = first_case(scenario)
    assert case is not None
    scenario.database.write_now(
        decisions.accept_answer, case.answer_groups[1].assignment_ids[0], CORA
    )
    assert first_case(scenario) is None
    assert {row.finalized_by for row in scenario.rows(Assignment)} == {
        decisions.FINALIZED_BY_REVIEW
    }
    (decision,) = scenario.rows(Decision)
    assert decision.decided_by == "U0CORA"
    assert ("made a decision", "task 1") in scenario.audit_log()


def test_decision_can_be_undone(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    assert first_case(scenario) is not None
    assert {row.finalized_by for row in scenario.rows(Assignment)} == {None}
    with pytest.raises(NoReviewCaseError):
        scenario.database.write_now(decisions.undo_decision, 1, CORA)


def test_override_is_parsed_as_answer(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "b")
    with pytest.raises(InvalidAnswerError):
        scenario.database.write_now(decisions.override_answer, 1, {"verdict": "c"}, "", CORA)
    scenario.database.write_now(
        decisions.override_answer, 1, {"verdict": "both_bad"}, " both lie ", CORA
    )
    (decision,) = scenario.rows(Decision)
    assert (decision.value, decision.reason) == ({"verdict": "both_bad"}, "both lie")
    assert decision.candidate_order == [0, 1]


def test_incomplete_override_is_rejected(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=["U01"], overlap=1)
    scenario.import_rows("jokes", [{"id": "1", "text": "Ha."}])
    with pytest.raises(IncompleteAnswerError):
        scenario.database.write_now(decisions.override_answer, 1, {"humor": "3"}, "", CORA)


def test_keep_as_is_leaves_answers_unchanged(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert first_case(scenario) is None
    assert {row.finalized_by for row in scenario.rows(Assignment)} == {None}


def test_sent_back_answers_are_reopened_with_reason(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "b")
    assert scenario.database.write_now(decisions.send_back, 1, "Mind the units.", CORA) == 3
    rows = scenario.rows(Assignment)
    assert {(row.state, row.complete, row.sent_back_reason) for row in rows} == {
        ("queued", False, "Mind the units.")
    }
    assert all(row.value for row in rows)
    assert first_case(scenario) is None
    scenario.submit_answer("U01", rows[0].id, verdict="tie")
    assert scenario.rows(Assignment)[0].state == "answered"
    assert scenario.rows(Task)[0].slots_taken == 3


def test_flagged_task_comes_first_and_decision_resolves_flags(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "tie")
    flag = Flag(assignment_id=1, reason="The prompt is cut off.", flagged_at=NOW)
    scenario.database.write_now(lambda session: session.add(flag))
    case = first_case(scenario)
    assert case is not None
    assert (case.reason, case.flags) == (ReviewReason.FLAGGED, ("The prompt is cut off.",))
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    (resolved_flag,) = scenario.rows(Flag)
    assert (resolved_flag.resolution, resolved_flag.resolved_by) == ("kept as is", "U0CORA")
    assert first_case(scenario) is None


def test_worst_disagreement_comes_first(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    answer_by_text(scenario, "a", "a", "b")
    answer_by_text(scenario, "a", "b", "tie")
    answer_by_text(scenario, "b", "b", "a")
    visited: list[int] = []
    cursor: CaseCursor | None = None
    while case := scenario.database.read_now(review_queue.next_case, 1, "U0CORA", cursor):
        visited.append(case.task_id)
        cursor = CaseCursor(case.reason, case.task_id, case.place.number)
        if len(visited) == 1:
            scenario.database.write_now(decisions.keep_as_is, case.task_id, CORA)
    assert visited == [2, 1, 3]


def test_ratings_one_point_apart_are_not_reviewed(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=2, experts=EXPERTS[:2])
    scenario.import_rows("jokes", [{"id": str(n), "text": f"Joke {n}"} for n in range(2)])
    for slack_id, points in ((EXPERTS[0], "34"), (EXPERTS[1], "41")):
        for point in points:
            assignment_id = scenario.assign_next(slack_id) or 0
            scenario.submit_answer(slack_id, assignment_id, humor=point, relevance="3", clarity="3")
    case = first_case(scenario)
    assert case is not None
    assert (case.task_id, case.reason) == (2, ReviewReason.DISAGREED)


def test_cursor_visits_each_case_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(4)])
    for _ in range(4):
        answer_by_text(scenario, "a", "b", "tie")
    task_ids: list[int] = []
    cursor: CaseCursor | None = None
    while case := scenario.database.read_now(review_queue.next_case, 1, "U0CORA", cursor):
        task_ids.append(case.task_id)
        cursor = CaseCursor(case.reason, case.task_id, case.place.number)
    assert task_ids == [1, 2, 3, 4]


def test_place_counts_the_cases_of_the_campaign(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(3)])
    for _ in range(3):
        answer_by_text(scenario, "a", "b", "tie")
    flag = Flag(assignment_id=1, reason="Cut off.", flagged_at=NOW)
    scenario.database.write_now(lambda session: session.add(flag))
    read = scenario.database.read_now
    places, cursor = [], None
    while case := read(review_queue.next_case, 1, "U0CORA", cursor):
        places.append((case.reason, case.place.number, case.place.total))
        cursor = CaseCursor(case.reason, case.task_id, case.place.number)
        if case.task_id == 1:
            scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert places == [
        (reason, number, 3)
        for number, reason in enumerate(
            (ReviewReason.FLAGGED, ReviewReason.DISAGREED, ReviewReason.DISAGREED), start=1
        )
    ]
    only = read(review_queue.next_case, 1, "U0CORA", only=ReviewReason.DISAGREED)
    assert only
    assert (only.place.number, only.place.total, only.place.is_filtered) == (1, 2, True)
    assert only.place.counts == {**dict.fromkeys(ReviewReason, 0), ReviewReason.DISAGREED: 2}
    assert read(review_queue.next_case, 1, "U0CORA", only=ReviewReason.FLAGGED) is None


def test_decisions_are_listed_in_words_until_they_are_undone(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    read = scenario.database.read_now
    assert read(decided_cases.list_decided, 1, 5) == []
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    (decided,) = read(decided_cases.list_decided, 1, 5)
    assert (decided.item_key, decided.summary, decided.decided_by, decided.reason) == (
        "pair-1",
        "a tie",
        "U0CORA",
        "even",
    )
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    assert read(decided_cases.list_decided, 1, 5) == []
    with pytest.raises(NoReviewCaseError):
        read(decided_cases.decided_case, 1)
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert read(decided_cases.decided_case, 1).summary == "kept as is"


def test_campaigns_are_reviewed_one_after_another(scenario: Scenario) -> None:
    for name in ("tone", "style"):
        scenario.create_campaign(name, experts=EXPERTS, overlap=3)
    for name, number in (("tone", 1), ("style", 2), ("tone", 3)):
        scenario.import_rows(name, [pair(number)])
    for _ in range(3):
        answer_by_text(scenario, "a", "b", "tie")
    visited = []
    case = scenario.database.read_now(review_queue.next_case, 1, "U0CORA")
    for _ in range(3):
        assert case is not None
        visited.append((case.campaign_name, case.task_id))
        cursor = CaseCursor(case.reason, case.task_id, case.place.number)
        case = scenario.database.read_now(review_queue.next_case_after, "U0CORA", cursor)
    assert visited == [("tone", 1), ("tone", 3), ("style", 2)]


def test_task_on_hold_can_be_returned_to_queue(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(1)])

    def put_on_hold(session: Session) -> None:
        task = session.get_one(Task, 1)
        task.on_hold_since, task.on_hold_reason = NOW, "unclear"

    scenario.database.write_now(put_on_hold)
    case = first_case(scenario)
    assert case is not None
    assert case.reason == ReviewReason.ON_HOLD
    scenario.database.write_now(decisions.return_to_queue, 1, CORA)
    assert first_case(scenario) is None
    assert scenario.rows(Task)[0].on_hold_since is None


def test_second_decision_is_rejected(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    boss = Actor("U0BOSS", SLACK, NOW)
    with pytest.raises(AlreadyDecidedError, match="by another reviewer"):
        scenario.database.write_now(decisions.keep_as_is, 1, boss)
    with pytest.raises(AlreadyDecidedError, match="by another reviewer"):
        scenario.database.write_now(decisions.send_back, 1, "again", boss)
    with pytest.raises(AlreadyDecidedError, match="by you"):
        scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert [row.value["verdict"] for row in scenario.rows(Decision)] == ["tie"]
    scenario.database.write_now(decisions.undo_decision, 1, boss)
    scenario.database.write_now(decisions.keep_as_is, 1, boss)


def test_repeated_decision_is_stored_once(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    for _ in range(2):
        scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    assert len(scenario.rows(Decision)) == 1
    assert scenario.audit_log().count(("made a decision", "task 1")) == 1
