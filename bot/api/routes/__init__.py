"""The routes of the HTTP API, one module for each part of the product."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.routes import (
    answers,
    audit,
    campaigns,
    corrections,
    experts,
    export_evidence,
    exports,
    items,
    reports,
    reviews,
    schedules,
    templates,
    webhooks,
    workspace,
)

ROUTERS: dict[str, APIRouter] = {
    "campaigns": campaigns.router,
    "templates": templates.router,
    "items": items.router,
    "answers": answers.router,
    "experts": experts.router,
    "exports": exports.router,
    "evidence": export_evidence.router,
    "schedules": schedules.router,
    "reports": reports.router,
    "reviews": reviews.router,
    "corrections": corrections.router,
    "webhooks": webhooks.router,
    "workspace": workspace.router,
    "audit": audit.router,
}
"""Routers by the tag of their routes, in the order of the reference."""
