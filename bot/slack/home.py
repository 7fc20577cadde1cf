"""The Home tab: what waits and what was done, recent answers, settings, time off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cadence.hours import zone_named
from bot.services.preferring import LANGUAGES, Preferences
from bot.services.recalling import Recent
from bot.services.tallying import Progress
from bot.services.visiting import Visit
from bot.slack.blocks import Block, actions, button, divider, header, plain_section
from bot.slack.ids import Press
from bot.slack.regards import day_in_words
from bot.slack.text import counted

NOBODY = "You are in no campaign yet. A coordinator can add you; then your tasks come by message."

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

LONGEST = 300
"""Characters of a receipt that are shown."""

LONG = 120
"""Minutes from which on an estimate is told in hours: nobody thinks of 312 minutes."""


def draw(visit: Visit | None, *sections: Sequence[Block]) -> dict[str, Any]:
    """Draw the Home tab. None: this person is no expert. `sections` stand below: other roles."""
    own = [_own(visit)] if visit else []
    first, *others = [*own, *sections] or [[header("Hello"), plain_section(NOBODY)]]
    more = [block for part in others for block in (divider(), *part)]
    return {"type": "home", "blocks": [*first, *more]}


def _own(visit: Visit) -> list[Block]:
    return [
        header("Your tasks"),
        plain_section(in_words(visit.progress)),
        *_begin(visit),
        *_recent(visit.recent, visit.tz),
        divider(),
        header("Your settings"),
        *(plain_section(line) for line in settings_in_words(visit)),
        _choices(visit),
    ]


def _begin(visit: Visit) -> list[Block]:
    if not visit.progress.waiting:
        return []
    go = Press("next")
    words = "Continue" if visit.is_begun else "Start"
    says = f"{words}: bring me the next task"
    return [actions("home", button(words, go.action_id, go.value, style="primary", says=says))]


def _recent(answers: list[Recent], tz: str) -> list[Block]:
    if not answers:
        return []
    return [divider(), header("Your last answers"), *(_answer(one, tz) for one in answers)]


def _answer(answer: Recent, tz: str) -> Block:
    said = f"{_when(answer.at, tz)}{answer.campaign}: {answer.words}"
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    if not answer.may_change:
        return plain_section(f"{said} (final)")
    change = Press("change", answer.assignment)
    return plain_section(
        said, button("Change", change.action_id, change.value, says=f"Change: {said}")
    )


def _when(at: datetime | None, tz: str) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone_named(tz))
    return f"{local.day} {local:%B}, {local:%H:%M} · "


def settings_in_words(visit: Visit) -> list[str]:
    """Say in a few lines what an expert chose, and whether they are away."""
    chosen = visit.preferences
    language = LANGUAGES.get(chosen.locale, LANGUAGES["en"])
    zone = visit.tz if chosen.tz else f"{visit.tz}, as in your Slack profile"
    return [
        *_away(visit),
        f"I write to you {hours_in_words(chosen)} ({zone}).",
        _limits(visit),
        f"Reminders are {'on' if chosen.reminders else 'off'}. I speak {language}.",
    ]


def _away(visit: Visit) -> list[str]:
    if visit.back_on:
        return [f"You are away. I will write again on {day_in_words(visit.back_on)}."]
    if visit.is_out:
        return ["Your Slack status says that you are away, so I do not write to you."]
    return []


def hours_in_words(chosen: Preferences) -> str:
    """Say when somebody works: `Monday to Friday, 09:00 to 17:00`."""
    if not chosen.days:
        return "never by myself, only when you ask"
    return f"{_days(sorted(chosen.days))}, {clock(chosen.starts)} to {clock(chosen.ends)}"


def _days(days: list[int]) -> str:
    names = [WEEK[day - 1] for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):  # noqa: PLR2004 - from, to
        return f"{names[0]} to {names[-1]}"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def clock(minutes: int) -> str:
    """Return minutes after midnight as `09:30`."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _limits(visit: Visit) -> str:
    chosen = visit.preferences
    time = counted(chosen.minutes, "minute") if chosen.minutes else ""
    spent = f", {visit.spent:,} of them used" if time else ""
    batch = f"{counted(chosen.batch, 'task')} in a row" if chosen.batch else ""
    limits = [part for part in (f"{time} a day{spent}" if time else "", batch) if part]
    return f"You want to give {' and '.join(limits)}." if limits else "You set no limit."


def _choices(visit: Visit) -> Block:
    hours, rest, back = Press("hours"), Press("rest"), Press("back")
    return actions(
        "choices",
        button("Settings", hours.action_id, hours.value),
        button("Take time off", rest.action_id, rest.value),
        *(
            [button("I am back", back.action_id, back.value, style="primary")]
            if visit.back_on or visit.is_out
            else []
        ),
    )


def in_words(progress: Progress) -> str:
    """Say in a sentence or two what a person did and what waits."""
    many = f"{progress.waiting} or more" if progress.is_more else f"{progress.waiting:,}"
    about = f", about {_how_long(progress.minutes)}" if progress.minutes else ""
    waits = f"{many} waiting for you{about}." if progress.waiting else "Nothing is waiting for you."
    done = f"You answered {progress.today:,} today and {progress.total:,} in all."
    return f"{waits} {done}"


def _how_long(minutes: int) -> str:
    """Say how long an estimate is: in minutes, and from two hours on in hours."""
    return counted(minutes, "minute") if minutes < LONG else counted(round(minutes / 60), "hour")
