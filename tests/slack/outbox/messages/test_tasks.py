"""Task messages: sent once, replaced in place, and updated when their task moves on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.messages.queued_message import QueuedMessage
from bot.messages.tasks import (
    ExpiredMessage,
    NewTaskMessage,
    ReleasedMessage,
    SupersededMessage,
    TaskPageMessage,
    UnassignedMessage,
)
from bot.sandbox import SimulatedUser
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.answers import submit
from bot.services.assignments import assign
from bot.services.experts import opt_out, profiles, time_off
from bot.services.experts.profiles import Profile
from bot.services.reviews import corrections, exclusions
from bot.services.tasks import recent_answers, scheduled_delivery
from bot.slack.outbox.claims import CLAIM_LEASE
from bot.slack.outbox.messages.task_updates import deliver_superseded
from bot.slack.outbox.messages.tasks import deliver_task_page
from storage.queries import outbox_claims
from storage.queries.assignments import update_assignment
from storage.queries.outbox_claims import ClaimLimits, Lease
from storage.row_id import id_of
from storage.tables import Campaign
from tests.slack.slack_fixture import SlackFixture


async def test_task_is_shown_and_its_message_recorded(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    (message,) = ada.messages
    (assignment,) = await slack.assignments()
    assert "Question 1?" in message.plain_text
    assert (assignment.state, assignment.channel, assignment.message_ts) == (
        "delivered",
        ada.dm,
        message.ts,
    )
    shown = assignment.shown or {}
    assert set(shown) == {"prompt", "a", "b"}
    assert shown["prompt"] == {"characters": 11, "shown": 11}
    assert (await slack.expert_row(ada)).channel == ada.dm


async def test_unknown_expert_gets_no_message(slack: SlackFixture) -> None:
    eve = slack.add_expert("eve")
    await slack.enqueue(NewTaskMessage(), eve.id)
    await slack.enqueue(TaskPageMessage(None, None, None), eve.id)
    await slack.deliver_all()
    assert eve.messages == []


async def test_only_a_request_is_answered_that_no_task_is_left(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=0)
    await slack.enqueue(NewTaskMessage(), ada.id)
    await slack.deliver_all()
    assert ada.messages == []
    await slack.show_task(ada)
    assert "No more tasks for now" in ada.messages[0].plain_text


async def test_next_task_replaces_the_answered_one(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    interaction = slack.interaction(
        ada, channel=assignment.channel, message_ts=assignment.message_ts
    )
    slack.database.write_now(submit.submit_answer, id_of(assignment), {"verdict": "a"}, interaction)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "Saved: A is better" in message.plain_text
    assert "Question 2?" in message.plain_text
    assert [row.message_ts for row in await slack.assignments()] == [message.ts] * 2


async def test_interaction_is_answered_through_its_response_url(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue(TaskPageMessage(None, ada.dm, "1.2"), ada.id, slack.response_url_server.url)
    await slack.deliver_all()
    assert "Question 1?" in str(slack.response_url_server.posted)
    assert slack.sandbox.request_counts["chat.update"] == 0
    assert slack.sandbox.request_counts["chat.postMessage"] == 0


async def test_message_is_updated_if_the_response_url_fails(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.response_url_server.status = 404
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    message = TaskPageMessage(None, ada.dm, assignment.message_ts)
    await slack.enqueue(message, ada.id, slack.response_url_server.url)
    await slack.deliver_all()
    assert slack.sandbox.request_counts["chat.update"] == 1
    assert len(ada.messages) == 1


async def test_new_message_is_posted_if_the_update_fails_too(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.response_url_server.status = 404
    await slack.enqueue(TaskPageMessage(None, ada.dm, "1.2"), ada.id, slack.response_url_server.url)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "Question 1?" in message.plain_text


async def test_older_message_of_a_task_is_superseded(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    await slack.show_task(ada)
    older, newer = ada.messages
    assert older.plain_text == "Moved below."
    assert "Question 1?" in newer.plain_text


async def test_failed_superseded_update_does_not_repeat_the_task(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    slack.sandbox.faults.error("chat.update", "internal_error")
    await slack.sender.db.write(
        assign.request_next_task,
        NewTaskMessage(is_requested=True),
        recipient=ada.id,
        now=slack.now,
    )
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(
            lambda rows: rows[-1].message_type == "superseded" and rows[-1].attempts > 0
        )
        slack.advance_clock(seconds=5)
        deliverer.wake()
        await slack.wait_until(lambda rows: all(row.state == "sent" for row in rows))
    assert slack.sandbox.request_counts["chat.postMessage"] == 2
    is_superseded = [message.plain_text == "Moved below." for message in ada.messages]
    assert is_superseded == [True, False]


async def test_message_with_an_open_task_is_not_superseded(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    (assignment,) = await slack.assignments()
    await slack.enqueue(
        SupersededMessage(assignment.channel or "", assignment.message_ts or ""), ada.id
    )
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_message_with_an_open_task_is_not_superseded_after_the_clock_was_set_back(
    slack: SlackFixture,
) -> None:
    """Its answered task seems to be newer than the open one."""
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    await _answer_first_task(slack, ada)
    first, second = await slack.assignments()
    assert first.message_ts == second.message_ts
    earlier = slack.now - timedelta(hours=2)
    slack.database.write_now(
        lambda session: update_assignment(session, id_of(second), delivered_at=earlier)
    )
    await slack.enqueue(SupersededMessage(ada.dm, second.message_ts or ""), ada.id)
    await slack.deliver_all()
    assert "Question 2?" in ada.messages[0].plain_text


async def test_message_that_a_page_is_about_to_replace_is_not_superseded(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue(SupersededMessage(ada.dm, "1.2"), ada.id)
    await slack.enqueue(TaskPageMessage(None, ada.dm, "1.2"), ada.id)
    update, _page = await slack.outbox()
    await deliver_superseded(slack.sender, update, SupersededMessage(ada.dm, "1.2"))
    assert slack.sandbox.request_counts["chat.update"] == 0


@pytest.mark.parametrize(
    "update",
    [
        SupersededMessage,
        lambda _channel, _ts: ExpiredMessage(1),
        lambda _channel, _ts: ReleasedMessage(1),
        lambda _channel, _ts: UnassignedMessage(1),
    ],
    ids=["superseded", "expired", "released", "unassigned"],
)
async def test_page_does_not_go_where_an_update_is_on_its_way(
    slack: SlackFixture, update: Callable[[str, str], QueuedMessage]
) -> None:
    """Otherwise the update could arrive later, and hide the new task."""
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    location = ada.dm, ada.messages[0].ts
    await slack.enqueue(update(*location), ada.id)
    await slack.sender.db.write(
        outbox_claims.claim, slack.now, ClaimLimits(messages=1, updates=1), Lease(CLAIM_LEASE)
    )
    slack.database.write_now(submit.submit_answer, 1, {"verdict": "a"}, slack.interaction(ada, "1"))
    *_others, row = await slack.outbox()
    await deliver_task_page(slack.sender, row, TaskPageMessage(1, *location))
    old_message, new_message = ada.messages
    assert "Question 1?" in old_message.plain_text
    assert "Question 2?" in new_message.plain_text


async def _answer_first_task(slack: SlackFixture, expert: SimulatedUser) -> None:
    """Store the answer to the first task, and deliver the page that follows."""
    first, *_others = await slack.assignments()
    interaction = slack.interaction(expert, channel=first.channel, message_ts=first.message_ts)
    slack.database.write_now(submit.submit_answer, id_of(first), {"verdict": "a"}, interaction)
    await slack.deliver_all()


async def test_message_of_an_expired_task_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    slack.advance_clock(days=2)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    assert "went to another expert" in ada.messages[0].plain_text


async def test_expired_task_leaves_a_message_with_another_open_task(slack: SlackFixture) -> None:
    """After an undo, two open tasks have the same message, which shows only the later one."""
    ada = slack.add_expert()
    slack.create_campaign(ada, lease=timedelta(hours=8), reminders=())
    await slack.show_task(ada)
    (first,) = await slack.assignments()
    location = {"channel": first.channel, "message_ts": first.message_ts}
    assignment_id = id_of(first)
    interaction = slack.interaction(ada, "1", **location)
    slack.database.write_now(submit.submit_answer, assignment_id, {"verdict": "a"}, interaction)
    await slack.deliver_all()
    slack.advance_clock(hours=20)
    interaction = slack.interaction(ada, "2", **location)
    slack.database.write_now(submit.undo, assignment_id, interaction)
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text
    slack.advance_clock(hours=6)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_task_not_delivered_in_working_hours_is_released(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), slack.now)
    slack.database.write_now(profiles.save_dnd, ada.id, {}, slack.now)
    assert slack.database.write_now(scheduled_delivery.dispatch_tasks, slack.now).messaged == 1
    slack.advance_clock(hours=12)
    await slack.deliver_all()
    assert ada.messages == []
    assert [row.state for row in await slack.assignments()] == ["released"]


async def test_message_of_a_released_task_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    until = (slack.now + timedelta(days=3)).date()
    slack.database.write_now(time_off.start_time_off, ada.id, until, slack.now)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "went to another expert while you are away" in message.plain_text


async def test_message_of_a_task_released_by_opting_out_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    slack.database.write_now(opt_out.opt_out, slack.interaction(ada, "1"), ())
    await slack.deliver_all()
    assert ada.messages[0].plain_text == "This task went to another expert."


def _run_for_campaign(session: Session, correction: Callable[..., object], *args: object) -> object:
    return correction(session, session.get_one(Campaign, 1), *args)


async def test_message_of_an_unassigned_task_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    actor = Actor("U1CORA", SLACK, slack.now)
    slack.database.write_now(_run_for_campaign, corrections.unassign, ada.id, actor)
    await slack.deliver_all()
    assert "A coordinator assigned this task to another expert." in ada.messages[0].plain_text
    assert "Get next task" in str(ada.messages[0].blocks)


async def test_message_of_an_excluded_experts_task_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.show_task(ada)
    actor, now = Actor("U1CORA", SLACK, slack.now), slack.now
    slack.database.write_now(_run_for_campaign, exclusions.exclude, ada.id, now, "no care", actor)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "You get no more tasks of this campaign." in message.plain_text
    assert "Get next task" not in str(message.blocks)


async def test_recent_answer_is_shown_in_a_new_message(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=1)
    await slack.show_task(ada)
    slack.database.write_now(submit.submit_answer, 1, {"verdict": "a"}, slack.interaction(ada))
    await slack.deliver_all()
    slack.database.write_now(recent_answers.show_recent_answer, 1, slack.interaction(ada, "2"))
    await slack.deliver_all()
    newest = ada.messages[-1]
    assert "This is your current answer" in newest.plain_text
    (row,) = await slack.assignments()
    assert (row.state, row.message_ts) == ("answered", newest.ts)
