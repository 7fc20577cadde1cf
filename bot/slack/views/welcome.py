"""The welcome: the first message of a campaign, with one button that starts it."""

from __future__ import annotations

from bot.services.experts.welcome import Welcome
from bot.services.tasks.next_task import MAX_COUNTED_TASKS
from bot.slack.blockkit.blocks import actions, button, header
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import escape_mrkdwn, pluralize, shorten
from bot.slack.parsing.action_ids import Action
from bot.slack.views.home import format_working_hours

MAX_HEADER_CHARACTERS = 150

COMMANDS = (
    "Pause with /label away. Change the hours with /label preferences. Stop with /label stop."
)


def render_welcome(welcome: Welcome) -> Message:
    """Render who invited the expert to what, how long it takes, and how to pause or stop."""
    inviter: TextOrMention = Mention(welcome.invited_by) if welcome.invited_by else "A coordinator"
    sentence = (inviter, f" invited you to {welcome.task_phrase}.")
    title = shorten(f"Welcome to {welcome.campaign}", MAX_HEADER_CHARACTERS)
    start, guidelines = (
        Action("next_task"),
        Action("show_guidelines", welcome.assignment_id),
    )
    start_button = button(
        "Start practice" if welcome.practice_questions else "Start",
        start.action_id,
        start.value,
        style="primary",
    )
    guidelines_button = button("Guidelines…", guidelines.action_id, guidelines.value)
    return Message(
        escape_mrkdwn(f"{title}: you are invited to {welcome.task_phrase}."),
        [
            header(title),
            text_with_mentions(*sentence),
            bullet_list([(line,) for line in _lines(welcome)]),
            actions(
                f"welcome:{welcome.assignment_id}",
                start_button,
                *([guidelines_button] * welcome.has_guidelines),
            ),
        ],
    )


def _lines(welcome: Welcome) -> list[str]:
    takes = f"One takes about {_format_seconds(welcome.seconds)}."
    if welcome.practice_questions:
        questions = pluralize(welcome.practice_questions, "practice question")
        first = f"{questions} with feedback come first. They do not count."
        work = [first, takes.replace("One", "A task")]
    else:
        more = " or more" if welcome.waiting >= MAX_COUNTED_TASKS else ""
        noun = "task is" if welcome.waiting == 1 and not more else "tasks are"
        work = [f"{welcome.waiting:,}{more} {noun} waiting for you. {takes}"]
    hours = format_working_hours(welcome.preferences)
    arrival = (
        f"Tasks arrive here, one at a time, {hours} ({welcome.tz})."
        if welcome.preferences.work_days
        else "Tasks arrive here when you ask for them with /label next."
    )
    return [*work, arrival, COMMANDS]


def _format_seconds(seconds: float) -> str:
    """Return a time in tens of seconds, or in minutes from 50 seconds on."""
    tens = max(round(seconds / 10), 1) * 10
    return f"{tens} seconds" if tens < 50 else pluralize(max(round(seconds / 60), 1), "minute")  # noqa: PLR2004 - explained above
