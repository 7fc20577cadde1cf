"""Kind words around the work: welcome back, still want this, how long somebody is away."""

from __future__ import annotations

from datetime import date

from bot.services.resting import Return
from bot.services.tallying import Progress
from bot.slack.blocks import actions, button
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted

STILL = (
    "You have not had time for the tasks lately, and that is fine. Do you still want to get them? "
    "Until you say so, I will not remind you any more."
)


def day_in_words(day: date) -> str:
    """Return a day as people say it: `Monday, 7 December 2026`."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def waiting_in_words(progress: Progress) -> str:
    """Say how much waits, and about how long it takes this person."""
    if not progress.waiting:
        return "Nothing waits for you"
    many = f"{progress.waiting:,}{' or more' if progress.is_more else ''}"
    waits = "task waits" if progress.waiting == 1 else "tasks wait"
    return f"{many} {waits} for you, about {counted(progress.minutes, 'minute')}"


def return_in_words(found: Return) -> str:
    """Say what somebody comes back to."""
    return f"Welcome back! {waiting_in_words(found.progress)}{_moved(found.moved)}."


def _moved(count: int) -> str:
    if not count:
        return ""
    has = "has" if count == 1 else "have"
    return f"; {counted(count, 'task')} {has} moved on to colleagues meanwhile"


def welcome(progress: Progress, moved: int) -> Drawn:
    """Draw the one summary for somebody who was away."""
    said = return_in_words(Return(progress, moved))
    if not progress.waiting:
        return Drawn(said, [rich_words(said)])
    go = Press("next")
    start = button("Bring me the next task", go.action_id, go.value, style="primary")
    return Drawn(said, [rich_words(said), actions("welcome", start)])


def still_want_this() -> Drawn:
    """Draw the question to somebody who left several reminders unanswered."""
    stay, later, leave = Press("stay"), Press("later"), Press("farewell")
    ways = actions(
        "stay",
        button("Stay", stay.action_id, stay.value, style="primary"),
        button("Later", later.action_id, later.value, says="Later: choose when I may ask again"),
        button("Leave", leave.action_id, leave.value, says="Leave: get no more tasks"),
    )
    return Drawn(STILL, [rich_words(STILL), ways])


def paused(until: date) -> str:
    """Say that somebody is away until a day, and how to be back sooner."""
    return (
        f"Enjoy your time off. I will write again on {day_in_words(until)}; what you had open goes "
        "to colleagues. Type /label back to be back sooner."
    )


def left(titles: str) -> str:
    """Say good-bye to somebody who leaves."""
    return (
        f"You are out of {titles}. Thank you for all you did: it counts. "
        "A coordinator can let you in again at any time."
    )
