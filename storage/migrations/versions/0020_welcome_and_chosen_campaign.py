"""Who added an expert to a campaign, the welcome before its first task, and the chosen campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sends_welcome', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invited_by', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('chosen_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('chosen_at')
        batch_op.drop_column('invited_by')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('sends_welcome')
