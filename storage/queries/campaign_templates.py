"""Templates of campaigns."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import CampaignTemplate


def list_templates(session: Session) -> list[CampaignTemplate]:
    """Return all templates in the order of their names."""
    return list(session.exec(select(CampaignTemplate).order_by(col(CampaignTemplate.name))))


def find_template(session: Session, name: str) -> CampaignTemplate | None:
    """Return the template with a name, None if there is none."""
    return session.get(CampaignTemplate, name)


def add_template(session: Session, template: CampaignTemplate) -> bool:
    """Store a template unless its name is in use; return whether it was stored."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(CampaignTemplate).values(template.model_dump())
    stored = insert.on_conflict_do_nothing().returning(col(CampaignTemplate.name))
    return connection.execute(stored).first() is not None


def delete_template(session: Session, name: str) -> bool:
    """Delete the template with a name; return whether there was one."""
    statement = delete(CampaignTemplate).where(col(CampaignTemplate.name) == name)
    return bool(session.connection().execute(statement).rowcount)
