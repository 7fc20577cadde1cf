"""The welcome: what experts learn about a campaign before they see its first task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cadence.daily_limit import assumed_seconds
from bot.kinds import kind_named
from bot.services.assignments import selection
from bot.services.experts.preferences import Preferences, preferences_of
from bot.services.tasks.next_task import MAX_COUNTED_TASKS
from storage.queries import answer_times, assignments
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Expert, Membership


@dataclass(frozen=True, slots=True)
class Welcome:
    """What is said about a campaign before the first task `assignment_id`.

    Attributes:
        task_phrase: what the expert does, as in “say which of two responses is better”.
        invited_by: the Slack id of who added the expert; None: it was not done in Slack.
        waiting: tasks waiting, counted up to MAX_COUNTED_TASKS.
        seconds: median time of an answer in this campaign, or what is assumed for its kind.
        practice_questions: number of practice questions that come first.
    """

    assignment_id: int
    campaign: str
    task_phrase: str
    invited_by: str | None
    waiting: int
    seconds: float
    practice_questions: int
    has_guidelines: bool
    preferences: Preferences
    tz: str


def welcome_before(session: Session, assignment_id: int, now: datetime) -> Welcome | None:
    """Return the welcome to show before a task.

    None if the task is not the expert's first of the campaign, or the campaign sends no welcome.
    """
    assignment = session.get_one(Assignment, assignment_id)
    campaign = session.get_one(Campaign, assignment.campaign_id)
    if not campaign.sends_welcome or not assignments.is_first_of_campaign(session, assignment):
        return None
    expert = session.get_one(Expert, assignment.expert_id)
    membership = session.get(Membership, (id_of(campaign), id_of(expert)))
    search = selection.build_search(session, id_of(expert), now)
    median = answer_times.campaign_median_seconds(session, id_of(campaign))
    needs_practice = membership is not None and membership.qualified_at is None
    return Welcome(
        assignment_id=assignment_id,
        campaign=campaign.title,
        task_phrase=kind_named(campaign.kind).task_phrase,
        invited_by=membership.invited_by if membership else None,
        waiting=selection.count_waiting(session, search, MAX_COUNTED_TASKS, id_of(campaign)),
        seconds=assumed_seconds(campaign.kind) if median is None else median,
        practice_questions=campaign.practice_questions if needs_practice else 0,
        has_guidelines=bool(campaign.guidelines or campaign.guidelines_link),
        preferences=preferences_of(expert),
        tz=expert.tz,
    )
