"""Preview of a campaign's task as an expert will see it; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from bot.kinds import kind_named
from bot.services.answers.campaign_settings import settings_of
from bot.services.tasks import next_task
from bot.services.tasks.next_task import TaskView
from storage.queries import items, tasks
from storage.queries.shown_tasks import CampaignInstructions, ShownAssignment, ShownTask
from storage.row_id import id_of
from storage.tables import AssignmentState, Campaign

NO_ID = 0
"""Placeholder id of an assignment and an expert that do not exist."""


def preview_task(session: Session, campaign: Campaign) -> TaskView:
    """Return the first task of a campaign, or the example of its kind if it has no items yet."""
    task = items.first_task(session, id_of(campaign))
    if task is None:
        return preview_example(
            campaign.kind, campaign.settings, campaign.title, campaign.guidelines
        )
    item = tasks.item_of(session, id_of(task))
    assignment = ShownAssignment(
        id=NO_ID,
        task_id=id_of(task),
        campaign_id=id_of(campaign),
        expert_id=NO_ID,
        state=AssignmentState.DELIVERED,
        candidate_order=list(range(len(item.candidates))),
    )
    instructions = CampaignInstructions(
        campaign.title,
        campaign.kind,
        campaign.settings,
        campaign.guidelines,
        campaign.guidelines_link,
        campaign.practice_questions,
    )
    return next_task.view_of(session, ShownTask(assignment, instructions, item))


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
