"""Review: what experts disagree on comes to somebody who decides, and nobody's name comes along."""

from __future__ import annotations

import pytest

from bot.kinds.base import WrongAnswerError
from bot.services import deciding, reviewing
from bot.services.auditing import SLACK
from bot.services.campaigning import campaign_named
from bot.services.deciding import DecidedError, IncompleteError, OwnTaskError
from bot.services.directing import By
from bot.services.reviewing import Case, NoCaseError, Why
from storage.tables import Assignment, Decision, Flag, Task
from tests.services.conftest import NOW, Workshop, pair

CORA = By("U0CORA", SLACK, NOW)
PEOPLE = ("U01", "U02", "U03")


def texts(workshop: Workshop, *verdicts: str) -> None:
    """Let each expert say which *text* is better, wherever they see it; A is the left one."""
    for person, verdict in zip(PEOPLE, verdicts, strict=True):
        given = workshop.asks(person)
        assert given is not None
        order = next(a for a in workshop.rows(Assignment) if a.id == given).candidate_order
        seen = verdict if verdict in ("tie", "both_bad") else "ab"[order.index("ab".index(verdict))]
        workshop.answers(person, given, verdict=seen)


def disagreed(workshop: Workshop, *verdicts: str) -> None:
    """Let three experts answer one comparison."""
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(1)])
    texts(workshop, *verdicts)


def found(workshop: Workshop, reviewer: str = "U0CORA") -> Case | None:
    """Return the first case."""
    return workshop.database.read_now(reviewing.next_case, None, reviewer)


def test_a_disagreement_comes_with_what_was_said_and_without_names(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    case = found(workshop)
    assert case is not None
    assert (case.why, case.campaign) == (Why.DISAGREED, "tone")
    assert [(said.words, len(said.assignments)) for said in case.said] == [
        ("A is better", 2),
        ("B is better", 1),
    ]
    assert "Left 1" in case.form.passages[1].text
    assert "expert-" not in str(case)
    assert not any(person in str(case) for person in PEOPLE)


def test_what_all_agree_on_waits_for_nobody_but_in_a_sample(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "a")
    case = found(workshop)
    assert case is None or case.why == Why.SAMPLED


def test_the_sample_is_a_part_of_all_and_always_the_same(workshop: Workshop) -> None:
    workshop.creates(experts=["U01"], overlap=1)
    workshop.imports("tone", [pair(number) for number in range(200)])
    workshop.does_all("U01", verdict="tie")
    campaign = workshop.database.read_now(campaign_named, "tone")
    counts = [workshop.database.read_now(reviewing.waiting, campaign) for _ in range(2)]
    assert counts[0] == counts[1]
    assert 0 < counts[0][Why.SAMPLED] < 40
    assert counts[0][Why.DISAGREED] == 0


def test_what_is_not_answered_by_all_waits_still(workshop: Workshop) -> None:
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(1)])
    for person, verdict in (("U01", "a"), ("U02", "tie")):
        workshop.answers(person, workshop.asks(person) or 0, verdict=verdict)
    assert found(workshop) is None


def test_nobody_reviews_what_they_answered(workshop: Workshop) -> None:
    disagreed(workshop, "a", "b", "tie")
    assert found(workshop, "U01") is None
    by = By("U01", SLACK, NOW)
    with pytest.raises(OwnTaskError):
        workshop.database.write_now(deciding.leave, 1, by)


