"""Every word of the outbox, said from what the database says now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.sandbox import SimulatedUser
from bot.services.answers import submit
from bot.services.assignments import assign
from bot.services.experts import profiles, time_off
from bot.services.experts.profiles import Profile
from bot.services.tasks import recent_answers, scheduled_delivery
from bot.slack.outbox.messages import MESSAGE_TYPES
from tests.slack.slack_fixture import SlackFixture


async def shown_task(slack: SlackFixture, person: SimulatedUser) -> None:
    """Let somebody ask for their next task and see it."""
    await slack.sender.db.write(
        assign.request_next_task,
        "new_task",
        recipient=person.id,
        payload={"is_requested": True},
        now=slack.now,
    )
    await slack.deliver_all()


async def test_a_task_is_shown_and_it_is_written_down_where(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    (message,) = ada.messages
    (given,) = await slack.assignments()
    assert "Question 1?" in message.plain_text
    assert (given.state, given.channel, given.message_ts) == ("delivered", ada.dm, message.ts)
    shown = given.shown or {}
    assert set(shown) == {"prompt", "a", "b"}
    assert shown["prompt"] == {"characters": 11, "shown": 11}
    assert (await slack.expert_row(ada)).channel == ada.dm


async def test_nothing_is_said_to_somebody_who_is_no_expert(slack: SlackFixture) -> None:
    eve = slack.add_expert("eve")
    await slack.enqueue("new_task", eve.id)
    await slack.enqueue("task_page", eve.id, assignment_id=None)
    await slack.deliver_all()
    assert eve.messages == []


async def test_who_did_not_ask_is_not_told_that_nothing_waits(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=0)
    await slack.enqueue("new_task", ada.id)
    await slack.deliver_all()
    assert ada.messages == []
    await shown_task(slack, ada)
    assert "That was all for now" in ada.messages[0].plain_text


async def test_after_an_answer_the_next_task_takes_the_messages_place(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    interaction = slack.interaction(ada, channel=given.channel, message_ts=given.message_ts)
    slack.database.write_now(submit.submit_answer, given.id or 0, {"verdict": "a"}, interaction)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "Saved: A is better" in message.plain_text
    assert "Question 2?" in message.plain_text
    assert [row.message_ts for row in await slack.assignments()] == [message.ts] * 2


async def test_a_click_is_answered_through_its_response_url(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue(
        "task_page",
        ada.id,
        slack.response_url_server.url,
        assignment_id=None,
        channel=ada.dm,
        message_ts="1.2",
    )
    await slack.deliver_all()
    assert "Question 1?" in str(slack.response_url_server.posted)
    assert (
        slack.sandbox.request_counts["chat.update"]
        == slack.sandbox.request_counts["chat.postMessage"]
        == 0
    )


async def test_if_the_response_url_is_used_up_the_message_is_updated(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.response_url_server.status = 404
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    facts = {"assignment_id": None, "channel": ada.dm, "message_ts": given.message_ts}
    await slack.enqueue("task_page", ada.id, slack.response_url_server.url, **facts)
    await slack.deliver_all()
    assert slack.sandbox.request_counts["chat.update"] == 1
    assert len(ada.messages) == 1


async def test_if_the_message_is_gone_too_a_new_one_is_posted(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.response_url_server.status = 404
    await slack.enqueue(
        "task_page",
        ada.id,
        slack.response_url_server.url,
        assignment_id=None,
        channel=ada.dm,
        message_ts="1.2",
    )
    await slack.deliver_all()
    (message,) = ada.messages
    assert "Question 1?" in message.plain_text


async def test_a_task_shown_anew_retires_its_older_message(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    await shown_task(slack, ada)
    older, newer = ada.messages
    assert older.plain_text == "This task is further down now."
    assert "Question 1?" in newer.plain_text


async def test_a_task_is_not_posted_again_because_its_older_message_could_not_be_retired(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    slack.sandbox.faults.error("chat.update", "internal_error")
    await slack.sender.db.write(
        assign.request_next_task,
        "new_task",
        recipient=ada.id,
        payload={"is_requested": True},
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
    assert [message.plain_text == "This task is further down now." for message in ada.messages] == [
        True,
        False,
    ]


async def test_a_message_that_shows_another_task_by_now_is_not_retired(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    await slack.enqueue("superseded", ada.id, channel=given.channel, message_ts=given.message_ts)
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_a_task_that_expired_says_so_where_it_stood(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    slack.advance_clock(days=2)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    assert "moved on to a colleague" in ada.messages[0].plain_text


async def test_a_message_is_left_alone_if_it_shows_another_open_task(slack: SlackFixture) -> None:
    """After an undo two open tasks were last seen in one message: only the later one is there."""
    ada = slack.add_expert()
    slack.create_campaign(ada, lease=timedelta(hours=8), reminders=())
    await shown_task(slack, ada)
    (first,) = await slack.assignments()
    where = {"channel": first.channel, "message_ts": first.message_ts}
    number = first.id or 0
    interaction = slack.interaction(ada, "1", **where)
    slack.database.write_now(submit.submit_answer, number, {"verdict": "a"}, interaction)
    await slack.deliver_all()
    slack.advance_clock(hours=20)
    slack.database.write_now(submit.undo, number, slack.interaction(ada, "2", **where))
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text
    slack.advance_clock(hours=6)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_a_reminder_is_about_what_still_waits(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    await slack.enqueue("reminder", ada.id, assignment_ids=[given.id])
    await slack.deliver_all()
    assert "A task waits for you" in ada.messages[-1].plain_text
    slack.database.write_now(
        submit.submit_answer,
        given.id or 0,
        {"verdict": "a"},
        slack.interaction(ada, channel=ada.dm),
    )
    await slack.enqueue("reminder", ada.id, assignment_ids=[given.id])
    await slack.deliver_all()
    assert sum("waits for you" in message.plain_text for message in ada.messages) == 1


async def test_a_skipped_task_in_a_thread_that_moved_on_is_followed_by_the_next(
    slack: SlackFixture,
) -> None:
    """Its message has no receipt to keep, so something else must stand there."""
    ada, grace = slack.add_expert("ada"), slack.add_expert("grace")
    slack.scenario.create_campaign(kind="demonstration", experts=[ada.id, grace.id], overlap=1)
    slack.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    where = {"channel": given.channel, "message_ts": given.message_ts}
    heard = {**where, "thread_ts": given.message_ts, "ts": "9.9", "text": "So.", "user": ada.id}
    await slack.enqueue("incoming_message", ada.id, **heard, changed_key="")
    await slack.deliver_all()
    slack.advance_clock(days=2)
    assert slack.database.write_now(scheduled_delivery.expire_leases, slack.now) == 1
    await slack.deliver_all()
    interaction = slack.interaction(ada, "1", **where)
    slack.database.write_now(submit.skip_task, given.id or 0, "unclear", interaction)
    await slack.deliver_all()
    assert {row.state for row in await slack.outbox()} == {"sent"}


async def test_words_are_said_in_the_thread_they_belong_to(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    await slack.enqueue("text", ada.id, text="One.")
    await slack.deliver_all()
    ts = ada.messages[0].ts
    await slack.enqueue("text", ada.id, text="Two <!channel>.", channel=ada.dm, thread_ts=ts)
    await slack.deliver_all()
    assert [(m.plain_text, m.thread_ts) for m in ada.messages] == [
        ("One.", None),
        ("Two <!channel>.", ts),
    ]


async def test_a_file_that_could_not_be_had_is_answered_in_its_thread(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    (given,) = await slack.assignments()
    await slack.enqueue(
        "incoming_file",
        ada.id,
        assignment_id=given.id,
        channel=ada.dm,
        message_ts=given.message_ts,
        ts="1.2.0",
        url="https://docs.example/essay",
        name="essay.txt",
    )
    await slack.deliver_all()
    assert "“essay.txt” could not be added: it is not kept in Slack" in ada.messages[-1].plain_text


def sent(slack: SlackFixture, method: str) -> list[dict[str, Any]]:
    """Return the arguments of every call of a method of Slack's."""
    found = [one.request for one in slack.sandbox.traffic if one.kind == method]
    return [request for request in found if isinstance(request, dict)]


