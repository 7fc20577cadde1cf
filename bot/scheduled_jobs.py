"""Scheduled jobs: each reads from the database what is due.

Due times are columns, so a restart loses nothing, and a missed run is made up for once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.app_context import AppContext
from bot.child_process import run_in_child
from bot.retention_jobs import (
    erase_expired,
    forget_requests,
    prune_outbox,
    prune_webhook_deliveries,
)
from bot.services.assignments import pair_priorities, repeats
from bot.services.availability.reachability import ContactResult
from bot.services.campaigns import completion, qualification
from bot.services.experts import profiles, time_off
from bot.services.exports import answer_triggers, claims, jobs, outcome_reports
from bot.services.imports import import_jobs
from bot.services.outbox import message_removal
from bot.services.reminders import scheduled
from bot.services.reports import agreement, digest, expert_accuracy
from bot.services.reports.model_ranks import ranks_models
from bot.services.reviews import campaign_jumps, quality_alerts, warning_notices
from bot.services.tasks import (
    invisible_tasks,
    manual_assignment,
    scheduled_delivery,
    unanswerable_tasks,
)
from bot.services.tasks.invisible_tasks import PermanentErrors
from bot.slack.client.error_codes import ErrorKind, codes_of_kind
from bot.slack.client.profiles import fetch_dnd_status, fetch_profiles
from bot.slack.client.role_groups import sync_role_groups
from storage.queries import practice
from storage.tables import Role

MAX_LOOKUPS_PER_TICK = 20
"""Most people looked up in Slack per tick, so that the other jobs do not wait for all lookups."""

PERMANENT_ERRORS = PermanentErrors(
    message=codes_of_kind(ErrorKind.MESSAGE), recipient=codes_of_kind(ErrorKind.RECIPIENT)
)
"""Slack's error codes after which a task is not sent to the same expert again."""

Job = Callable[[AppContext], Awaitable[None]]
ProactiveSend = Callable[[Session, datetime], ContactResult]


async def refresh_profiles(app: AppContext) -> None:
    """Fetch the profiles of new experts from Slack, and everyone's once a day."""
    slack_ids = await app.db.read(
        profiles.list_stale_profiles, app.clock.now(), MAX_LOOKUPS_PER_TICK
    )
    if slack_ids:
        await fetch_profiles(app.sender, slack_ids)
        app.wake_outbox()


async def welcome_back(app: AppContext) -> None:
    """Send a summary to experts who returned from time off."""
    await _send_unprompted(app, time_off.welcome_back)


async def dispatch_tasks(app: AppContext) -> None:
    """Assign tasks to reachable experts who have none."""
    await _send_unprompted(app, scheduled_delivery.dispatch_tasks)


async def deliver_assigned(app: AppContext) -> None:
    """Deliver manually assigned tasks, and answers sent back, to reachable experts."""
    await _send_unprompted(app, manual_assignment.notify_assignees)


async def send_reminders(app: AppContext) -> None:
    """Send due reminders."""
    await _send_unprompted(app, scheduled.send_due_reminders)


async def ask_about_opt_out(app: AppContext) -> None:
    """Ask unresponsive experts whether they want to leave."""
    await _send_unprompted(app, scheduled.ask_about_opt_out)


async def _send_unprompted(app: AppContext, send: ProactiveSend) -> None:
    """Send messages that nobody asked for; fetch unknown Do Not Disturb statuses and try again."""
    result = await app.db.write(send, app.clock.now())
    if result.dnd_unknown_ids:
        await fetch_dnd_status(app.sender, result.dnd_unknown_ids[:MAX_LOOKUPS_PER_TICK])
        retry = await app.db.write(send, app.clock.now())
        result = ContactResult(result.messaged + retry.messaged)
    if result.messaged:
        app.wake_outbox()


async def expire_leases(app: AppContext) -> None:
    """Release tasks whose lease has expired."""
    if await app.db.write(scheduled_delivery.expire_leases, app.clock.now()):
        app.wake_outbox()


async def hold_unanswerable_tasks(app: AppContext) -> None:
    """Put skipped tasks on hold that no expert is left for."""
    now = app.clock.now()
    if await app.db.read(unanswerable_tasks.find_unanswerable, now):
        await app.db.write(unanswerable_tasks.hold_unanswerable, now)


async def report_dead_ends(app: AppContext) -> None:
    """Notify coordinators of campaigns in which nothing goes on without them."""
    now, coordinators = app.clock.now(), app.settings.coordinators
    if await app.db.read(warning_notices.has_changed_dead_ends, now):
        await app.db.write(warning_notices.report_dead_ends, now, coordinators)
        app.wake_outbox()


async def repair_invisible_tasks(app: AppContext) -> None:
    """Send tasks again that their experts cannot see, because their messages failed."""
    if await app.db.write(
        invisible_tasks.repair_invisible_tasks, app.clock.now(), PERMANENT_ERRORS
    ):
        app.wake_outbox()


async def run_exports(app: AppContext) -> None:
    """Run due exports, scheduled and requested, in a child process, and report failures."""
    now = app.clock.now()
    await app.db.write(jobs.queue_due_runs, now)
    if await app.db.read(answer_triggers.has_changed_counts):
        await app.db.write(answer_triggers.queue_due_runs, now)
    await _run_child(app, "bot.export_process", claims.has_waiting_run)
    if await app.db.read(outcome_reports.has_unreported_runs):
        await app.db.write(outcome_reports.report_outcomes, now, app.settings.coordinators)
        app.wake_outbox()