def test_a_decision_makes_answers_final_and_ends_the_case(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    case = found(workshop)
    assert case is not None
    workshop.database.write_now(deciding.adopt, case.said[1].assignments[0], CORA)
    assert found(workshop) is None
    assert {row.locked_by for row in workshop.rows(Assignment)} == {deciding.BY_REVIEW}
    (decision,) = workshop.rows(Decision)
    assert decision.decided_by == "U0CORA"
    assert ("decided", "task 1") in workshop.deeds()


def test_a_decision_is_taken_back(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(deciding.settle, 1, {"verdict": "tie"}, "even", CORA)
    workshop.database.write_now(deciding.take_back, 1, CORA)
    assert found(workshop) is not None
    assert {row.locked_by for row in workshop.rows(Assignment)} == {None}
    with pytest.raises(NoCaseError):
        workshop.database.write_now(deciding.take_back, 1, CORA)


def test_deciding_otherwise_is_read_as_an_answer(workshop: Workshop) -> None:
    disagreed(workshop, "a", "b", "b")
    with pytest.raises(WrongAnswerError):
        workshop.database.write_now(deciding.settle, 1, {"verdict": "c"}, "", CORA)
    workshop.database.write_now(deciding.settle, 1, {"verdict": "both_bad"}, " both lie ", CORA)
    (decision,) = workshop.rows(Decision)
    assert (decision.value, decision.reason) == ({"verdict": "both_bad"}, "both lie")
    assert decision.candidate_order == [0, 1]


def test_half_a_decision_is_none(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating", experts=["U01"], overlap=1)
    workshop.imports("jokes", [{"id": "1", "text": "Ha."}])
    with pytest.raises(IncompleteError):
        workshop.database.write_now(deciding.settle, 1, {"humor": "3"}, "", CORA)


def test_leaving_it_as_it_is_changes_nothing_and_brings_the_next(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(deciding.leave, 1, CORA)
    assert found(workshop) is None
    assert {row.locked_by for row in workshop.rows(Assignment)} == {None}


def test_what_is_sent_back_is_open_again_with_the_reason(workshop: Workshop) -> None:
    disagreed(workshop, "a", "b", "b")
    assert workshop.database.write_now(deciding.send_back, 1, "Mind the units.", CORA) == 3
    rows = workshop.rows(Assignment)
    assert {(row.state, row.complete, row.sent_back) for row in rows} == {
        ("queued", False, "Mind the units.")
    }
    assert all(row.value for row in rows)
    assert found(workshop) is None
    workshop.answers("U01", rows[0].id, verdict="tie")
    assert workshop.rows(Assignment)[0].state == "answered"
    assert workshop.rows(Task)[0].taken == 3


def test_flags_come_first_and_are_settled_with_the_case(workshop: Workshop) -> None:
    disagreed(workshop, "a", "b", "tie")
    flag = Flag(assignment_id=1, reason="The prompt is cut off.", flagged_at=NOW)
    workshop.database.write_now(lambda session: session.add(flag))
    case = found(workshop)
    assert case is not None
    assert (case.why, case.flags) == (Why.FLAGGED, ("The prompt is cut off.",))
    workshop.database.write_now(deciding.leave, 1, CORA)
    (settled,) = workshop.rows(Flag)
    assert (settled.resolution, settled.resolved_by) == ("left as it is", "U0CORA")
    assert found(workshop) is None


def test_one_case_after_the_other_each_once(workshop: Workshop) -> None:
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(number) for number in range(4)])
    for _ in range(4):
        texts(workshop, "a", "b", "tie")
    seen: list[int] = []
    after: tuple[Why, int] | None = None
    while case := workshop.database.read_now(reviewing.next_case, 1, "U0CORA", after):
        seen.append(case.task)
        after = (case.why, case.task)
    assert seen == [1, 2, 3, 4]


def test_a_campaign_is_looked_through_before_another_begins(workshop: Workshop) -> None:
    for name in ("tone", "style"):
        workshop.creates(name, experts=PEOPLE, overlap=3)
    for name, number in (("tone", 1), ("style", 2), ("tone", 3)):
        workshop.imports(name, [pair(number)])
    for _ in range(3):
        texts(workshop, "a", "b", "tie")
    seen, case = [], workshop.database.read_now(reviewing.next_case, 1, "U0CORA")
    for _ in range(3):
        assert case is not None
        seen.append((case.name, case.task))
        behind = (case.why, case.task)
        case = workshop.database.read_now(reviewing.case_behind, "U0CORA", behind)
    assert seen == [("tone", 1), ("tone", 3), ("style", 2)]


def test_a_task_that_was_set_aside_is_handed_out_again(workshop: Workshop) -> None:
    workshop.creates(experts=["U01"], overlap=1)
    workshop.imports("tone", [pair(1)])

    def set_aside(session: object) -> None:
        task = session.get_one(Task, 1)  # type: ignore[attr-defined]  # it is a Session
        task.set_aside_at, task.set_aside_reason = NOW, "unclear"

    workshop.database.write_now(set_aside)
    case = found(workshop)
    assert case is not None
    assert case.why == Why.SET_ASIDE
    workshop.database.write_now(deciding.put_back, 1, CORA)
    assert found(workshop) is None
    assert workshop.rows(Task)[0].set_aside_at is None


def test_who_decides_what_is_decided_hears_so_and_nothing_changes(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(deciding.settle, 1, {"verdict": "tie"}, "even", CORA)
    other = By("U0BOSS", SLACK, NOW)
    with pytest.raises(DecidedError, match="by somebody else"):
        workshop.database.write_now(deciding.leave, 1, other)
    with pytest.raises(DecidedError, match="by somebody else"):
        workshop.database.write_now(deciding.send_back, 1, "again", other)
    with pytest.raises(DecidedError, match="by you"):
        workshop.database.write_now(deciding.leave, 1, CORA)
    assert [row.value["verdict"] for row in workshop.rows(Decision)] == ["tie"]
    workshop.database.write_now(deciding.take_back, 1, other)
    workshop.database.write_now(deciding.leave, 1, other)


def test_a_decision_delivered_twice_stands_once(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    for _ in range(2):
        workshop.database.write_now(deciding.settle, 1, {"verdict": "tie"}, "", CORA)
    assert len(workshop.rows(Decision)) == 1
    assert workshop.deeds().count(("decided", "task 1")) == 1
