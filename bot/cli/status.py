"""`labelbot status`: how campaigns go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.opening import open_database
from bot.cli.speaking import JSON, say, say_json, say_table, shown
from bot.clock import WallClock
from bot.services import campaigning, overviewing, surveying
from bot.services.overviewing import ExpertLine, Overview, Picture
from bot.services.surveying import Kept
from bot.slack.overview import end, per_day, percent, sentence
from bot.slack.picture import agreement_in_words, gold_in_words, help_in_words

app = typer.Typer(add_completion=False)

COLUMNS = (
    *("name", "state", "items", "complete", "answered", "wanted", "open", "skipped", "expired"),
    "last_answer",
)


@app.command(epilog="Example: labelbot status jokes --json")
def status(
    campaign: Annotated[
        str | None, typer.Argument(help="The name of a campaign; all if left out.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=JSON)] = False,
) -> None:
    """Show how campaigns go: progress, pace, forecast; of one also agreement and each expert."""
    now = WallClock().now()
    with open_database() as database:
        if campaign is None:
            found, experts = database.read_now(overviewing.overviews, now), None
        else:
            picture = database.read_now(_picture, campaign, now)
            found, experts = [picture.overview], picture.experts
    if as_json:
        told = {"campaigns": [_facts(one) for one in found]}
        say_json(told if experts is None else {**told, "experts": experts})
    else:
        _say(found, experts)


def _picture(session: Session, name: str, now: datetime) -> Picture:
    campaign = campaigning.campaign_named(session, name)
    kept = Kept(surveying.survey(session, campaign.id or 0), now)
    return overviewing.picture(session, campaign, now, kept)


def _facts(one: Overview) -> dict[str, object]:
    return {
        **asdict(one.status),
        "outlook": one.outlook,
        "agreement": one.found.questions,
        "sources": one.found.sources,
        "waiting": one.waiting,
        "away": one.away,
        "worries": one.worries,
    }


def _say(found: Sequence[Overview], experts: Sequence[ExpertLine] | None) -> None:
    if not found:
        say("There is no campaign yet; labelbot campaign create makes one.")
        return
    headings = [*(column.replace("_", " ") for column in COLUMNS), "a day", "done"]
    say_table(headings, map(_row, found))
    for one in found:
        _say_more(one)
    if experts:
        _say_experts(experts)


def _row(one: Overview) -> list[object]:
    values = [getattr(one.status, column) for column in COLUMNS]
    cells = [value if isinstance(value, int) else shown(value) for value in values]
    return [*cells, per_day(one), end(one)]


def _say_more(one: Overview) -> None:
    """Print a line for each thing that needs somebody, would help, or is known of agreement."""
    name = one.status.name
    for worry in one.worries:
        say(f"{name}: {sentence(worry.says)}")
    if one.outlook.helps:
        say(f"{name}: what would help: {'; '.join(map(help_in_words, one.outlook.helps))}.")
    for question, agreed in one.found.questions.items():
        say(f"{name}: agreement on {agreement_in_words(question, agreed)}.")


def _say_experts(experts: Sequence[ExpertLine]) -> None:
    columns = ("slack_id", "name", "pseudonym", "answered", "open", "skipped", "expired")
    headings = ("expert", *columns[1:], "seconds each", "same as others", "gold right", "away")
    say_table(headings, [[*(getattr(one, c) for c in columns), *_quality(one)] for one in experts])


def _quality(one: ExpertLine) -> list[str]:
    seconds = "-" if one.seconds is None else f"{one.seconds:,.0f}"
    return [seconds, percent(one.agrees), gold_in_words(one), one.away or "-"]
