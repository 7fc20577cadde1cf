"""Tests of the registry: every rendered action and modal has a handler, and vice versa."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot.cadence.daily_limit import Limit
from bot.messages.campaigns import InvitationListMessage
from bot.services.actors.audit_log import AuditEntry
from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import ExpertDetails, Invitation
from bot.services.campaigns.lifecycle import CampaignOption, ClosePreview
from bot.services.exports.schedules import ScheduleStatus
from bot.services.reports.digest import WeeklyDigest
from bot.services.settings.workspace_settings import WorkspaceSettings
from bot.services.tasks.next_task import Receipt, TaskPage
from bot.services.tasks.no_task_reasons import LimitReached
from bot.services.threads.thread_drafts import ThreadDraft
from bot.slack.app_manifest import EVENTS as SUBSCRIBED
from bot.slack.forms.modal_fields import MAX_PARTS
from bot.slack.parsing.action_ids import UnknownActionError, parse_block_action
from bot.slack.views import (
    assign_modal,
    audit_log,
    availability_messages,
    campaign_created,
    campaign_lifecycle,
    campaign_status,
    campaigns_overview,
    digest,
    experts,
    export_schedules,
    guidelines_modal,
    home,
    import_check,
    preferences_modal,
    short_messages,
    task_message,
    task_modals,
    task_preview,
    templates,
    work,
    workspace_settings_modal,
)
from bot.slack.views.experts import InviteSubmission
from bot.slack.views.guidelines_modal import CurrentGuidelines
from bot.slack.views.task_modals import ModalMetadata
from handlers.registry import ACTIONS, EVENTS, SUBCOMMANDS, SUBMISSIONS
from storage.tables import CampaignState
from tests.services.conftest import NOW
from tests.slack.blockkit import test_passages
from tests.slack.campaign_examples import OVERVIEW_WITH_WARNINGS, report_in_state
from tests.slack.campaign_form import test_view
from tests.slack.conftest import KIND_NAMES, example_task, example_value, objects_in
from tests.slack.views import (
    test_better_response_modal,
    test_campaign_edit,
    test_corrections,
    test_export_options,
    test_import_check,
    test_imports,
    test_item_details,
    test_items,
    test_quality_alerts,
    test_questions_coordinator,
    test_questions_expert,
    test_review,
    test_templates,
    test_warnings,
    test_work,
)
from tests.slack.views.test_home import (
    ANSWERS,
    CUSTOM_PREFERENCES,
    campaign_progress,
    home_tab,
    progress,
)
from tests.slack.views.test_task_modals import contents_with_parts, long_task, pages_of

METADATA = ModalMetadata(17)
EXPERT = ExpertDetails(7, "U1ADA", "Ada", (), (), None, None, ())
SCHEDULE = ScheduleStatus("rating", "datasets", "0 6 * * *", "UTC", NOW, "C1GENERAL", 5)
CAMPAIGN = CampaignOption(3, "tone", "Tone", "comparison", CampaignState.OPEN)


def views() -> list[Mapping[str, Any]]:
    """Return an example of every modal and Home tab."""
    tasks = [example_task(name, value=example_value(name), guidelines="x") for name in KIND_NAMES]
    writable = [task for task in tasks if task.form.modal_fields]
    return [
        *(task_modals.answer_modal(task, METADATA) for task in writable),
        *(
            task_modals.answer_modal(task, METADATA, contents_with_parts(task, ["x"] * MAX_PARTS))
            for task in writable
        ),
        *(task_modals.guidelines_modal(task) for task in tasks),
        test_better_response_modal.open_modal(test_better_response_modal.task()),
        *pages_of(long_task(2, 50_000)),
        task_modals.too_long_modal(),
        task_modals.notice_modal("Title", "Words."),
        *test_imports.views(),
        import_check.check_modal(test_import_check.CHECK),
        *test_campaign_edit.views(),
        *test_items.views(),
        *test_item_details.views(),
        *test_review.views(),
        test_review.long_case_modal(),
        *test_corrections.views(),
        *test_export_options.views(),
        *test_questions_expert.views(),
        *test_questions_coordinator.views(),
        *test_quality_alerts.views(),
        home.render_home(None),
        home.render_home(
            home_tab(progress(1, 2, 3), recent_answers=ANSWERS, is_out_of_office=True),
            campaigns_overview.home_blocks([OVERVIEW_WITH_WARNINGS]),
        ),
        preferences_modal.preferences_modal(CUSTOM_PREFERENCES, "UTC"),
        preferences_modal.time_off_modal(date(2026, 12, 24), "{}"),
        *coordinator_modals(),
    ]


def coordinator_modals() -> list[Mapping[str, Any]]:
    """Return an example of every coordinator modal."""
    return [
        campaign_lifecycle.close_modal(ClosePreview(3, "tone", 1, 1)),
        assign_modal.assign_modal(3, "Tone"),
        workspace_settings_modal.settings_modal(WorkspaceSettings()),
        *test_view.views(),
        experts.invite_modal([CAMPAIGN], InviteSubmission(Invitation(()), (), ())),
        experts.expert_modal(EXPERT, [CAMPAIGN]),
        guidelines_modal.guidelines_modal(CurrentGuidelines(3, "tone", 1, "x", "")),
        *(task_preview.preview_modal(example_task(name)) for name in KIND_NAMES),
    ]


def coordinator_messages() -> list[object]:
    """Return the blocks of every coordinator message."""
    event = AuditEntry(1, NOW, "U1", "paused a campaign", "campaign tone", "slack", {})
    return [
        *(
            campaign_lifecycle.render_campaign_picker(
                campaign_lifecycle.STATE_LABELS[state], action, [CAMPAIGN]
            ).blocks
            for state, action in campaign_lifecycle.STATE_ACTIONS.items()
        ),
        audit_log.render_page([event] * 20, 3, NOW, is_first=True).blocks,
        campaign_lifecycle.render_campaign_picker("Pause", "pause", []).blocks,
        campaign_created.render_created(CreatedCampaign(3, "tone", "Tone", 0, 0)).blocks,
        campaign_created.render_invitation_list(InvitationListMessage(("U1",)), 7).blocks,
        experts.render_expert_list([EXPERT] * 30, 0, 3).blocks,
        *(
            campaign_lifecycle.render_campaign_picker(label, action, [CAMPAIGN]).blocks
            for label, action in (
                ("Export…", "export_options"),
                ("Scheduled exports", "export_schedules"),
                ("Edit guidelines…", "edit_guidelines"),
            )
        ),
        export_schedules.render_schedules("tone", [SCHEDULE]).blocks,
        templates.render_templates(test_templates.TEMPLATES).blocks,
        campaigns_overview.render_campaigns([OVERVIEW_WITH_WARNINGS], "").blocks,
        *(
            campaign_status.render_campaign_status(report_in_state(state), NOW).blocks
            for state in CampaignState
        ),
        digest.render_digest(WeeklyDigest((OVERVIEW_WITH_WARNINGS,), ())).blocks,
        home.render_home(
            home_tab(
                progress(1, 2, 3),
                campaigns=[campaign_progress(one, f"Tone {one}", 1, 2) for one in (1, 2)],
                recent_answers=ANSWERS,
                is_out_of_office=True,
            )
        ),
        preferences_modal.preferences_modal(CUSTOM_PREFERENCES, "UTC"),
        preferences_modal.time_off_modal(date(2026, 12, 24), "{}"),
    ]


def all_rendered() -> list[object]:
    """Return an example of every message and view."""
    receipt = Receipt(16, "Saved", "Edit…", "Write a better response…")
    return [
        *views(),
        *(
            task_message.render_task_page(
                TaskPage("D1", receipt, example_task(n, guidelines="x"), 1)
            ).blocks
            for n in KIND_NAMES
        ),
        task_message.render_task(long_task(50_000, 50_000), 1).blocks,
        test_passages.blocks_with_media(),
        task_modals.full_text_modal(test_passages.task_with_stored_files(), 0),
        *test_imports.messages(),
        *(message.blocks for message in test_review.messages()),
        *(message.blocks for message in test_corrections.messages()),
        *(message.blocks for message in test_campaign_edit.messages()),
        *(message.blocks for message in test_questions_coordinator.messages()),
        *(message.blocks for message in test_quality_alerts.messages()),
        *(message.blocks for message in test_warnings.messages()),
        task_message.render_task(
            example_task("comparison", guideline_changes=("New.",), answered_questions=1), 1
        ).blocks,
        campaign_lifecycle.render_campaign_picker("Fix problems", "fix", [CAMPAIGN]).blocks,
        short_messages.render_reminder(["Tone"]).blocks,
        short_messages.render_expired().blocks,
        work.render_work(test_work.WORK).blocks,
        short_messages.render_draft_status(17, ThreadDraft(1, 1)).blocks,
        *coordinator_messages(),
        availability_messages.render_welcome_back(progress(1, 2, 3), 1).blocks,
        availability_messages.render_opt_out_question().blocks,
        task_message.render_task_page(
            TaskPage("D1", None, None, 0, limit_reached=LimitReached(Limit.TIME, 30))
        ).blocks,
    ]


def rendered_actions() -> set[str]:
    """Return the action name of every rendered button and option."""
    names = set()
    for element in objects_in(all_rendered()):
        options = [o["value"] for o in element.get("options", ())] or [element.get("value")]
        for value in options:
            try:
                names.add(parse_block_action({**element, "value": value}).name)
            except UnknownActionError:
                continue
    return names - {""}


def test_rendered_and_registered_actions_are_the_same() -> None:
    assert rendered_actions() == set(ACTIONS)


def test_submittable_and_registered_modals_are_the_same() -> None:
    callback_ids = {view["callback_id"] for view in views() if "submit" in view}
    assert callback_ids == set(SUBMISSIONS)


def test_registered_events_are_subscribed_in_the_manifest() -> None:
    assert set(EVENTS) <= {event.partition(".")[0] for event in SUBSCRIBED}


def test_every_subcommand_has_a_summary() -> None:
    for subcommand in SUBCOMMANDS.values():
        assert 5 < len(subcommand.summary) < 100
        assert not subcommand.summary.endswith(".")
        assert bool(subcommand.role) == bool(subcommand.activity)


SUBCOMMAND_HANDLERS = {name: subcommand.handler for name, subcommand in SUBCOMMANDS.items()}


@pytest.mark.parametrize("table", [ACTIONS, SUBMISSIONS, SUBCOMMAND_HANDLERS, EVENTS])
def test_every_handler_has_a_docstring(table: dict[str, Any]) -> None:
    assert all(function.__doc__ for function in table.values())
