"""Review: what experts disagree on comes to somebody who decides, and nobody's name comes along."""

from __future__ import annotations

import pytest

from bot.kinds.base import InvalidAnswerError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns.campaigns import campaign_by_name
from bot.services.reviews import decisions, review_queue
from bot.services.reviews.decisions import AlreadyDecidedError, IncompleteAnswerError, OwnTaskError
from bot.services.reviews.review_queue import NoReviewCaseError, ReviewCase, ReviewReason
from storage.tables import Assignment, Decision, Flag, Task
from tests.services.conftest import NOW, Scenario, pair

CORA = Actor("U0CORA", SLACK, NOW)
EXPERTS = ("U01", "U02", "U03")


def answer_by_text(scenario: Scenario, *verdicts: str) -> None:
    """Let each expert say which *text* is better, wherever they see it; A is the left one."""
    for person, verdict in zip(EXPERTS, verdicts, strict=True):
        given = scenario.assign_next(person)
        assert given is not None
        order = next(a for a in scenario.rows(Assignment) if a.id == given).candidate_order
        seen = verdict if verdict in ("tie", "both_bad") else "ab"[order.index("ab".index(verdict))]
        scenario.submit_answer(person, given, verdict=seen)


def create_answered_task(scenario: Scenario, *verdicts: str) -> None:
    """Let three experts answer one comparison."""
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    answer_by_text(scenario, *verdicts)


def first_case(scenario: Scenario, reviewer: str = "U0CORA") -> ReviewCase | None:
    """Return the first case."""
    return scenario.database.read_now(review_queue.next_case, None, reviewer)


def test_a_disagreement_comes_with_what_was_said_and_without_names(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    case = first_case(scenario)
    assert case is not None
    assert (case.reason, case.campaign_title) == (ReviewReason.DISAGREED, "tone")
    assert [(said.summary, len(said.assignment_ids)) for said in case.answer_groups] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    assert "Left 1" in case.form.passages[1].text
    assert "expert-" not in str(case)
    assert not any(person in str(case) for person in EXPERTS)


def test_what_all_agree_on_waits_for_nobody_but_in_a_sample(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "a")
    case = first_case(scenario)
    assert case is None or case.reason == ReviewReason.SAMPLED


def test_the_sample_is_a_part_of_all_and_always_the_same(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(200)])
    scenario.answer_all("U01", verdict="tie")
    campaign = scenario.database.read_now(campaign_by_name, "tone")
    counts = [scenario.database.read_now(review_queue.count_waiting, campaign) for _ in range(2)]
    assert counts[0] == counts[1]
    assert 0 < counts[0][ReviewReason.SAMPLED] < 40
    assert counts[0][ReviewReason.DISAGREED] == 0


def test_what_is_not_answered_by_all_waits_still(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(1)])
    for person, verdict in (("U01", "a"), ("U02", "tie")):
        scenario.submit_answer(person, scenario.assign_next(person) or 0, verdict=verdict)
    assert first_case(scenario) is None


def test_nobody_reviews_what_they_answered(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "tie")
    assert first_case(scenario, "U01") is None
    actor = Actor("U01", SLACK, NOW)
    with pytest.raises(OwnTaskError):
        scenario.database.write_now(decisions.keep_as_is, 1, actor)


def test_a_decision_makes_answers_final_and_ends_the_case(scenario: Scenario) -> None:
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
    assert ("decided", "task 1") in scenario.audit_log()


