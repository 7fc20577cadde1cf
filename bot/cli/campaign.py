"""`labelbot campaign`: create campaigns, list and show them, let experts in, pause and close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import amending, people, reading, wanting
from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, say_table, shown
from bot.kinds import KINDS
from bot.recurring import Rhythm
from bot.services import campaigning, inviting, reporting, scheduling
from bot.services.campaigning import USUAL_REMINDERS, NewCampaign
from bot.services.directing import By
from bot.services.reporting import CampaignStatus, ExpertStatus
from bot.services.scheduling import ScheduleStatus, Wanted
from bot.settings import load_storage_settings
from storage.tables import SkipPolicy

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Create campaigns, and see to them."
)

Name = Annotated[str, typer.Argument(help="The name of the campaign.")]
Json = Annotated[bool, typer.Option("--json", help=JSON)]
Experts = Annotated[
    list[str] | None,
    typer.Option("--expert", help="An expert's Slack id or e-mail address; once for each."),
]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is exported by itself, and when."""

    wanted: Wanted
    rhythm: Rhythm


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
    reason: wanting.Reason = None,
    confidence: wanting.Confidence = False,
    levels: wanting.Levels = None,
    domains: wanting.Domains = None,
    language: wanting.Language = None,
    gold_share: wanting.Gold = 0.0,
    skips: wanting.Skips = SkipPolicy.OTHERS,
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
        settings=reading.settings_from(settings, criteria, strength=strength)
        | wanting.remarks(reason, levels, confidence=confidence),
        guidelines=reading.text_of(guidelines_file) if guidelines_file else "",
        overlap=overlap,
        lease=reading.duration(lease),
        reminders=_reminders(remind_after, reading.duration(lease)),
        deadline=reading.deadline(deadline, tz) if deadline else None,
        experts=people.slack_ids(expert or []),
        gold_share=gold_share,
        domains=inviting.tags(domains or ""),
        language=language,
        skip_policy=skips,
    )
    if not export_cron and (export_format or export_to):
        message = "--export-format and --export-to need --export-cron; without, see export."
        raise typer.BadParameter(message)
    schedule = _schedule(kind, export_format, export_to, Rhythm(export_cron or "", tz))
    _create(wanted, schedule if export_cron else None, as_json=as_json)


def _reminders(given: list[str] | None, lease: timedelta) -> tuple[timedelta, ...]:
    if given is None:
        return tuple(one for one in USUAL_REMINDERS if one < lease)
    return tuple(reading.duration(one) for one in given)


def _schedule(kind: str, shape: str | None, folder: Path | None, rhythm: Rhythm) -> Schedule:
    directory = (folder or load_storage_settings().exports_dir).resolve()
    return Schedule(Wanted(shape or scheduling.formats_for(kind)[0], directory), rhythm)


def _create(wanted: NewCampaign, schedule: Schedule | None, *, as_json: bool) -> None:
    with open_database() as database:
        status = database.write_now(_created, wanted, schedule, by_hand())
    if as_json:
        say_json(status)
        return
    experts = "1 expert" if status.experts == 1 else f"{status.experts} experts"
    say(f"Created “{status.name}” ({status.kind}) with {experts}.")
    say(f"Next: labelbot import {status.name} FILE")


def _created(
    session: Session, wanted: NewCampaign, schedule: Schedule | None, by: By
) -> CampaignStatus:
    campaign = campaigning.create(session, wanted, by)
    if schedule:
        scheduling.schedule_export(session, campaign, schedule.wanted, schedule.rhythm, by)
    return reporting.status_of(session, campaign)


@app.command("list", epilog="Example: labelbot campaign list --json")
def list_campaigns(*, as_json: Json = False) -> None:
    """List all campaigns with their counts."""
    with open_database() as database:
        found = database.read_now(reporting.statuses)
    if as_json:
        say_json(found)
    elif not found:
        say("There is no campaign yet; labelbot campaign create makes one.")
    else:
        columns = ("name", "kind", "state", "items", "answered", "wanted", "experts", "deadline")
        say_table(columns, [[getattr(one, column) for column in columns] for one in found])


