"""Two levels: another expert confirms an answer, or sends it back; every way round it adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session

from bot.errors import BotError
from bot.services import (
    answering,
    assigning,
    campaigning,
    handing,
    labelling,
    recalling,
    reporting,
    serving,
)
from bot.services.answering import LockedError, MovedOnError
from bot.services.confirming import CONFIRMED
from storage.tables import Assignment, Campaign, Expert, Task
from tests.services.conftest import Workshop, pair
from tests.services.keeping_count import check_counts

CLEAR = [{"key": "clear", "label": "Clear", "anchors": ["no", "yes"]}]
ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


@pytest.fixture
def two(workshop: Workshop) -> Workshop:
    """Return a campaign with two levels, one item and three experts."""
    workshop.creates(kind="validation", overlap=1, experts=[ADA, BOB, EVE], settings={"levels": 2})
    row = {"id": "1", "source": "It may rain.", "paraphrase": "It will rain.", "model": "wren"}
    workshop.imports("tone", [row])
    return workshop


def answered(workshop: Workshop, verdict: str = "yes") -> int:
    """Let Ada answer, and return her assignment."""
    given = workshop.asks(ADA)
    assert given is not None
    workshop.answers(ADA, given, verdict=verdict)
    return given


def looks(workshop: Workshop, who: str = BOB) -> int:
    """Let somebody look at the answer, and return their assignment."""
    given = workshop.asks(who)
    assert given is not None
    return given


def row(workshop: Workshop, assignment: int) -> Assignment:
    """Return an assignment as it is now."""
    found = {one.id: one for one in workshop.rows(Assignment)}
    return found[assignment]  # type: ignore[no-any-return]  # `rows` returns rows of any table


def looked_at(workshop: Workshop, assignment: int) -> int:
    """Return the answer that somebody looks at."""
    (task,) = [t for t in workshop.rows(Task) if t.id == row(workshop, assignment).task_id]
    return int(task.confirms)


def says(workshop: Workshop, who: str, assignment: int, word: str, **more: Any) -> None:  # noqa: ANN401 - whatever is given
    """Let somebody confirm the version that stands, or send it back."""
    version = row(workshop, looked_at(workshop, assignment)).version
    workshop.answers(who, assignment, confirm=f"{word}_{version}", **more)


def counts(workshop: Workshop) -> tuple[int, int, int]:
    """Return wanted, answered and complete."""
    status = workshop.directs("tone", reporting.status_of)
    return status.wanted, status.answered, status.complete


def levels(workshop: Workshop) -> list[tuple[int, int]]:
    """Return the level that each exported answer has reached, and the one that is wanted."""

    def read(session: Any) -> list[tuple[int, int]]:  # noqa: ANN401 - a session
        campaign: Campaign = campaigning.campaign_named(session, "tone")
        return [(one.level, one.levels) for one in labelling.labelled(session, campaign)]

    return workshop.database.read_now(read)


def test_an_answer_goes_to_somebody_else_and_confirmed_it_is_final(two: Workshop) -> None:
    first = answered(two)
    assert two.asks(ADA) is None
    assert (counts(two), levels(two)) == ((2, 1, 0), [(1, 2)])
    says(two, BOB, looks(two), "yes")
    assert row(two, first).locked_by == CONFIRMED
    assert (counts(two), levels(two)) == ((2, 2, 1), [(2, 2)])
    assert two.asks(EVE) is None
    with pytest.raises(LockedError, match="final since a colleague confirmed it"):
        two.answers(ADA, first, verdict="no")
    with pytest.raises(LockedError):
        two.database.write_now(answering.undo, first, two.click(ADA))


def test_a_look_at_an_answer_is_among_what_was_done_lately(two: Workshop) -> None:
    answered(two)
    says(two, BOB, looks(two), "yes")
    (bob,) = [expert for expert in two.rows(Expert) if expert.slack_id == BOB]
    (done,) = two.database.read_now(recalling.recent, bob.id)
    assert (done.words, done.may_change) == ("confirmed", True)


def test_who_looks_sees_the_answer_and_no_name(two: Workshop) -> None:
    first = answered(two, "fix")
    two.answers(ADA, first, corrected="Perhaps it rains.")
    second = looks(two)
    view = two.database.write_now(serving.held_task, second, two.click(BOB))
    told = {passage.key: passage.text for passage in view.form.passages}
    assert told["answer"] == "corrected"
    assert told["answer_corrected"] == "Perhaps it rains."
    assert told["text"] == "It will rain."
    (tap,) = view.form.taps
    assert [option.value for option in tap.options] == ["yes_2", "back_2"]  # type: ignore[union-attr]  # a Choice
    assert ADA not in repr(view)


def test_sent_back_it_is_open_again_with_the_reason_and_must_be_confirmed_anew(
    two: Workshop,
) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "back")
    assert row(two, first).state == "answered", "it counts once the reason is written"
    two.answers(BOB, second, why="May is not will.")
    assert (row(two, first).state, row(two, first).sent_back) == ("queued", "May is not will.")
    assert (counts(two), levels(two)) == ((2, 0, 0), [])
    assert two.asks(ADA) == first
    view = two.database.write_now(serving.held_task, first, two.click(ADA))
    assert view.form.passages[0].text == "May is not will."
    two.answers(ADA, first, verdict="no", categories=["changes_meaning"])
    assert row(two, first).sent_back is None
    assert counts(two) == (2, 1, 0)
    third = looks(two, EVE)
    assert third != second
    says(two, EVE, third, "yes")
    assert (counts(two), levels(two)) == ((2, 2, 1), [(2, 2)])


def test_the_same_answer_again_counts_after_it_was_sent_back(two: Workshop) -> None:
    first = answered(two)
    says(two, BOB, looks(two), "back", why="Sure?")
    two.answers(ADA, first, verdict="yes")
    assert row(two, first).state == "answered"
    says(two, BOB, looks(two), "yes")
    assert row(two, first).locked_by == CONFIRMED


def test_an_answer_that_is_undone_takes_its_confirmation_back(two: Workshop) -> None:
    first = answered(two)
    second = looks(two)
    two.database.write_now(answering.undo, first, two.click(ADA))
    assert row(two, second).state == "released"
    assert two.asks(BOB) is None
    two.answers(ADA, first, verdict="yes")
    assert looks(two) == second


def test_what_changed_meanwhile_is_not_confirmed_unseen(two: Workshop) -> None:
    first = answered(two)
    second = looks(two)
    two.answers(ADA, first, verdict="fix", corrected="It might rain.")
    looks(two)
    two.answers(BOB, second, confirm="yes_1")
    assert row(two, first).locked_by is None
    says(two, BOB, second, "yes")
    assert row(two, first).locked_by == CONFIRMED


def test_a_confirmation_can_be_undone_and_turned_round(two: Workshop) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "yes")
    two.database.write_now(answering.undo, second, two.click(BOB))
    assert (row(two, first).locked_by, counts(two)) == (None, (2, 1, 0))
    says(two, BOB, second, "back", why="Look again.")
    assert row(two, first).state == "queued"
    two.database.write_now(answering.undo, second, two.click(BOB))
    assert (row(two, first).state, row(two, first).sent_back) == ("answered", None)
    says(two, BOB, second, "back", why="Look again.")
    says(two, BOB, second, "yes")
    assert (row(two, first).locked_by, counts(two)) == (CONFIRMED, (2, 2, 1))


def test_what_was_sent_back_and_begun_anew_stays_with_its_expert(two: Workshop) -> None:
    first = answered(two)
    second = looks(two)
    says(two, BOB, second, "back", why="Look again.")
    two.answers(ADA, first, verdict="no")
    with pytest.raises(MovedOnError):
        two.database.write_now(answering.undo, second, two.click(BOB))
    assert row(two, first).state == "delivered"
    assert row(two, first).value == {"verdict": "no"}


def test_a_better_response_is_read_before_it_is_confirmed(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    workshop.imports("tone", [pair(1)])
    first = workshop.asks(ADA) or 0
    workshop.answers(ADA, first, verdict="both_bad")
    workshop.answers(ADA, first, written="Mine is better.", began_with="empty")
    second = looks(workshop)
    view = workshop.database.write_now(serving.held_task, second, workshop.click(BOB))
    assert {one.key: one.text for one in view.form.passages}["answer_written"] == "Mine is better."
    says(workshop, BOB, second, "yes")
    assert levels(workshop) == [(2, 2)]
    with pytest.raises(LockedError):
        workshop.answers(ADA, first, written="Another.", began_with="empty")


def test_a_conversation_rated_by_turns_is_confirmed_as_a_whole(workshop: Workshop) -> None:
    settings = {"levels": 2, "per_turn": True, "criteria": CLEAR}
    workshop.creates(kind="rating", overlap=1, experts=[ADA, BOB], settings=settings)
    turns = [{"role": role, "content": role} for role in ("user", "assistant") * 2]
    workshop.imports("tone", [{"id": "1", "messages": turns}])
    first = workshop.asks(ADA) or 0
    workshop.answers(ADA, first, turn1of2_clear=1)
    assert workshop.asks(BOB) is None, "it is half an answer"
    workshop.answers(ADA, first, turn2of2_clear=2)
    second = looks(workshop)
    view = workshop.database.write_now(serving.held_task, second, workshop.click(BOB))
    told = [one.key for one in view.form.passages]
    assert told == ["turn1", "turn2", "turn3", "turn4", "answer"]
    assert view.form.passages_for({}) == view.form.passages, "all of it is on the message"
    says(workshop, BOB, second, "yes")
    assert levels(workshop) == [(2, 2)]


def test_answering_anew_and_confirming_in_one_moment_adds_up(workshop: Workshop) -> None:
    workshop.creates(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    workshop.imports("tone", [pair(number) for number in range(1, 9)])
    workshop.does_all(ADA, verdict="a")
    with ThreadPoolExecutor(2) as hands:
        for _ in range(8):
            second = looks(workshop)
            first = looked_at(workshop, second)
            deeds = [
                hands.submit(workshop.answers, ADA, first, verdict="b"),
                hands.submit(workshop.answers, BOB, second, confirm="yes_1"),
            ]
            went = [deed.exception() for deed in deeds]
            assert all(one is None or isinstance(one, BotError) for one in went)
            is_as_it_was = row(workshop, first).value == {"verdict": "a"}
            assert (row(workshop, first).locked_by == CONFIRMED) == is_as_it_was
    while left := workshop.asks(BOB):
        says(workshop, BOB, left, "yes")
    assert counts(workshop) == (16, 16, 8)
    check_counts(workshop)


def test_with_one_level_nobody_looks(workshop: Workshop) -> None:
    workshop.creates(kind="validation", overlap=1, experts=[ADA, BOB])
    workshop.imports("tone", [{"id": "1", "source": "It may rain.", "paraphrase": "It rains."}])
    answered(workshop)
    assert workshop.asks(BOB) is None
    assert counts(workshop) == (1, 1, 1)


def test_a_look_that_is_handed_out_shows_the_responses_as_the_answer_had_them(
    workshop: Workshop,
) -> None:
    workshop.creates(overlap=1, experts=[ADA, BOB], settings={"levels": 2})
    workshop.imports("tone", [pair(number) for number in range(1, 9)])
    for _ in range(8):
        given = workshop.asks(ADA)
        assert given is not None
        workshop.answers(ADA, given, verdict="a")

    def hand(session: Session) -> None:
        bob = assigning.expert_by_slack_id(session, BOB)
        assert bob is not None
        campaign = campaigning.campaign_named(session, "tone")
        assert len(handing.hand_next(session, campaign, bob, 8, workshop.now)) == 8

    workshop.database.write_now(hand)
    answers, looks = workshop.rows(Assignment)[:8], workshop.rows(Assignment)[8:]
    orders = {one.id: one.candidate_order for one in answers}
    assert all(one.candidate_order == orders[looked_at(workshop, one.id)] for one in looks)
