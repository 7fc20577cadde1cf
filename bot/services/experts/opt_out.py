"""Opt-out: leaving all campaigns, or confirming to stay."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from bot.messages.texts import TextMessage
from bot.services.actors.audit_log import record
from bot.services.actors.interaction import Interaction
from bot.services.actors.roles import coordinator_ids
from bot.services.assignments import assign
from bot.services.experts import time_off
from bot.services.experts.time_off import NotAnExpertError
from storage.queries import memberships, outbox
from storage.row_id import id_of


def keep_participating(session: Session, interaction: Interaction) -> None:
    """Keep the memberships and replace the question with the next task."""
    subject = f"expert {interaction.slack_id}"
    record(session, interaction.slack_id, "confirmed participation", subject, interaction.at)
    assign.request_next_task_in_place(session, interaction)


def campaign_titles(session: Session, slack_id: str) -> list[str]:
    """Return the titles of the campaigns that opting out leaves.

    Raises:
        NotAnExpertError: the person is not an expert, or in no campaign.
    """
    expert = time_off.require_expert(session, slack_id)
    titles = memberships.current_campaign_titles(session, id_of(expert))
    if not titles:
        raise NotAnExpertError
    return titles


def opt_out(
    session: Session, interaction: Interaction, configured_coordinators: Collection[str]
) -> list[str]:
    """Leave every campaign that is not closed; return their titles.

    Open tasks are released, answers stay, and the coordinators are notified.

    Raises:
        NotAnExpertError: the person is not an expert.
    """
    expert = time_off.require_expert(session, interaction.slack_id)
    titles = memberships.leave_all_campaigns(session, id_of(expert), interaction.at)
    time_off.mark_away(session, expert, interaction.at, is_opt_out=True)
    expert.welcome_back_due = False
    session.add(expert)
    record(
        session,
        interaction.slack_id,
        "opted out of campaigns",
        f"expert {interaction.slack_id}",
        interaction.at,
        campaigns=titles,
    )
    name = expert.name or "An expert"
    text = f"{name} left {join_quoted(titles)}. Their open tasks go to other experts."
    for slack_id in coordinator_ids(session, configured_coordinators) if titles else ():
        message = TextMessage(text, is_reply=True, reason="an expert left campaigns")
        outbox.enqueue(session, message, recipient=slack_id, now=interaction.at)
    return titles


def join_quoted(titles: Collection[str]) -> str:
    """Return the titles as `“A”, “B” and “C”`, or `no campaign` if there are none."""
    *others, last = (f"“{title}”" for title in titles) if titles else ("no campaign",)
    return f"{', '.join(others)} and {last}" if others else last
