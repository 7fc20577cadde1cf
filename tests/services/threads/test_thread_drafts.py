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
def given(scenario: Scenario) -> int:
    """Return Ada's demonstration, shown in a message of hers."""
    scenario.create_campaign(kind="demonstration", experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    assignment = scenario.assign_next(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD

    scenario.database.write_now(show)
    return assignment


def adds(scenario: Scenario, given: int, number: int, text: str) -> None:
    """Add a piece."""
    scenario.database.write_now(thread_drafts.add_part, given, ts(number), text, scenario.now)


def written(scenario: Scenario, given: int) -> str:
    """Return what stands in the thread."""
    return scenario.database.read_now(thread_drafts.draft_text, given)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_pieces_are_in_the_order_of_the_thread_whenever_they_arrive(
    scenario: Scenario, given: int, order: tuple[int, ...]
) -> None:
    for number in order:
        adds(scenario, given, number, f"Piece {number}.")
    assert written(scenario, given) == "Piece 1.\n\nPiece 2.\n\nPiece 3."
    assert scenario.database.read_now(thread_drafts.draft_of, given) == ThreadDraft(28, 3)


def test_a_file_stands_behind_its_message_and_before_the_next(
    scenario: Scenario, given: int
) -> None:
    for stamp, text in ((f"{ts(2)}.1", "c"), (ts(3), "d"), (f"{ts(2)}.0", "b"), (ts(2), "a")):
        scenario.database.write_now(thread_drafts.add_part, given, stamp, text, scenario.now)
    assert written(scenario, given) == PART_SEPARATOR.join("abcd")


def test_a_message_that_is_edited_or_delivered_again_is_there_once(
    scenario: Scenario, given: int
) -> None:
    adds(scenario, given, 1, "First.")
    adds(scenario, given, 2, "Secnod.")
    adds(scenario, given, 2, "Second.")
    adds(scenario, given, 1, "First.")
    assert written(scenario, given) == "First.\n\nSecond."
    assert scenario.count("response_part") == 2


def test_each_piece_is_answered_in_its_thread(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "First.")
    (row,) = scenario.rows(OutboxMessage)
    assert (row.message_type, row.recipient) == ("draft_status", ADA)
    assert row.payload == {"assignment_id": given, "channel": CHANNEL, "message_ts": THREAD}
    assert scenario.rows(Assignment)[0].answered_in_thread


def test_as_much_as_can_be_kept_is_and_no_more(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "x" * (MAX_RESPONSE_CHARS - 12))
    adds(scenario, given, 2, "y" * 10)
    assert len(written(scenario, given)) == MAX_RESPONSE_CHARS
    with pytest.raises(ResponseTooLongError, match="100,000"):
        adds(scenario, given, 3, "z")
    with pytest.raises(ResponseTooLongError):
        adds(scenario, given, 2, "y" * 11)
    assert written(scenario, given).endswith("y" * 10)
    adds(scenario, given, 2, "y" * 9)
    scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))


def test_what_stands_in_the_thread_is_stored_to_the_letter(scenario: Scenario, given: int) -> None:
    texts = ("  Indented,\n\nwith **marks** & <tags>.", "naïve 🙂\n", "- a\n- b")
    for number, text in enumerate(texts):
        adds(scenario, given, number, text)
    reading = scenario.database.write_now(
        thread_drafts.submit_draft, given, scenario.interaction(ADA)
    )
    assert reading.value == {"response": PART_SEPARATOR.join(texts)}
    (row,) = scenario.rows(Assignment)
    assert (row.state, row.value) == ("answered", {"response": PART_SEPARATOR.join(texts)})
    check_counts(scenario)


def test_saving_is_answered_in_the_thread_and_on_the_task(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "First.")
    scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))
    said = [
        (row.message_type, row.payload.get("message_ts")) for row in scenario.rows(OutboxMessage)
    ]
    assert said == [
        ("draft_status", THREAD),
        ("draft_saved", None),
        ("task_page", THREAD),
        ("new_task", None),
    ]
    assert scenario.rows(OutboxMessage)[1].payload["characters"] == len("First.")


