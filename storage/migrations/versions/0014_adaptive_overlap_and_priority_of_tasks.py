"""Adaptive overlap and repeats of campaigns, accuracy of members, priority of tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

PRIORITIZED = sa.text('slots_taken < overlap AND priority IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('max_overlap', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('target_posterior', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('informative_pairs', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('repeat_share', sa.Float(), server_default=sa.text('0'), nullable=False))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('accuracy', sa.Float(), nullable=True))
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priority', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_repeat', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.create_index('task_prioritized', ['campaign_id', 'audience', 'priority'], unique=False, sqlite_where=PRIORITIZED, postgresql_where=PRIORITIZED)


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('task_prioritized', sqlite_where=PRIORITIZED, postgresql_where=PRIORITIZED)
        batch_op.drop_column('is_repeat')
        batch_op.drop_column('priority')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('accuracy')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('repeat_share')
        batch_op.drop_column('informative_pairs')
        batch_op.drop_column('target_posterior')
        batch_op.drop_column('max_overlap')
