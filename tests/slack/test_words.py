"""Every word of the outbox, said from what the database says now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.sandbox import Person
from bot.services import answering, assigning, profiling, pushing, recalling, resting
from bot.services.profiling import Profile
from bot.slack.words import WORDS
from tests.slack.line import Line


async def shown_task(line: Line, person: Person) -> None:
    """Let somebody ask for their next task and see it."""
    await line.sender.db.write(
        assigning.ask, "task", lane=person.id, facts={"asked": True}, now=line.now
    )
    await line.delivers()


async def test_a_task_is_shown_and_it_is_written_down_where(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    (message,) = ada.messages
    (given,) = await line.assignments()
    assert "Question 1?" in message.plain
    assert (given.state, given.channel, given.message_ts) == ("delivered", ada.dm, message.ts)
    shown = given.shown or {}
    assert set(shown) == {"prompt", "a", "b"}
    assert shown["prompt"] == {"characters": 11, "shown": 11}
    assert (await line.expert_row(ada)).channel == ada.dm


async def test_nothing_is_said_to_somebody_who_is_no_expert(line: Line) -> None:
    eve = line.expert("eve")
    await line.put("task", eve.id)
    await line.put("turn", eve.id, assignment=None)
    await line.delivers()
    assert eve.messages == []


async def test_who_did_not_ask_is_not_told_that_nothing_waits(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada, items=0)
    await line.put("task", ada.id)
    await line.delivers()
    assert ada.messages == []
    await shown_task(line, ada)
    assert "That was all for now" in ada.messages[0].plain


async def test_after_an_answer_the_next_task_takes_the_messages_place(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    click = line.click(ada, channel=given.channel, message_ts=given.message_ts)
    line.database.write_now(answering.answer, given.id or 0, {"verdict": "a"}, click)
    await line.delivers()
    (message,) = ada.messages
    assert "Saved: A is better" in message.plain
    assert "Question 2?" in message.plain
    assert [row.message_ts for row in await line.assignments()] == [message.ts] * 2


async def test_a_click_is_answered_through_its_response_url(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await line.put("turn", ada.id, line.hook.url, assignment=None, channel=ada.dm, message_ts="1.2")
    await line.delivers()
    assert "Question 1?" in str(line.hook.posted)
    assert line.sandbox.counts["chat.update"] == line.sandbox.counts["chat.postMessage"] == 0


async def test_if_the_response_url_is_used_up_the_message_is_updated(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    line.hook.status = 404
    await shown_task(line, ada)
    (given,) = await line.assignments()
    facts = {"assignment": None, "channel": ada.dm, "message_ts": given.message_ts}
    await line.put("turn", ada.id, line.hook.url, **facts)
    await line.delivers()
    assert line.sandbox.counts["chat.update"] == 1
    assert len(ada.messages) == 1


async def test_if_the_message_is_gone_too_a_new_one_is_posted(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    line.hook.status = 404
    await line.put("turn", ada.id, line.hook.url, assignment=None, channel=ada.dm, message_ts="1.2")
    await line.delivers()
    (message,) = ada.messages
    assert "Question 1?" in message.plain


async def test_a_task_shown_anew_retires_its_older_message(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    await shown_task(line, ada)
    older, newer = ada.messages
    assert older.plain == "This task is further down now."
    assert "Question 1?" in newer.plain


async def test_a_task_is_not_posted_again_because_its_older_message_could_not_be_retired(
    line: Line,
) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    line.sandbox.faults.error("chat.update", "internal_error")
    await line.sender.db.write(
        assigning.ask, "task", lane=ada.id, facts={"asked": True}, now=line.now
    )
    async with line.delivering() as deliverer:
        await line.until(lambda rows: rows[-1].word == "retired" and rows[-1].attempts > 0)
        line.passes(seconds=5)
        deliverer.wake()
        await line.until(lambda rows: all(row.state == "sent" for row in rows))
    assert line.sandbox.counts["chat.postMessage"] == 2
    assert [message.plain == "This task is further down now." for message in ada.messages] == [
        True,
        False,
    ]


async def test_a_message_that_shows_another_task_by_now_is_not_retired(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.put("retired", ada.id, channel=given.channel, message_ts=given.message_ts)
    await line.delivers()
    assert "Question 1?" in ada.messages[0].plain


async def test_a_task_that_expired_says_so_where_it_stood(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    line.passes(days=2)
    assert line.database.write_now(pushing.expire, line.now) == 1
    await line.delivers()
    assert "moved on to a colleague" in ada.messages[0].plain


async def test_a_message_is_left_alone_if_it_shows_another_open_task(line: Line) -> None:
    """After an undo two open tasks were last seen in one message: only the later one is there."""
    ada = line.expert()
    line.campaign(ada, lease=timedelta(hours=8), reminders=())
    await shown_task(line, ada)
    (first,) = await line.assignments()
    where = {"channel": first.channel, "message_ts": first.message_ts}
    number = first.id or 0
    click = line.click(ada, "1", **where)
    line.database.write_now(answering.answer, number, {"verdict": "a"}, click)
    await line.delivers()
    line.passes(hours=20)
    line.database.write_now(answering.undo, number, line.click(ada, "2", **where))
    await line.delivers()
    assert "Question 1?" in ada.messages[0].plain
    line.passes(hours=6)
    assert line.database.write_now(pushing.expire, line.now) == 1
    await line.delivers()
    assert "Question 1?" in ada.messages[0].plain


async def test_a_reminder_is_about_what_still_waits(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.put("reminder", ada.id, assignments=[given.id])
    await line.delivers()
    assert "A task waits for you" in ada.messages[-1].plain
    line.database.write_now(
        answering.answer, given.id or 0, {"verdict": "a"}, line.click(ada, channel=ada.dm)
    )
    await line.put("reminder", ada.id, assignments=[given.id])
    await line.delivers()
    assert sum("waits for you" in message.plain for message in ada.messages) == 1


async def test_a_skipped_task_in_a_thread_that_moved_on_is_followed_by_the_next(line: Line) -> None:
    """Its message has no receipt to keep, so something else must stand there."""
    ada, grace = line.expert("ada"), line.expert("grace")
    line.workshop.creates(kind="demonstration", experts=[ada.id, grace.id], overlap=1)
    line.workshop.imports("tone", [{"id": "1", "prompt": "Explain."}])
    await shown_task(line, ada)
    (given,) = await line.assignments()
    where = {"channel": given.channel, "message_ts": given.message_ts}
    heard = {**where, "thread_ts": given.message_ts, "ts": "9.9", "text": "So.", "user": ada.id}
    await line.put("heard", ada.id, **heard, change="")
    await line.delivers()
    line.passes(days=2)
    assert line.database.write_now(pushing.expire, line.now) == 1
    await line.delivers()
    click = line.click(ada, "1", **where)
    line.database.write_now(answering.skip, given.id or 0, "unclear", click)
    await line.delivers()
    assert {row.state for row in await line.outbox()} == {"sent"}


async def test_words_are_said_in_the_thread_they_belong_to(line: Line) -> None:
    ada = line.expert()
    await line.put("words", ada.id, words="One.")
    await line.delivers()
    ts = ada.messages[0].ts
    await line.put("words", ada.id, words="Two <!channel>.", channel=ada.dm, thread_ts=ts)
    await line.delivers()
    assert [(m.plain, m.thread_ts) for m in ada.messages] == [
        ("One.", None),
        ("Two <!channel>.", ts),
    ]


async def test_a_file_that_could_not_be_had_is_answered_in_its_thread(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    (given,) = await line.assignments()
    await line.put(
        "file",
        ada.id,
        assignment=given.id,
        channel=ada.dm,
        message_ts=given.message_ts,
        ts="1.2.0",
        url="https://docs.example/essay",
        name="essay.txt",
    )
    await line.delivers()
    assert "“essay.txt” could not be added: it is not kept in Slack" in ada.messages[-1].plain


def sent(line: Line, method: str) -> list[dict[str, Any]]:
    """Return the arguments of every call of a method of Slack's."""
    found = [one.request for one in line.sandbox.traffic if one.kind == method]
    return [request for request in found if isinstance(request, dict)]


