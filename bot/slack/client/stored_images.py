"""Images that are stored in the database: each is uploaded to Slack once, when it is first shown.

An image block has the URL of a stored image (`media:…`) as the id of its `slack_file`, until a
message or dialog is sent. Then it gets the id of the file in Slack.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.kinds.media import STORED_PREFIX
from bot.slack.blockkit.passages import missing_image
from bot.slack.client.login_errors import describe_failure
from bot.slack.client.web_client import NETWORK_ERRORS, retry_after_seconds
from storage.database import Database
from storage.queries import media_files

log = logging.getLogger(__name__)

UPLOAD_METHOD = "files.completeUploadExternal"
"""Stands for the three calls of an upload in the status and the log: this one ends it."""

READY_CHECKS = 5
READY_PAUSE_SECONDS = 0.3
"""Slack processes an upload after it has accepted it, and shows it only then. So long a dialog can
wait, which has to open within three seconds."""

Locks = WeakValueDictionary[str, asyncio.Lock]
Call = Callable[[str, dict[str, Any]], Awaitable[AsyncSlackResponse]]


def stored_urls(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the URLs of the stored images in blocks."""
    ids = [str(block["slack_file"]["id"]) for block in blocks if "slack_file" in block]
    return [file_id for file_id in ids if file_id.startswith(STORED_PREFIX)]


@dataclass(slots=True)
class StoredImages:
    """Uploads stored images with `call`, which calls a method of the Web API.

    `locks` has a lock for the URL of each image that is being uploaded.
    """

    db: Database
    clock: Clock
    call: Call
    locks: Locks

    async def fill(self, blocks: Sequence[Any]) -> list[Any]:
        """Return blocks with the Slack ids of their stored images, which are uploaded if necessary.

        An image that cannot be uploaded is replaced by a text.

        Raises:
            SlackApiError: Slack limits requests. The message should be sent later.
        """
        urls = stored_urls(blocks)
        if not urls:
            return list(blocks)
        file_ids = await self.db.read(media_files.slack_file_ids, urls)
        for url in dict.fromkeys(urls):
            if url not in file_ids and (file_id := await self._upload_once(url)):
                file_ids[url] = file_id
        return [_fill_block(block, file_ids) for block in blocks]

    async def forget(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Have the images of blocks uploaded again: Slack does not show a file of theirs."""
        if urls := stored_urls(blocks):
            await self.db.write(media_files.forget_uploads, urls)

    async def _upload_once(self, url: str) -> str | None:
        """Return the id of an image in Slack; two messages at a time upload it once."""
        lock = self.locks.setdefault(url, asyncio.Lock())
        async with lock:
            known = await self.db.read(media_files.slack_file_ids, [url])
            return known.get(url) or await self._try_upload(url)

    async def _try_upload(self, url: str) -> str | None:
        content = await self.db.read(media_files.content_of_file, url)
        if content is None:
            log.error("the image %s is not in the database", url)
            return None
        # The name says nothing about where the image comes from: Slack shows it to experts.
        name = f"image.{url.rpartition('.')[2]}"
        try:
            answer = await self.call(UPLOAD_METHOD, {"content": content, "filename": name})
            file_id = str(answer["files"][0]["id"])
            await self._wait_until_ready(file_id)
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                raise
            log.warning("Slack refuses an image: %s", describe_failure(error))
            return None
        except (SlackRequestError, *NETWORK_ERRORS) as error:
            log.warning("an image could not be uploaded: %s", type(error).__name__)
            return None
        await self.db.write(media_files.record_upload, url, file_id, self.clock.now())
        return file_id

    async def _wait_until_ready(self, file_id: str) -> None:
        """Wait until Slack knows the type of a file. If Slack does not say, do not wait."""
        for _ in range(READY_CHECKS):
            try:
                answer = await self.call("files.info", {"file": file_id})
            except (SlackApiError, *NETWORK_ERRORS):
                return
            if answer["file"].get("mimetype"):
                return
            await asyncio.sleep(READY_PAUSE_SECONDS)


def _fill_block(block: Any, file_ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a block of any type
    urls = stored_urls([block])
    if not urls:
        return block
    file_id = file_ids.get(urls[0])
    return {**block, "slack_file": {"id": file_id}} if file_id else missing_image(block)
