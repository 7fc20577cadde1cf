"""Practice questions and the pass mark of campaigns, and which members have qualified."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('practice_questions', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('practice_pass_mark', sa.Float(), server_default=sa.text('0.8'), nullable=False))
        batch_op.add_column(sa.Column('practice_attempts', sa.Integer(), server_default=sa.text('2'), nullable=False))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('qualified_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('practice_failures', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('practice_reported_at', UtcDateTime(), nullable=True))
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('practice_attempt', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('practice_attempt')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('practice_reported_at')
        batch_op.drop_column('practice_failures')
        batch_op.drop_column('qualified_at')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('practice_attempts')
        batch_op.drop_column('practice_pass_mark')
        batch_op.drop_column('practice_questions')
