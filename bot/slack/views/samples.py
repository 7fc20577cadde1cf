"""Samples of what the bot sends to Slack, for checks with Slack's own validator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.cadence.daily_limit import Limit
from bot.kinds import KINDS
from bot.services.actors.audit_log import AuditEntry
from bot.services.experts.preferences import preferences_of
from bot.services.home.home_tab import HomeTab
from bot.services.settings.workspace_settings import WorkspaceSettings
from bot.services.tasks.expert_progress import Progress
from bot.services.tasks.next_task import TaskPage, TaskView
from bot.services.tasks.no_task_reasons import LimitReached
from bot.services.tasks.task_preview import preview_example
from bot.slack.blockkit.types import Block, HomeView, ModalView
from bot.slack.campaign_form.form import CampaignForm, FormState, default_entries
from bot.slack.campaign_form.view import STEPS, campaign_modal
from bot.slack.views import (
    assign_modal,
    audit_log,
    campaigns_overview,
    guidelines_modal,
    home,
    preferences_modal,
    questions_expert,
    task_message,
    task_modals,
    task_preview,
    workspace_settings_modal,
)
from bot.slack.views.message_samples import (
    EXPERT,
    GUIDELINES,
    MESSAGE_SAMPLES,
    NOW,
    RECEIPT,
    TITLE,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The blocks of a message, or a view: a modal or a Home tab."""

    name: str
    type: Literal["blocks", "view"]
    content: list[Block] | ModalView | HomeView


def list_samples() -> list[Sample]:
    """Return samples of each kind of task, each message type, the Home tab and the dialogs."""
    return [*_task_samples(), *_message_samples(), *_home_samples(), *_modal_samples()]


def _task_samples() -> Iterator[Sample]:
    for kind in KINDS:
        task = preview_example(kind, {}, TITLE, GUIDELINES)
        page = TaskPage(None, RECEIPT, task, 3)
        message = task_message.render_task_page(page)
        yield Sample(f"task: {kind}", "blocks", message.blocks)
        yield Sample(f"preview: {kind}", "view", task_preview.preview_modal(task))
        yield Sample(f"full text: {kind}", "view", task_modals.full_text_modal(task, 0))


def _message_samples() -> Iterator[Sample]:
    limit = LimitReached(Limit.TIME, 30)
    entry = AuditEntry(1, NOW, "U1", "paused a campaign", "campaign tone", "slack", {})
    messages = {
        **MESSAGE_SAMPLES,
        "no tasks": task_message.render_task_page(TaskPage(None, None, None, 0)),
        "daily limit": task_message.render_task_page(
            TaskPage(None, None, None, 0, limit_reached=limit)
        ),
        "audit log": audit_log.render_page([entry] * 20, 3, NOW, is_first=True),
    }
    for name, message in messages.items():
        yield Sample(f"message: {name}", "blocks", message.blocks)


def _home_samples() -> Iterator[Sample]:
    tab = HomeTab(
        progress=Progress(3, 40, 5, has_more=False),
        campaigns=[],
        minutes_spent=20,
        recent_answers=[],
        preferences=preferences_of(EXPERT),
        tz="Europe/London",
        returns_on=None,
        is_out_of_office=False,
    )
    overview = [campaigns_overview.home_blocks([])]
    yield Sample("Home tab: expert", "view", home.render_home(tab))
    yield Sample("Home tab: coordinator", "view", home.render_home(None, *overview))


def _modal_samples() -> Iterator[Sample]:
    task: TaskView = preview_example("comparison", {}, TITLE, GUIDELINES)
    modals = {
        "guidelines": task_modals.guidelines_modal(task),
        "question": questions_expert.menu_modal("ask", task),
        "problem report": questions_expert.menu_modal("flag", task),
        "time off": preferences_modal.time_off_modal(date(2030, 6, 3), "{}"),
        **{
            f"new campaign, step {step + 1}": campaign_modal(
                CampaignForm(default_entries("UTC")), FormState(step=step, shows_more=True)
            )
            for step in range(len(STEPS))
        },
        "assign tasks": assign_modal.assign_modal(1, TITLE),
        "edit guidelines": guidelines_modal.guidelines_modal(
            guidelines_modal.CurrentGuidelines(1, "tone", 1, GUIDELINES, "")
        ),
        "workspace settings": workspace_settings_modal.settings_modal(WorkspaceSettings()),
    }
    for name, view in modals.items():
        yield Sample(f"dialog: {name}", "view", view)
