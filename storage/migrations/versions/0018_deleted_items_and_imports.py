"""Items that a coordinator deleted, and which import added each item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'item_import',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('file', sa.String(), nullable=False),
        sa.Column('imported_by', sa.String(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('undone_by', sa.String(), nullable=True),
        sa.Column('undone_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_item_import_campaign_id'), 'item_import', ['campaign_id'])
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('import_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('deleted_at', UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_item_import_id'), ['import_id'])
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('is_deleted', sa.Boolean(), server_default=sa.text('false'), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_column('is_deleted')
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_item_import_id'))
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('import_id')
    op.drop_index(op.f('ix_item_import_campaign_id'), table_name='item_import')
    op.drop_table('item_import')
