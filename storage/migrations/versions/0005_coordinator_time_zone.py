"""Move time zones of coordinators from workspace settings to a table of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from storage.types import UtcDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

PREFIX = 'time_zone:'

SETTING = sa.table(
    'workspace_setting',
    sa.column('name', sa.String()),
    sa.column('value', sa.JSON()),
    sa.column('changed_by', sa.String()),
    sa.column('changed_at', UtcDateTime()),
)


def upgrade() -> None:
    zone = op.create_table('coordinator_time_zone',
    sa.Column('slack_id', sa.String(), nullable=False),
    sa.Column('tz', sa.String(), nullable=False),
    sa.Column('synced_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('slack_id')
    )
    is_zone = SETTING.c.name.startswith(PREFIX, autoescape=True)
    query = sa.select(SETTING.c.name, SETTING.c.value, SETTING.c.changed_at).where(is_zone)
    rows = [
        {'slack_id': name.removeprefix(PREFIX), 'tz': value['value'], 'synced_at': changed_at}
        for name, value, changed_at in op.get_bind().execute(query)
    ]
    op.bulk_insert(zone, rows)
    op.execute(sa.delete(SETTING).where(is_zone))


def downgrade() -> None:
    zone = sa.table(
        'coordinator_time_zone',
        sa.column('slack_id', sa.String()),
        sa.column('tz', sa.String()),
        sa.column('synced_at', UtcDateTime()),
    )
    rows = [
        {
            'name': f'{PREFIX}{row.slack_id}',
            'value': {'value': row.tz},
            'changed_by': row.slack_id,
            'changed_at': row.synced_at,
        }
        for row in op.get_bind().execute(sa.select(zone))
    ]
    op.bulk_insert(SETTING, rows)
    op.drop_table('coordinator_time_zone')
