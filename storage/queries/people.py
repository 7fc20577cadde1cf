"""Personal data of one person, and its deletion; answers stay under the pseudonym."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.queries.memberships import DEFAULT_WORK_DAYS
from storage.tables import (
    Assignment,
    CampaignDraft,
    CoordinatorTimeZone,
    Expert,
    Flag,
    Membership,
    OutboxMessage,
    Question,
    QuestionPost,
    ReminderMessage,
    ResponsePart,
    RoleGrant,
    SlackCallLog,
    ThreadReply,
)

ERASED_TEXT = "[erased]"
"""What replaces the text of a question or a problem report."""


@dataclass(frozen=True, slots=True)
class DeletedTexts:
    """How many messages, questions and reports of a person were deleted or emptied."""

    messages: int
    questions: int
    flags: int


def conversations_of(session: Session, expert_id: int) -> set[str]:
    """Return the conversations in which an expert got tasks: their direct messages."""
    query = select(Assignment.channel).where(
        col(Assignment.expert_id) == expert_id, col(Assignment.channel).is_not(None)
    )
    return {str(channel) for (channel,) in session.connection().execute(query.distinct())}


def leave_campaigns(session: Session, expert_id: int, now: datetime) -> None:
    """End an expert's memberships, also those of closed campaigns."""
    statement = update(Membership).where(
        col(Membership.expert_id) == expert_id, col(Membership.left_at).is_(None)
    )
    session.connection().execute(statement.values(left_at=now))


def delete_texts(
    session: Session, expert_id: int | None, recipients: Collection[str]
) -> DeletedTexts:
    """Delete what was sent to a person and what they wrote, except for their answers.

    Open questions are deleted. Of answered questions and of problem reports only the text goes:
    the answer helps others, and the report holds the item. Drafts of responses go, because the
    answer has their text.
    """
    connection = session.connection()
    sent = delete(OutboxMessage).where(col(OutboxMessage.recipient).in_(recipients))
    messages = connection.execute(sent).rowcount
    if expert_id is None:
        return DeletedTexts(messages, 0, 0)
    theirs = select(Assignment.id).where(col(Assignment.expert_id) == expert_id)
    asked = select(Question.id).where(col(Question.assignment_id).in_(theirs))
    connection.execute(delete(QuestionPost).where(col(QuestionPost.question_id).in_(asked)))
    is_open = col(Question.answered_at).is_(None)
    their_questions = col(Question.assignment_id).in_(theirs)
    questions = connection.execute(delete(Question).where(their_questions, is_open)).rowcount
    questions += connection.execute(
        update(Question)
        .where(their_questions)
        .values(text=ERASED_TEXT, channel=None, thread_ts=None)
    ).rowcount
    reports = update(Flag).where(col(Flag.assignment_id).in_(theirs))
    flags = connection.execute(reports.values(reason=ERASED_TEXT)).rowcount
    connection.execute(delete(ResponsePart).where(col(ResponsePart.assignment_id).in_(theirs)))
    connection.execute(delete(ThreadReply).where(col(ThreadReply.assignment_id).in_(theirs)))
    connection.execute(delete(ReminderMessage).where(col(ReminderMessage.expert_id) == expert_id))
    return DeletedTexts(messages, questions, flags)


def delete_profile(session: Session, expert_id: int, new_slack_id: str) -> None:
    """Reset everything about an expert but the pseudonym, and where their messages are in Slack."""
    connection = session.connection()
    kept = {"id", "pseudonym", "is_external", "created_at", "slack_id", "work_days"}
    blank = Expert(slack_id="", pseudonym="", work_days=[], created_at=datetime.min)  # noqa: DTZ901 - not stored
    values = blank.model_dump(exclude=kept)
    connection.execute(
        update(Expert)
        .where(col(Expert.id) == expert_id)
        .values(**values, slack_id=new_slack_id, work_days=DEFAULT_WORK_DAYS)
    )
    places = update(Assignment).where(col(Assignment.expert_id) == expert_id)
    connection.execute(places.values(channel=None, message_ts=None))


def delete_call_logs(session: Session, channels: Collection[str]) -> None:
    """Delete when Slack was called for these conversations.

    The pseudonym cannot replace them: it would be the key of several rows.
    """
    logs = delete(SlackCallLog).where(col(SlackCallLog.channel).in_(channels))
    session.connection().execute(logs)


def delete_roles(session: Session, slack_id: str) -> None:
    """Delete the roles, the time zone and the unfinished campaign of a person."""
    connection = session.connection()
    connection.execute(delete(RoleGrant).where(col(RoleGrant.slack_id) == slack_id))
    time_zone = delete(CoordinatorTimeZone).where(col(CoordinatorTimeZone.slack_id) == slack_id)
    connection.execute(time_zone)
    connection.execute(delete(CampaignDraft).where(col(CampaignDraft.slack_id) == slack_id))
