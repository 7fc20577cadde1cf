"""Old secrets and failed events of webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.add_column(sa.Column('old_secret', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('old_secret_until', UtcDateTime(), nullable=True))

    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.create_index('webhook_delivery_failed', ['finished_at'], unique=False, sqlite_where=sa.text("state = 'failed'"), postgresql_where=sa.text("state = 'failed'"))



def downgrade() -> None:
    with op.batch_alter_table('webhook_delivery', schema=None) as batch_op:
        batch_op.drop_index('webhook_delivery_failed', sqlite_where=sa.text("state = 'failed'"), postgresql_where=sa.text("state = 'failed'"))

    with op.batch_alter_table('webhook', schema=None) as batch_op:
        batch_op.drop_column('old_secret_until')
        batch_op.drop_column('old_secret')

