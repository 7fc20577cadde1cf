"""Long responses in a thread: every piece in its place, whole, and stored as it was written."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlmodel import Session

from bot.kinds.demonstration import MAX_RESPONSE_CHARS
from bot.services.answers import submit
from bot.services.answers.submit import (
    AnswerAfterCloseError,
    NotAssigneeError,
    TaskFullError,
    UnknownTaskError,
)
from bot.services.campaigns.campaigns import close
from bot.services.tasks import scheduled_delivery
from bot.services.threads import thread_drafts
from bot.services.threads.thread_drafts import (
    PART_SEPARATOR,
    EmptyDraftError,
    ResponseTooLongError,
    ThreadDraft,
)
from storage.tables import Annotation, Assignment, OutboxMessage, ResponsePart
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts

ADA, BOB = "U0ADA", "U0BOB"
CHANNEL, THREAD = "D1", "1700000000.000100"


def ts(number: int) -> str:
    """Return the timestamp of a reply in the thread."""
    return f"1700000001.{number:06}"


@pytest.fixture
def given(workshop: Scenario) -> int:
    """Return Ada's demonstration, shown in a message of hers."""
    workshop.create_campaign(kind="demonstration", experts=[ADA, BOB], overlap=1)
    workshop.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    assignment = workshop.assign_next(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD

    workshop.database.write_now(show)
    return assignment


def adds(workshop: Scenario, given: int, number: int, text: str) -> None:
    """Add a piece."""
    workshop.database.write_now(thread_drafts.add_part, given, ts(number), text, workshop.now)


def written(workshop: Scenario, given: int) -> str:
    """Return what stands in the thread."""
    return workshop.database.read_now(thread_drafts.draft_text, given)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_pieces_are_in_the_order_of_the_thread_whenever_they_arrive(
    workshop: Scenario, given: int, order: tuple[int, ...]
) -> None:
    for number in order:
        adds(workshop, given, number, f"Piece {number}.")
    assert written(workshop, given) == "Piece 1.\n\nPiece 2.\n\nPiece 3."
    assert workshop.database.read_now(thread_drafts.draft_of, given) == ThreadDraft(28, 3)


def test_a_file_stands_behind_its_message_and_before_the_next(
    workshop: Scenario, given: int
) -> None:
    for stamp, text in ((f"{ts(2)}.1", "c"), (ts(3), "d"), (f"{ts(2)}.0", "b"), (ts(2), "a")):
        workshop.database.write_now(thread_drafts.add_part, given, stamp, text, workshop.now)
    assert written(workshop, given) == PART_SEPARATOR.join("abcd")


def test_a_message_that_is_edited_or_delivered_again_is_there_once(
    workshop: Scenario, given: int
) -> None:
    adds(workshop, given, 1, "First.")
    adds(workshop, given, 2, "Secnod.")
    adds(workshop, given, 2, "Second.")
    adds(workshop, given, 1, "First.")
    assert written(workshop, given) == "First.\n\nSecond."
    assert workshop.count("part") == 2


def test_each_piece_is_answered_in_its_thread(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "First.")
    (row,) = workshop.rows(OutboxMessage)
    assert (row.message_type, row.recipient) == ("piece", ADA)
    assert row.payload == {"assignment": given, "channel": CHANNEL, "message_ts": THREAD}
    assert workshop.rows(Assignment)[0].answered_in_thread


def test_as_much_as_can_be_kept_is_and_no_more(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "x" * (MAX_RESPONSE_CHARS - 12))
    adds(workshop, given, 2, "y" * 10)
    assert len(written(workshop, given)) == MAX_RESPONSE_CHARS
    with pytest.raises(ResponseTooLongError, match="100,000"):
        adds(workshop, given, 3, "z")
    with pytest.raises(ResponseTooLongError):
        adds(workshop, given, 2, "y" * 11)
    assert written(workshop, given).endswith("y" * 10)
    adds(workshop, given, 2, "y" * 9)
    workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))


def test_what_stands_in_the_thread_is_stored_to_the_letter(workshop: Scenario, given: int) -> None:
    texts = ("  Indented,\n\nwith **marks** & <tags>.", "naïve 🙂\n", "- a\n- b")
    for number, text in enumerate(texts):
        adds(workshop, given, number, text)
    reading = workshop.database.write_now(
        thread_drafts.submit_draft, given, workshop.interaction(ADA)
    )
    assert reading.value == {"response": PART_SEPARATOR.join(texts)}
    (row,) = workshop.rows(Assignment)
    assert (row.state, row.value) == ("answered", {"response": PART_SEPARATOR.join(texts)})
    check_counts(workshop)


