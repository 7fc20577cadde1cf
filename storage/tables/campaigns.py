"""Tables of campaigns: settings, versions of the guidelines, drafts and templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    enum_check,
    json_list_column,
    json_list_column_with_default,
    json_object_column,
    nullable_datetime_column,
    server_default,
)
from storage.tables.states import CampaignState, SkipPolicy


class Campaign(SQLModel, table=True):
    """One labeling project. `settings` belong to the task kind; `seed` determines every shuffle.

    `max_overlap` is set if the overlap is adaptive: an item starts with `overlap` answers and gets
    more, up to that, until the posterior of its answers is `target_posterior`, 0 to 1.
    `informative_pairs`: pairs of models whose order is uncertain come first. `repeat_share` is the
    share of pairs, 0 to 1, that their expert gets again with the sides exchanged.
    `domains` and `language` say which experts its tasks suit (empty: all); an item may override
    them. `gold_share` is the share of gold questions among an expert's tasks, 0 to 1. `channel` is
    the Slack channel for exports and notifications. `pause_on_quality_failure`: an expert whose
    answers clearly fail gets no more tasks until a coordinator resumes them.
    `practice_questions` is how many practice questions an expert answers before the first task; 0:
    none. `practice_pass_mark` is the share of right answers, 0 to 1, with which they pass, and
    `practice_attempts` how often they may try. `sends_welcome`: a message about the campaign comes
    before an expert's first task.
    `max_answers` is how many tasks one expert gets at most, `max_answers_per_day` how many on one
    day in their time zone; 0: no limit.
    `removal_days` after the answer, the bot removes its messages with the task from Slack; 0:
    never.
    `retention_days` after it was closed, its experts are erased; None: never. `completed_at` is
    when every item was found to have all its answers, None while more are needed.
    """

    __table_args__ = (enum_check("state", CampaignState),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    title: str
    kind: str
    settings: dict[str, Any] = json_object_column()
    guidelines: str = ""
    guidelines_version: int = 1
    overlap: int
    max_overlap: int | None = None
    target_posterior: float | None = None
    informative_pairs: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    lease_minutes: int
    reminder_minutes: list[int] = json_list_column()
    seed: str
    state: str = CampaignState.OPEN
    deadline: datetime | None = nullable_datetime_column()
    domains: list[str] = json_list_column_with_default()
    language: str | None = None
    skip_policy: str = Field(
        default=SkipPolicy.REASSIGN, sa_column_kwargs=server_default("reassign")
    )
    gold_share: float = Field(default=0.0, sa_column_kwargs=server_default("0"))
    pause_on_quality_failure: bool = Field(default=False, sa_column_kwargs=server_default("false"))
    sends_welcome: bool = Field(default=True, sa_column_kwargs=server_default("true"))
    repeat_share: float = Field(default=0.0, sa_column_kwargs=server_default("0"))
    practice_questions: int = Field(default=0, sa_column_kwargs=server_default("0"))
    practice_pass_mark: float = Field(default=0.8, sa_column_kwargs=server_default("0.8"))
    practice_attempts: int = Field(default=2, sa_column_kwargs=server_default("2"))
    guidelines_link: str | None = None
    removal_days: int = Field(default=0, sa_column_kwargs=server_default("0"))
    max_answers: int = Field(default=0, sa_column_kwargs=server_default("0"))
    max_answers_per_day: int = Field(default=0, sa_column_kwargs=server_default("0"))
    retention_days: int | None = None
    completed_at: datetime | None = nullable_datetime_column()
    channel: str | None = None
    created_by: str | None = None
    created_at: datetime = datetime_column()


class GuidelinesVersion(SQLModel, table=True):
    """A version of a campaign's guidelines, valid from `created_at`; `note` says what changed."""

    __tablename__ = "guidelines_version"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    version: int = Field(primary_key=True)
    text: str
    note: str = ""
    changed_by: str
    created_at: datetime = datetime_column()


class CampaignDraft(SQLModel, table=True):
    """What a coordinator has entered in the dialog that creates a campaign, until it is created.

    `entries` are texts and lists of texts by the key of the input.
    """

    __tablename__ = "campaign_draft"

    slack_id: str = Field(primary_key=True)
    entries: dict[str, Any] = json_object_column()
    updated_at: datetime = datetime_column()


class CampaignTemplate(SQLModel, table=True):
    """Settings from which campaigns are created; `fields` are columns of `Campaign` by name."""

    __tablename__ = "campaign_template"

    name: str = Field(primary_key=True, max_length=80)
    fields: dict[str, Any] = json_object_column()
    created_by: str
    created_at: datetime = datetime_column()
