"""How to make the bot call each method of the Web API, and what people see when it worked."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from bot.messages.campaigns import MemberLookupMessage
from bot.messages.exports import ExportResultMessage
from bot.sandbox import SimulatedUser
from bot.sandbox.png import striped_png
from bot.services.outbox import message_removal
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    Campaign,
    ExportRun,
    MediaFile,
    OutboxMessage,
    OutboxState,
    RunState,
)
from tests.faults.fault_case import FaultCase

LONG_TEXT = " ".join(f"word{number}" for number in range(1, 4001))
"""A response that does not fit into a message, so that its full text opens in a dialog."""

EXPORTED_FILE = "finished.zip"


def _do_nothing(_case: FaultCase) -> None:
    """What people do after most failures."""


def _is_everything_answered(case: FaultCase) -> bool:
    return case.answered_count() == 2 * len(_experts(case))


@dataclass(frozen=True, slots=True)
class Trigger:
    """How a method is called.

    Attributes:
        prepare: builds the workspace before the fault.
        cause: causes the call during the fault.
        repeat: what people do after the fault: tap again, or start the bot again.
        is_done: whether the call had its effect, at the latest a minute after the fault.
    """

    prepare: Callable[[FaultCase], None]
    cause: Callable[[FaultCase], None]
    repeat: Callable[[FaultCase], None] = _do_nothing
    is_done: Callable[[FaultCase], bool] = _is_everything_answered


def _experts(case: FaultCase) -> list[SimulatedUser]:
    return [person for person in case.people if person.name != "cora"]


def _prepare(case: FaultCase) -> None:
    """Add two experts, a coordinator, her user group and a campaign; the bot does not run yet."""
    cora, *experts = case.add_people("cora", "ada", "grace")
    case.coordinators = (cora.id,)
    case.coordinator_group = case.sandbox.add_usergroup([cora], handle="linguists")
    case.create_comparison(experts, long_text=LONG_TEXT)


def _prepare_with_image(case: FaultCase) -> None:
    """Add two experts, and a campaign whose items show a stored image."""
    _, *experts = case.add_people("cora", "ada", "grace")
    image = base64.b64encode(striped_png(2, [(255, 0, 0)])).decode()
    case.create_comparison(experts, image=f"data:image/png;base64,{image}")


def _prepare_and_start(case: FaultCase) -> None:
    """Do the same, and let both experts see their first task."""
    _prepare(case)
    case.start_bot()
    for expert in _experts(case):
        expert.wait_for_text("Question 1?")


def _start(case: FaultCase) -> None:
    case.start_during_fault()


def _finish_start(case: FaultCase) -> None:
    case.finish_start()


def _answer(case: FaultCase) -> None:
    case.answer_once()


def _answer_without_response_url(case: FaultCase) -> None:
    """Answer while messages cannot be replaced through the response_url."""
    case.sandbox.faults.fail("response_url", status=500)
    case.answer_once()


def _open_full_text(case: FaultCase) -> None:
    _ada(case).click("Show full text…")


def _open_full_text_again(case: FaultCase) -> None:
    if not _ada(case).modal:
        _open_full_text(case)


def _has_full_text(case: FaultCase) -> bool:
    return any("Full text" in view.title for view in _ada(case).modals)


def _prepare_full_text(case: FaultCase) -> None:
    _prepare_and_start(case)
    _open_full_text(case)
    case.sandbox.wait_until(lambda: _has_full_text(case))


def _turn_page(case: FaultCase) -> None:
    _ada(case).click("Next")


def _turn_page_again(case: FaultCase) -> None:
    if not _has_second_page(case):
        _turn_page(case)


def _has_second_page(case: FaultCase) -> bool:
    modal = _ada(case).modal
    return modal is not None and "Back" in modal.buttons


def _prepare_campaign_form(case: FaultCase) -> None:
    _prepare_and_start(case)
    cora = case.people[0]
    cora.send_message("/label new")
    case.sandbox.wait_until(lambda: cora.modal)


def _preview(case: FaultCase) -> None:
    case.people[0].click("Preview the task…")


def _preview_again(case: FaultCase) -> None:
    if not _has_preview(case):
        _preview(case)


def _has_preview(case: FaultCase) -> bool:
    return any("Task preview" in view.title for view in case.people[0].modals)


def _open_home(case: FaultCase) -> None:
    _ada(case).open_home()


def _has_home(case: FaultCase) -> bool:
    return _ada(case).home is not None


def _invite_group(case: FaultCase) -> None:
    case.people[0].send_message("/label invite @linguists comparison")


def _invite_group_again(case: FaultCase) -> None:
    if not _has_report(case):
        _invite_group(case)


def _prepare_channel(case: FaultCase) -> None:
    _prepare_and_start(case)
    case.channel = case.sandbox.add_channel("experts", members=_experts(case))


def _invite_channel(case: FaultCase) -> None:
    """Queue the lookup of a channel's members, as `/label invite #experts comparison` does."""
    case.database.write_now(_queue_lookup, case)


