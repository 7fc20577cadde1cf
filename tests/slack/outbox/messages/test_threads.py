"""Messages and files in the thread of a task."""

from __future__ import annotations

from bot.messages.threads import IncomingFileMessage, IncomingMessage
from bot.services.answers import submit
from bot.services.tasks import scheduled_delivery
from storage.row_id import id_of
from tests.slack.slack_fixture import SlackFixture


async def test_skip_after_the_thread_moved_on_is_delivered(
    slack: SlackFixture,
) -> None:
    """The message has no receipt to keep, so it must show something else."""
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.scenario.create_campaign(kind="demonstration", experts=[ada.id, grace.id], overlap=1)
    slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    location = {"channel": assignment.channel, "message_ts": assignment.message_ts}
    reply = IncomingMessage(
        channel=ada.dm,
        user=ada.id,
        ts="9.9",
        changed_key="",
        thread_ts=assignment.message_ts,
        text="So.",
    )
    await slack.enqueue(reply, ada.id)
    await slack.deliver_all()
    slack.advance_clock(days=2)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    interaction = slack.interaction(ada, "1", **location)
    slack.database.write_now(submit.skip_task, id_of(assignment), "unclear", interaction)
    await slack.deliver_all()
    assert {row.state for row in await slack.outbox()} == {"sent"}


async def test_unusable_file_is_reported_in_its_thread(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    file = IncomingFileMessage(
        assignment_id=id_of(assignment),
        channel=ada.dm,
        message_ts=assignment.message_ts or "",
        ts="1.2.0",
        url="https://docs.example/essay",
        name="essay.txt",
    )
    await slack.enqueue(file, ada.id)
    await slack.deliver_all()
    assert (
        "“essay.txt” could not be added: it is stored outside Slack" in ada.messages[-1].plain_text
    )
