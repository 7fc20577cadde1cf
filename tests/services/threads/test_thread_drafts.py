"""Thread drafts: parts are joined in order and stored exactly as written."""

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
def assignment_id(scenario: Scenario) -> int:
    """Return the id of Ada's demonstration task, which is shown in a message."""
    scenario.create_campaign(kind="demonstration", experts=[ADA, BOB], overlap=1)
    scenario.import_rows("tone", [{"id": "1", "prompt": "Explain tides."}])
    assignment_id = scenario.assign_next(ADA) or 0
    set_message(scenario, assignment_id)
    return assignment_id


def set_message(scenario: Scenario, assignment_id: int) -> None:
    """Record that the message of the thread shows an assignment."""

    def update(session: Session) -> None:
        row = session.get_one(Assignment, assignment_id)
        row.channel, row.message_ts = CHANNEL, THREAD

    scenario.database.write_now(update)


def add_part(scenario: Scenario, assignment_id: int, number: int, text: str) -> None:
    """Add a part to the draft."""
    scenario.database.write_now(
        thread_drafts.add_part, assignment_id, ts(number), text, scenario.now
    )


def draft_text(scenario: Scenario, assignment_id: int) -> str:
    """Return the text of the draft."""
    return scenario.database.read_now(thread_drafts.draft_text, assignment_id)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_parts_are_in_thread_order_whenever_they_arrive(
    scenario: Scenario, assignment_id: int, order: tuple[int, ...]
) -> None:
    for number in order:
        add_part(scenario, assignment_id, number, f"Piece {number}.")
    assert draft_text(scenario, assignment_id) == "Piece 1.\n\nPiece 2.\n\nPiece 3."
    assert scenario.database.read_now(thread_drafts.draft_of, assignment_id) == ThreadDraft(28, 3)


def test_file_follows_its_message(scenario: Scenario, assignment_id: int) -> None:
    for part_ts, text in ((f"{ts(2)}.1", "c"), (ts(3), "d"), (f"{ts(2)}.0", "b"), (ts(2), "a")):
        scenario.database.write_now(
            thread_drafts.add_part, assignment_id, part_ts, text, scenario.now
        )
    assert draft_text(scenario, assignment_id) == PART_SEPARATOR.join("abcd")


def test_edited_or_redelivered_message_is_stored_once(
    scenario: Scenario, assignment_id: int
) -> None:
    add_part(scenario, assignment_id, 1, "First.")
    add_part(scenario, assignment_id, 2, "Secnod.")
    add_part(scenario, assignment_id, 2, "Second.")
    add_part(scenario, assignment_id, 1, "First.")
    assert draft_text(scenario, assignment_id) == "First.\n\nSecond."
    assert scenario.count("response_part") == 2


def test_each_part_updates_status_in_thread(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "First.")
    (row,) = scenario.rows(OutboxMessage)
    assert (row.message_type, row.recipient) == ("draft_status", ADA)
    assert row.payload == {"assignment_id": assignment_id, "channel": CHANNEL, "message_ts": THREAD}
    assert scenario.rows(Assignment)[0].has_thread


def test_draft_length_is_limited(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "x" * (MAX_RESPONSE_CHARS - 12))
    add_part(scenario, assignment_id, 2, "y" * 10)
    assert len(draft_text(scenario, assignment_id)) == MAX_RESPONSE_CHARS
    with pytest.raises(ResponseTooLongError, match="100,000"):
        add_part(scenario, assignment_id, 3, "z")
    with pytest.raises(ResponseTooLongError):
        add_part(scenario, assignment_id, 2, "y" * 11)
    assert draft_text(scenario, assignment_id).endswith("y" * 10)
    add_part(scenario, assignment_id, 2, "y" * 9)
    scenario.database.write_now(
        thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
    )


def test_draft_is_submitted_verbatim(scenario: Scenario, assignment_id: int) -> None:
    texts = ("  Indented,\n\nwith **marks** & <tags>.", "naïve 🙂\n", "- a\n- b")
    for number, text in enumerate(texts):
        add_part(scenario, assignment_id, number, text)
    answer = scenario.database.write_now(
        thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
    )
    assert answer.value == {"response": PART_SEPARATOR.join(texts)}
    (row,) = scenario.rows(Assignment)
    assert (row.state, row.value) == ("answered", {"response": PART_SEPARATOR.join(texts)})
    check_counts(scenario)


def test_submitting_updates_thread_and_task(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "First.")
    scenario.database.write_now(
        thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
    )
    messages = [
        (row.message_type, row.payload.get("message_ts")) for row in scenario.rows(OutboxMessage)
    ]
    assert messages == [
        ("draft_status", THREAD),
        ("draft_saved", None),
        ("task_page", THREAD),
        ("new_task", None),
    ]
    assert scenario.rows(OutboxMessage)[1].payload["characters"] == len("First.")