async def test_a_chart_is_a_file_with_its_words(line: Line) -> None:
    ada, cora = line.expert(), line.sandbox.person("cora")
    line.campaign(ada, items=6)
    await line.put("chart", cora.id, campaign=1)
    await line.delivers()
    assert "has not been answered for long enough" in cora.messages[0].plain
    for _ in range(3):
        given = line.workshop.asks(ada.id)
        line.workshop.answers(ada.id, given or 0, verdict="a")
        line.passes(days=1)
    await line.put("chart", cora.id, campaign=1)
    await line.delivers()
    (call,) = sent(line, "files.getUploadURLExternal")
    assert call["alt_txt"].startswith("Answers to tone from Mon 2 Mar to Thu 5 Mar: 3 of 6.")
    assert "tone.png" in str(cora.messages[-1])


async def test_a_summary_is_said_in_its_channel_unless_the_week_was_quiet(line: Line) -> None:
    ada, cora = line.expert(), line.sandbox.person("cora")
    channel = line.sandbox.channel("desk", members=[cora]).id
    await line.put("digest", channel, channel=channel)
    await line.delivers()
    assert sent(line, "chat.postMessage") == []
    line.campaign(ada, items=6)
    line.workshop.answers(ada.id, line.workshop.asks(ada.id) or 0, verdict="a")
    await line.put("digest", channel, channel=channel)
    await line.put("digest", cora.id)
    await line.delivers()
    cora.sees("1 expert gave 1 answer.")
    assert {one["channel"] for one in sent(line, "chat.postMessage")} > {channel, cora.dm}


