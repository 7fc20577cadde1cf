"""Still want this? Staying, or leaving the campaigns for good."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.actors.roles import coordinator_ids
from bot.services.assignments import assign
from bot.services.experts import time_off
from storage.queries import memberships, outbox


def keep_participating(session: Session, interaction: Interaction) -> None:
    """Go on as before, with the next task where the question was."""
    record(session, interaction.slack_id, "stayed", "themselves", interaction.at)
    assign.request_next_task_in_place(session, interaction)


def opt_out(
    session: Session, interaction: Interaction, configured_coordinators: Collection[str]
) -> list[str]:
    """Leave every campaign that is not closed; return their titles.

    What was held goes to colleagues, what was answered stays, and coordinators are told.

    Raises:
        NoExpertError: there is nothing to leave.
    """
    expert = time_off.require_expert(session, interaction.slack_id)
    titles = memberships.leave_all_campaigns(session, expert.id or 0, interaction.at)
    time_off.mark_away(session, expert, interaction.at)
    expert.welcome_back_due = False
    session.add(expert)
    record(
        session, interaction.slack_id, "left", "their campaigns", interaction.at, campaigns=titles
    )
    name = expert.name or "An expert"
    text = f"{name} has left {join_quoted(titles)}. What they held has gone to colleagues."
    for one in coordinator_ids(session, configured_coordinators) if titles else ():
        outbox.enqueue(session, "words", recipient=one, payload={"words": text}, now=interaction.at)
    return titles


def join_quoted(titles: Collection[str]) -> str:
    """Return `“A”, “B” and “C”`."""
    *others, last = (f"“{title}”" for title in titles) if titles else ("no campaign",)
    return f"{', '.join(others)} and {last}" if others else last
