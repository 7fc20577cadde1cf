"""Details of one campaign, as `labelbot campaign show` prints them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.cli import campaign_options
from bot.cli.output import format_value, print_table, print_text
from bot.services.assignments import pair_priorities
from bot.services.campaigns import campaigns
from bot.services.exports import schedules
from bot.services.exports.schedules import ScheduleStatus
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from storage.queries import repeats
from storage.row_id import id_of


@dataclass(frozen=True, slots=True)
class CampaignDetails:
    """What `labelbot campaign show` prints."""

    status: CampaignStatus
    settings: dict[str, object]
    guidelines: str
    lease_minutes: int
    reminder_minutes: list[int]
    experts: list[ExpertStatus]
    schedules: list[ScheduleStatus]
    votes_to_separate_models: int | None = None
    repeats: int = 0
    pause_on_quality_failure: bool = False


def load_details(session: Session, name: str) -> CampaignDetails:
    """Return the details of the campaign called `name`; raise NotFoundError if there is none."""
    campaign = campaigns.campaign_by_name(session, name)
    return CampaignDetails(
        status=campaign_status.status_of(session, campaign),
        settings=campaign.settings,
        guidelines=campaign.guidelines,
        lease_minutes=campaign.lease_minutes,
        reminder_minutes=campaign.reminder_minutes,
        experts=campaign_status.expert_statuses(session, campaign),
        schedules=schedules.list_schedules(session, campaign),
        votes_to_separate_models=pair_priorities.count_votes_needed(session, id_of(campaign))
        if campaign.informative_pairs
        else None,
        repeats=repeats.count_repeats(session, id_of(campaign)),
        pause_on_quality_failure=campaign.pause_on_quality_failure,
    )


def print_details(details: CampaignDetails) -> None:
    """Print the details of a campaign for people."""
    status = details.status
    print_text(f"{status.title} ({status.name}): {status.kind}, {status.state}")
    print_text(f"{status.answered:,} of {status.wanted:,} answers to {status.items:,} items")
    if status.max_overlap:
        print_text(campaign_options.describe_adaptive_overlap(status))
    if status.practice:
        print_text(campaign_options.describe_practice(status.practice))
    if details.votes_to_separate_models is not None:
        print_text(f"{details.votes_to_separate_models:,} more votes separate all models")
    if details.repeats:
        print_text(f"{details.repeats:,} repeated answers, in no export")
    if details.pause_on_quality_failure:
        print_text("experts whose answers clearly fail are paused")
    deadline, last_answer = map(format_value, (status.deadline, status.last_answer))
    print_text(f"deadline: {deadline}, last answer: {last_answer}")
    if details.experts:
        _print_experts(details.experts)
    for schedule in details.schedules:
        print_text(
            f"export schedule: {schedule.format} to {schedule.destination or schedule.directory}, "
            + schedule.describe()
        )


def _print_experts(experts: list[ExpertStatus]) -> None:
    columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
    headings = ("expert", *columns[1:])
    rows = [[getattr(expert, column) for column in columns] for expert in experts]
    print_table(headings, rows)
