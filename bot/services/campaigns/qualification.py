"""Who gets tasks of a campaign with practice: those who passed or whom coordinators admitted.

Coordinators are told once of each expert who has failed with every attempt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.messages.practice import PracticeFailureMessage
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor, subject_of
from bot.services.answers.practice import PracticeRules, rules_of, settle_attempt
from bot.services.campaigns.campaigns import require_not_closed
from bot.services.campaigns.edit import Difference
from bot.services.campaigns.notify_coordinators import notify_coordinators
from bot.services.campaigns.validation import validate_practice
from bot.webhooks.events import WarningRaised
from storage.queries import outbox, practice, progress, webhook_deliveries
from storage.queries.advisory_lock import acquire_advisory_lock
from storage.queries.practice import PracticeMember
from storage.row_id import id_of
from storage.tables import Campaign

ADMITTED_TEXT = (
    "You get tasks of “{title}” now: a coordinator admitted you. Type /label next to start."
)


PRACTICE_FAILED = "an expert failed the practice"


class PracticeNotRequiredError(BotError):
    """“{campaign}” has no practice: its experts get tasks at once."""


class NotPracticingError(BotError):
    """{who} is not an expert of “{campaign}”. Invite them first."""


class AlreadyQualifiedError(BotError):
    """{who} gets tasks of “{campaign}” already. There is nothing to do."""


def qualify(session: Session, campaign: Campaign, slack_id: str, actor: Actor) -> PracticeMember:
    """Give an expert tasks of a campaign without passing its practice, and tell them.

    A practice question that they have open stays open.

    Raises:
        ClosedCampaignError: the campaign is closed.
        PracticeNotRequiredError: the campaign has no practice.
        NotPracticingError: the person is not an expert of the campaign.
        AlreadyQualifiedError: they passed, or somebody admitted them before.
    """
    require_not_closed(campaign)
    if not campaign.practice_questions:
        raise PracticeNotRequiredError(campaign=campaign.name)
    member = practice.member_of(session, id_of(campaign), slack_id)
    if member is None:
        raise NotPracticingError(who=slack_id, campaign=campaign.name)
    membership = practice.locked_membership(session, id_of(campaign), id_of(member.expert))
    if membership is None or membership.qualified_at is not None:
        who = member.expert.name or member.expert.pseudonym
        raise AlreadyQualifiedError(who=who, campaign=campaign.name)
    membership.qualified_at = actor.at
    session.add(membership)
    actor.record(
        session, "admitted an expert without practice", subject_of(campaign), expert=slack_id
    )
    text = ADMITTED_TEXT.format(title=campaign.title)
    message = TextMessage(text, reason="a coordinator admitted the expert without practice")
    outbox.enqueue(session, message, recipient=slack_id, now=actor.at)
    return member


@dataclass(frozen=True, slots=True)
class PracticeChange:
    """A change of the practice of a campaign; None keeps a value."""

    questions: int | None = None
    pass_mark: float | None = None
    attempts: int | None = None


def change_practice(
    session: Session, campaign: Campaign, change: PracticeChange, actor: Actor
) -> PracticeRules:
    """Change the practice of a campaign, and return the new one.

    Attempts that now have all their questions are passed or failed at once. Experts who passed keep
    getting tasks. Experts who failed may try again if there are more attempts.

    Raises:
        ClosedCampaignError: the campaign is closed.
        NoPracticeError: answers of the kind cannot be compared with a gold answer.
        BadNumberError: a number is out of range.
    """
    require_not_closed(campaign)
    old = rules_of(campaign)
    new = validate_practice(
        kind_named(campaign.kind),
        old.questions if change.questions is None else change.questions,
        old.pass_mark if change.pass_mark is None else change.pass_mark,
        old.attempts if change.attempts is None else change.attempts,
    )
    campaign.practice_questions = new.questions
    campaign.practice_pass_mark = new.pass_mark
    campaign.practice_attempts = new.attempts
    session.add(campaign)
    for membership, _, expert in practice.practicing_members(session, id_of(campaign)):
        if new.questions:
            settle_attempt(session, campaign, membership, expert.slack_id, actor.at)
        if membership.practice_failures < new.attempts:
            membership.practice_reported_at = None
            session.add(membership)
    actor.record(
        session,
        "changed the practice",
        subject_of(campaign),
        questions=new.questions,
        pass_mark=new.pass_mark,
        attempts=new.attempts,
    )
    return new


def count_missing_gold(session: Session, campaign: Campaign) -> int:
    """Return how many more gold items the practice of a campaign needs before anyone can start."""
    campaign_id = id_of(campaign)
    gold_items = progress.gold_item_counts(session, campaign_id).get(campaign_id, 0)
    return max(campaign.practice_questions - gold_items, 0)


def describe_missing_gold(missing: int) -> str:
    """Return the warning about a practice that has too few gold items."""
    items = "1 more gold item" if missing == 1 else f"{missing:,} more gold items"
    return f"The practice needs {items}. No new expert gets tasks before you import them."


def edit_practice(
    session: Session, campaign: Campaign, change: PracticeChange, actor: Actor
) -> list[Difference]:
    """Change the practice if that makes a difference; return what changed.

    Raises the errors of `change_practice`.
    """
    wanted = {
        "practice_questions": change.questions,
        "practice_pass_mark": change.pass_mark,
        "practice_attempts": change.attempts,
    }
    differences = [
        Difference(field, getattr(campaign, field), value)
        for field, value in wanted.items()
        if value not in (None, getattr(campaign, field))
    ]
    if differences:
        change_practice(session, campaign, change, actor)
    return differences


def report_failures(session: Session, coordinators: Collection[str], now: datetime) -> int:
    """Tell the coordinators of each expert who has no attempt left; return of how many."""
    acquire_advisory_lock(session, "report_practice_failures")
    failures = practice.unreported_failures(session)
    for failure in failures:
        failure.membership.practice_reported_at = now
        session.add(failure.membership)
        campaign_id = id_of(failure.campaign)
        notify_coordinators(
            session,
            PracticeFailureMessage(campaign_id, failure.expert.slack_id),
            campaign_id=campaign_id,
            coordinators=coordinators,
            now=now,
        )
        event = WarningRaised("practice", PRACTICE_FAILED, id_of(failure.expert))
        webhook_deliveries.queue_event(session, event, campaign_id=campaign_id, now=now)
    return len(failures)
