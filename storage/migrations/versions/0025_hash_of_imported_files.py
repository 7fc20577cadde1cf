"""Hash of each imported file, as evidence in exports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('item_import', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sha256', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('item_import', schema=None) as batch_op:
        batch_op.drop_column('sha256')
