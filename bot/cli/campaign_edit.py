"""Changes to a running campaign: guidelines, audience, pausing, practice and who skips it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli import campaign_options, expert_lookup, option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import print_note, print_text
from bot.services.actors.actor import Actor
from bot.services.answers.practice import PracticeRules
from bot.services.campaigns import (
    audience,
    campaigns,
    guidelines,
    invitations,
    qualification,
    quality_failures,
)
from bot.services.people import retention
from bot.slack.blockkit.text import pluralize

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]


def change_guidelines(
    name: Name,
    *,
    file: Annotated[Path, typer.Option(help="The new guidelines, in Markdown.")],
    note: Annotated[str, typer.Option(help="What changed, in a few words; experts see it.")],
    link: Annotated[
        str | None, typer.Option(help='Link to more information; "" removes it.')
    ] = None,
) -> None:
    """Publish new guidelines; each expert's next task says what changed."""
    text = option_parsers.read_text(file)
    with open_database() as database:
        version = database.write_now(_save_guidelines, name, text, note, link, command_line_actor())
    print_text(
        f"Published guidelines v{version} of “{name}”; each expert's next task says what changed."
    )


def _save_guidelines(  # noqa: PLR0913, PLR0917 - the fields of a version
    session: Session, name: str, text: str, note: str, link: str | None, actor: Actor
) -> int:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return guidelines.change_guidelines(session, campaign, text, note, actor, link=link)


def change_audience(
    name: Name,
    *,
    domains: campaign_options.Domains = None,
    language: campaign_options.Language = None,
) -> None:
    """Change the domains and the language of a campaign.

    "" removes a requirement. An omitted option keeps the current one.
    """
    tags = invitations.parse_tags(domains) if domains is not None else None
    with open_database() as database:
        database.write_now(_save_audience, name, tags, language, command_line_actor())
    print_text(f"Changed the audience of “{name}”; its tasks are matched to experts again.")


def _save_audience(
    session: Session, name: str, domains: tuple[str, ...] | None, language: str | None, actor: Actor
) -> None:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    audience.change_audience(session, campaign, domains, language, actor)


def change_pausing(
    name: Name,
    *,
    pauses: Annotated[
        bool,
        typer.Option(
            "--pause-on-quality-failure/--no-pause-on-quality-failure",
            help="Pause an expert whose answers clearly fail, or only alert the coordinators.",
        ),
    ],
) -> None:
    """Change what happens to an expert whose answers clearly fail.

    It applies from the next alert on. Paused experts stay paused until you resume them.
    """
    with open_database() as database:
        changed = database.write_now(_save_pausing, name, command_line_actor(), pauses=pauses)
    now = "from now on" if changed else "as before"
    effect = "pauses experts" if pauses else "alerts coordinators and pauses nobody"
    print_text(f"“{name}” {effect} if answers clearly fail, {now}.")


def _save_pausing(session: Session, name: str, actor: Actor, *, pauses: bool) -> bool:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    return quality_failures.change_pausing(session, campaign, actor, pauses=pauses)


def change_practice(
    name: Name,
    *,
    practice: Annotated[
        int | None, typer.Option(help="Gold items that an expert answers first: 0 to 20.")
    ] = None,
    pass_mark: Annotated[
        float | None, typer.Option(help="Share of right answers with which an expert passes.")
    ] = None,
    practice_attempts: Annotated[
        int | None, typer.Option(help="How often an expert may try: 1 to 5.")
    ] = None,
) -> None:
    """Change the practice before the first task. An omitted option keeps the current value.

    Experts who passed keep their tasks. An attempt that has all its questions now is passed or
    failed at once.
    """
    change = qualification.PracticeChange(practice, pass_mark, practice_attempts)
    if change == qualification.PracticeChange():
        message = "Give --practice, --pass-mark or --practice-attempts."
        raise typer.BadParameter(message)
    with open_database() as database:
        rules, missing = database.write_now(_save_practice, name, change, command_line_actor())
    print_text(f"Practice of “{name}”: {campaign_options.describe_rules(rules)}.")
    if missing:
        print_note(qualification.describe_missing_gold(missing))


def _save_practice(
    session: Session, name: str, change: qualification.PracticeChange, actor: Actor
) -> tuple[PracticeRules, int]:
    """Change the practice; return it, and how many more gold items it needs."""
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    rules = qualification.change_practice(session, campaign, change, actor)
    return rules, qualification.count_missing_gold(session, campaign)


def change_retention(
    name: Name,
    *,
    days: Annotated[
        int | None, typer.Option(help="Days after the campaign is closed; 0: at once.")
    ] = None,
    forever: Annotated[
        bool, typer.Option("--forever", help="Erase nobody, as without this command.")
    ] = False,
) -> None:
    """Erase the experts of a campaign some days after it is closed.

    Their answers stay under the pseudonym, as with labelbot people erase.
    Experts who are in another campaign that keeps them, or have a role, stay.
    """
    if forever == (days is not None):
        message = "Give --days or --forever."
        raise typer.BadParameter(message)
    with open_database() as database:
        database.write_now(_save_retention, name, days, command_line_actor())
    when = "never" if days is None else f"{pluralize(days, 'day')} after it is closed"
    print_text(f"Experts of “{name}” are erased {when}.")


def _save_retention(session: Session, name: str, days: int | None, actor: Actor) -> None:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    retention.change_retention(session, campaign, days, actor)


def qualify(
    name: Name,
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Slack id or e-mail address of a member.")
    ],
) -> None:
    """Give an expert tasks without passing the practice, and tell them."""
    (slack_id,) = expert_lookup.resolve_slack_ids([person])
    with open_database() as database:
        database.write_now(_qualify, name, slack_id, command_line_actor())
    print_text(f"{slack_id} gets tasks of “{name}” now.")


def _qualify(session: Session, name: str, slack_id: str, actor: Actor) -> None:
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    qualification.qualify(session, campaign, slack_id, actor)