def test_draft_can_be_extended_and_submitted_again(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "First.")
    scenario.database.write_now(
        thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
    )
    add_part(scenario, assignment_id, 2, "More.")
    scenario.database.write_now(
        thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
    )
    assert [row.value for row in scenario.rows(Annotation)] == [
        {"response": "First."},
        {"response": "First.\n\nMore."},
    ]


def test_empty_draft_is_rejected(scenario: Scenario, assignment_id: int) -> None:
    with pytest.raises(EmptyDraftError):
        scenario.database.write_now(
            thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
        )
    assert scenario.count("outbox") == 0


def test_discarded_parts_stay_in_database(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "Wrong.")
    scenario.database.write_now(
        thread_drafts.discard_draft, assignment_id, scenario.interaction(ADA)
    )
    assert draft_text(scenario, assignment_id) == ""
    assert scenario.database.read_now(thread_drafts.draft_of, assignment_id) == ThreadDraft(0, 0)
    assert [(row.text, row.is_removed) for row in scenario.rows(ResponsePart)] == [("Wrong.", True)]
    add_part(scenario, assignment_id, 2, "Right.")
    assert draft_text(scenario, assignment_id) == "Right."


def test_only_assignee_can_submit_or_discard(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "Mine.")
    for action in (thread_drafts.submit_draft, thread_drafts.discard_draft):
        with pytest.raises(NotAssigneeError):
            scenario.database.write_now(action, assignment_id, scenario.interaction(BOB))
        with pytest.raises(UnknownTaskError):
            scenario.database.write_now(action, 404, scenario.interaction(ADA))
    assert draft_text(scenario, assignment_id) == "Mine."
    assert scenario.count("annotation") == 0


def test_late_draft_is_rejected_and_kept(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "Late.")
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    assert scenario.assign_next(BOB) is not None
    with pytest.raises(TaskFullError):
        scenario.database.write_now(
            thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
        )
    assert draft_text(scenario, assignment_id) == "Late."
    assert [row.message_type for row in scenario.rows(OutboxMessage)] == ["draft_status", "expired"]


def test_closed_campaign_rejects_draft(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "Late.")
    scenario.run_for_campaign("tone", close, scenario.actor)
    with pytest.raises(AnswerAfterCloseError):
        scenario.database.write_now(
            thread_drafts.submit_draft, assignment_id, scenario.interaction(ADA)
        )


def test_repeated_interaction_stores_one_version(scenario: Scenario, assignment_id: int) -> None:
    add_part(scenario, assignment_id, 1, "First.")
    interaction = scenario.interaction(ADA)
    for _ in range(2):
        scenario.database.write_now(thread_drafts.submit_draft, assignment_id, interaction)
    assert scenario.count("annotation") == 1


@pytest.mark.parametrize(
    ("channel", "thread_ts", "slack_id", "is_found"),
    [
        (CHANNEL, THREAD, ADA, True),
        (CHANNEL, THREAD, BOB, False),
        (CHANNEL, "1.2", ADA, False),
        ("D2", THREAD, ADA, False),
    ],
)
def test_thread_belongs_to_task_of_its_message(  # noqa: PLR0913 - the columns of the table
    scenario: Scenario,
    assignment_id: int,
    channel: str,
    thread_ts: str,
    slack_id: str,
    *,
    is_found: bool,
) -> None:
    def find(session: Session) -> tuple[int | None, str] | None:
        thread_task = thread_drafts.thread_task(session, channel, thread_ts, slack_id)
        return (thread_task[0].id, thread_task[1].key) if thread_task else None

    assert scenario.database.read_now(find) == ((assignment_id, "response") if is_found else None)


def test_thread_belongs_to_last_task_of_its_message(scenario: Scenario, assignment_id: int) -> None:
    scenario.database.write_now(
        submit.skip_task, assignment_id, "unclear", scenario.interaction(ADA)
    )
    scenario.import_rows("tone", [{"id": "2", "prompt": "Explain waves."}])
    scenario.advance_clock(minutes=1)
    later_id = scenario.assign_next(ADA) or 0
    set_message(scenario, later_id)

    def find(session: Session) -> int | None:
        thread_task = thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)
        return thread_task[0].id if thread_task else None

    assert scenario.database.read_now(find) == later_id


def test_task_without_long_text_has_no_thread(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    set_message(scenario, scenario.assign_next(ADA) or 0)

    def find(session: Session) -> object:
        return thread_drafts.thread_task(session, CHANNEL, THREAD, ADA)

    assert scenario.database.read_now(find) is None