def test_a_decision_is_taken_back(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    scenario.database.write_now(decisions.undo_decision, 1, CORA)
    assert first_case(scenario) is not None
    assert {row.finalized_by for row in scenario.rows(Assignment)} == {None}
    with pytest.raises(NoReviewCaseError):
        scenario.database.write_now(decisions.undo_decision, 1, CORA)


def test_deciding_otherwise_is_read_as_an_answer(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "b")
    with pytest.raises(InvalidAnswerError):
        scenario.database.write_now(decisions.override_answer, 1, {"verdict": "c"}, "", CORA)
    scenario.database.write_now(
        decisions.override_answer, 1, {"verdict": "both_bad"}, " both lie ", CORA
    )
    (decision,) = scenario.rows(Decision)
    assert (decision.value, decision.reason) == ({"verdict": "both_bad"}, "both lie")
    assert decision.candidate_order == [0, 1]


def test_half_a_decision_is_none(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", experts=["U01"], overlap=1)
    scenario.import_rows("jokes", [{"id": "1", "text": "Ha."}])
    with pytest.raises(IncompleteAnswerError):
        scenario.database.write_now(decisions.override_answer, 1, {"humor": "3"}, "", CORA)


def test_leaving_it_as_it_is_changes_nothing_and_brings_the_next(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert first_case(scenario) is None
    assert {row.finalized_by for row in scenario.rows(Assignment)} == {None}


def test_what_is_sent_back_is_open_again_with_the_reason(scenario: Scenario) -> None:
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


def test_flags_come_first_and_are_settled_with_the_case(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "b", "tie")
    flag = Flag(assignment_id=1, reason="The prompt is cut off.", flagged_at=NOW)
    scenario.database.write_now(lambda session: session.add(flag))
    case = first_case(scenario)
    assert case is not None
    assert (case.reason, case.flags) == (ReviewReason.FLAGGED, ("The prompt is cut off.",))
    scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    (settled,) = scenario.rows(Flag)
    assert (settled.resolution, settled.resolved_by) == ("kept as is", "U0CORA")
    assert first_case(scenario) is None


def test_one_case_after_the_other_each_once(scenario: Scenario) -> None:
    scenario.create_campaign(experts=EXPERTS, overlap=3)
    scenario.import_rows("tone", [pair(number) for number in range(4)])
    for _ in range(4):
        answer_by_text(scenario, "a", "b", "tie")
    seen: list[int] = []
    after: tuple[ReviewReason, int] | None = None
    while case := scenario.database.read_now(review_queue.next_case, 1, "U0CORA", after):
        seen.append(case.task_id)
        after = (case.reason, case.task_id)
    assert seen == [1, 2, 3, 4]


def test_a_campaign_is_looked_through_before_another_begins(scenario: Scenario) -> None:
    for name in ("tone", "style"):
        scenario.create_campaign(name, experts=EXPERTS, overlap=3)
    for name, number in (("tone", 1), ("style", 2), ("tone", 3)):
        scenario.import_rows(name, [pair(number)])
    for _ in range(3):
        answer_by_text(scenario, "a", "b", "tie")
    seen, case = [], scenario.database.read_now(review_queue.next_case, 1, "U0CORA")
    for _ in range(3):
        assert case is not None
        seen.append((case.campaign_name, case.task_id))
        behind = (case.reason, case.task_id)
        case = scenario.database.read_now(review_queue.next_case_after, "U0CORA", behind)
    assert seen == [("tone", 1), ("tone", 3), ("style", 2)]


def test_a_task_that_was_set_aside_is_handed_out_again(scenario: Scenario) -> None:
    scenario.create_campaign(experts=["U01"], overlap=1)
    scenario.import_rows("tone", [pair(1)])

    def set_aside(session: object) -> None:
        task = session.get_one(Task, 1)  # type: ignore[attr-defined]  # it is a Session
        task.on_hold_since, task.on_hold_reason = NOW, "unclear"

    scenario.database.write_now(set_aside)
    case = first_case(scenario)
    assert case is not None
    assert case.reason == ReviewReason.ON_HOLD
    scenario.database.write_now(decisions.return_to_queue, 1, CORA)
    assert first_case(scenario) is None
    assert scenario.rows(Task)[0].on_hold_since is None


def test_who_decides_what_is_decided_hears_so_and_nothing_changes(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    other = Actor("U0BOSS", SLACK, NOW)
    with pytest.raises(AlreadyDecidedError, match="by somebody else"):
        scenario.database.write_now(decisions.keep_as_is, 1, other)
    with pytest.raises(AlreadyDecidedError, match="by somebody else"):
        scenario.database.write_now(decisions.send_back, 1, "again", other)
    with pytest.raises(AlreadyDecidedError, match="by you"):
        scenario.database.write_now(decisions.keep_as_is, 1, CORA)
    assert [row.value["verdict"] for row in scenario.rows(Decision)] == ["tie"]
    scenario.database.write_now(decisions.undo_decision, 1, other)
    scenario.database.write_now(decisions.keep_as_is, 1, other)


def test_a_decision_delivered_twice_stands_once(scenario: Scenario) -> None:
    create_answered_task(scenario, "a", "a", "b")
    for _ in range(2):
        scenario.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    assert len(scenario.rows(Decision)) == 1
    assert scenario.audit_log().count(("decided", "task 1")) == 1
