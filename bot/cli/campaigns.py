"""`labelbot campaign`: create campaigns, list and show them, let experts in, pause and close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import campaign_edit, campaign_options, expert_lookup, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, format_value, print_json, print_table, print_text
from bot.cron import CronSchedule
from bot.kinds import KINDS
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.campaigns import DEFAULT_REMINDERS, NewCampaign
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest, ScheduleStatus
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus, ExpertStatus
from bot.settings import load_storage_settings
from storage.tables import SkipPolicy

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Create campaigns, and see to them."
)

Name = Annotated[str, typer.Argument(help="The name of the campaign.")]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Experts = Annotated[
    list[str] | None,
    typer.Option("--expert", help="An expert's Slack id or e-mail address; once for each."),
]


@dataclass(frozen=True, slots=True)
class ExportScheduleOptions:
    """What is exported by itself, and when."""

    wanted: ExportRequest
    rhythm: CronSchedule


@app.command(
    epilog="Example: labelbot campaign create tone --kind comparison --overlap 3 --expert U0123ABCD"
)
def create(  # noqa: PLR0913 - they are its options
    name: Name,
    *,
    kind: Annotated[str, typer.Option(help=f"What is asked: {', '.join(KINDS)}.")],
    title: Annotated[str, typer.Option(help="What experts read; the name if left out.")] = "",
    overlap: Annotated[int, typer.Option(help="How many experts answer each item.")] = 3,
    expert: Experts = None,
    guidelines_file: Annotated[
        Path | None, typer.Option(help="What experts should know, in Markdown.")
    ] = None,
    settings: Annotated[
        str | None, typer.Option(help="Settings of the kind, as JSON or @FILE.")
    ] = None,
    criteria: Annotated[
        str | None, typer.Option(help="What a rating asks: joke or answer.")
    ] = None,
    strength: Annotated[
        bool, typer.Option("--strength", help="Let a comparison ask how much better.")
    ] = False,
    reason: campaign_options.Reason = None,
    confidence: campaign_options.Confidence = False,
    levels: campaign_options.Levels = None,
    domains: campaign_options.Domains = None,
    language: campaign_options.Language = None,
    gold_share: campaign_options.Gold = 0.0,
    skips: campaign_options.Skips = SkipPolicy.REASSIGN,
    lease: Annotated[
        str,
        typer.Option(help="How much working time a task may be kept: 90m, 4h, 2d (of 8 hours)."),
    ] = "2d",
    remind_after: Annotated[
        list[str] | None,
        typer.Option(
            help="Remind after so much working time; once for each. 4h, 8h, 12h if left out."
        ),
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(help="When all should be done: 2030-05-31.")
    ] = None,
    export_cron: Annotated[
        str | None, typer.Option(help="Export by itself at these times: “0 6 * * *”.")
    ] = None,
    export_format: Annotated[
        str | None, typer.Option(help="In this format; that of the kind if left out.")
    ] = None,
    export_to: Annotated[
        Path | None, typer.Option(help="Into this folder; that of LABELBOT_EXPORTS if left out.")
    ] = None,
    tz: Annotated[str, typer.Option(help="The time zone of deadline and exports.")] = "UTC",
    as_json: Json = False,
) -> None:
    """Create a campaign, with its experts, reminders and exports."""
    wanted = NewCampaign(
        name=name,
        kind=kind,
        title=title,
        settings=option_parsers.parse_settings(settings, criteria, strength=strength)
        | campaign_options.rationale_settings(reason, levels, confidence=confidence),
        guidelines=option_parsers.read_text(guidelines_file) if guidelines_file else "",
        overlap=overlap,
        lease=option_parsers.parse_duration(lease),
        reminders=_reminder_delays(remind_after, option_parsers.parse_duration(lease)),
        deadline=option_parsers.parse_deadline(deadline, tz) if deadline else None,
        experts=expert_lookup.resolve_slack_ids(expert or []),
        gold_share=gold_share,
        domains=invitations.parse_tags(domains or ""),
        language=language,
        skip_policy=skips,
    )
    if not export_cron and (export_format or export_to):
        message = "--export-format and --export-to need --export-cron; without, see export."
        raise typer.BadParameter(message)
    schedule = _build_schedule(kind, export_format, export_to, CronSchedule(export_cron or "", tz))
    _create_and_print(wanted, schedule if export_cron else None, as_json=as_json)


def _reminder_delays(given: list[str] | None, lease: timedelta) -> tuple[timedelta, ...]:
    if given is None:
        return tuple(one for one in DEFAULT_REMINDERS if one < lease)
    return tuple(option_parsers.parse_duration(one) for one in given)


def _build_schedule(
    kind: str, format_name: str | None, folder: Path | None, rhythm: CronSchedule
) -> ExportScheduleOptions:
    directory = (folder or load_storage_settings().exports_dir).resolve()
    return ExportScheduleOptions(
        ExportRequest(format_name or jobs.formats_for(kind)[0], directory), rhythm
    )


def _create_and_print(
    wanted: NewCampaign, schedule: ExportScheduleOptions | None, *, as_json: bool
) -> None:
    with open_database() as database:
        status = database.write_now(_create_campaign, wanted, schedule, command_line_actor())
    if as_json:
        print_json(status)
        return
    experts = "1 expert" if status.experts == 1 else f"{status.experts} experts"
    print_text(f"Created “{status.name}” ({status.kind}) with {experts}.")
    print_text(f"Next: labelbot import {status.name} FILE")


def _create_campaign(
    session: Session, wanted: NewCampaign, schedule: ExportScheduleOptions | None, actor: Actor
) -> CampaignStatus:
    campaign = campaigns.create_campaign(session, wanted, actor)
    if schedule:
        jobs.schedule_export(session, campaign, schedule.wanted, schedule.rhythm, actor)
    return campaign_status.status_of(session, campaign)


@app.command("list", epilog="Example: labelbot campaign list --json")
def list_campaigns(*, as_json: Json = False) -> None:
    """List all campaigns with their counts."""
    with open_database() as database:
        found = database.read_now(campaign_status.list_statuses)
    if as_json:
        print_json(found)
    elif not found:
        print_text("There is no campaign yet; labelbot campaign create makes one.")
    else:
        columns = ("name", "kind", "state", "items", "answered", "wanted", "experts", "deadline")
        print_table(columns, [[getattr(one, column) for column in columns] for one in found])


@app.command(epilog="Example: labelbot campaign show jokes")
def show(name: Name, *, as_json: Json = False) -> None:
    """Show one campaign: what it asks, how far it is, who labels, what is exported when."""
    with open_database() as database:
        details = database.read_now(_load_details, name)
    if as_json:
        print_json(details)
    else:
        _print_details(details)


@dataclass(frozen=True, slots=True)
class CampaignDetails:
    """All there is to show of a campaign."""

    status: CampaignStatus
    settings: dict[str, object]
    guidelines: str
    lease_minutes: int
    reminder_minutes: list[int]
    experts: list[ExpertStatus]
    schedules: list[ScheduleStatus]


def _load_details(session: Session, name: str) -> CampaignDetails:
    campaign = campaigns.campaign_by_name(session, name)
    return CampaignDetails(
        status=campaign_status.status_of(session, campaign),
        settings=campaign.settings,
        guidelines=campaign.guidelines,
        lease_minutes=campaign.lease_minutes,
        reminder_minutes=campaign.reminder_minutes,
        experts=campaign_status.expert_statuses(session, campaign),
        schedules=jobs.list_schedules(session, campaign),
    )


def _print_details(details: CampaignDetails) -> None:
    status = details.status
    print_text(f"{status.title} ({status.name}): {status.kind}, {status.state}")
    print_text(f"{status.answered:,} of {status.wanted:,} answers to {status.items:,} items")
    print_text(
        f"deadline {format_value(status.deadline)}, last answer {format_value(status.last_answer)}"
    )
    print_experts(details.experts)
    for one in details.schedules:
        print_text(
            f"{one.format} to {one.directory} at “{one.cron}” ({one.tz}), next {format_value(one.due_at)}"
        )


def print_experts(experts: list[ExpertStatus]) -> None:
    """Print what each expert did."""
    if experts:
        columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
        headings = ("expert", *columns[1:])
        print_table(headings, [[getattr(one, column) for column in columns] for one in experts])


@app.command("add-experts", epilog="Example: labelbot campaign add-experts jokes U0123ABCD")
def add_experts(
    name: Name,
    experts: Annotated[list[str], typer.Argument(help="Slack ids or e-mail addresses.")],
) -> None:
    """Let more experts into a campaign's pool."""
    ids = expert_lookup.resolve_slack_ids(experts)
    with open_database() as database:
        joined = database.write_now(_add_experts, name, ids, command_line_actor())
    print_text(f"{len(joined.added)} joined “{name}”, {len(joined.existing)} were in it.")