def _queue_lookup(session: Session, case: FaultCase) -> None:
    assert case.channel is not None
    lookup = MemberLookupMessage(channels=(case.channel.id,), campaign="comparison")
    outbox.enqueue(session, lookup, recipient=case.people[0].id, now=case.clock.now())


def _invite_channel_again(case: FaultCase) -> None:
    """Look the members up again if Slack refused, unless the lookup or its report still waits."""
    if not case.database.read_now(_is_anything_unsent, case) and not _has_report(case):
        _invite_channel(case)


def _is_anything_unsent(session: Session, case: FaultCase) -> bool:
    query = select(OutboxMessage.id).where(
        OutboxMessage.recipient == case.people[0].id,
        col(OutboxMessage.state).in_((OutboxState.WAITING, OutboxState.HELD)),
    )
    return session.exec(query).first() is not None


def _has_report(case: FaultCase) -> bool:
    texts = [message.plain_text for message in case.people[0].messages]
    return any("to “comparison”" in text for text in texts)


def _finish_export(case: FaultCase) -> None:
    """Store a finished export of one row, and queue its result for the coordinator."""
    folder = case.folder / "finished"
    folder.mkdir()
    (folder / "data.jsonl").write_text(json.dumps({"winner": "left"}))
    case.database.write_now(_store_export, case, str(folder))


def _store_export(session: Session, case: FaultCase, path: str) -> None:
    now = case.clock.now()
    run = ExportRun(
        campaign_id=1,
        format="preference",
        directory=path,
        requested_by=case.people[0].id,
        due_at=now,
        state=RunState.DONE,
        finished_at=now,
        rows=1,
        path=path,
    )
    session.add(run)
    session.flush()
    message = ExportResultMessage(id_of(run))
    outbox.enqueue(session, message, recipient=case.people[0].id, now=now)


def _has_file(case: FaultCase) -> bool:
    files = [file for message in case.people[0].messages for file in message.files]
    return any(file["name"] == EXPORTED_FILE for file in files)


def _prepare_answers(case: FaultCase) -> None:
    """Let both experts answer everything, in a campaign that removes messages."""
    _prepare_with_image(case)
    case.start_bot()
    case.answer_all(lambda: _is_everything_answered(case))


def _queue_removals(case: FaultCase) -> None:
    """Queue the removal of all messages with tasks, as if the answers were old."""
    case.database.write_now(_make_answers_old)
    case.database.write_now(message_removal.queue_due_removals, case.clock.now())


def _make_answers_old(session: Session) -> None:
    for campaign in session.exec(select(Campaign)):
        campaign.removal_days = 1
    for assignment in session.exec(select(Assignment)):
        answered_at = assignment.answered_at or assignment.created_at
        assignment.answered_at = answered_at - timedelta(days=2)


def _are_messages_removed(case: FaultCase) -> bool:
    return case.database.read_now(_count_messages) == 0


def _are_files_removed(case: FaultCase) -> bool:
    return case.database.read_now(_count_uploads) == 0


def _count_messages(session: Session) -> int:
    query = select(Assignment.id).where(col(Assignment.message_ts).is_not(None))
    return len(session.exec(query).all())


def _count_uploads(session: Session) -> int:
    query = select(MediaFile.url).where(col(MediaFile.slack_file_id).is_not(None))
    return len(session.exec(query).all())


def _ada(case: FaultCase) -> SimulatedUser:
    return case.people[1]


STARTED = Trigger(_prepare, _start, _finish_start)
"""The bot starts during the fault, and sends both experts their first task."""

EXPORTED = Trigger(_prepare_and_start, _finish_export, is_done=_has_file)
"""An export is finished during the fault, and its file is uploaded."""

TRIGGERS: dict[str, Trigger] = {
    "apps.connections.open": STARTED,
    "auth.test": STARTED,
    "chat.postMessage": STARTED,
    "conversations.open": STARTED,
    "dnd.info": STARTED,
    "users.info": STARTED,
    "usergroups.users.list": STARTED,
    "chat.update": Trigger(_prepare_and_start, _answer_without_response_url),
    "response_url": Trigger(_prepare_and_start, _answer),
    "views.open": Trigger(
        _prepare_and_start, _open_full_text, _open_full_text_again, _has_full_text
    ),
    "views.push": Trigger(_prepare_campaign_form, _preview, _preview_again, _has_preview),
    "views.update": Trigger(_prepare_full_text, _turn_page, _turn_page_again, _has_second_page),
    "views.publish": Trigger(_prepare_and_start, _open_home, _open_home, _has_home),
    "usergroups.list": Trigger(_prepare_and_start, _invite_group, _invite_group_again, _has_report),
    "conversations.members": Trigger(
        _prepare_channel, _invite_channel, _invite_channel_again, _has_report
    ),
    "files.getUploadURLExternal": EXPORTED,
    "chat.delete": Trigger(_prepare_answers, _queue_removals, is_done=_are_messages_removed),
    "files.delete": Trigger(_prepare_answers, _queue_removals, is_done=_are_files_removed),
    "files.info": Trigger(_prepare_with_image, _start, _finish_start),
    "upload": EXPORTED,
    "files.completeUploadExternal": EXPORTED,
}
"""By method, response_url and upload: how it is called."""
