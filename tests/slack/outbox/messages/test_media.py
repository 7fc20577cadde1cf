"""Images, audio and video of tasks: shown as soon as Slack can, uploaded once, blocking nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import pytest

from bot.messages.media import MediaMessage, TaskImagesMessage
from bot.messages.tasks import NewTaskMessage
from bot.sandbox import MessageSnapshot, SimulatedUser
from bot.sandbox.png import striped_png
from bot.services.answers import submit
from bot.slack.blockkit.passages import MISSING_IMAGE
from bot.slack.client.stored_media import READY_CHECKS
from storage.row_id import id_of
from storage.tables import MediaFile
from tests.services.conftest import pair
from tests.slack.slack_fixture import SlackFixture

UPLOAD = "files.getUploadURLExternal"
PNG = striped_png(2, [(255, 0, 0)])
SONGS = {side: b"ID3 song " + side.encode() for side in "AB"}
CLIP = b"\0\0\0\x18ftypisom a clip"


def data_url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


IMAGE = {"image": data_url("image/png", PNG), "alt": "A red line"}
MEDIA = {
    "video": data_url("video/mp4", CLIP),
    "audio_a": data_url("audio/mpeg", SONGS["A"]),
    "audio_b": data_url("audio/mpeg", SONGS["B"]),
}


def import_tasks(slack: SlackFixture, *people: SimulatedUser, **columns: str) -> None:
    """Import two items with these columns, with an overlap for everybody."""
    slack.scenario.now = slack.now
    slack.scenario.create_campaign(experts=[person.id for person in people], overlap=len(people))
    rows = [pair(number, **columns) for number in (1, 2)]
    slack.scenario.import_rows("tone", rows)


async def show_task(slack: SlackFixture, person: SimulatedUser) -> None:
    """Let somebody ask for a task, and turn the clock until everything is delivered."""
    await slack.enqueue(NewTaskMessage(is_requested=True), person.id)
    await slack.deliver_with_retries()


def thread_of(person: SimulatedUser, message: MessageSnapshot) -> list[MessageSnapshot]:
    return [one for one in person.messages if one.thread_ts == message.ts and one.ts != message.ts]


def files_in(messages: list[MessageSnapshot]) -> dict[str, list[str]]:
    """Return the types of the files of each message, by the beginning of its text."""
    return {
        one.plain_text.partition(":")[0]: [file["mimetype"] for file in one.files]
        for one in messages
    }


async def test_audio_and_video_are_playable_in_the_thread(slack: SlackFixture) -> None:
    ada, ben = slack.add_expert(), slack.add_expert("ben")
    import_tasks(slack, ada, ben, **MEDIA)
    await show_task(slack, ada)
    await show_task(slack, ben)
    for person in (ada, ben):
        task = next(one for one in person.messages if "play it in this message's" in one.plain_text)
        replies = thread_of(person, task)
        assert files_in(replies) == {
            "Prompt": ["video/mp4"],
            "Response A": ["audio/mpeg"],
            "Response B": ["audio/mpeg"],
        }
        shown = await slack.assignments()
        order = next(row.candidate_order for row in shown if row.channel == person.dm)
        sides = ["AB"[position] for position in order]
        for title, side in zip("AB", sides, strict=True):
            (reply,) = (one for one in replies if one.plain_text.startswith(f"Response {title}"))
            (file,) = reply.files
            stored = slack.scenario.rows(MediaFile)
            content = next(one.content for one in stored if one.slack_file_id == file["id"])
            assert content == SONGS[side]
    assert len(slack.api_calls(UPLOAD)) == 3  # each file once, for both experts


async def test_next_task_gets_a_message_and_thread_of_its_own(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **MEDIA)
    await show_task(slack, ada)
    (first,) = await slack.assignments()
    tap = slack.interaction(ada, channel=first.channel, message_ts=first.message_ts)
    await slack.sender.db.write(submit.submit_answer, id_of(first), {"verdict": "a"}, tap)
    await slack.deliver_with_retries()
    tasks = [one for one in ada.messages if "play it in this message's" in one.plain_text]
    receipts = [one for one in ada.messages if "Saved: " in one.plain_text]
    assert [one.ts for one in receipts] == [first.message_ts]
    assert [one.ts for one in tasks] != [first.message_ts]
    (second,) = tasks
    assert files_in(thread_of(ada, second)) == files_in(thread_of(ada, receipts[0]))
    assert len(slack.api_calls(UPLOAD)) == 3


async def test_task_that_is_shown_again_shares_its_files_in_the_new_thread(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **MEDIA)
    await show_task(slack, ada)
    await show_task(slack, ada)
    first, second = [one for one in ada.messages if not one.thread_ts or one.thread_ts == one.ts]
    assert "play it in this message's" in second.plain_text
    assert len(thread_of(ada, first)) == len(thread_of(ada, second)) == 3
    assert len(slack.api_calls(UPLOAD)) == 3


@pytest.mark.parametrize(
    ("method", "error"),
    [
        (UPLOAD, "file_uploads_disabled"),
        ("files.completeUploadExternal", "storage_limit_reached"),
        ("upload", ""),
        ("files.info", "internal_error"),
    ],
)
async def test_failed_upload_is_repeated_and_blocks_nothing(
    slack: SlackFixture, method: str, error: str
) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **MEDIA)
    if error:
        slack.sandbox.faults.error(method, error, 2)
    else:
        slack.sandbox.faults.fail(method, 500, 2)
    await show_task(slack, ada)
    task = next(one for one in ada.messages if "play it in this message's" in one.plain_text)
    assert list(files_in(thread_of(ada, task))) == ["Prompt", "Response A", "Response B"]
    states = {row.message_type: row.state for row in await slack.outbox()}
    assert states == {"new_task": "sent", "media": "sent"}


async def test_people_are_told_once_that_files_come_later(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, video=MEDIA["video"])
    slack.sandbox.faults.error(UPLOAD, "storage_limit_reached", 6)
    await show_task(slack, ada)
    delay, shared = [one for one in ada.messages if one.thread_ts and one.thread_ts != one.ts]
    assert delay.plain_text.startswith("Prompt: Slack does not play the video yet.")
    assert [file["mimetype"] for file in shared.files] == ["video/mp4"]


async def test_file_that_was_deleted_in_slack_is_uploaded_and_shared_again(
    slack: SlackFixture,
) -> None:
    ada, ben = slack.add_expert(), slack.add_expert("ben")
    import_tasks(slack, ada, ben, video=MEDIA["video"])
    await show_task(slack, ada)
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.delete_file(stored.slack_file_id or "")
    await show_task(slack, ben)
    (shared,) = [one for one in ben.messages if one.thread_ts and one.thread_ts != one.ts]
    (again,) = slack.scenario.rows(MediaFile)
    assert [file["id"] for file in shared.files] == [again.slack_file_id]
    assert again.slack_file_id != stored.slack_file_id


@pytest.mark.parametrize(
    "cause",
    [
        lambda faults: faults.delay_file_processing(2 * READY_CHECKS + 1),
        lambda faults: faults.error(UPLOAD, "file_uploads_disabled", 4),
        lambda faults: faults.fail("upload", 500, 3),
        lambda faults: faults.drop("files.completeUploadExternal", 8),
    ],
)
async def test_message_gets_its_image_as_soon_as_slack_shows_it(
    slack: SlackFixture, cause: object
) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **IMAGE)
    assert callable(cause)
    cause(slack.sandbox.faults)
    await show_task(slack, ada)
    (message,) = ada.messages
    assert MISSING_IMAGE in str(slack.api_calls("chat.postMessage")[0])
    assert MISSING_IMAGE not in message.plain_text
    (stored,) = slack.scenario.rows(MediaFile)
    assert [block["slack_file"] for block in images_in(message.blocks)] == [
        {"id": stored.slack_file_id}
    ]


async def test_update_with_the_image_keeps_the_receipt(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **IMAGE)
    await show_task(slack, ada)
    (first,) = await slack.assignments()
    (stored,) = slack.scenario.rows(MediaFile)
    slack.sandbox.delete_file(stored.slack_file_id or "")
    slack.sandbox.faults.error(UPLOAD, "storage_limit_reached", 4)
    tap = slack.interaction(ada, channel=first.channel, message_ts=first.message_ts)
    await slack.sender.db.write(submit.submit_answer, id_of(first), {"verdict": "a"}, tap)
    await slack.deliver_with_retries()
    (message,) = ada.messages
    assert "Saved: " in message.plain_text
    assert MISSING_IMAGE not in message.plain_text
    assert len(images_in(message.blocks)) == 1


async def test_update_does_not_hide_what_the_message_shows_by_now(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, **IMAGE)
    await show_task(slack, ada)
    (first,) = await slack.assignments()
    tap = slack.interaction(ada, channel=first.channel, message_ts=first.message_ts)
    await slack.sender.db.write(submit.submit_answer, id_of(first), {"verdict": "a"}, tap)
    late = TaskImagesMessage(id_of(first), first.channel or "", first.message_ts or "")
    await slack.enqueue(late, first.channel or "")
    await slack.deliver_with_retries()
    (message,) = ada.messages
    assert "Saved: " in message.plain_text
    updates = slack.api_calls("chat.update")
    await slack.enqueue(late, first.channel or "")
    await slack.deliver_with_retries()
    assert slack.api_calls("chat.update") == updates


async def test_file_is_shared_with_the_person_who_asks_for_it(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    import_tasks(slack, ada, video=MEDIA["video"])
    (stored,) = slack.scenario.rows(MediaFile)
    await slack.enqueue(MediaMessage("Video", "video", (stored.url,)), ada.id)
    await slack.deliver_with_retries()
    (message,) = ada.messages
    assert message.thread_ts is None
    assert files_in([message]) == {"Video": ["video/mp4"]}


def images_in(blocks: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [block for block in blocks if block["type"] == "image"]