def test_one_may_add_and_save_again(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "First.")
    scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))
    adds(scenario, given, 2, "More.")
    scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))
    assert [row.value for row in scenario.rows(Annotation)] == [
        {"response": "First."},
        {"response": "First.\n\nMore."},
    ]


def test_there_must_be_something_to_save(scenario: Scenario, given: int) -> None:
    with pytest.raises(EmptyDraftError):
        scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))
    assert scenario.count("outbox") == 0


def test_starting_over_leaves_the_pieces_out_but_in_the_database(
    scenario: Scenario, given: int
) -> None:
    adds(scenario, given, 1, "Wrong.")
    scenario.database.write_now(thread_drafts.discard_draft, given, scenario.interaction(ADA))
    assert written(scenario, given) == ""
    assert scenario.database.read_now(thread_drafts.draft_of, given) == ThreadDraft(0, 0)
    assert [(row.text, row.is_removed) for row in scenario.rows(ResponsePart)] == [("Wrong.", True)]
    adds(scenario, given, 2, "Right.")
    assert written(scenario, given) == "Right."


def test_only_its_holder_can_save_or_start_over(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "Mine.")
    for deed in (thread_drafts.submit_draft, thread_drafts.discard_draft):
        with pytest.raises(NotAssigneeError):
            scenario.database.write_now(deed, given, scenario.interaction(BOB))
        with pytest.raises(UnknownTaskError):
            scenario.database.write_now(deed, 404, scenario.interaction(ADA))
    assert written(scenario, given) == "Mine."
    assert scenario.count("annotation") == 0


def test_a_response_that_comes_too_late_is_refused_and_still_in_the_thread(
    scenario: Scenario, given: int
) -> None:
    adds(scenario, given, 1, "Late.")
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.assign_next(BOB) is not None
    with pytest.raises(TaskFullError):
        scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))
    assert written(scenario, given) == "Late."
    assert [row.message_type for row in scenario.rows(OutboxMessage)] == ["draft_status", "expired"]


def test_a_closed_campaign_takes_no_response(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "Late.")
    scenario.run_for_campaign("tone", close, scenario.actor)
    with pytest.raises(AnswerAfterCloseError):
        scenario.database.write_now(thread_drafts.submit_draft, given, scenario.interaction(ADA))


def test_the_same_click_on_save_twice_is_one_version(scenario: Scenario, given: int) -> None:
    adds(scenario, given, 1, "First.")
    interaction = scenario.interaction(ADA)
    for _ in range(2):
        scenario.database.write_now(thread_drafts.submit_draft, given, interaction)
    assert scenario.count("annotation") == 1


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
    scenario: Scenario, given: int, channel: str, thread: str, person: str, *, found: bool
) -> None:
    def look(session: Session) -> tuple[int | None, str] | None:
        seen = thread_drafts.thread_task(session, channel, thread, person)
        return (seen[0].id, seen[1].key) if seen else None

    assert scenario.database.read_now(look) == ((given, "response") if found else None)


def test_a_message_that_showed_several_tasks_is_about_the_last(
    scenario: Scenario, given: int
) -> None:
    scenario.database.write_now(submit.skip_task, given, "unclear", scenario.interaction(ADA))
    scenario.import_rows("tone", [{"id": "2", "prompt": "Explain waves."}])
    scenario.advance_clock(minutes=1)
    later = scenario.assign_next(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, later)
        row.channel, row.message_ts = CHANNEL, THREAD

    scenario.database.write_now(show)

    def look(session: Session) -> int | None:
        seen = thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)
        return seen[0].id if seen else None

    assert scenario.database.read_now(look) == later


def test_a_task_without_anything_long_to_write_has_no_thread(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    assignment = scenario.assign_next(ADA) or 0

    def look(session: Session) -> object:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD
        session.flush()
        return thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)

    assert scenario.database.write_now(look) is None
