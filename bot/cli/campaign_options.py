"""Options of `labelbot campaign create`: rationale, audience, skips, gold questions, reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from bot.cli.option_parsers import OverlapRange, parse_duration, parse_overlap
from bot.services.answers.practice import PracticeRules
from bot.services.campaigns.new_campaign import default_reminders
from bot.services.reports.campaign_status import CampaignStatus, PracticeStatus
from bot.slack.blockkit.text import pluralize
from storage.tables import SkipPolicy

Domains = Annotated[
    str | None, typer.Option(help='Domains that experts must know one of: "law, medicine".')
]
Language = Annotated[str | None, typer.Option(help="Language that experts must read: en.")]
Skips = Annotated[
    SkipPolicy,
    typer.Option(
        help="What happens to items skipped as unclear, broken or unsafe: other experts get them, "
        "or they are put on hold."
    ),
]
Overlap = Annotated[
    OverlapRange,
    typer.Option(
        parser=parse_overlap,
        metavar="COUNT",
        help="Answers per item: 3; or 2..5: more than two only while the answers conflict.",
    ),
]
TargetPosterior = Annotated[
    float | None,
    typer.Option(
        help="With a range of answers per item: probability that the answers are right, from which "
        "an item gets no more. Default: 0.9."
    ),
]
PauseOnFailure = Annotated[
    bool,
    typer.Option(
        "--pause-on-quality-failure",
        help="Pause an expert whose answers clearly fail, until a coordinator resumes them.",
    ),
]
Welcome = Annotated[
    bool,
    typer.Option(
        "--welcome/--no-welcome",
        help="Send each expert a message about the campaign before their first task.",
    ),
]
REMOVAL_HELP = (
    "Days after an answer until the bot deletes its messages and files with the task from Slack; "
    "0: never. What people wrote stays."
)
MAX_ANSWERS_HELP = "Maximum answers per expert in the campaign; 0: no limit."
MAX_ANSWERS_PER_DAY_HELP = (
    "Maximum answers per expert and day, in the time zone of the expert; 0: no limit."
)
MaxAnswers = Annotated[int, typer.Option(metavar="COUNT", help=MAX_ANSWERS_HELP)]
MaxAnswersPerDay = Annotated[int, typer.Option(metavar="COUNT", help=MAX_ANSWERS_PER_DAY_HELP)]
RemovalDays = Annotated[int, typer.Option(metavar="DAYS", help=REMOVAL_HELP)]
InformativePairs = Annotated[
    bool,
    typer.Option(
        "--informative-pairs",
        help="In a comparison, assign pairs of models first whose order is uncertain.",
    ),
]
Gold = Annotated[float, typer.Option(help="Share of gold questions among the tasks, 0 to 0.5.")]
Repeats = Annotated[
    float,
    typer.Option(
        help="Share of a comparison's pairs that their expert gets again after three days, with "
        "the sides exchanged, 0 to 0.2."
    ),
]
Practice = Annotated[
    int,
    typer.Option(
        help="Gold items that an expert answers, with feedback, before the first task: 0 to 20."
    ),
]
PassMark = Annotated[
    float, typer.Option(help="Share of right practice answers with which an expert passes.")
]
PracticeAttempts = Annotated[
    int, typer.Option(help="How often an expert may try to pass the practice: 1 to 5.")
]
Reason = Annotated[str | None, typer.Option(help="Ask for a reason: no, optional or required.")]
Levels = Annotated[
    int | None, typer.Option(help="With 2, a second expert confirms each answer.", min=1, max=2)
]
Confidence = Annotated[bool, typer.Option("--confidence", help="Ask how sure experts are.")]

Deadline = Annotated[
    str | None, typer.Option(help="Date or time by which all answers are due: 2030-05-31.")
]
ExportChannel = Annotated[
    str | None,
    typer.Option(help="Id of a Slack channel that is notified of each scheduled export."),
]


def rationale_settings(
    reason: str | None, levels: int | None, *, confidence: bool
) -> dict[str, Any]:
    """Return the settings that every kind has, without those the user left out."""
    options = {"reason": reason, "levels": levels, "confidence": confidence or None}
    return {name: value for name, value in options.items() if value is not None}


def reminder_delays(texts: list[str] | None, lease: timedelta) -> tuple[timedelta, ...]:
    """Parse the reminder delays. None means the defaults that are shorter than the lease.

    Raises:
        BadParameter: a text is not a duration.
    """
    if texts is None:
        return default_reminders(lease)
    return tuple(parse_duration(text) for text in texts)


def describe_rules(rules: PracticeRules | PracticeStatus) -> str:
    """Return how many questions a practice has, and when experts pass it."""
    return (
        f"{pluralize(rules.questions, 'question')}, pass mark {rules.pass_mark:g}, "
        f"{pluralize(rules.attempts, 'attempt')}"
    )


def describe_practice(practice: PracticeStatus) -> str:
    """Return the practice of a campaign, and how many of its members passed."""
    text = (
        f"practice: {describe_rules(practice)}; {practice.passed} passed, "
        f"{practice.failed} failed, {practice.in_practice} in practice"
    )
    missing = practice.questions - practice.gold_items
    return f"{text}; needs {pluralize(missing, 'more gold item')}" if missing > 0 else text


def describe_adaptive_overlap(status: CampaignStatus) -> str:
    """Return how many answers per item a campaign with an adaptive overlap gets."""
    return (
        f"{status.overlap} to {status.max_overlap} answers per item, target posterior "
        f"{status.target_posterior:g}; {status.expected:,} answers expected"
    )
