"""`labelbot campaign edit` and `labelbot campaign clone`: change a running campaign, or copy it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli import campaign_options, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.option_parsers import OverlapRange
from bot.cli.output import format_value, print_table, print_text
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, clone, edit, validation
from bot.services.campaigns.edit import CampaignEdit, Difference
from bot.slack.blockkit.text import pluralize
from storage.tables import SkipPolicy

COLUMNS = ("field", "before", "after")
Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
Settings = Annotated[
    str | None, typer.Option(help="Settings of the kind that change, as JSON or @FILE.")
]


def edit_campaign(  # noqa: PLR0913 - one parameter per option
    name: Name,
    *,
    title: Annotated[str | None, typer.Option(help="Title that experts see.")] = None,
    deadline: Annotated[
        str | None, typer.Option(help='Date or time by which all answers are due; "" removes it.')
    ] = None,
    tz: Annotated[str, typer.Option(help="Time zone of the deadline.")] = "UTC",
    lease: Annotated[
        str | None, typer.Option(help="Working time until an unanswered task expires.")
    ] = None,
    remind_after: Annotated[
        list[str] | None,
        typer.Option(help='Working time until a reminder; repeatable. "" alone: no reminders.'),
    ] = None,
    gold_share: Annotated[
        float | None, typer.Option(help="Share of gold questions among the tasks, 0 to 0.5.")
    ] = None,
    overlap: Annotated[
        OverlapRange | None,
        typer.Option(
            parser=option_parsers.parse_overlap,
            metavar="COUNT",
            help="Answers per item: 3; or 2..5: more than two only while the answers conflict.",
        ),
    ] = None,
    target_posterior: campaign_options.TargetPosterior = None,
    skips: Annotated[
        SkipPolicy | None, typer.Option(help="What happens to items skipped as unclear or broken.")
    ] = None,
    removal_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help=campaign_options.REMOVAL_HELP)
    ] = None,
    max_answers: Annotated[
        int | None, typer.Option(metavar="COUNT", help=campaign_options.MAX_ANSWERS_HELP)
    ] = None,
    max_answers_per_day: Annotated[
        int | None, typer.Option(metavar="COUNT", help=campaign_options.MAX_ANSWERS_PER_DAY_HELP)
    ] = None,
    settings: Settings = None,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
) -> None:
    """Change a running campaign. An omitted option keeps the current value.

    Settings that would change what answers so far mean are refused; clone the campaign for them.
    """
    changed = CampaignEdit(
        title=title,
        deadline=option_parsers.parse_deadline(deadline, tz) if deadline else None,
        removes_deadline=deadline == "",
        lease=option_parsers.parse_duration(lease) if lease else None,
        reminders=_parse_reminders(remind_after),
        gold_share=gold_share,
        overlap=overlap.minimum if overlap else None,
        max_overlap=overlap.maximum if overlap else None,
        target_posterior=target_posterior,
        skip_policy=skips,
        removal_days=removal_days,
        max_answers=max_answers,
        max_answers_per_day=max_answers_per_day,
        settings=_parse_settings(settings),
    )
    with open_database() as database:
        actor = command_line_actor()
        run = database.read_now if is_dry_run else database.write_now
        differences = run(_compare if is_dry_run else _edit, name, changed, actor)
    _print_differences(name, differences, is_dry_run=is_dry_run)


def _parse_reminders(texts: list[str] | None) -> list[timedelta] | None:
    if texts is None:
        return None
    return [option_parsers.parse_duration(text) for text in texts if text.strip()]


def _parse_settings(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    return option_parsers.parse_json_object(text, "The settings", '{"confidence": true}')


def _compare(session: Session, name: str, changed: CampaignEdit, actor: Actor) -> list[Difference]:
    campaign = campaigns.campaign_by_name(session, name)
    return edit.compare(session, campaign, changed, actor.at)


def _edit(session: Session, name: str, changed: CampaignEdit, actor: Actor) -> list[Difference]:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return edit.edit_campaign(session, campaign, changed, actor)


def _print_differences(name: str, differences: list[Difference], *, is_dry_run: bool) -> None:
    if not differences:
        print_text(f"Nothing changes in “{name}”.")
        return
    print_table(COLUMNS, map(table_row, differences))
    fields = pluralize(len(differences), "field")
    print_text(f"{'Would change' if is_dry_run else 'Changed'} {fields} of “{name}”.")


def table_row(difference: Difference) -> tuple[str, str, str]:
    """Return the cells of a difference under `COLUMNS`; of settings, those that change."""
    if isinstance(difference.before, dict):
        changed = {
            key: value
            for key, value in difference.after.items()
            if value != difference.before.get(key)
        }
        before = {key: difference.before.get(key) for key in changed}
        return difference.field, str(before), str(changed)
    return difference.field, format_value(difference.before), format_value(difference.after)


def clone_campaign(
    name: Name,
    new_name: Annotated[
        str, typer.Argument(metavar="NEW", help="Name of the copy; default: a free one.")
    ] = "",
    *,
    settings: Settings = None,
) -> None:
    """Create a campaign with the same settings and members, without items and exports."""
    with open_database() as database:
        created = database.write_now(
            _clone, name, new_name, _parse_settings(settings), command_line_actor()
        )
    print_text(f"Created “{created}” like “{name}”. Next: labelbot import {created} FILE")


def _clone(
    session: Session, name: str, new_name: str, settings: dict[str, Any], actor: Actor
) -> str:
    campaign = campaigns.campaign_by_name(session, name)
    if new_name:
        validation.validate_name(new_name)
    return clone.clone_campaign(session, campaign, new_name, actor, settings=settings).name
