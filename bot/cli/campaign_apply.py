"""`labelbot campaign apply`: create or change a campaign until it is as a file describes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import campaign_fields, expert_lookup
from bot.cli.campaign_file import describe_campaign, place_error, read_campaign_file
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import print_note, print_table, print_text
from bot.cli.yaml_file import YamlFile
from bot.errors import BotError
from bot.services.campaigns import apply
from bot.services.campaigns.apply import CampaignDescription, DescriptionChanges
from bot.services.campaigns.qualification import describe_missing_gold
from bot.slack.blockkit.text import pluralize


def apply_campaign(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML file with the campaign.")],
    *,
    note: Annotated[
        str, typer.Option(help="What changed in the guidelines, in a few words; experts see it.")
    ] = "",
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; change nothing.")
    ] = False,
    is_confirmed: Annotated[
        bool, typer.Option("--yes", help="Apply without asking for confirmation.")
    ] = False,
) -> None:
    """Create or change a campaign until it is as a file describes it.

    Shows the differences first. A key that is not in the file keeps its value. Members whom the
    file does not list stay.
    """
    file = YamlFile(path)
    content = read_campaign_file(file)
    with _placed_errors(file):
        people = expert_lookup.resolve_people(content.experts)
        description = describe_campaign(file, content, people.slack_ids, note)
    with open_database() as database, _placed_errors(file):
        shown = database.write_now(apply.preview, description, command_line_actor())
        _print_changes(description, shown)
        people.print_unknown()
        if is_dry_run or not shown.differences:
            return
        if not is_confirmed:
            typer.confirm("Apply this?", abort=True, err=True)
        database.write_now(apply.apply_shown, description, shown, command_line_actor())
    print_text(_format_result(content.name, shown))


@contextmanager
def _placed_errors(file: YamlFile) -> Iterator[None]:
    """Add the place in the file to the errors that are about it."""
    try:
        yield
    except BotError as error:
        placed = place_error(file, error)
        if placed is None:
            raise
        raise placed from error


def _print_changes(description: CampaignDescription, changes: DescriptionChanges) -> None:
    name = description.campaign.name
    if changes.is_new:
        print_text(f"There is no campaign “{name}” yet. It would be created:")
    elif not changes.differences:
        print_text(f"Nothing changes in “{name}”.")
    fields = [one for one in changes.differences if one.field != "guidelines"]
    if fields:
        print_table(campaign_fields.COLUMNS, map(campaign_fields.table_row, fields))
    for one in changes.differences:
        if one.field == "guidelines":
            before, after = ((text or "").splitlines() for text in (one.before, one.after))
            lines = unified_diff(before, after, "guidelines before", "after", lineterm="")
            print_text("\n".join(lines))
    if changes.unlisted:
        members = ", ".join(changes.unlisted)
        print_note(f"Members who are not in the file stay: {members}.")
    if changes.missing_gold:
        print_note(describe_missing_gold(changes.missing_gold))


def _format_result(name: str, changes: DescriptionChanges) -> str:
    if changes.is_new:
        return f"Created “{name}”. Next: labelbot import {name} FILE"
    return f"Changed {pluralize(len(changes.differences), 'field')} of “{name}”."
