"""Campaigns: list, create, read, change, clone, pause, resume and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session

from bot.api.call import AdminCall, Call, ReadCall
from bot.api.campaign_models import (
    AudienceBody,
    CampaignBody,
    CampaignChanges,
    CampaignDefinition,
    CloneBody,
    GuidelinesBody,
    PracticeBody,
    PracticeResult,
    QualityBody,
)
from bot.api.models import PersonBody
from bot.api.pages import Page, PageRequest
from bot.services.actors.actor import Actor
from bot.services.campaigns import (
    audience,
    campaigns,
    clone,
    edit,
    guidelines,
    qualification,
    quality_failures,
)
from bot.services.campaigns.qualification import PracticeChange
from storage.queries import campaigns as campaign_queries
from storage.row_id import id_of
from storage.tables import Campaign

router = APIRouter()

CampaignName = Annotated[str, Path(description="Name of the campaign.", max_length=200)]


@router.get("/campaigns")
def list_campaigns(call: ReadCall, paging: PageRequest) -> Page[CampaignDefinition]:
    """List the campaigns for which the key is valid, in order of creation."""

    def load(session: Session) -> list[CampaignDefinition]:
        return [
            CampaignDefinition.of(campaign)
            for campaign in campaign_queries.list_campaigns(session)
            if call.holder.may_use(id_of(campaign))
        ]

    return paging.slice(call.read(load))


@router.post("/campaigns", status_code=201)
def create_campaign(call: AdminCall, body: CampaignBody) -> CampaignDefinition:
    """Create a campaign with its experts."""
    call.holder.require_all_campaigns()

    def create(session: Session, actor: Actor) -> CampaignDefinition:
        created = campaigns.create_campaign(session, body.to_new_campaign(), actor)
        return CampaignDefinition.of(created)

    return call.change_tagged(create)


@router.get("/campaigns/{campaign}")
def get_campaign(call: ReadCall, campaign: CampaignName) -> CampaignDefinition:
    """Return what a campaign is. Its ETag changes when somebody changes the campaign."""
    found = call.read(lambda session: CampaignDefinition.of(call.campaign(session, campaign)))
    call.set_etag(found)
    return found


@router.patch("/campaigns/{campaign}")
def change_campaign(
    call: AdminCall, campaign: CampaignName, body: CampaignChanges
) -> CampaignDefinition:
    """Change a campaign; what answers so far mean cannot change.

    With `If-Match`, nothing is changed if somebody changed the campaign meanwhile.
    """

    def change(session: Session, row: Campaign, actor: Actor) -> None:
        call.require_match(CampaignDefinition.of(row))
        edit.edit_campaign(session, row, body.to_edit(), actor)

    return _change(call, campaign, change)


@router.post("/campaigns/{campaign}/clone", status_code=201)
def clone_campaign(call: AdminCall, campaign: CampaignName, body: CloneBody) -> CampaignDefinition:
    """Create a campaign with the same settings and members, without items and exports."""
    call.holder.require_all_campaigns()

    def copy(session: Session, actor: Actor) -> CampaignDefinition:
        row = call.campaign(session, campaign)
        created = clone.clone_campaign(session, row, body.name, actor, settings=body.settings)
        return CampaignDefinition.of(created)

    return call.change_tagged(copy)


@router.post("/campaigns/{campaign}/pause")
def pause_campaign(call: AdminCall, campaign: CampaignName) -> CampaignDefinition:
    """Stop sending new tasks; open tasks can still be answered."""
    return _change(call, campaign, campaigns.pause)


@router.post("/campaigns/{campaign}/resume")
def resume_campaign(call: AdminCall, campaign: CampaignName) -> CampaignDefinition:
    """Send tasks again."""
    return _change(call, campaign, campaigns.resume)


@router.post("/campaigns/{campaign}/close")
def close_campaign(call: AdminCall, campaign: CampaignName) -> CampaignDefinition:
    """Close a campaign permanently, with a final run of each export schedule."""
    return _change(call, campaign, campaigns.close)


@router.post("/campaigns/{campaign}/guidelines")
def change_guidelines(
    call: AdminCall, campaign: CampaignName, body: GuidelinesBody
) -> CampaignDefinition:
    """Publish new guidelines; each expert's next task says what changed."""

    def change(session: Session, row: Campaign, actor: Actor) -> None:
        guidelines.change_guidelines(session, row, body.text, body.note, actor, link=body.link)

    return _change(call, campaign, change)


@router.put("/campaigns/{campaign}/audience")
def change_audience(
    call: AdminCall, campaign: CampaignName, body: AudienceBody
) -> CampaignDefinition:
    """Change the domains and the language of a campaign."""

    def change(session: Session, row: Campaign, actor: Actor) -> None:
        audience.change_audience(session, row, body.domains, body.language, actor)

    return _change(call, campaign, change)


@router.put("/campaigns/{campaign}/practice")
def change_practice(call: AdminCall, campaign: CampaignName, body: PracticeBody) -> PracticeResult:
    """Change the practice before the first task."""

    def change(session: Session, actor: Actor) -> PracticeResult:
        row = call.campaign(session, campaign, lock=True)
        changed = PracticeChange(body.questions, body.pass_mark, body.attempts)
        qualification.change_practice(session, row, changed, actor)
        session.flush()
        missing = qualification.count_missing_gold(session, row)
        return PracticeResult(**CampaignDefinition.of(row).model_dump(), missing_gold=missing)

    result = PracticeResult.model_validate(call.change(change))
    call.set_etag(CampaignDefinition.model_validate(result.model_dump()))
    return result


@router.put("/campaigns/{campaign}/quality")
def change_quality(
    call: AdminCall, campaign: CampaignName, body: QualityBody
) -> CampaignDefinition:
    """Change what happens to an expert whose answers clearly fail, from the next alert on."""

    def change(session: Session, row: Campaign, actor: Actor) -> None:
        pauses = body.pause_on_quality_failure
        quality_failures.change_pausing(session, row, actor, pauses=pauses)

    return _change(call, campaign, change)


@router.post("/campaigns/{campaign}/qualify")
def qualify_expert(call: AdminCall, campaign: CampaignName, body: PersonBody) -> CampaignDefinition:
    """Give an expert tasks without passing the practice, and tell them."""

    def change(session: Session, row: Campaign, actor: Actor) -> None:
        qualification.qualify(session, row, body.expert, actor)

    return _change(call, campaign, change)


def _change(
    call: Call, name: str, change: Callable[[Session, Campaign, Actor], object]
) -> CampaignDefinition:
    def run(session: Session, actor: Actor) -> CampaignDefinition:
        row = call.campaign(session, name, lock=True)
        change(session, row, actor)
        session.flush()
        return CampaignDefinition.of(row)

    return call.change_tagged(run)
