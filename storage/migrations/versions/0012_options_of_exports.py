"""Options of the rows of exports and export schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('options', sa.JSON(), server_default='{}', nullable=False))

    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('options', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.drop_column('options')

    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.drop_column('options')
