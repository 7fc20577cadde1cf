"""Threads of tasks have audio and video, too; when Slack began to show a file."""

from __future__ import annotations

from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE assignment RENAME COLUMN answered_in_thread TO has_thread')
    op.execute('ALTER TABLE media_file RENAME COLUMN uploaded_at TO shown_since')


def downgrade() -> None:
    op.execute('ALTER TABLE media_file RENAME COLUMN shown_since TO uploaded_at')
    op.execute('ALTER TABLE assignment RENAME COLUMN has_thread TO answered_in_thread')
