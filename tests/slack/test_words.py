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


async def shown_task(line: SlackFixture, person: SimulatedUser) -> None:
    """Let somebody ask for their next task and see it."""
    await line.sender.db.write(
        assign.request_next_task, "task", recipient=person.id, payload={"asked": True}, now=line.now
    )
    await line.deliver_all()


async def test_a_task_is_shown_and_it_is_written_down_where(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    (message,) = ada.messages
    (given,) = await line.assignments()
    assert "Question 1?" in message.plain_text
    assert (given.state, given.channel, given.message_ts) == ("delivered", ada.dm, message.ts)
    shown = given.shown or {}
    assert set(shown) == {"prompt", "a", "b"}
    assert shown["prompt"] == {"characters": 11, "shown": 11}
    assert (await line.expert_row(ada)).channel == ada.dm


async def test_nothing_is_said_to_somebody_who_is_no_expert(line: SlackFixture) -> None:
    eve = line.add_expert("eve")
    await line.enqueue("task", eve.id)
    await line.enqueue("turn", eve.id, assignment=None)
    await line.deliver_all()
    assert eve.messages == []


async def test_who_did_not_ask_is_not_told_that_nothing_waits(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada, items=0)
    await line.enqueue("task", ada.id)
    await line.deliver_all()
    assert ada.messages == []
    await shown_task(line, ada)
    assert "That was all for now" in ada.messages[0].plain_text


async def test_after_an_answer_the_next_task_takes_the_messages_place(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    interaction = line.interaction(ada, channel=given.channel, message_ts=given.message_ts)
    line.database.write_now(submit.submit_answer, given.id or 0, {"verdict": "a"}, interaction)
    await line.deliver_all()
    (message,) = ada.messages
    assert "Saved: A is better" in message.plain_text
    assert "Question 2?" in message.plain_text
    assert [row.message_ts for row in await line.assignments()] == [message.ts] * 2


async def test_a_click_is_answered_through_its_response_url(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await line.enqueue(
        "turn",
        ada.id,
        line.response_url_server.url,
        assignment=None,
        channel=ada.dm,
        message_ts="1.2",
    )
    await line.deliver_all()
    assert "Question 1?" in str(line.response_url_server.posted)
    assert (
        line.sandbox.request_counts["chat.update"]
        == line.sandbox.request_counts["chat.postMessage"]
        == 0
    )


async def test_if_the_response_url_is_used_up_the_message_is_updated(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    line.response_url_server.status = 404
    await shown_task(line, ada)
    (given,) = await line.assignments()
    facts = {"assignment": None, "channel": ada.dm, "message_ts": given.message_ts}
    await line.enqueue("turn", ada.id, line.response_url_server.url, **facts)
    await line.deliver_all()
    assert line.sandbox.request_counts["chat.update"] == 1
    assert len(ada.messages) == 1


async def test_if_the_message_is_gone_too_a_new_one_is_posted(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    line.response_url_server.status = 404
    await line.enqueue(
        "turn",
        ada.id,
        line.response_url_server.url,
        assignment=None,
        channel=ada.dm,
        message_ts="1.2",
    )
    await line.deliver_all()
    (message,) = ada.messages
    assert "Question 1?" in message.plain_text


async def test_a_task_shown_anew_retires_its_older_message(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    await shown_task(line, ada)
    older, newer = ada.messages
    assert older.plain_text == "This task is further down now."
    assert "Question 1?" in newer.plain_text


async def test_a_task_is_not_posted_again_because_its_older_message_could_not_be_retired(
    line: SlackFixture,
) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    line.sandbox.faults.error("chat.update", "internal_error")
    await line.sender.db.write(
        assign.request_next_task, "task", recipient=ada.id, payload={"asked": True}, now=line.now
    )
    async with line.run_deliverer() as deliverer:
        await line.wait_until(
            lambda rows: rows[-1].message_type == "retired" and rows[-1].attempts > 0
        )
        line.advance_clock(seconds=5)
        deliverer.wake()
        await line.wait_until(lambda rows: all(row.state == "sent" for row in rows))
    assert line.sandbox.request_counts["chat.postMessage"] == 2
    assert [message.plain_text == "This task is further down now." for message in ada.messages] == [
        True,
        False,
    ]


async def test_a_message_that_shows_another_task_by_now_is_not_retired(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.enqueue("retired", ada.id, channel=given.channel, message_ts=given.message_ts)
    await line.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_a_task_that_expired_says_so_where_it_stood(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    line.advance_clock(days=2)
    assert line.database.write_now(scheduled_delivery.expire_leases, line.now) == 1
    await line.deliver_all()
    assert "moved on to a colleague" in ada.messages[0].plain_text


async def test_a_message_is_left_alone_if_it_shows_another_open_task(line: SlackFixture) -> None:
    """After an undo two open tasks were last seen in one message: only the later one is there."""
    ada = line.add_expert()
    line.create_campaign(ada, lease=timedelta(hours=8), reminders=())
    await shown_task(line, ada)
    (first,) = await line.assignments()
    where = {"channel": first.channel, "message_ts": first.message_ts}
    number = first.id or 0
    interaction = line.interaction(ada, "1", **where)
    line.database.write_now(submit.submit_answer, number, {"verdict": "a"}, interaction)
    await line.deliver_all()
    line.advance_clock(hours=20)
    line.database.write_now(submit.undo, number, line.interaction(ada, "2", **where))
    await line.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text
    line.advance_clock(hours=6)
    assert line.database.write_now(scheduled_delivery.expire_leases, line.now) == 1
    await line.deliver_all()
    assert "Question 1?" in ada.messages[0].plain_text


async def test_a_reminder_is_about_what_still_waits(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.enqueue("reminder", ada.id, assignments=[given.id])
    await line.deliver_all()
    assert "A task waits for you" in ada.messages[-1].plain_text
    line.database.write_now(
        submit.submit_answer, given.id or 0, {"verdict": "a"}, line.interaction(ada, channel=ada.dm)
    )
    await line.enqueue("reminder", ada.id, assignments=[given.id])
    await line.deliver_all()
    assert sum("waits for you" in message.plain_text for message in ada.messages) == 1


async def test_a_skipped_task_in_a_thread_that_moved_on_is_followed_by_the_next(
    line: SlackFixture,
) -> None:
    """Its message has no receipt to keep, so something else must stand there."""
    ada, grace = line.add_expert("ada"), line.add_expert("grace")
    line.scenario.create_campaign(kind="demonstration", experts=[ada.id, grace.id], overlap=1)
    line.scenario.import_rows("tone", [{"id": "1", "prompt": "Explain."}])
    await shown_task(line, ada)
    (given,) = await line.assignments()
    where = {"channel": given.channel, "message_ts": given.message_ts}
    heard = {**where, "thread_ts": given.message_ts, "ts": "9.9", "text": "So.", "user": ada.id}
    await line.enqueue("heard", ada.id, **heard, change="")
    await line.deliver_all()
    line.advance_clock(days=2)
    assert line.database.write_now(scheduled_delivery.expire_leases, line.now) == 1
    await line.deliver_all()
    interaction = line.interaction(ada, "1", **where)
    line.database.write_now(submit.skip_task, given.id or 0, "unclear", interaction)
    await line.deliver_all()
    assert {row.state for row in await line.outbox()} == {"sent"}


async def test_words_are_said_in_the_thread_they_belong_to(line: SlackFixture) -> None:
    ada = line.add_expert()
    await line.enqueue("words", ada.id, words="One.")
    await line.deliver_all()
    ts = ada.messages[0].ts
    await line.enqueue("words", ada.id, words="Two <!channel>.", channel=ada.dm, thread_ts=ts)
    await line.deliver_all()
    assert [(m.plain_text, m.thread_ts) for m in ada.messages] == [
        ("One.", None),
        ("Two <!channel>.", ts),
    ]


async def test_a_file_that_could_not_be_had_is_answered_in_its_thread(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.enqueue(
        "file",
        ada.id,
        assignment=given.id,
        channel=ada.dm,
        message_ts=given.message_ts,
        ts="1.2.0",
        url="https://docs.example/essay",
        name="essay.txt",
    )
    await line.deliver_all()
    assert "“essay.txt” could not be added: it is not kept in Slack" in ada.messages[-1].plain_text


def sent(line: SlackFixture, method: str) -> list[dict[str, Any]]:
    """Return the arguments of every call of a method of Slack's."""
    found = [one.request for one in line.sandbox.traffic if one.kind == method]
    return [request for request in found if isinstance(request, dict)]


async def test_a_chart_is_a_file_with_its_words(line: SlackFixture) -> None:
    ada, cora = line.add_expert(), line.sandbox.add_user("cora")
    line.create_campaign(ada, items=6)
    await line.enqueue("chart", cora.id, campaign=1)
    await line.deliver_all()
    assert "has not been answered for long enough" in cora.messages[0].plain_text
    for _ in range(3):
        given = line.scenario.assign_next(ada.id)
        line.scenario.submit_answer(ada.id, given or 0, verdict="a")
        line.advance_clock(days=1)
    await line.enqueue("chart", cora.id, campaign=1)
    await line.deliver_all()
    (call,) = sent(line, "files.getUploadURLExternal")
    assert call["alt_txt"].startswith("Answers to tone from Mon 2 Mar to Thu 5 Mar: 3 of 6.")
    assert "tone.png" in str(cora.messages[-1])


async def test_a_summary_is_said_in_its_channel_unless_the_week_was_quiet(
    line: SlackFixture,
) -> None:
    ada, cora = line.add_expert(), line.sandbox.add_user("cora")
    channel = line.sandbox.add_channel("desk", members=[cora]).id
    await line.enqueue("digest", channel, channel=channel)
    await line.deliver_all()
    assert sent(line, "chat.postMessage") == []
    line.create_campaign(ada, items=6)
    line.scenario.submit_answer(ada.id, line.scenario.assign_next(ada.id) or 0, verdict="a")
    await line.enqueue("digest", channel, channel=channel)
    await line.enqueue("digest", cora.id)
    await line.deliver_all()
    cora.wait_for_text("1 expert gave 1 answer.")
    assert {one["channel"] for one in sent(line, "chat.postMessage")} > {channel, cora.dm}


def test_words_are_registered_under_what_services_put() -> None:
    assert set(MESSAGE_TYPES) == {
        "asked",
        "question",
        "reply",
        "settled",
        "flagged",
        "turn",
        "task",
        "retired",
        "reminder",
        "expired",
        "released",
        "recalled",
        "welcome",
        "stay",
        "instead",
        "piece",
        "saved",
        "heard",
        "file",
        "words",
        "exported",
        "gather",
        "ready",
        "test",
        "arriving",
        "imported",
        "chart",
        "digest",
    }


async def test_what_slack_could_not_take_in_working_hours_is_not_said_at_night(
    line: SlackFixture,
) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await line.enqueue("welcome", ada.id, moved=0)
    await line.deliver_all()
    line.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), line.now)
    given = line.scenario.assign_next(ada.id)
    line.advance_clock(hours=12)
    await line.enqueue("reminder", ada.id, assignments=[given], stage="first")
    await line.enqueue("stay", ada.id)
    await line.enqueue("welcome", ada.id, moved=0)
    await line.deliver_all()
    assert len(ada.messages) == 1, "the welcome that was said by day"
    assert (await line.expert_row(ada)).welcome_back_due, "the other one comes in the morning"


async def test_work_that_could_not_be_sent_in_time_is_taken_back(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    line.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), line.now)
    line.database.write_now(profiles.save_dnd, ada.id, {}, line.now)
    assert line.database.write_now(scheduled_delivery.dispatch_tasks, line.now).messaged == 1
    line.advance_clock(hours=12)
    await line.deliver_all()
    assert ada.messages == []
    assert [row.state for row in await line.assignments()] == ["released"]


async def test_a_task_that_was_let_go_says_so_without_a_sound(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await shown_task(line, ada)
    until = (line.now + timedelta(days=3)).date()
    line.database.write_now(time_off.start_time_off, ada.id, until, line.now)
    await line.deliver_all()
    (message,) = ada.messages
    assert "moved on to a colleague while you are away" in message.plain_text


async def test_an_answer_that_is_called_back_comes_as_a_new_message(line: SlackFixture) -> None:
    ada = line.add_expert()
    line.create_campaign(ada, items=1)
    await shown_task(line, ada)
    line.database.write_now(submit.submit_answer, 1, {"verdict": "a"}, line.interaction(ada))
    await line.deliver_all()
    line.database.write_now(recent_answers.show_recent_answer, 1, line.interaction(ada, "2"))
    await line.deliver_all()
    newest = ada.messages[-1]
    assert "Here is your answer again" in newest.plain_text
    (row,) = await line.assignments()
    assert (row.state, row.message_ts) == ("answered", newest.ts)


async def test_a_sentence_takes_the_place_of_the_question_or_comes_by_itself(
    line: SlackFixture,
) -> None:
    ada = line.add_expert()
    line.create_campaign(ada)
    await line.enqueue("stay", ada.id)
    await line.deliver_all()
    (question,) = ada.messages
    where = {"channel": ada.dm, "message_ts": question.ts}
    await line.enqueue("instead", ada.id, words="Until then.", **where)
    await line.enqueue("instead", ada.id, words="By itself.")
    await line.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Until then.", "By itself."]
