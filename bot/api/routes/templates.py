"""Templates of campaigns: save, list, use and delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.campaign_models import CampaignDefinition, TemplateBody, TemplateUseBody
from bot.api.models import Outcome
from bot.api.routes.campaigns import CampaignName
from bot.services.actors.actor import Actor
from bot.services.campaigns import templates
from bot.services.campaigns.templates import TemplateSummary

router = APIRouter()

TemplateName = Annotated[str, Path(description="Name of the template.", max_length=200)]


@router.get("/templates")
def list_templates(call: ReadCall) -> list[TemplateSummary]:
    """List all templates in the order of their names."""
    call.holder.require_all_campaigns()
    return call.read(templates.list_templates)


@router.post("/campaigns/{campaign}/template", status_code=201)
def save_template(call: AdminCall, campaign: CampaignName, body: TemplateBody) -> TemplateSummary:
    """Save the settings of a campaign, without people, items, deadline and exports."""
    call.holder.require_all_campaigns()

    def save(session: Session, actor: Actor) -> TemplateSummary:
        row = call.campaign(session, campaign)
        name = templates.save_template(session, row, body.name, actor)
        return next(one for one in templates.list_templates(session) if one.name == name)

    return call.change(save)


@router.post("/templates/{template}/campaigns", status_code=201)
def use_template(
    call: AdminCall, template: TemplateName, body: TemplateUseBody
) -> CampaignDefinition:
    """Create a campaign with the settings of a template."""
    call.holder.require_all_campaigns()

    def create(session: Session, actor: Actor) -> CampaignDefinition:
        wanted = body.to_use()
        return CampaignDefinition.of(
            templates.create_from_template(session, template, wanted, actor)
        )

    return call.change_tagged(create)


@router.delete("/templates/{template}")
def delete_template(call: AdminCall, template: TemplateName) -> Outcome:
    """Delete a template; campaigns that were created from it stay."""
    call.holder.require_all_campaigns()

    def delete(session: Session, actor: Actor) -> Outcome:
        templates.delete_template(session, template, actor)
        return Outcome(changed=1)

    return call.change(delete)
