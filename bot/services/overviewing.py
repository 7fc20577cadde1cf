"""The whole picture of campaigns: progress, pace, forecast, agreement, and what needs somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.quality.gold import Accuracy
from bot.services import foreseeing, reporting, surveying, worrying
from bot.services.foreseeing import Lately, Outlook
from bot.services.reporting import CampaignStatus, ExpertStatus
from bot.services.surveying import ExpertFound, Found, Kept
from bot.services.worrying import Away, Situation, Waiting, Worry
from storage.queries import attention
from storage.queries.attention import Member
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class Overview:
    """A campaign at a glance.

    Attributes:
        status: what is wanted and what is there.
        outlook: how it goes on.
        kept: what its answers say together, as last looked at; None if nobody looked yet.
        waiting: what waits for a coordinator.
        away: who of its pool is not there.
        worries: what needs somebody, the worst first.
    """

    status: CampaignStatus
    outlook: Outlook
    kept: Kept | None
    waiting: Waiting
    away: tuple[Away, ...]
    worries: tuple[Worry, ...]

    @property
    def found(self) -> Found:
        """Return what its answers say together, nothing if nobody looked yet."""
        return self.kept.found if self.kept else Found()


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """One expert of a campaign, for coordinators alone.

    Attributes:
        name: the real name, or the pseudonym where it is not known.
        answered: answers that stand; open: tasks they hold.
        seconds: the median of how long an answer took.
        agrees: the share of what others said about the same items that is the same.
        gold: how often they were right where the right answer is known.
        away: why they are not there, "" if they are.
    """

    name: str
    slack_id: str
    pseudonym: str
    answered: int
    open: int
    skipped: int
    expired: int
    last_answer: datetime | None
    seconds: float | None
    agrees: float | None
    gold: Accuracy | None
    away: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One campaign, and each of its experts in the order they joined."""

    overview: Overview
    experts: tuple[ExpertLine, ...]


def overviews(session: Session, now: datetime) -> list[Overview]:
    """Return every campaign at a glance, in the order they were created."""
    known = _Known.read(session, now)
    return [
        _overview(status, known, surveying.kept(session, status.id), now)
        for status in reporting.statuses(session)
    ]


def picture(
    session: Session, campaign: Campaign, now: datetime, kept: Kept | None = None
) -> Picture:
    """Return the whole picture of one campaign, by what was found just now, or was kept."""
    known = _Known.read(session, now)
    kept = kept or surveying.kept(session, campaign.id or 0)
    overview = _overview(reporting.status_of(session, campaign), known, kept, now)
    members = {member.slack_id: member for member in known.members_of(campaign.id or 0)}
    experts = reporting.expert_statuses(session, campaign)
    lines = (_line(expert, members, overview.found, now) for expert in experts)
    return Picture(overview, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is counted for all campaigns at once."""

    lately: Lately
    members: Sequence[Member]
    questions: Mapping[int, int]
    flags: Mapping[int, int]
    set_aside: Mapping[int, int]

    @classmethod
    def read(cls, session: Session, now: datetime) -> _Known:
        return cls(
            lately=foreseeing.lately(session, now),
            members=attention.members(session),
            questions=attention.questions(session),
            flags=attention.flags(session),
            set_aside=attention.set_aside(session),
        )

    def members_of(self, campaign_id: int) -> list[Member]:
        return [member for member in self.members if member.campaign_id == campaign_id]

    def waiting(self, campaign_id: int) -> Waiting:
        counts = (self.questions, self.flags, self.set_aside)
        return Waiting(*(count.get(campaign_id, 0) for count in counts))


def _overview(status: CampaignStatus, known: _Known, kept: Kept | None, now: datetime) -> Overview:
    members, waiting = known.members_of(status.id), known.waiting(status.id)
    outlook = foreseeing.outlook(status, known.lately, members, now)
    found = kept.found if kept else None
    situation = Situation(status, outlook, found, waiting, members)
    return Overview(
        status=status,
        outlook=outlook,
        kept=kept,
        waiting=waiting,
        away=tuple(worrying.away(members, now)),
        worries=tuple(worrying.worries(situation, now)),
    )


def _line(
    expert: ExpertStatus, members: Mapping[str, Member], found: Found, now: datetime
) -> ExpertLine:
    member = members.get(expert.slack_id)
    known = found.experts.get(member.expert_id) if member else None
    known = known or ExpertFound(answers=0, seconds=None, agrees=None, compared=0, gold=None)
    away = worrying.away([member], now) if member else []
    return ExpertLine(
        name=expert.name or expert.pseudonym,
        slack_id=expert.slack_id,
        pseudonym=expert.pseudonym,
        answered=expert.answered,
        open=expert.open,
        skipped=expert.skipped,
        expired=expert.expired,
        last_answer=expert.last_answer,
        seconds=known.seconds,
        agrees=known.agrees,
        gold=known.gold,
        away=away[0].why if away else "",
    )
