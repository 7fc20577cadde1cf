"""Images that were imported as files, and under which id Slack has each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'media_file',
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
        sa.Column('slack_file_id', sa.String(), nullable=True),
        sa.Column('uploaded_at', storage.types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('url'),
    )


def downgrade() -> None:
    op.drop_table('media_file')
