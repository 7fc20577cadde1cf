"""Two levels: another expert confirms an answer, or sends it back; every way round it adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services.answers import labels, submit
from bot.services.answers.confirmation import FINALIZED_BY_CONFIRMATION
from bot.services.answers.submit import FinalAnswerError, TaskFullError
from bot.services.assignments import assign, direct
from bot.services.campaigns import campaigns
from bot.services.reports import campaign_status
from bot.services.tasks import next_task, recent_answers
from storage.tables import Assignment, Campaign, Expert, Task
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

CLEAR = [{"key": "clear", "label": "Clear", "anchors": ["no", "yes"]}]
ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


@pytest.fixture
def two(scenario: Scenario) -> Scenario:
    """Return a campaign with two levels, one item and three experts."""
    scenario.create_campaign(
        kind="validation", overlap=1, experts=[ADA, BOB, EVE], settings={"levels": 2}
    )
    row = {"id": "1", "source": "It may rain.", "paraphrase": "It will rain.", "model": "wren"}
    scenario.import_rows("tone", [row])
    return scenario


def answered(scenario: Scenario, verdict: str = "yes") -> int:
    """Let Ada answer, and return her assignment."""
    given = scenario.assign_next(ADA)
    assert given is not None
    scenario.submit_answer(ADA, given, verdict=verdict)
    return given


def looks(scenario: Scenario, who: str = BOB) -> int:
    """Let somebody look at the answer, and return their assignment."""
    given = scenario.assign_next(who)
    assert given is not None
    return given


def row(scenario: Scenario, assignment: int) -> Assignment:
    """Return an assignment as it is now."""
    found = {one.id: one for one in scenario.rows(Assignment)}
    return found[assignment]  # type: ignore[no-any-return]  # `rows` returns rows of any table


def looked_at(scenario: Scenario, assignment: int) -> int:
    """Return the answer that somebody looks at."""
    (task,) = [t for t in scenario.rows(Task) if t.id == row(scenario, assignment).task_id]
    return int(task.confirms_assignment_id)


def says(scenario: Scenario, who: str, assignment: int, word: str, **more: Any) -> None:  # noqa: ANN401 - whatever is given
    """Let somebody confirm the version that stands, or send it back."""
    version = row(scenario, looked_at(scenario, assignment)).version
    scenario.submit_answer(who, assignment, confirm=f"{word}_{version}", **more)


def counts(scenario: Scenario) -> tuple[int, int, int]:
    """Return wanted, answered and complete."""
    status = scenario.run_for_campaign("tone", campaign_status.status_of)
    return status.wanted, status.answered, status.complete


def levels(scenario: Scenario) -> list[tuple[int, int]]:
    """Return the level that each exported answer has reached, and the one that is wanted."""

    def read(session: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - a session
        campaign: Campaign = campaigns.campaign_by_name(session, "tone")
        return [(one.level, one.required_levels) for one in labels.iter_labels(session, campaign)]

    return scenario.database.read_now(read)


def test_an_answer_goes_to_somebody_else_and_confirmed_it_is_final(two: Scenario) -> None:
    first = answered(two)
    assert two.assign_next(ADA) is None
    assert (counts(two), levels(two)) == ((2, 1, 0), [(1, 2)])
    says(two, BOB, looks(two), "confirm")
    assert row(two, first).finalized_by == FINALIZED_BY_CONFIRMATION
    assert (counts(two), levels(two)) == ((2, 2, 1), [(2, 2)])
    assert two.assign_next(EVE) is None
    with pytest.raises(FinalAnswerError, match="made final by another expert's confirmation"):
        two.submit_answer(ADA, first, verdict="no")
    with pytest.raises(FinalAnswerError):
        two.database.write_now(submit.undo, first, two.interaction(ADA))


def test_a_look_at_an_answer_is_among_what_was_done_lately(two: Scenario) -> None:
    answered(two)
    says(two, BOB, looks(two), "confirm")
    (bob,) = [expert for expert in two.rows(Expert) if expert.slack_id == BOB]
    (done,) = two.database.read_now(recent_answers.list_recent_answers, bob.id)
    assert (done.summary, done.can_change) == ("confirmed", True)


def test_who_looks_sees_the_answer_and_no_name(two: Scenario) -> None:
    first = answered(two, "fix")
    two.submit_answer(ADA, first, corrected="Perhaps it rains.")
    second = looks(two)
    view = two.database.write_now(next_task.held_task, second, two.interaction(BOB))
    told = {passage.key: passage.text for passage in view.form.passages}
    assert told["answer"] == "corrected"
    assert told["answer_corrected"] == "Perhaps it rains."
    assert told["text"] == "It will rain."
    (tap,) = view.form.message_fields
    assert [option.value for option in tap.options] == ["confirm_2", "send_back_2"]  # type: ignore[union-attr]  # a Choice
    assert ADA not in repr(view)


def test_sent_back_it_is_open_again_with_the_reason_and_must_be_confirmed_anew(
    two: Scenario,
) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "send_back")
    assert row(two, first).state == "answered", "it counts once the reason is written"
    two.submit_answer(BOB, second, sent_back_reason="May is not will.")
    assert (row(two, first).state, row(two, first).sent_back_reason) == (
        "queued",
        "May is not will.",
    )
    assert (counts(two), levels(two)) == ((2, 0, 0), [])
    assert two.assign_next(ADA) == first
    view = two.database.write_now(next_task.held_task, first, two.interaction(ADA))
    assert view.form.passages[0].text == "May is not will."
    two.submit_answer(ADA, first, verdict="no", categories=["changes_meaning"])
    assert row(two, first).sent_back_reason is None
    assert counts(two) == (2, 1, 0)
    third = looks(two, EVE)
    assert third != second
    says(two, EVE, third, "confirm")
    assert (counts(two), levels(two)) == ((2, 2, 1), [(2, 2)])


def test_the_same_answer_again_counts_after_it_was_sent_back(two: Scenario) -> None:
    first = answered(two)
    says(two, BOB, looks(two), "send_back", sent_back_reason="Sure?")
    two.submit_answer(ADA, first, verdict="yes")
    assert row(two, first).state == "answered"
    says(two, BOB, looks(two), "confirm")
    assert row(two, first).finalized_by == FINALIZED_BY_CONFIRMATION


def test_an_answer_that_is_undone_takes_its_confirmation_back(two: Scenario) -> None:
    first = answered(two)
    second = looks(two)
    two.database.write_now(submit.undo, first, two.interaction(ADA))
    assert row(two, second).state == "released"
    assert two.assign_next(BOB) is None
    two.submit_answer(ADA, first, verdict="yes")
    assert looks(two) == second


def test_what_changed_meanwhile_is_not_confirmed_unseen(two: Scenario) -> None:
    first = answered(two)
    second = looks(two)
    two.submit_answer(ADA, first, verdict="fix", corrected="It might rain.")
    looks(two)
    two.submit_answer(BOB, second, confirm="confirm_1")
    assert row(two, first).finalized_by is None
    says(two, BOB, second, "confirm")
    assert row(two, first).finalized_by == FINALIZED_BY_CONFIRMATION


def test_a_confirmation_can_be_undone_and_turned_round(two: Scenario) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "confirm")
    two.database.write_now(submit.undo, second, two.interaction(BOB))
    assert (row(two, first).finalized_by, counts(two)) == (None, (2, 1, 0))
    says(two, BOB, second, "send_back", sent_back_reason="Look again.")
    assert row(two, first).state == "queued"
    two.database.write_now(submit.undo, second, two.interaction(BOB))
    assert (row(two, first).state, row(two, first).sent_back_reason) == ("answered", None)
    says(two, BOB, second, "send_back", sent_back_reason="Look again.")
    says(two, BOB, second, "confirm")
    assert (row(two, first).finalized_by, counts(two)) == (FINALIZED_BY_CONFIRMATION, (2, 2, 1))


def test_what_was_sent_back_and_begun_anew_stays_with_its_expert(two: Scenario) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "send_back", sent_back_reason="Look again.")
    two.submit_answer(ADA, first, verdict="no")
    with pytest.raises(TaskFullError):
        two.database.write_now(submit.undo, second, two.interaction(BOB))
    assert row(two, first).state == "delivered"
    assert row(two, first).value == {"verdict": "no"}


def test_a_better_response_is_read_before_it_is_confirmed(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(1)])
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, verdict="both_bad")
    scenario.submit_answer(ADA, first, better_response="Mine is better.", started_from="blank")
    second = looks(scenario)
    view = scenario.database.write_now(next_task.held_task, second, scenario.interaction(BOB))
    assert {one.key: one.text for one in view.form.passages}[
        "answer_better_response"
    ] == "Mine is better."
    says(scenario, BOB, second, "confirm")
    assert levels(scenario) == [(2, 2)]
    with pytest.raises(FinalAnswerError):
        scenario.submit_answer(ADA, first, better_response="Another.", started_from="blank")


def test_a_conversation_rated_by_turns_is_confirmed_as_a_whole(scenario: Scenario) -> None:
    settings = {"levels": 2, "per_turn": True, "criteria": CLEAR}
    scenario.create_campaign(kind="rating", overlap=1, experts=[ADA, BOB], settings=settings)
    turns = [{"role": role, "content": role} for role in ("user", "assistant") * 2]
    scenario.import_rows("tone", [{"id": "1", "messages": turns}])
    first = scenario.assign_next(ADA) or 0
    scenario.submit_answer(ADA, first, turn1of2_clear=1)
    assert scenario.assign_next(BOB) is None, "it is half an answer"
    scenario.submit_answer(ADA, first, turn2of2_clear=2)
    second = looks(scenario)
    view = scenario.database.write_now(next_task.held_task, second, scenario.interaction(BOB))
    told = [one.key for one in view.form.passages]
    assert told == ["turn1", "turn2", "turn3", "turn4", "answer"]
    assert view.form.passages_for({}) == view.form.passages, "all of it is on the message"
    says(scenario, BOB, second, "confirm")
    assert levels(scenario) == [(2, 2)]


def test_answering_anew_and_confirming_in_one_moment_adds_up(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])
    scenario.answer_all(ADA, verdict="a")
    with ThreadPoolExecutor(2) as hands:
        for _ in range(8):
            second = looks(scenario)
            first = looked_at(scenario, second)
            deeds = [
                hands.submit(scenario.submit_answer, ADA, first, verdict="b"),
                hands.submit(scenario.submit_answer, BOB, second, confirm="confirm_1"),
            ]
            went = [deed.exception() for deed in deeds]
            assert all(one is None or isinstance(one, BotError) for one in went)
            is_as_it_was = row(scenario, first).value == {"verdict": "a"}
            assert (row(scenario, first).finalized_by == FINALIZED_BY_CONFIRMATION) == is_as_it_was
    while left := scenario.assign_next(BOB):
        says(scenario, BOB, left, "confirm")
    assert counts(scenario) == (16, 16, 8)
    check_counts(scenario)


def test_with_one_level_nobody_looks(scenario: Scenario) -> None:
    scenario.create_campaign(kind="validation", overlap=1, experts=[ADA, BOB])
    scenario.import_rows("tone", [{"id": "1", "source": "It may rain.", "paraphrase": "It rains."}])
    answered(scenario)
    assert scenario.assign_next(BOB) is None
    assert counts(scenario) == (1, 1, 1)


def test_a_look_that_is_handed_out_shows_the_responses_as_the_answer_had_them(
    scenario: Scenario,
) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    scenario.import_rows("tone", [pair(number) for number in range(1, 9)])
    for _ in range(8):
        given = scenario.assign_next(ADA)
        assert given is not None
        scenario.submit_answer(ADA, given, verdict="a")

    def hand(session: Session) -> None:
        bob = assign.expert_by_slack_id(session, BOB)
        assert bob is not None
        campaign = campaigns.campaign_by_name(session, "tone")
        assert len(direct.assign_next_tasks(session, campaign, bob, 8, scenario.now)) == 8

    scenario.database.write_now(hand)
    answers, looks = scenario.rows(Assignment)[:8], scenario.rows(Assignment)[8:]
    orders = {one.id: one.candidate_order for one in answers}
    assert all(one.candidate_order == orders[looked_at(scenario, one.id)] for one in looks)