def test_saving_is_answered_in_the_thread_and_on_the_task(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "First.")
    workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))
    said = [
        (row.message_type, row.payload.get("message_ts")) for row in workshop.rows(OutboxMessage)
    ]
    assert said == [("piece", THREAD), ("saved", None), ("turn", THREAD), ("task", None)]
    assert workshop.rows(OutboxMessage)[1].payload["characters"] == len("First.")


def test_one_may_add_and_save_again(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "First.")
    workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))
    adds(workshop, given, 2, "More.")
    workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))
    assert [row.value for row in workshop.rows(Annotation)] == [
        {"response": "First."},
        {"response": "First.\n\nMore."},
    ]


def test_there_must_be_something_to_save(workshop: Scenario, given: int) -> None:
    with pytest.raises(EmptyDraftError):
        workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))
    assert workshop.count("outbox") == 0


def test_starting_over_leaves_the_pieces_out_but_in_the_database(
    workshop: Scenario, given: int
) -> None:
    adds(workshop, given, 1, "Wrong.")
    workshop.database.write_now(thread_drafts.discard_draft, given, workshop.interaction(ADA))
    assert written(workshop, given) == ""
    assert workshop.database.read_now(thread_drafts.draft_of, given) == ThreadDraft(0, 0)
    assert [(row.text, row.dropped) for row in workshop.rows(ResponsePart)] == [("Wrong.", True)]
    adds(workshop, given, 2, "Right.")
    assert written(workshop, given) == "Right."


def test_only_its_holder_can_save_or_start_over(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "Mine.")
    for deed in (thread_drafts.submit_draft, thread_drafts.discard_draft):
        with pytest.raises(NotAssigneeError):
            workshop.database.write_now(deed, given, workshop.interaction(BOB))
        with pytest.raises(UnknownTaskError):
            workshop.database.write_now(deed, 404, workshop.interaction(ADA))
    assert written(workshop, given) == "Mine."
    assert workshop.count("annotation") == 0


def test_a_response_that_comes_too_late_is_refused_and_still_in_the_thread(
    workshop: Scenario, given: int
) -> None:
    adds(workshop, given, 1, "Late.")
    workshop.advance_clock(days=3)
    workshop.database.write_now(scheduled_delivery.expire_leases, workshop.now)
    assert workshop.assign_next(BOB) is not None
    with pytest.raises(TaskFullError):
        workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))
    assert written(workshop, given) == "Late."
    assert [row.message_type for row in workshop.rows(OutboxMessage)] == ["piece", "expired"]


def test_a_closed_campaign_takes_no_response(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "Late.")
    workshop.run_for_campaign("tone", close, workshop.by)
    with pytest.raises(AnswerAfterCloseError):
        workshop.database.write_now(thread_drafts.submit_draft, given, workshop.interaction(ADA))


def test_the_same_click_on_save_twice_is_one_version(workshop: Scenario, given: int) -> None:
    adds(workshop, given, 1, "First.")
    interaction = workshop.interaction(ADA)
    for _ in range(2):
        workshop.database.write_now(thread_drafts.submit_draft, given, interaction)
    assert workshop.count("annotation") == 1


@pytest.mark.parametrize(
    ("channel", "thread", "person", "found"),
    [
        (CHANNEL, THREAD, ADA, True),
        (CHANNEL, THREAD, BOB, False),
        (CHANNEL, "1.2", ADA, False),
        ("D2", THREAD, ADA, False),
    ],
)
def test_a_thread_is_about_the_task_its_message_shows(  # noqa: PLR0913 - the columns of the table
    workshop: Scenario, given: int, channel: str, thread: str, person: str, *, found: bool
) -> None:
    def look(session: Session) -> tuple[int | None, str] | None:
        seen = thread_drafts.thread_task(session, channel, thread, person)
        return (seen[0].id, seen[1].key) if seen else None

    assert workshop.database.read_now(look) == ((given, "response") if found else None)


def test_a_message_that_showed_several_tasks_is_about_the_last(
    workshop: Scenario, given: int
) -> None:
    workshop.database.write_now(submit.skip_task, given, "unclear", workshop.interaction(ADA))
    workshop.import_rows("tone", [{"id": "2", "prompt": "Explain waves."}])
    workshop.advance_clock(minutes=1)
    later = workshop.assign_next(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, later)
        row.channel, row.message_ts = CHANNEL, THREAD

    workshop.database.write_now(show)

    def look(session: Session) -> int | None:
        seen = thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)
        return seen[0].id if seen else None

    assert workshop.database.read_now(look) == later


def test_a_task_without_anything_long_to_write_has_no_thread(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.import_rows("tone", [pair(1)])
    assignment = workshop.assign_next(ADA) or 0

    def look(session: Session) -> object:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD
        session.flush()
        return thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)

    assert workshop.database.write_now(look) is None
