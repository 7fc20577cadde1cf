"""Imports: files to download, and results."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class UploadMessage(QueuedMessage):
    """A file to download into `folder`, and the question which of its columns to import.

    `name` is the name of a file in Slack, None if the URL is elsewhere. `campaign` is None if it is
    still to be chosen.
    """

    message_type = "upload"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    url: str
    folder: str
    name: str | None = None
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class ImportResultMessage(QueuedMessage):
    """The result of an import, with its rejected rows."""

    message_type = "import_result"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    run_id: int
