"""Removal of messages: the days until then, and the replies of the bot in threads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'thread_reply',
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('ts', sa.String(), nullable=False),
        sa.Column('assignment_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id']),
        sa.PrimaryKeyConstraint('channel', 'ts'),
    )
    with op.batch_alter_table('thread_reply', schema=None) as batch_op:
        batch_op.create_index('ix_thread_reply_assignment_id', ['assignment_id'], unique=False)
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('removal_days', sa.Integer(), server_default=sa.text('0'), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('removal_days')
    with op.batch_alter_table('thread_reply', schema=None) as batch_op:
        batch_op.drop_index('ix_thread_reply_assignment_id')
    op.drop_table('thread_reply')
