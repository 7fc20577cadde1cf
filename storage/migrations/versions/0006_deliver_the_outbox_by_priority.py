"""Deliver the outbox by priority, with leases, held and dropped messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from storage.types import UtcDateTime

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
STATES = "state IN ('waiting', 'held', 'sent', 'merged', 'failed', 'dropped')"
UNDELIVERED = sa.text("state IN ('held', 'failed', 'dropped')")
FORMER_STATES = "state IN ('waiting', 'sent', 'merged', 'failed')"


def upgrade() -> None:
    with op.batch_alter_table('outbox') as batch_op:
        batch_op.add_column(sa.Column('leased_until', UtcDateTime(), nullable=True))
    _replace_check_and_index(STATES, ['recipient', 'priority', 'id'])
    op.create_index(
        'outbox_undelivered',
        'outbox',
        ['recipient', 'id'],
        sqlite_where=UNDELIVERED,
        postgresql_where=UNDELIVERED,
    )


def downgrade() -> None:
    op.drop_index('outbox_undelivered')
    op.execute("UPDATE outbox SET state = 'waiting' WHERE state = 'held'")
    op.execute("UPDATE outbox SET state = 'failed' WHERE state = 'dropped'")
    _replace_check_and_index(FORMER_STATES, ['recipient', 'id'])
    with op.batch_alter_table('outbox') as batch_op:
        batch_op.drop_column('leased_until')


def _replace_check_and_index(states: str, columns: list[str]) -> None:
    """Replace the check of the state and the index of a recipient's messages.

    On SQLite the table is copied. The copy has no check constraints, so the former one is only
    dropped on PostgreSQL.
    """
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('outbox', recreate='always' if is_sqlite else 'auto') as batch_op:
        if not is_sqlite:
            batch_op.drop_constraint('state_is_valid', type_='check')
        batch_op.create_check_constraint('state_is_valid', sa.text(states))
        batch_op.drop_index('outbox_waiting')
        batch_op.create_index('outbox_waiting', columns, sqlite_where=WAITING, postgresql_where=WAITING)
