"""Drafts: what coordinators entered in the dialog that creates a campaign, until it is created."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from bot.services.actors.actor import Actor
from storage.queries import upsert
from storage.tables import CampaignDraft


def load_draft(session: Session, slack_id: str) -> dict[str, str | list[str]] | None:
    """Return the entries of a coordinator's draft by their key, None if there is none."""
    draft = session.get(CampaignDraft, slack_id)
    return dict(draft.entries) if draft else None


def save_draft(session: Session, entries: Mapping[str, str | list[str]], actor: Actor) -> None:
    """Replace the draft of the coordinator who acts."""
    draft = CampaignDraft(slack_id=actor.name, entries=dict(entries), updated_at=actor.at)
    upsert.upsert_row(session, draft)


def delete_draft(session: Session, slack_id: str) -> None:
    """Delete the draft of a coordinator, if there is one."""
    draft = session.get(CampaignDraft, slack_id)
    if draft:
        session.delete(draft)
