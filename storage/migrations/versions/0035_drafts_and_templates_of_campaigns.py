"""Drafts and templates of campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'campaign_draft',
        sa.Column('slack_id', sa.String(), nullable=False),
        sa.Column('entries', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('updated_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('slack_id'),
    )
    op.create_table(
        'campaign_template',
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('fields', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('created_by', sa.String(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )


def downgrade() -> None:
    op.drop_table('campaign_template')
    op.drop_table('campaign_draft')
