"""Destinations of exports, their manifests, and when a failed export is tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('destination', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('manifest_sha256', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('location', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('retry_at', UtcDateTime(), nullable=True))
    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('destination', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('export_schedule', schema=None) as batch_op:
        batch_op.drop_column('destination')
    with op.batch_alter_table('export_run', schema=None) as batch_op:
        batch_op.drop_column('retry_at')
        batch_op.drop_column('location')
        batch_op.drop_column('manifest_sha256')
        batch_op.drop_column('destination')
