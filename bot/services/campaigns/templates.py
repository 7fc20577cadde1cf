"""Templates: saved settings of a campaign, from which others are created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.errors import BotError, NotFoundError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign, new_campaign_like
from bot.services.campaigns.validation import slugify, validate_name
from storage.queries import campaign_templates
from storage.tables import Campaign, CampaignTemplate

OWN_FIELDS = frozenset(
    {
        *("id", "name", "title", "state", "seed", "deadline"),
        *("guidelines_version", "created_by", "created_at", "completed_at"),
    }
)
"""Columns of a campaign that a template does not have."""

MAX_TEMPLATES = 50
"""Templates of a workspace; a menu in Slack has at most 100 options."""


class TemplateExistsError(BotError):
    """A template called “{name}” already exists; choose another name, or delete it first."""


class TooManyTemplatesError(BotError):
    """There are {count} templates already, the most there can be. Delete one first."""


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """A template, who saved it and when. `created_by` is a Slack id or a name."""

    name: str
    kind: str
    created_by: str
    created_at: datetime


def save_template(session: Session, campaign: Campaign, name: str, actor: Actor) -> str:
    """Save the settings of a campaign; return the name of the template.

    `name` is its name, or a title from which one is made; "" for that of the campaign. People,
    items, the deadline and scheduled exports are not saved.

    Raises:
        TemplateExistsError: the name is in use.
        TooManyTemplatesError: there are 50 templates.
    """
    new_name = slugify(name) if name else campaign.name
    count = len(campaign_templates.list_templates(session))
    if count >= MAX_TEMPLATES:
        raise TooManyTemplatesError(count=count)
    fields = campaign.model_dump(mode="json", exclude=set(OWN_FIELDS))
    template = CampaignTemplate(
        name=new_name, fields=fields, created_by=actor.name, created_at=actor.at
    )
    if not campaign_templates.add_template(session, template):
        raise TemplateExistsError(name=new_name)
    actor.record(session, "saved a template", _subject(new_name), source=campaign.name)
    return new_name


def list_templates(session: Session) -> list[TemplateSummary]:
    """Return all templates in the order of their names."""
    return [
        TemplateSummary(one.name, one.fields["kind"], one.created_by, one.created_at)
        for one in campaign_templates.list_templates(session)
    ]


def template_named(session: Session, name: str) -> NewCampaign:
    """Return a campaign with the settings of a template, and without a name.

    Raises:
        NotFoundError: there is no such template; the message lists those that exist.
    """
    template = campaign_templates.find_template(session, name)
    if template is None:
        raise NotFoundError(what="template", name=name, hint=_list_names(session))
    return _new_campaign(template.fields)


def delete_template(session: Session, name: str, actor: Actor) -> None:
    """Delete a template; campaigns that were created from it stay.

    Raises:
        NotFoundError: there is no such template.
    """
    if not campaign_templates.delete_template(session, name):
        raise NotFoundError(what="template", name=name, hint=_list_names(session))
    actor.record(session, "deleted a template", _subject(name))


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A campaign to create from a template: what is not part of the template.

    `title` is the name if empty; `deadline` is timezone-aware; `experts` are Slack ids.
    """

    name: str
    title: str = ""
    deadline: datetime | None = None
    experts: Sequence[str] = ()


def create_from_template(
    session: Session, template: str, use: TemplateUse, actor: Actor
) -> Campaign:
    """Create a campaign with the settings of a template.

    Raises:
        NotFoundError: there is no such template.
        The errors of `campaigns.create_campaign`.
    """
    wanted = replace(
        template_named(session, template),
        name=validate_name(use.name),
        title=use.title,
        deadline=use.deadline,
        experts=use.experts,
    )
    return campaigns.create_campaign(session, wanted, actor)


def _new_campaign(fields: dict[str, Any]) -> NewCampaign:
    known = {name: value for name, value in fields.items() if name in Campaign.model_fields}
    return replace(new_campaign_like(Campaign(name="", title="", **known)), name="", title="")


def _list_names(session: Session) -> str:
    names = [one.name for one in campaign_templates.list_templates(session)]
    return f"Templates: {', '.join(names)}." if names else "There are no templates yet."


def _subject(name: str) -> str:
    return f"template {name}"