async def run_imports(app: AppContext) -> None:
    """Run the imports that were started in Slack, in a child process."""
    await _run_child(app, "bot.import_process", import_jobs.has_pending_imports)


async def _run_child(
    app: AppContext, module: str, has_work: Callable[[Session, datetime], bool]
) -> None:
    """Run a child process if it has work and after the one that runs, which may do all of it.

    Each child takes a thread of the bot to wait for it, and the memory of an interpreter.
    """
    if not await app.db.read(has_work, app.clock.now()):
        return
    async with app.child_slots[module].take():
        now = app.clock.now()
        if await app.db.read(has_work, now):
            await run_in_child(module, app.settings.database_url, now)
            app.wake_outbox()


async def refresh_role_members(app: AppContext) -> None:
    """Sync roles with their user groups in Slack."""
    settings = app.settings
    groups = {
        Role.COORDINATOR: settings.coordinator_group or "",
        Role.SENIOR: settings.senior_group or "",
    }
    await sync_role_groups(app.sender, groups)


async def update_agreement(app: AppContext) -> None:
    """Recompute the agreement of one due campaign with new answers, repeat pairs, and alert."""
    now = app.clock.now()
    campaign_id = await app.db.read(agreement.next_due_campaign, now)
    if campaign_id is None:
        return
    await app.db.write(repeats.assign_due_repeats, campaign_id, now)
    if await app.db.read(agreement.is_current, campaign_id, now):
        await app.db.write(agreement.renew_figures, campaign_id, now)
    elif await app.db.read(_needs_child, campaign_id):
        await _run_child(app, "bot.agreement_process", partial(_is_next, campaign_id=campaign_id))
    else:
        figures = await app.db.read(agreement.compute_figures, campaign_id)
        await app.db.write(agreement.store_figures, campaign_id, figures, now)
    if await app.db.read(quality_alerts.has_new_alerts, campaign_id):
        await app.db.write(quality_alerts.raise_alerts, campaign_id, app.settings.coordinators, now)
        app.wake_outbox()
    if await app.db.read(campaign_jumps.has_new_jumps, campaign_id):
        await app.db.write(campaign_jumps.report_jumps, campaign_id, app.settings.coordinators, now)
        app.wake_outbox()


def _is_next(session: Session, now: datetime, campaign_id: int) -> bool:
    return agreement.next_due_campaign(session, now) == campaign_id


def _needs_child(session: Session, campaign_id: int) -> bool:
    """Return whether the figures take long, or need numpy, which the bot does not load."""
    return (
        not agreement.can_compute_inline(session, campaign_id)
        or expert_accuracy.needs_estimates(session, campaign_id)
        or pair_priorities.needs_plan(session, campaign_id)
        or ranks_models(session, campaign_id)
    )


async def report_practice_failures(app: AppContext) -> None:
    """Tell coordinators of experts who failed the practice of a campaign."""
    if await app.db.read(practice.has_unreported_failure):
        now, coordinators = app.clock.now(), app.settings.coordinators
        await app.db.write(qualification.report_failures, coordinators, now)
        app.wake_outbox()


async def send_digest(app: AppContext) -> None:
    """Send the weekly summary when it is due."""
    now, coordinators = app.clock.now(), app.settings.coordinators
    if await app.db.read(digest.is_due, now) and await app.db.write(
        digest.queue_due, now, coordinators
    ):
        app.wake_outbox()


async def remove_messages(app: AppContext) -> None:
    """Queue the removal of the bot's messages whose tasks were answered long enough ago."""
    now = app.clock.now()
    if await app.db.read(message_removal.has_due_messages, now):
        await app.db.write(message_removal.queue_due_removals, now)
        app.wake_outbox()


async def update_completion(app: AppContext) -> None:
    """Record which campaigns became complete, or are not any more, and queue the events."""
    if await app.db.read(completion.has_changed):
        await app.db.write(completion.update_completion, app.clock.now())
        app.wake_outbox()


async def correct_due_times(app: AppContext) -> None:
    """Bring due times forward that were computed while the clock was ahead of the right time."""
    await app.db.write(jobs.correct_due_times, app.clock.now())
    await app.db.write(digest.correct_due_time, app.clock.now())


JOBS: dict[str, Job] = {
    "refresh_profiles": refresh_profiles,
    "expire_leases": expire_leases,
    "repair_invisible_tasks": repair_invisible_tasks,
    "welcome_back": welcome_back,
    "dispatch_tasks": dispatch_tasks,
    "deliver_assigned": deliver_assigned,
    "send_reminders": send_reminders,
    "ask_about_opt_out": ask_about_opt_out,
    "hold_unanswerable_tasks": hold_unanswerable_tasks,
    "report_dead_ends": report_dead_ends,
    "run_exports": run_exports,
    "refresh_role_members": refresh_role_members,
    "run_imports": run_imports,
    "update_agreement": update_agreement,
    "report_practice_failures": report_practice_failures,
    "send_digest": send_digest,
    "forget_requests": forget_requests,
    "update_completion": update_completion,
    "prune_outbox": prune_outbox,
    "prune_webhook_deliveries": prune_webhook_deliveries,
    "remove_messages": remove_messages,
    "erase_expired": erase_expired,
}
"""Jobs by name, in the order in which `tick` runs them."""
