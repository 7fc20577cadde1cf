"""Uploads files to Slack."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.errors import SlackRequestError

from bot.slack.client.sender import Sender
from bot.slack.client.stored_media import UPLOAD_METHOD


class UploadFailedError(Exception):
    """Slack's file server did not accept the bytes of a file."""


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A file to upload: its name and bytes, and for an image its title and alt text."""

    name: str
    content: bytes
    title: str | None = None
    alt_text: str | None = None


async def upload_file(sender: Sender, channel: str, file: FileUpload) -> None:
    """Upload a file to a conversation.

    Raises:
        SlackApiError: Slack refused it.
        UploadFailedError: the file server did not accept its bytes.
        OSError: Slack did not answer.
    """
    arguments = {
        "content": file.content,
        "filename": file.name,
        "title": file.title or file.name,
        "alt_txt": file.alt_text,
        "channel": channel,
    }
    try:
        await sender.call_at_once(UPLOAD_METHOD, arguments)
    except SlackRequestError as error:
        raise UploadFailedError from error
