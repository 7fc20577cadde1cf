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
PEOPLE = ("U01", "U02", "U03")


def texts(workshop: Scenario, *verdicts: str) -> None:
    """Let each expert say which *text* is better, wherever they see it; A is the left one."""
    for person, verdict in zip(PEOPLE, verdicts, strict=True):
        given = workshop.assign_next(person)
        assert given is not None
        order = next(a for a in workshop.rows(Assignment) if a.id == given).candidate_order
        seen = verdict if verdict in ("tie", "both_bad") else "ab"[order.index("ab".index(verdict))]
        workshop.submit_answer(person, given, verdict=seen)


def disagreed(workshop: Scenario, *verdicts: str) -> None:
    """Let three experts answer one comparison."""
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(1)])
    texts(workshop, *verdicts)


def found(workshop: Scenario, reviewer: str = "U0CORA") -> ReviewCase | None:
    """Return the first case."""
    return workshop.database.read_now(review_queue.next_case, None, reviewer)


def test_a_disagreement_comes_with_what_was_said_and_without_names(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    case = found(workshop)
    assert case is not None
    assert (case.reason, case.campaign_title) == (ReviewReason.DISAGREED, "tone")
    assert [(said.summary, len(said.assignment_ids)) for said in case.answer_groups] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    assert "Left 1" in case.form.passages[1].text
    assert "expert-" not in str(case)
    assert not any(person in str(case) for person in PEOPLE)


def test_what_all_agree_on_waits_for_nobody_but_in_a_sample(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "a")
    case = found(workshop)
    assert case is None or case.reason == ReviewReason.SAMPLED


def test_the_sample_is_a_part_of_all_and_always_the_same(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U01"], overlap=1)
    workshop.import_rows("tone", [pair(number) for number in range(200)])
    workshop.answer_all("U01", verdict="tie")
    campaign = workshop.database.read_now(campaign_by_name, "tone")
    counts = [workshop.database.read_now(review_queue.count_waiting, campaign) for _ in range(2)]
    assert counts[0] == counts[1]
    assert 0 < counts[0][ReviewReason.SAMPLED] < 40
    assert counts[0][ReviewReason.DISAGREED] == 0


def test_what_is_not_answered_by_all_waits_still(workshop: Scenario) -> None:
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(1)])
    for person, verdict in (("U01", "a"), ("U02", "tie")):
        workshop.submit_answer(person, workshop.assign_next(person) or 0, verdict=verdict)
    assert found(workshop) is None


def test_nobody_reviews_what_they_answered(workshop: Scenario) -> None:
    disagreed(workshop, "a", "b", "tie")
    assert found(workshop, "U01") is None
    actor = Actor("U01", SLACK, NOW)
    with pytest.raises(OwnTaskError):
        workshop.database.write_now(decisions.keep_as_is, 1, actor)


