"""Progress, forecast, agreement and models of campaigns."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter
from pydantic_core import to_jsonable_python
from sqlmodel import Session

from bot.api.call import ReadCall
from bot.api.errors import NoLeaderboardError
from bot.api.routes.campaigns import CampaignName
from bot.services.reports import overview, quality_report
from bot.services.reports.documents import overview_document, report_document
from bot.services.reports.leaderboard_document import leaderboard_document

router = APIRouter()


@router.get("/campaigns/{campaign}/status")
def get_status(call: ReadCall, campaign: CampaignName) -> dict[str, Any]:
    """Return the progress of a campaign, with pace, forecast, agreement and warnings."""
    now = call.context.clock.now()

    def load(session: Session) -> dict[str, Any]:
        row = call.campaign(session, campaign)
        report = overview.build_campaign_report(session, row, now, has_names=False)
        return _plain(overview_document(report.overview))

    return call.read(load)


@router.get("/campaigns/{campaign}/report")
def get_report(call: ReadCall, campaign: CampaignName) -> dict[str, Any]:
    """Return agreement, experts by pseudonym, models and the hardest items of a campaign."""
    now = call.context.clock.now()

    def load(session: Session) -> dict[str, Any]:
        row = call.campaign(session, campaign)
        return _plain(report_document(quality_report.build_report(session, row, now)))

    return call.read(load)


@router.get("/campaigns/{campaign}/leaderboard")
def get_leaderboard(call: ReadCall, campaign: CampaignName) -> dict[str, Any]:
    """Return the models of a campaign, ranked by how often their responses are better."""

    def load(session: Session) -> dict[str, Any]:
        document = leaderboard_document(session, call.campaign(session, campaign))
        if document is None:
            raise NoLeaderboardError(name=campaign)
        return _plain(document)

    return call.read(load)


def _plain(document: object) -> dict[str, Any]:
    """Return a document as JSON values; figures that are not finite become null."""
    return dict(orjson.loads(orjson.dumps(to_jsonable_python(document))))