def test_words_are_registered_under_what_services_put() -> None:
    assert set(WORDS) == {
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


async def test_what_slack_could_not_take_in_working_hours_is_not_said_at_night(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await line.put("welcome", ada.id, moved=0)
    await line.delivers()
    line.database.write_now(profiling.keep_profile, ada.id, Profile("Ada", "UTC"), line.now)
    given = line.workshop.asks(ada.id)
    line.passes(hours=12)
    await line.put("reminder", ada.id, assignments=[given], stage="first")
    await line.put("stay", ada.id)
    await line.put("welcome", ada.id, moved=0)
    await line.delivers()
    assert len(ada.messages) == 1, "the welcome that was said by day"
    assert (await line.expert_row(ada)).summary_due, "the other one comes in the morning"


async def test_work_that_could_not_be_sent_in_time_is_taken_back(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    line.database.write_now(profiling.keep_profile, ada.id, Profile("Ada", "UTC"), line.now)
    line.database.write_now(profiling.keep_quiet, ada.id, {}, line.now)
    assert line.database.write_now(pushing.dispatch, line.now).people == 1
    line.passes(hours=12)
    await line.delivers()
    assert ada.messages == []
    assert [row.state for row in await line.assignments()] == ["released"]


async def test_a_task_that_was_let_go_says_so_without_a_sound(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await shown_task(line, ada)
    until = (line.now + timedelta(days=3)).date()
    line.database.write_now(resting.pause, ada.id, until, line.now)
    await line.delivers()
    (message,) = ada.messages
    assert "moved on to a colleague while you are away" in message.plain


async def test_an_answer_that_is_called_back_comes_as_a_new_message(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada, items=1)
    await shown_task(line, ada)
    line.database.write_now(answering.answer, 1, {"verdict": "a"}, line.click(ada))
    await line.delivers()
    line.database.write_now(recalling.bring_back, 1, line.click(ada, "2"))
    await line.delivers()
    newest = ada.messages[-1]
    assert "Here is your answer again" in newest.plain
    (row,) = await line.assignments()
    assert (row.state, row.message_ts) == ("answered", newest.ts)


async def test_a_sentence_takes_the_place_of_the_question_or_comes_by_itself(line: Line) -> None:
    ada = line.expert()
    line.campaign(ada)
    await line.put("stay", ada.id)
    await line.delivers()
    (question,) = ada.messages
    where = {"channel": ada.dm, "message_ts": question.ts}
    await line.put("instead", ada.id, words="Until then.", **where)
    await line.put("instead", ada.id, words="By itself.")
    await line.delivers()
    assert [message.plain for message in ada.messages] == ["Until then.", "By itself."]