async def test_a_chart_is_a_file_with_its_words(slack: SlackFixture) -> None:
    ada, cora = slack.add_expert(), slack.sandbox.add_user("cora")
    slack.create_campaign(ada, items=6)
    await slack.enqueue("chart", cora.id, campaign_id=1)
    await slack.deliver_all()
    assert "has not been answered for long enough" in cora.messages[0].plain_text
    for _ in range(3):
        given = slack.scenario.assign_next(ada.id)
        slack.scenario.submit_answer(ada.id, given or 0, verdict="a")
        slack.advance_clock(days=1)
    await slack.enqueue("chart", cora.id, campaign_id=1)
    await slack.deliver_all()
    (call,) = sent(slack, "files.getUploadURLExternal")
    assert call["alt_txt"].startswith("Answers to tone from Mon 2 Mar to Thu 5 Mar: 3 of 6.")
    assert "tone.png" in str(cora.messages[-1])


async def test_a_summary_is_said_in_its_channel_unless_the_week_was_quiet(
    slack: SlackFixture,
) -> None:
    ada, cora = slack.add_expert(), slack.sandbox.add_user("cora")
    channel = slack.sandbox.add_channel("desk", members=[cora]).id
    await slack.enqueue("digest", channel, channel=channel)
    await slack.deliver_all()
    assert sent(slack, "chat.postMessage") == []
    slack.create_campaign(ada, items=6)
    slack.scenario.submit_answer(ada.id, slack.scenario.assign_next(ada.id) or 0, verdict="a")
    await slack.enqueue("digest", channel, channel=channel)
    await slack.enqueue("digest", cora.id)
    await slack.deliver_all()
    cora.wait_for_text("1 expert gave 1 answer.")
    assert {one["channel"] for one in sent(slack, "chat.postMessage")} > {channel, cora.dm}


