"""When a message was posted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

IS_POSTED = sa.text('posted_at IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('posted_at', UtcDateTime(), nullable=True))
        batch_op.create_index(
            'outbox_posted',
            ['recipient', 'posted_at'],
            unique=False,
            sqlite_where=IS_POSTED,
            postgresql_where=IS_POSTED,
        )


def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('outbox_posted')
        batch_op.drop_column('posted_at')
