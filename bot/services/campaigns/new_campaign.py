"""The options of a campaign to create, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.cadence.working_hours import WORKING_DAY
from storage.tables import Campaign, SkipPolicy

DEFAULT_LEASE = 2 * WORKING_DAY
DEFAULT_PASS_MARK, DEFAULT_PRACTICE_ATTEMPTS = 0.8, 2
DEFAULT_REMINDERS = (timedelta(hours=4), WORKING_DAY, timedelta(hours=12))


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to create.

    Attributes:
        name: the name in commands and file names: lowercase letters, digits and hyphens.
        kind: the name of its kind of task.
        title: the title that experts read; the name if empty.
        settings: settings of the kind.
        guidelines: guidelines for experts, in Markdown.
        overlap: how many experts answer each item, or at least do so if there is a maximum.
        max_overlap: how many experts answer an item at most; None: the overlap is fixed.
        target_posterior: probability that the answers are right from which an item gets no more;
            None: the default, if there is a maximum.
        informative_pairs: in a comparison, pairs of models whose order is uncertain come first.
        lease: working time that an expert may keep a task before it goes to another expert.
        reminders: working time after delivery at which each reminder is due.
        deadline: when the campaign should be done, timezone-aware.
        experts: Slack ids.
        guidelines_link: https link to more guidelines.
        gold_share: share of gold questions among an expert's tasks, 0 to 0.5.
        repeat_share: share of a comparison's pairs that their expert gets again, 0 to 0.2.
        practice_questions: gold items that an expert answers with feedback before the first task,
            0 to 20; 0: none.
        practice_pass_mark: share of right answers with which they pass, above 0 to 1.
        practice_attempts: how often they may try, 1 to 5.
        channel: Slack channel that receives its exports and notifications.
        domains, language: default audience of its items; empty: anyone.
        skip_policy: whether others get a task that was skipped as unclear, broken or unsafe.
        pause_on_quality_failure: whether an expert whose answers clearly fail gets no more tasks.
        sends_welcome: whether a message about the campaign comes before an expert's first task.
        removal_days: days after the answer until the bot removes its messages with the task from
            Slack, up to 3,650; 0: never.
        max_answers, max_answers_per_day: how many tasks one expert gets at most, in the campaign
            and on one day in their time zone, up to 1,000,000; 0: no limit.
        retention_days: days after which its experts are erased once it is closed; None: never.
    """

    name: str
    kind: str
    title: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    guidelines: str = ""
    overlap: int = 3
    max_overlap: int | None = None
    target_posterior: float | None = None
    informative_pairs: bool = False
    lease: timedelta = DEFAULT_LEASE
    reminders: Sequence[timedelta] = DEFAULT_REMINDERS
    deadline: datetime | None = None
    experts: Sequence[str] = ()
    guidelines_link: str | None = None
    gold_share: float = 0.0
    repeat_share: float = 0.0
    practice_questions: int = 0
    practice_pass_mark: float = DEFAULT_PASS_MARK
    practice_attempts: int = DEFAULT_PRACTICE_ATTEMPTS
    channel: str | None = None
    domains: Sequence[str] = ()
    language: str | None = None
    skip_policy: SkipPolicy = SkipPolicy.REASSIGN
    pause_on_quality_failure: bool = False
    sends_welcome: bool = True
    removal_days: int = 0
    max_answers: int = 0
    max_answers_per_day: int = 0
    retention_days: int | None = None


def new_campaign_like(campaign: Campaign) -> NewCampaign:
    """Return a campaign with the settings of another: without its people and its deadline."""
    return NewCampaign(
        name=campaign.name,
        kind=campaign.kind,
        title=campaign.title,
        settings=campaign.settings,
        guidelines=campaign.guidelines,
        overlap=campaign.overlap,
        max_overlap=campaign.max_overlap,
        target_posterior=campaign.target_posterior,
        informative_pairs=campaign.informative_pairs,
        lease=timedelta(minutes=campaign.lease_minutes),
        reminders=[timedelta(minutes=minutes) for minutes in campaign.reminder_minutes],
        guidelines_link=campaign.guidelines_link,
        gold_share=campaign.gold_share,
        repeat_share=campaign.repeat_share,
        practice_questions=campaign.practice_questions,
        practice_pass_mark=campaign.practice_pass_mark,
        practice_attempts=campaign.practice_attempts,
        channel=campaign.channel,
        domains=campaign.domains,
        language=campaign.language,
        skip_policy=SkipPolicy(campaign.skip_policy),
        pause_on_quality_failure=campaign.pause_on_quality_failure,
        sends_welcome=campaign.sends_welcome,
        removal_days=campaign.removal_days,
        max_answers=campaign.max_answers,
        max_answers_per_day=campaign.max_answers_per_day,
        retention_days=campaign.retention_days,
    )


def default_reminders(lease: timedelta) -> tuple[timedelta, ...]:
    """Return the usual reminders that come before the lease ends."""
    return tuple(delay for delay in DEFAULT_REMINDERS if delay < lease)
