"""Recent calls of Slack, which bots on one PostgreSQL count together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == 'postgresql'
    op.create_table(
        'slack_call_log',
        sa.Column('method', sa.String(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('log', sa.JSON(), server_default='{}', nullable=False),
        sa.PrimaryKeyConstraint('method', 'channel'),
        prefixes=['UNLOGGED'] if is_postgresql else [],
    )


def downgrade() -> None:
    op.drop_table('slack_call_log')
