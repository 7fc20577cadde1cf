"""`labelbot campaign`: create, list and show campaigns; add members; pause, resume and close."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import (
    campaign_apply,
    campaign_details,
    campaign_edit,
    campaign_fields,
    campaign_lifecycle,
    campaign_options,
    expert_lookup,
    option_parsers,
)
from bot.cli.database import command_line_actor, open_database
from bot.cli.export_target import ToOption, usual_target
from bot.cli.output import JSON_HELP, print_json, print_note, print_table, print_text
from bot.kinds import KINDS
from bot.kinds.criteria_presets import CRITERIA_PRESETS
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.new_campaign import (
    DEFAULT_PASS_MARK,
    DEFAULT_PRACTICE_ATTEMPTS,
    NewCampaign,
)
from bot.services.campaigns.qualification import describe_missing_gold
from bot.services.exports import schedules
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.recurrence import Recurrence, parse_recurrence
from bot.services.exports.supported_formats import formats_for
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus
from bot.slack.blockkit.text import pluralize
from storage.tables import SkipPolicy

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Create and manage campaigns.")

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Experts = Annotated[
    list[str] | None,
    typer.Option(
        "--expert", metavar="PERSON", help="An expert's Slack id or e-mail address; repeatable."
    ),
]


@dataclass(frozen=True, slots=True)
class ExportScheduleOptions:
    """The export schedule that a new campaign starts with."""

    request: ExportRequest
    recurrence: Recurrence


@app.command(
    epilog="Example: labelbot campaign create tone --kind comparison --overlap 3 --expert U0123ABCD"
)
def create(  # noqa: PLR0913 - the options of the command
    name: Name,
    *,
    kind: Annotated[str, typer.Option(help=f"Kind of task: {', '.join(KINDS)}.")],
    title: Annotated[str, typer.Option(help="Title that experts see; default: the name.")] = "",
    overlap: campaign_options.Overlap = "3",  # type: ignore[assignment]  # typer parses it
    target_posterior: campaign_options.TargetPosterior = None,
    informative_pairs: campaign_options.InformativePairs = False,
    expert: Experts = None,
    guidelines_file: Annotated[
        Path | None, typer.Option(help="Guidelines for experts, in Markdown.")
    ] = None,
    settings: Annotated[
        str | None, typer.Option(help="Settings of the kind, as JSON or @FILE.")
    ] = None,
    criteria: Annotated[
        str | None,
        typer.Option(
            help=f"Criteria of a rating: {', '.join(CRITERIA_PRESETS)}. Of a comparison or "
            "ranking: names, with commas."
        ),
    ] = None,
    strength: Annotated[
        bool, typer.Option("--strength", help="In a comparison, ask how much better.")
    ] = False,
    reason: campaign_options.Reason = None,
    confidence: campaign_options.Confidence = False,
    levels: campaign_options.Levels = None,
    domains: campaign_options.Domains = None,
    language: campaign_options.Language = None,
    gold_share: campaign_options.Gold = 0.0,
    repeat_share: campaign_options.Repeats = 0.0,
    practice: campaign_options.Practice = 0,
    pass_mark: campaign_options.PassMark = DEFAULT_PASS_MARK,
    practice_attempts: campaign_options.PracticeAttempts = DEFAULT_PRACTICE_ATTEMPTS,
    skips: campaign_options.Skips = SkipPolicy.REASSIGN,
    pause_on_quality_failure: campaign_options.PauseOnFailure = False,
    welcome: campaign_options.Welcome = True,
    removal_days: campaign_options.RemovalDays = 0,
    max_answers: campaign_options.MaxAnswers = 0,
    max_answers_per_day: campaign_options.MaxAnswersPerDay = 0,
    lease: Annotated[
        str,
        typer.Option(
            help="Working time until an unanswered task expires: 90m, 4h, 2d (a day is 8 hours)."
        ),
    ] = "2d",
    remind_after: Annotated[
        list[str] | None,
        typer.Option(help="Working time until a reminder; repeatable. Default: 4h, 8h and 12h."),
    ] = None,
    deadline: campaign_options.Deadline = None,
    export_cron: Annotated[
        str | None,
        typer.Option(help='Export schedule: "0 6 * * *", "every 500 answers" or "on completion".'),
    ] = None,
    export_format: Annotated[
        str | None, typer.Option(help="Format of scheduled exports; default: that of the kind.")
    ] = None,
    export_to: ToOption = None,
    export_channel: campaign_options.ExportChannel = None,
    tz: Annotated[str, typer.Option(help="Time zone of the deadline and the schedule.")] = "UTC",
    as_json: Json = False,
) -> None:
    """Create a campaign with experts, reminders and export schedules."""
    people = expert_lookup.resolve_people(expert or [])
    new_campaign = NewCampaign(
        name=name,
        kind=kind,
        title=title,
        settings=option_parsers.parse_settings(kind, settings, criteria, strength=strength)
        | campaign_options.rationale_settings(reason, levels, confidence=confidence),
        guidelines=option_parsers.read_text(guidelines_file) if guidelines_file else "",
        overlap=overlap.minimum,
        max_overlap=overlap.maximum,
        target_posterior=target_posterior,
        informative_pairs=informative_pairs,
        lease=option_parsers.parse_duration(lease),
        reminders=campaign_options.reminder_delays(
            remind_after, option_parsers.parse_duration(lease)
        ),
        deadline=option_parsers.parse_deadline(deadline, tz) if deadline else None,
        experts=people.slack_ids,
        gold_share=gold_share,
        repeat_share=repeat_share,
        practice_questions=practice,
        practice_pass_mark=pass_mark,
        practice_attempts=practice_attempts,
        domains=invitations.parse_tags(domains or ""),
        language=language,
        skip_policy=skips,
        pause_on_quality_failure=pause_on_quality_failure,
        sends_welcome=welcome,
        removal_days=removal_days,
        max_answers=max_answers,
        max_answers_per_day=max_answers_per_day,
    )
    if not export_cron and (export_format or export_to or export_channel):
        message = (
            "--export-format, --export-to and --export-channel need --export-cron. To export once, "
            "use labelbot export."
        )
        raise typer.BadParameter(message)
    target = export_to or usual_target()
    export_request = ExportRequest(
        export_format or formats_for(kind)[0],
        target.directory,
        export_channel,
        destination=target.destination,
    )
    schedule = ExportScheduleOptions(export_request, parse_recurrence(export_cron or "", tz))
    _create_and_print(new_campaign, schedule if export_cron else None, as_json=as_json)
    people.print_unknown()


def _create_and_print(
    new_campaign: NewCampaign, schedule: ExportScheduleOptions | None, *, as_json: bool
) -> None:
    with open_database() as database:
        status = database.write_now(_create_campaign, new_campaign, schedule, command_line_actor())
    if as_json:
        print_json(status)
        return
    print_text(f"Created “{status.name}” ({status.kind}): {pluralize(status.experts, 'expert')}.")
    print_text(f"Next: labelbot import {status.name} FILE")
    if status.practice:
        print_note(describe_missing_gold(status.practice.questions))


def _create_campaign(
    session: Session,
    new_campaign: NewCampaign,
    schedule: ExportScheduleOptions | None,
    actor: Actor,
) -> CampaignStatus:
    campaign = campaigns.create_campaign(session, new_campaign, actor)
    if schedule:
        schedules.schedule_export(session, campaign, schedule.request, schedule.recurrence, actor)
    return campaign_status.status_of(session, campaign)


@app.command("list", epilog="Example: labelbot campaign list --json")
def list_campaigns(*, as_json: Json = False) -> None:
    """List all campaigns with their counts."""
    with open_database() as database:
        statuses = database.read_now(campaign_status.list_statuses)
    if as_json:
        print_json(statuses)
    elif not statuses:
        print_text("There are no campaigns yet. Create one with labelbot campaign create.")
    else:
        columns = ("name", "kind", "state", "items", "answered", "wanted", "experts", "deadline")
        rows = [[getattr(status, column) for column in columns] for status in statuses]
        print_table(columns, rows)


@app.command(epilog="Example: labelbot campaign show jokes")
def show(name: Name, *, as_json: Json = False) -> None:
    """Show one campaign: progress, members, export schedules."""
    with open_database() as database:
        details = database.read_now(campaign_details.load_details, name)
    if as_json:
        print_json(details)
    else:
        campaign_details.print_details(details)


@app.command("add-experts", epilog="Example: labelbot campaign add-experts jokes U0123ABCD")
def add_experts(
    name: Name,
    experts: Annotated[
        list[str], typer.Argument(metavar="PERSON", help="Slack ids or e-mail addresses.")
    ],
) -> None:
    """Add members to a campaign."""
    people = expert_lookup.resolve_people(experts)
    slack_ids = people.require_some()
    with open_database() as database:
        result = database.write_now(_add_experts, name, slack_ids, command_line_actor())
    print_text(expert_lookup.format_added(name, result.added, result.existing))
    people.print_unknown()


def _add_experts(
    session: Session, name: str, slack_ids: list[str], actor: Actor
) -> campaigns.AddExpertsResult:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return campaigns.add_experts(session, campaign, slack_ids, actor)


app.command(
    "guidelines",
    epilog='Example: labelbot campaign guidelines jokes --file jokes.md --note "puns are fine"',
)(campaign_edit.change_guidelines)
app.command("edit", epilog="Example: labelbot campaign edit jokes --deadline 2030-05-31")(
    campaign_fields.edit_campaign
)
app.command("clone", epilog="Example: labelbot campaign clone jokes jokes-2")(
    campaign_fields.clone_campaign
)
app.command("apply", epilog="Example: labelbot campaign apply jokes.yaml --yes")(
    campaign_apply.apply_campaign
)
app.command(
    "audience", epilog="Example: labelbot campaign audience jokes --domains law --language en"
)(campaign_edit.change_audience)
app.command(
    "quality",
    epilog="Example: labelbot campaign quality jokes --pause-on-quality-failure",
)(campaign_edit.change_pausing)


app.command(
    "practice", epilog="Example: labelbot campaign practice jokes --practice 5 --pass-mark 0.8"
)(campaign_edit.change_practice)
app.command("qualify", epilog="Example: labelbot campaign qualify jokes U0123ABCD")(
    campaign_edit.qualify
)


app.command("retention", epilog="Example: labelbot campaign retention jokes --days 90")(
    campaign_edit.change_retention
)


for _command in (campaign_lifecycle.pause, campaign_lifecycle.resume, campaign_lifecycle.close):
    app.command(epilog=f"Example: labelbot campaign {_command.__name__} jokes")(_command)
