"""Tables of agreement figures, alerts, warnings and appeals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    json_object_column,
    nullable_datetime_column,
    nullable_json_object_column,
)


class QualityAlert(SQLModel, table=True):
    """A clear failure of an expert's answers that the coordinators were notified of, once.

    `pattern` names the failure, and `text` describes it as of `created_at`. If the campaign pauses
    experts, `paused_at` is when this expert was paused, until `resumed_at`.
    """

    __tablename__ = "quality_alert"

    __table_args__ = (UniqueConstraint("campaign_id", "expert_id", "pattern"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    expert_id: int = Field(foreign_key="expert.id")
    pattern: str
    text: str
    created_at: datetime = datetime_column()
    paused_at: datetime | None = nullable_datetime_column()
    resumed_by: str | None = None
    resumed_at: datetime | None = nullable_datetime_column()


class CampaignJump(SQLModel, table=True):
    """A week of a campaign that differs from the weeks before, as coordinators were notified, once.

    `figure` names what differs, `week` is the Monday, and `text` describes it as of `created_at`.
    """

    __tablename__ = "campaign_jump"

    __table_args__ = (UniqueConstraint("campaign_id", "figure", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    figure: str
    week: date
    text: str
    created_at: datetime = datetime_column()


class WarningNotice(SQLModel, table=True):
    """A warning about a campaign that coordinators were notified of or have dismissed.

    `key` is that of the warning in `bot.services.reports.warnings`. The row is removed when the
    warning no longer applies, so that coordinators are notified again if it returns.
    """

    __tablename__ = "warning_notice"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    key: str = Field(primary_key=True)
    reported_at: datetime | None = nullable_datetime_column()
    dismissed_at: datetime | None = nullable_datetime_column()
    dismissed_by: str | None = None


class GoldAppeal(SQLModel, table=True):
    """An expert's appeal against the verdict that their answer to a gold question is wrong.

    `is_upheld` is None until a coordinator has decided; then the answer became the gold answer, or
    the verdict stays. `gold_before` is the gold answer that an upheld appeal replaced.
    """

    __tablename__ = "gold_appeal"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", unique=True)
    appealed_at: datetime = datetime_column()
    is_upheld: bool | None = None
    gold_before: dict[str, Any] | None = nullable_json_object_column()
    resolution: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = nullable_datetime_column()


class AgreementReport(SQLModel, table=True):
    """Agreement figures of a campaign, stored because computing them reads all answers."""

    __tablename__ = "agreement_report"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    figures: dict[str, Any] = json_object_column()
    computed_at: datetime = datetime_column()
