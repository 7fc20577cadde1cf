"""Exports after new answers, or when a campaign is complete: schedules without a due time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.alter_column('due_at', existing_type=UtcDateTime(), nullable=True)
        batch_op.add_column(sa.Column('after_answers', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('counted_answers', sa.Integer(), server_default=sa.text('0'), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM export_schedule WHERE due_at IS NULL")
    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.drop_column('counted_answers')
        batch_op.drop_column('after_answers')
        batch_op.alter_column('due_at', existing_type=UtcDateTime(), nullable=False)
