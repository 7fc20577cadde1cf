"""Imports: files to download, and results."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class UploadMessage(QueuedMessage):
    """A file to download into `folder`; its columns are reported in a separate message.

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
class FileReceivedMessage(QueuedMessage):
    """The question which columns of a downloaded file to import."""

    message_type = "file_received"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    run_id: int


@dataclass(frozen=True, slots=True)
class ImportResultMessage(QueuedMessage):
    """The result of an import; the list of rejected rows follows in a separate message."""

    message_type = "import_result"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    run_id: int


@dataclass(frozen=True, slots=True)
class RejectedRowsMessage(QueuedMessage):
    """The list of the rejected rows of an import, after its result."""

    message_type = "rejected_rows"
    recipient = Recipient.REQUESTER
    priority = Priority.NEWS

    run_id: int
