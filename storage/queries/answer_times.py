"""Median time that an expert, or all experts of a campaign, need for a task."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from storage.prepared_statements import PreparedStatement
from storage.tables import Annotation, Assignment, AssignmentState, Campaign, Membership

MAX_ANSWERS = 200
"""Newest answers that count: people get quicker, so old ones say little."""


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Median seconds per answer, by campaign id and by kind name.

    A key is missing if there is no answer yet, or only answers with a pause.
    """

    by_campaign: dict[int, float]
    by_kind: dict[str, float]


_ANSWER_SECONDS = PreparedStatement(
    select(Assignment.campaign_id, Campaign.kind, Annotation.seconds)
    .select_from(Membership)
    .join(
        Assignment,
        and_(
            col(Assignment.campaign_id) == col(Membership.campaign_id),
            col(Assignment.expert_id) == col(Membership.expert_id),
            col(Assignment.state) == bindparam("answered"),
        ),
    )
    .join(
        Annotation,
        and_(
            col(Annotation.assignment_id) == col(Assignment.id),
            col(Annotation.version) == col(Assignment.version),
        ),
    )
    .join(Campaign, col(Campaign.id) == col(Assignment.campaign_id))
    .where(
        col(Membership.expert_id) == bindparam("expert"),
        col(Annotation.seconds).is_not(None),
        col(Annotation.paused).is_(False),
    )
    .order_by(col(Assignment.id).desc())
    .limit(MAX_ANSWERS)
)


def median_seconds(session: Session, expert_id: int) -> AnswerTimes:
    """Return an expert's median seconds per answer, from the latest answers without a pause."""
    seconds_by_campaign: dict[int, list[int]] = {}
    seconds_by_kind: dict[str, list[int]] = {}
    rows = _ANSWER_SECONDS.rows(session, expert=expert_id, answered=AssignmentState.ANSWERED)
    for campaign_id, kind, seconds in rows:
        seconds_by_campaign.setdefault(campaign_id, []).append(seconds)
        seconds_by_kind.setdefault(kind, []).append(seconds)
    return AnswerTimes(
        by_campaign={key: float(median(values)) for key, values in seconds_by_campaign.items()},
        by_kind={kind: float(median(values)) for kind, values in seconds_by_kind.items()},
    )


def campaign_median_seconds(session: Session, campaign_id: int) -> float | None:
    """Return the median seconds per answer of all experts, as above; None: no answer yet."""
    query = (
        select(Annotation.seconds)
        .join(
            Assignment,
            and_(
                col(Assignment.id) == col(Annotation.assignment_id),
                col(Assignment.version) == col(Annotation.version),
            ),
        )
        .where(
            Assignment.campaign_id == campaign_id,
            Assignment.state == AssignmentState.ANSWERED,
            col(Annotation.seconds).is_not(None),
            col(Annotation.paused).is_(False),
        )
        .order_by(col(Assignment.id).desc())
        .limit(MAX_ANSWERS)
    )
    seconds = [value for value in session.exec(query) if value is not None]
    return float(median(seconds)) if seconds else None
