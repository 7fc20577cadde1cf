"""Files with an expert's own work."""

from __future__ import annotations

from bot.messages.work import WorkFileMessage
from bot.services.experts import work
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload
from bot.slack.outbox.messages.send import AfterDelivery, send_file
from storage.tables import OutboxMessage

FILE_NOT_ACCEPTED_TEXT = "Slack did not accept the file. `/label work` shows the same figures."


async def deliver_work_file(
    sender: Sender, row: OutboxMessage, queued: WorkFileMessage
) -> AfterDelivery:
    """Upload the CSV file that the expert asked for."""
    del queued
    own_work = await sender.db.read(work.work_of, row.recipient)
    now = sender.clock.now()
    content = work.work_csv(own_work).encode("utf-8-sig")
    file = FileUpload(f"work-{now:%Y-%m-%d}.csv", content, "Your work")
    await send_file(sender, row, file, FILE_NOT_ACCEPTED_TEXT, None)
    return None
