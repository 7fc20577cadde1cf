"""Preview of a campaign's task as an expert will see it; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.kinds import kind_named
from bot.services.answers.campaign_settings import settings_of
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from storage.queries import items, tasks
from storage.row_id import id_of
from storage.tables import Assignment, Campaign

NO_ID = 0
"""Placeholder id of an assignment and an expert that do not exist."""


def preview_task(session: Session, campaign: Campaign, now: datetime) -> TaskView:
    """Return the first task of a campaign, or the example of its kind if it has no items yet."""
    task = items.first_task(session, id_of(campaign))
    if task is None:
        return preview_example(
            campaign.kind, campaign.settings, campaign.title, campaign.guidelines
        )
    count = tasks.candidate_count(session, task.item_id)
    assignment = Assignment(  # never added to the session
        id=NO_ID,
        task_id=id_of(task),
        campaign_id=id_of(campaign),
        expert_id=NO_ID,
        candidate_order=list(range(count)),
        created_at=now,
        leased_until=now,
    )
    return next_task.task_view(session, assignment)


def preview_example(
    kind_name: str, settings: Mapping[str, object], title: str, guidelines: str
) -> TaskView:
    """Return the example task of a kind, with the given campaign settings."""
    kind = kind_named(kind_name)
    content = kind.example.content
    order = range(len(content.candidates))
    return TaskView(
        id=NO_ID,
        campaign_title=title,
        form=kind.build_form(content, settings_of(kind, dict(settings)), order),
        value={},
        guidelines=guidelines,
        channel=None,
        message_ts=None,
    )