def test_words_are_registered_under_what_services_put() -> None:
    assert set(MESSAGE_TYPES) == {
        "question_thread",
        "question",
        "question_answer",
        "question_update",
        "flag",
        "task_page",
        "new_task",
        "superseded",
        "reminder",
        "expired",
        "released",
        "recent_answer",
        "welcome_back",
        "opt_out_question",
        "text_in_place",
        "draft_status",
        "draft_saved",
        "incoming_message",
        "incoming_file",
        "text",
        "export_result",
        "member_lookup",
        "campaign_created",
        "test_task",
        "upload",
        "import_result",
        "chart",
        "digest",
    }


async def test_what_slack_could_not_take_in_working_hours_is_not_said_at_night(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue("welcome_back", ada.id, reassigned=0)
    await slack.deliver_all()
    slack.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), slack.now)
    given = slack.scenario.assign_next(ada.id)
    slack.advance_clock(hours=12)
    await slack.enqueue("reminder", ada.id, assignment_ids=[given], stage="first")
    await slack.enqueue("opt_out_question", ada.id)
    await slack.enqueue("welcome_back", ada.id, reassigned=0)
    await slack.deliver_all()
    assert len(ada.messages) == 1, "the welcome that was said by day"
    assert (await slack.expert_row(ada)).welcome_back_due, "the other one comes in the morning"


async def test_work_that_could_not_be_sent_in_time_is_taken_back(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), slack.now)
    slack.database.write_now(profiles.save_dnd, ada.id, {}, slack.now)
    assert slack.database.write_now(scheduled_delivery.dispatch_tasks, slack.now).messaged == 1
    slack.advance_clock(hours=12)
    await slack.deliver_all()
    assert ada.messages == []
    assert [row.state for row in await slack.assignments()] == ["released"]


async def test_a_task_that_was_let_go_says_so_without_a_sound(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await shown_task(slack, ada)
    until = (slack.now + timedelta(days=3)).date()
    slack.database.write_now(time_off.start_time_off, ada.id, until, slack.now)
    await slack.deliver_all()
    (message,) = ada.messages
    assert "moved on to a colleague while you are away" in message.plain_text


async def test_an_answer_that_is_called_back_comes_as_a_new_message(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada, items=1)
    await shown_task(slack, ada)
    slack.database.write_now(submit.submit_answer, 1, {"verdict": "a"}, slack.interaction(ada))
    await slack.deliver_all()
    slack.database.write_now(recent_answers.show_recent_answer, 1, slack.interaction(ada, "2"))
    await slack.deliver_all()
    newest = ada.messages[-1]
    assert "Here is your answer again" in newest.plain_text
    (row,) = await slack.assignments()
    assert (row.state, row.message_ts) == ("answered", newest.ts)


async def test_a_sentence_takes_the_place_of_the_question_or_comes_by_itself(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue("opt_out_question", ada.id)
    await slack.deliver_all()
    (question,) = ada.messages
    where = {"channel": ada.dm, "message_ts": question.ts}
    await slack.enqueue("text_in_place", ada.id, text="Until then.", **where)
    await slack.enqueue("text_in_place", ada.id, text="By itself.")
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Until then.", "By itself."]