def test_a_decision_makes_answers_final_and_ends_the_case(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    case = found(workshop)
    assert case is not None
    workshop.database.write_now(
        decisions.accept_answer, case.answer_groups[1].assignment_ids[0], CORA
    )
    assert found(workshop) is None
    assert {row.finalized_by for row in workshop.rows(Assignment)} == {
        decisions.FINALIZED_BY_REVIEW
    }
    (decision,) = workshop.rows(Decision)
    assert decision.decided_by == "U0CORA"
    assert ("decided", "task 1") in workshop.audit_log()


def test_a_decision_is_taken_back(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    workshop.database.write_now(decisions.undo_decision, 1, CORA)
    assert found(workshop) is not None
    assert {row.finalized_by for row in workshop.rows(Assignment)} == {None}
    with pytest.raises(NoReviewCaseError):
        workshop.database.write_now(decisions.undo_decision, 1, CORA)


def test_deciding_otherwise_is_read_as_an_answer(workshop: Scenario) -> None:
    disagreed(workshop, "a", "b", "b")
    with pytest.raises(InvalidAnswerError):
        workshop.database.write_now(decisions.override_answer, 1, {"verdict": "c"}, "", CORA)
    workshop.database.write_now(
        decisions.override_answer, 1, {"verdict": "both_bad"}, " both lie ", CORA
    )
    (decision,) = workshop.rows(Decision)
    assert (decision.value, decision.reason) == ({"verdict": "both_bad"}, "both lie")
    assert decision.candidate_order == [0, 1]


def test_half_a_decision_is_none(workshop: Scenario) -> None:
    workshop.create_campaign("jokes", "rating", experts=["U01"], overlap=1)
    workshop.import_rows("jokes", [{"id": "1", "text": "Ha."}])
    with pytest.raises(IncompleteAnswerError):
        workshop.database.write_now(decisions.override_answer, 1, {"humor": "3"}, "", CORA)


def test_leaving_it_as_it_is_changes_nothing_and_brings_the_next(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(decisions.keep_as_is, 1, CORA)
    assert found(workshop) is None
    assert {row.finalized_by for row in workshop.rows(Assignment)} == {None}


def test_what_is_sent_back_is_open_again_with_the_reason(workshop: Scenario) -> None:
    disagreed(workshop, "a", "b", "b")
    assert workshop.database.write_now(decisions.send_back, 1, "Mind the units.", CORA) == 3
    rows = workshop.rows(Assignment)
    assert {(row.state, row.complete, row.sent_back_reason) for row in rows} == {
        ("queued", False, "Mind the units.")
    }
    assert all(row.value for row in rows)
    assert found(workshop) is None
    workshop.submit_answer("U01", rows[0].id, verdict="tie")
    assert workshop.rows(Assignment)[0].state == "answered"
    assert workshop.rows(Task)[0].slots_taken == 3


def test_flags_come_first_and_are_settled_with_the_case(workshop: Scenario) -> None:
    disagreed(workshop, "a", "b", "tie")
    flag = Flag(assignment_id=1, reason="The prompt is cut off.", flagged_at=NOW)
    workshop.database.write_now(lambda session: session.add(flag))
    case = found(workshop)
    assert case is not None
    assert (case.reason, case.flags) == (ReviewReason.FLAGGED, ("The prompt is cut off.",))
    workshop.database.write_now(decisions.keep_as_is, 1, CORA)
    (settled,) = workshop.rows(Flag)
    assert (settled.resolution, settled.resolved_by) == ("left as it is", "U0CORA")
    assert found(workshop) is None


def test_one_case_after_the_other_each_once(workshop: Scenario) -> None:
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(number) for number in range(4)])
    for _ in range(4):
        texts(workshop, "a", "b", "tie")
    seen: list[int] = []
    after: tuple[ReviewReason, int] | None = None
    while case := workshop.database.read_now(review_queue.next_case, 1, "U0CORA", after):
        seen.append(case.task_id)
        after = (case.reason, case.task_id)
    assert seen == [1, 2, 3, 4]


def test_a_campaign_is_looked_through_before_another_begins(workshop: Scenario) -> None:
    for name in ("tone", "style"):
        workshop.create_campaign(name, experts=PEOPLE, overlap=3)
    for name, number in (("tone", 1), ("style", 2), ("tone", 3)):
        workshop.import_rows(name, [pair(number)])
    for _ in range(3):
        texts(workshop, "a", "b", "tie")
    seen, case = [], workshop.database.read_now(review_queue.next_case, 1, "U0CORA")
    for _ in range(3):
        assert case is not None
        seen.append((case.campaign_name, case.task_id))
        behind = (case.reason, case.task_id)
        case = workshop.database.read_now(review_queue.next_case_after, "U0CORA", behind)
    assert seen == [("tone", 1), ("tone", 3), ("style", 2)]


def test_a_task_that_was_set_aside_is_handed_out_again(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U01"], overlap=1)
    workshop.import_rows("tone", [pair(1)])

    def set_aside(session: object) -> None:
        task = session.get_one(Task, 1)  # type: ignore[attr-defined]  # it is a Session
        task.on_hold_since, task.on_hold_reason = NOW, "unclear"

    workshop.database.write_now(set_aside)
    case = found(workshop)
    assert case is not None
    assert case.reason == ReviewReason.ON_HOLD
    workshop.database.write_now(decisions.return_to_queue, 1, CORA)
    assert found(workshop) is None
    assert workshop.rows(Task)[0].on_hold_since is None


def test_who_decides_what_is_decided_hears_so_and_nothing_changes(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "even", CORA)
    other = Actor("U0BOSS", SLACK, NOW)
    with pytest.raises(AlreadyDecidedError, match="by somebody else"):
        workshop.database.write_now(decisions.keep_as_is, 1, other)
    with pytest.raises(AlreadyDecidedError, match="by somebody else"):
        workshop.database.write_now(decisions.send_back, 1, "again", other)
    with pytest.raises(AlreadyDecidedError, match="by you"):
        workshop.database.write_now(decisions.keep_as_is, 1, CORA)
    assert [row.value["verdict"] for row in workshop.rows(Decision)] == ["tie"]
    workshop.database.write_now(decisions.undo_decision, 1, other)
    workshop.database.write_now(decisions.keep_as_is, 1, other)


def test_a_decision_delivered_twice_stands_once(workshop: Scenario) -> None:
    disagreed(workshop, "a", "a", "b")
    for _ in range(2):
        workshop.database.write_now(decisions.override_answer, 1, {"verdict": "tie"}, "", CORA)
    assert len(workshop.rows(Decision)) == 1
    assert workshop.audit_log().count(("decided", "task 1")) == 1
