"""Adaptive overlap of campaigns, accuracy of members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('max_overlap', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('target_posterior', sa.Float(), nullable=True))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('accuracy', sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('accuracy')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('target_posterior')
        batch_op.drop_column('max_overlap')
