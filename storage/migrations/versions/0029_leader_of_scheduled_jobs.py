"""Which of several bots on one PostgreSQL runs the scheduled jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    op.create_table(
        'leader',
        sa.Column('job', sa.String(), nullable=False),
        sa.Column('worker', sa.String(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('job'),
        prefixes=['UNLOGGED'] if is_postgresql else [],
    )


def downgrade() -> None:
    op.drop_table('leader')
