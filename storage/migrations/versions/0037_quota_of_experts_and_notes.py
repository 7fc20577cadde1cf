"""Most answers of one expert, and notes about experts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('max_answers', sa.Integer(), server_default=sa.text('0'), nullable=False)
        )
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('note', sa.String(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.drop_column('note')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('max_answers')
