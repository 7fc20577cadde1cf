"""Tests of the registry: every rendered action and modal has a handler, and vice versa.

A button or menu option ends in “…” exactly if it opens a dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import CodeType, FunctionType, ModuleType
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
from bot.slack.client.modals import open_view, push_view
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
from bot.slack.views.experts import ExpertList, InviteSubmission
from bot.slack.views.guidelines_modal import CurrentGuidelines
from bot.slack.views.task_modals import ModalMetadata
from handlers import questions_expert, responses
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
        experts.render_expert_list(ExpertList([EXPERT] * 30, 3), 0).blocks,
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


OPENERS = (open_view, push_view)

NAMED_AS_ANSWERS = {"answer", "answer_test_task"}
"""Named as the answer that they give; a dialog follows only if a campaign asks for more."""

CONFIRMED_IN_PLACE = {"delete_item", "delete_found_items"}
"""They turn the open dialog into one that asks to confirm."""


WITHOUT_LABEL = {"skip", "select_kind", "select_preset", "select_import_campaign", "start_from"}
"""Menus to choose from, whose options are no commands."""


def _functions_named_in(function: FunctionType) -> Iterator[object]:
    """Yield what the global names in a function stand for, also as attributes of modules."""
    names = list(_names_in(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        yield value
        if isinstance(value, ModuleType) and value.__name__.startswith("handlers."):
            yield from (getattr(value, attribute, None) for attribute in names)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def opens_dialog(handler: object) -> bool:
    """Tell whether a handler calls a function that opens a dialog, directly or through others.

    `handlers.responses` is left out: it answers a button of the Home tab in a dialog because there
    is no conversation to reply in.
    """
    found, waiting = set(), [handler]
    while waiting:
        function = waiting.pop()
        if function in OPENERS:
            return True
        if not isinstance(function, FunctionType) or function in found:
            continue
        found.add(function)
        is_ours = function.__module__.startswith("handlers.")
        if is_ours and function.__module__ != responses.__name__:
            waiting.extend(_functions_named_in(function))
    return False


def _commands() -> Iterator[tuple[str, str]]:
    """Yield the action and the label of every rendered button and option of an overflow menu."""
    for element in objects_in(all_rendered()):
        options: list[dict[str, Any]] = {
            "button": [element],
            "overflow": element.get("options", []),
        }.get(str(element.get("type")), [])
        for option in options:
            action = parse_block_action({**element, "value": option["value"]})
            yield action.name, option["text"]["text"]


def test_label_ends_in_dots_exactly_if_the_button_opens_a_dialog() -> None:
    labels = {pair for pair in _commands() if pair[0] not in NAMED_AS_ANSWERS}
    assert {name for name, _label in labels} == ACTIONS.keys() - NAMED_AS_ANSWERS - WITHOUT_LABEL
    wrong = {
        (name, label)
        for name, label in labels
        if label.endswith("…") != (name in CONFIRMED_IN_PLACE or opens_dialog(ACTIONS[name]))
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (ACTIONS["reopen"], True),
        (ACTIONS["write_answer"], True),
        (questions_expert.open_menu_option, True),
        (ACTIONS["clone_campaign"], False),
        (ACTIONS["undo"], False),
        (open_view, True),
    ],
)
def test_dialogs_are_found_through_other_functions(
    handler: Callable[..., object], *, expected: bool
) -> None:
    assert opens_dialog(handler) is expected
