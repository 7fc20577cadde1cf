"""The overview and the quality report of a campaign as JSON, for commands and the HTTP API."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from bot.services.reports.forecast import CampaignForecast
from bot.services.reports.overview import Overview
from bot.services.reports.quality_report import QualityReport


def overview_document(campaign: Overview) -> dict[str, Any]:
    """Return the overview of a campaign."""
    return {
        **asdict(campaign.status),
        "forecast": _forecast_document(campaign.forecast),
        "agreement": campaign.figures.questions,
        "consensus": campaign.figures.sources,
        "needs_attention": campaign.needs_attention,
        "away": campaign.away,
        "at_quota": campaign.at_quota,
        "throughput": campaign.throughput,
        "warnings": campaign.warnings,
    }


def _forecast_document(forecast: CampaignForecast) -> dict[str, Any]:
    """Return a forecast; what each expert may still give is not in it."""
    values = {one.name: getattr(forecast, one.name) for one in fields(forecast)}
    pace = forecast.pace
    return {**values, "pace": {"daily_answers": pace.daily_answers, "experts": pace.experts}}


def report_document(report: QualityReport) -> dict[str, Any]:
    """Return a quality report; experts have pseudonyms."""
    experts = [
        {"expert": one.pseudonym, **asdict(one.figures), **one.reliability.to_json()}
        for one in report.experts
    ]
    return {
        "agreement": report.agreement,
        "experts": experts,
        "models": report.models,
        "generators": report.generators,
        "items": report.items,
        "warnings": report.warnings,
        "throughput": report.throughput,
    }