@app.command(epilog="Example: labelbot campaign show jokes")
def show(name: Name, *, as_json: Json = False) -> None:
    """Show one campaign: what it asks, how far it is, who labels, what is exported when."""
    with open_database() as database:
        details = database.read_now(_details, name)
    if as_json:
        say_json(details)
    else:
        _say_details(details)


@dataclass(frozen=True, slots=True)
class Details:
    """All there is to show of a campaign."""

    status: CampaignStatus
    settings: dict[str, object]
    guidelines: str
    lease_minutes: int
    reminder_minutes: list[int]
    experts: list[ExpertStatus]
    schedules: list[ScheduleStatus]


def _details(session: Session, name: str) -> Details:
    campaign = campaigning.campaign_named(session, name)
    return Details(
        status=reporting.status_of(session, campaign),
        settings=campaign.settings,
        guidelines=campaign.guidelines,
        lease_minutes=campaign.lease_minutes,
        reminder_minutes=campaign.reminder_minutes,
        experts=reporting.expert_statuses(session, campaign),
        schedules=scheduling.schedules(session, campaign),
    )


def _say_details(details: Details) -> None:
    status = details.status
    say(f"{status.title} ({status.name}): {status.kind}, {status.state}")
    say(f"{status.answered:,} of {status.wanted:,} answers to {status.items:,} items")
    say(f"deadline {shown(status.deadline)}, last answer {shown(status.last_answer)}")
    say_experts(details.experts)
    for one in details.schedules:
        say(f"{one.format} to {one.directory} at “{one.cron}” ({one.tz}), next {shown(one.due_at)}")


def say_experts(experts: list[ExpertStatus]) -> None:
    """Print what each expert did."""
    if experts:
        columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
        headings = ("expert", *columns[1:])
        say_table(headings, [[getattr(one, column) for column in columns] for one in experts])


@app.command("add-experts", epilog="Example: labelbot campaign add-experts jokes U0123ABCD")
def add_experts(
    name: Name,
    experts: Annotated[list[str], typer.Argument(help="Slack ids or e-mail addresses.")],
) -> None:
    """Let more experts into a campaign's pool."""
    ids = people.slack_ids(experts)
    with open_database() as database:
        joined = database.write_now(_joined, name, ids, by_hand())
    say(f"{len(joined.new)} joined “{name}”, {len(joined.there)} were in it.")


def _joined(session: Session, name: str, ids: list[str], by: By) -> campaigning.Joined:
    campaign = campaigning.campaign_named(session, name, lock=True)
    return campaigning.add_experts(session, campaign, ids, by)


app.command(
    epilog="Example: labelbot campaign guidelines jokes --file jokes.md --note “puns are fine”"
)(amending.guidelines)
app.command(epilog="Example: labelbot campaign address jokes --domains law --language en")(
    amending.address
)


@app.command(epilog="Example: labelbot campaign pause jokes")
def pause(name: Name) -> None:
    """Hand out no more tasks for now."""
    _moved(name, campaigning.pause, "paused; what experts hold can still be answered")


@app.command(epilog="Example: labelbot campaign resume jokes")
def resume(name: Name) -> None:
    """Hand out tasks again."""
    _moved(name, campaigning.resume, "open again")


@app.command(epilog="Example: labelbot campaign close jokes")
def close(name: Name) -> None:
    """End a campaign for good, with a last export of each schedule."""
    _moved(name, campaigning.close, "closed; its scheduled exports run once more")


def _moved(name: str, move: campaigning.Move, state: str) -> None:
    with open_database() as database:
        database.write_now(_move, name, move, by_hand())
    say(f"“{name}” is {state}.")


def _move(session: Session, name: str, move: campaigning.Move, by: By) -> None:
    move(session, campaigning.campaign_named(session, name, lock=True), by)
