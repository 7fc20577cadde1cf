"""Files of items that are stored in the database: each is uploaded to Slack once.

An image block has the URL of a stored image (`media:…`) as the id of its `slack_file`, until a
message or dialog is sent. Then it gets the id of the file in Slack. Audio and video are shared by
their permalink: Slack shows the file of a link that the app posts, and the people in that
conversation can open it (https://github.com/slackapi/bolt-python/issues/1018).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.kinds.media import STORED_PREFIX
from bot.slack.blockkit.passages import missing_image
from bot.slack.client.login_errors import describe_failure
from bot.slack.client.web_client import NETWORK_ERRORS, error_code, retry_after_seconds
from storage.database import Database
from storage.queries import media_files

log = logging.getLogger(__name__)

UPLOAD_METHOD = "files.completeUploadExternal"
"""Stands for the three calls of an upload in the status and the log: this one ends it."""

READY_CHECKS = 5
READY_PAUSE_SECONDS = 0.3
"""Slack processes an upload after it has accepted it, and shows it only then. So long a dialog can
wait, which has to open within three seconds."""

GONE_CODES = ("file_not_found", "file_deleted")
"""Error codes of a file that was deleted in Slack."""

Locks = WeakValueDictionary[str, asyncio.Lock]
Call = Callable[[str, dict[str, Any]], Awaitable[AsyncSlackResponse]]


class MediaNotShownError(Exception):
    """Slack does not show a file yet: it is being processed, or its upload failed."""


def stored_urls(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the URLs of the stored images in blocks."""
    ids = [str(block["slack_file"]["id"]) for block in blocks if "slack_file" in block]
    return [file_id for file_id in ids if file_id.startswith(STORED_PREFIX)]


@dataclass(slots=True)
class StoredMedia:
    """Uploads stored files with `call`, which calls a method of the Web API.

    `locks` has a lock for the URL of each file that is being uploaded.
    """

    db: Database
    clock: Clock
    call: Call
    locks: Locks

    async def fill(self, blocks: Sequence[Any]) -> list[Any]:
        """Return blocks with the Slack ids of their stored images, which are uploaded if necessary.

        An image that Slack does not show yet is replaced by a text.

        Raises:
            SlackApiError: Slack limits requests. The message should be sent later.
        """
        urls = stored_urls(blocks)
        if not urls:
            return list(blocks)
        file_ids = await self.upload(urls)
        return [_fill_block(block, file_ids) for block in blocks]

    async def upload(self, urls: Collection[str]) -> dict[str, str]:
        """Return the Slack ids of the files that Slack shows, uploaded now if necessary.

        Raises:
            SlackApiError: Slack limits requests.
        """
        uploads = await self.db.read(media_files.uploads_of, urls)
        shown = {url: upload.file_id for url, upload in uploads.items() if upload.is_shown}
        for url in dict.fromkeys(urls):
            if url not in shown and (file_id := await self._upload_once(url)):
                shown[url] = file_id
        return shown

    async def are_shown(self, urls: Collection[str]) -> bool:
        """Return whether Slack shows all of these files."""
        uploads = await self.db.read(media_files.uploads_of, urls)
        return all(url in uploads and uploads[url].is_shown for url in urls)

    async def permalinks(self, urls: Collection[str]) -> dict[str, str]:
        """Return the links by which a message shares the files.

        Raises:
            MediaNotShownError: Slack does not show one of them yet.
            SlackApiError: Slack refused it, or limits requests.
        """
        file_ids = await self.upload(urls)
        if len(file_ids) < len(set(urls)):
            raise MediaNotShownError
        return {url: await self._permalink(url, file_id) for url, file_id in file_ids.items()}

    async def check_again(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Ask Slack about the images of blocks that it refused, before they are sent again."""
        for url, upload in (
            await self.db.read(media_files.uploads_of, stored_urls(blocks))
        ).items():
            try:
                await self.call("files.info", {"file": upload.file_id})
            except SlackApiError as error:
                if retry_after_seconds(error) is None:
                    await self.db.write(media_files.forget_uploads, [url])
                    continue
            except NETWORK_ERRORS as error:
                log.info("files.info: %s", type(error).__name__)
            await self.db.write(media_files.record_upload, url, upload.file_id)

    async def _permalink(self, url: str, file_id: str) -> str:
        try:
            answer = await self.call("files.info", {"file": file_id})
        except SlackApiError as error:
            if error_code(error) not in GONE_CODES:
                raise
            await self.db.write(media_files.forget_uploads, [url])
            raise MediaNotShownError from error
        return str(answer["file"]["permalink"])

    async def _upload_once(self, url: str) -> str | None:
        """Return the id of a file that Slack shows; two messages at a time upload it once."""
        lock = self.locks.setdefault(url, asyncio.Lock())
        async with lock:
            upload = (await self.db.read(media_files.uploads_of, [url])).get(url)
            if upload and upload.is_shown:
                return upload.file_id
            file_id = upload.file_id if upload else await self._try_upload(url)
            return file_id if file_id and await self._wait_until_shown(url, file_id) else None

    async def _try_upload(self, url: str) -> str | None:
        content = await self.db.read(media_files.content_of_file, url)
        if content is None:
            log.error("the file %s is not in the database", url)
            return None
        # The name says nothing about where the file comes from: Slack shows it to experts.
        name = f"file.{url.rpartition('.')[2]}"
        try:
            answer = await self.call(UPLOAD_METHOD, {"content": content, "filename": name})
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                raise
            log.warning("Slack refuses the file of an item: %s", describe_failure(error))
            return None
        except (SlackRequestError, *NETWORK_ERRORS) as error:
            log.warning("the file of an item could not be uploaded: %s", type(error).__name__)
            return None
        file_id = str(answer["files"][0]["id"])
        await self.db.write(media_files.record_upload, url, file_id)
        return file_id

    async def _wait_until_shown(self, url: str, file_id: str) -> bool:
        """Wait a moment for Slack to know the type of a file; return whether it shows the file.

        If Slack does not say, it counts as shown.
        """
        for number in range(READY_CHECKS):
            if number:
                await asyncio.sleep(READY_PAUSE_SECONDS)
            try:
                answer = await self.call("files.info", {"file": file_id})
            except SlackApiError as error:
                if error_code(error) in GONE_CODES:
                    await self.db.write(media_files.forget_uploads, [url])
                    return False
                break
            except NETWORK_ERRORS:
                break
            if answer["file"].get("mimetype"):
                break
        else:
            return False
        await self.db.write(media_files.record_shown, url, self.clock.now())
        return True


def _fill_block(block: Any, file_ids: Mapping[str, str]) -> Any:  # noqa: ANN401 - a block of any type
    urls = stored_urls([block])
    if not urls:
        return block
    file_id = file_ids.get(urls[0])
    return {**block, "slack_file": {"id": file_id}} if file_id else missing_image(block)
