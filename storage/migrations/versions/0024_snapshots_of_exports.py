"""What exports read, so that they can be replayed, and which export read what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'export_snapshot',
        sa.Column('sha256', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('sha256'),
    )
    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('snapshot', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.drop_column('snapshot')
    op.drop_table('export_snapshot')
