"""Ids of annotations in the order in which they were stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

CONTRACT = (
    'no release has the primary key that this replaces; new rows get an id by default, so writers that'
    ' do not know it go on, and the old key stays unique'
)

COLUMNS = (
    'assignment_id, version, value, complete, interaction_id, guidelines_version, shown, '
    'read_in_full, seconds, paused, created_at'
)


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE annotation DROP CONSTRAINT annotation_pkey')
        op.execute('ALTER TABLE annotation ADD UNIQUE (assignment_id, version)')
        op.execute('ALTER TABLE annotation ADD COLUMN id SERIAL PRIMARY KEY')
        return
    op.create_table(
        'annotation_with_id',
        sa.Column('id', sa.Integer(), nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('assignment_id', 'version'),
        sa.UniqueConstraint('assignment_id', 'interaction_id'),
        sqlite_autoincrement=True,
    )
    _replace_table('annotation_with_id')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER TABLE annotation DROP COLUMN id')
        op.execute('ALTER TABLE annotation DROP CONSTRAINT annotation_assignment_id_version_key')
        op.execute('ALTER TABLE annotation ADD PRIMARY KEY (assignment_id, version)')
        return
    op.create_table(
        'annotation_without_id',
        *_columns(),
        sa.PrimaryKeyConstraint('assignment_id', 'version'),
        sa.UniqueConstraint('assignment_id', 'interaction_id'),
    )
    _replace_table('annotation_without_id')


def _columns() -> list[sa.Column[object] | sa.ForeignKeyConstraint]:
    return [
        sa.Column('assignment_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('complete', sa.Boolean(), nullable=False),
        sa.Column('interaction_id', sa.String(), nullable=False),
        sa.Column('guidelines_version', sa.Integer(), nullable=False),
        sa.Column('shown', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('read_in_full', sa.Boolean(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=True),
        sa.Column('paused', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
        sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id']),
    ]


def _replace_table(new: str) -> None:
    op.execute(
        f'INSERT INTO {new} ({COLUMNS}) SELECT {COLUMNS} FROM annotation '
        'ORDER BY created_at, assignment_id, version'
    )
    op.drop_table('annotation')
    op.rename_table(new, 'annotation')
