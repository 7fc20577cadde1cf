"""Still want this? Staying, or leaving the campaigns for good."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.services import assigning, resting
from bot.services.acting import Click
from bot.services.auditing import record
from bot.services.granting import coordinators
from storage.queries import pools, telling


def stay(session: Session, click: Click) -> None:
    """Go on as before, with the next task where the question was."""
    record(session, click.person, "stayed", "themselves", click.at)
    assigning.ask_in_place(session, click)


def leave(session: Session, click: Click, by_setting: Collection[str]) -> list[str]:
    """Leave every campaign that is not closed; return their titles.

    What was held goes to colleagues, what was answered stays, and coordinators are told.

    Raises:
        NoExpertError: there is nothing to leave.
    """
    expert = resting.expert_called(session, click.person)
    titles = pools.leave_all(session, expert.id or 0, click.at)
    resting.begin_leave(session, expert, click.at)
    expert.summary_due = False
    session.add(expert)
    record(session, click.person, "left", "their campaigns", click.at, campaigns=titles)
    name = expert.name or "An expert"
    words = f"{name} has left {in_quotes(titles)}. What they held has gone to colleagues."
    for one in coordinators(session, by_setting) if titles else ():
        telling.put(session, "words", lane=one, facts={"words": words}, now=click.at)
    return titles


def in_quotes(titles: Collection[str]) -> str:
    """Return `“A”, “B” and “C”`."""
    *others, last = (f"“{title}”" for title in titles) if titles else ("no campaign",)
    return f"{', '.join(others)} and {last}" if others else last