def _add_experts(
    session: Session, name: str, ids: list[str], actor: Actor
) -> campaigns.AddExpertsResult:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return campaigns.add_experts(session, campaign, ids, actor)


app.command(
    epilog="Example: labelbot campaign guidelines jokes --file jokes.md --note “puns are fine”"
)(campaign_edit.change_guidelines)
app.command(epilog="Example: labelbot campaign address jokes --domains law --language en")(
    campaign_edit.change_audience
)


@app.command(epilog="Example: labelbot campaign pause jokes")
def pause(name: Name) -> None:
    """Hand out no more tasks for now."""
    _change_state(name, campaigns.pause, "paused; what experts hold can still be answered")


@app.command(epilog="Example: labelbot campaign resume jokes")
def resume(name: Name) -> None:
    """Hand out tasks again."""
    _change_state(name, campaigns.resume, "open again")


@app.command(epilog="Example: labelbot campaign close jokes")
def close(name: Name) -> None:
    """End a campaign for good, with a last export of each schedule."""
    _change_state(name, campaigns.close, "closed; its scheduled exports run once more")


def _change_state(name: str, move: campaigns.LifecycleAction, state: str) -> None:
    with open_database() as database:
        database.write_now(_apply_state_change, name, move, command_line_actor())
    print_text(f"“{name}” is {state}.")


def _apply_state_change(
    session: Session, name: str, move: campaigns.LifecycleAction, actor: Actor
) -> None:
    move(session, campaigns.campaign_by_name(session, name, lock=True), actor)
