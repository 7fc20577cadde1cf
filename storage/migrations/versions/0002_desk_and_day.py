"""The expert's day and the coordinator's desk: roles, guidelines, questions, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from storage.types import UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('digest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cron', sa.String(), nullable=False),
    sa.Column('tz', sa.String(), nullable=False),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('digest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_due_at'), ['due_at'], unique=False)

    op.create_table('rolegrant',
    sa.Column('slack_id', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint("role IN ('senior', 'coordinator')", name='role_is_known'),
    sa.PrimaryKeyConstraint('slack_id', 'role', 'source')
    )
    op.create_table('workspacesetting',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('survey',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], ),
    sa.PrimaryKeyConstraint('campaign_id')
    )
    op.create_table('guidelinesversion',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], ),
    sa.PrimaryKeyConstraint('campaign_id', 'version')
    )
    op.create_table('importrun',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('requested_by', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('columns', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=True),
    sa.Column('there', sa.Integer(), nullable=True),
    sa.Column('bad', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('started_at', UtcDateTime(), nullable=True),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name='state_is_known'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('importrun', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_importrun_state'), ['state'], unique=False)

    op.create_table('nudge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('assignments', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('nudge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nudge_expert_id'), ['expert_id'], unique=False)

    op.create_table('quarantine',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('since', UtcDateTime(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('ordered_by', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('lifted_by', sa.String(), nullable=True),
    sa.Column('lifted_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], ),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarantine_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('candidate_order', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_task_id'), ['task_id'], unique=False)

    op.create_table('flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('flagged_at', UtcDateTime(), nullable=False),
    sa.Column('resolution', sa.String(), nullable=True),
    sa.Column('resolved_by', sa.String(), nullable=True),
    sa.Column('resolved_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('flag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=True),
    sa.Column('thread_ts', sa.String(), nullable=True),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('questionpost',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('ts', sa.String(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], ),
    sa.PrimaryKeyConstraint('channel', 'ts')
    )
    with op.batch_alter_table('questionpost', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questionpost_question_id'), ['question_id'], unique=False)

    with op.batch_alter_table('annotation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seconds', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('paused', sa.Boolean(), server_default=sa.text('false'), nullable=False))

    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('clock_stopped_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('opened_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('sent_back', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('locked_by', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('guidelines_since', sa.Integer(), nullable=True))
        batch_op.create_index('assignment_not_my_field', ['expert_id'], unique=False, sqlite_where=sa.text("skip_reason = 'not_my_field'"), postgresql_where=sa.text("skip_reason = 'not_my_field'"))

    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('domains', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('language', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('skip_policy', sa.String(), server_default='others', nullable=False))
        batch_op.add_column(sa.Column('gold_share', sa.Float(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('guidelines_link', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('channel', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('created_by', sa.String(), nullable=True))

    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('media', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('author', sa.String(), nullable=True))
        batch_op.create_index('candidate_written', ['author', 'item_id'], unique=False, sqlite_where=sa.text('author IS NOT NULL'), postgresql_where=sa.text('author IS NOT NULL'))

    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('domains', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('languages', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('hours_are_own', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('tz_is_own', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('budget_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('batch_size', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('batch_began_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('went_on_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('wants_reminders', sa.Boolean(), server_default=sa.text('true'), nullable=False))
        batch_op.add_column(sa.Column('locale', sa.String(), server_default='en', nullable=False))
        batch_op.add_column(sa.Column('paused_until', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('status_away_until', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('dnd_until', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('dnd_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('asked_to_stay_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('summary_due', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('pushed_at', UtcDateTime(), nullable=True))

    with op.batch_alter_table('exportrun', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('freezes', sa.Boolean(), server_default=sa.text('false'), nullable=False))

    with op.batch_alter_table('exportschedule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', sa.String(), nullable=True))

    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('media', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('domains', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('language', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('gold', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('author', sa.String(), nullable=True))
        batch_op.create_index('item_written', ['author'], unique=False, sqlite_where=sa.text('author IS NOT NULL'), postgresql_where=sa.text('author IS NOT NULL'))

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('guidelines_seen', sa.Integer(), server_default=sa.text('1'), nullable=False))
        batch_op.add_column(sa.Column('left_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('looked_through_at', UtcDateTime(), nullable=True))

    # The key has no name of its own on SQLite; this is the one that PostgreSQL gives it.
    names = {'uq': '%(table_name)s_%(column_0_name)s_key'}
    with op.batch_alter_table('task', naming_convention=names) as batch_op:
        batch_op.add_column(sa.Column('is_gold', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('confirms', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('set_aside_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('set_aside_reason', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('audience', sa.String(), server_default='anybody', nullable=False))
        batch_op.add_column(sa.Column('reopened', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.drop_constraint('task_item_id_key', type_='unique')
        batch_op.create_index('task_of_item', ['item_id'], unique=True, sqlite_where=sa.text('confirms IS NULL'), postgresql_where=sa.text('confirms IS NULL'))
        batch_op.create_index('task_confirming', ['confirms'], unique=True)
        batch_op.drop_index('task_wanting')
        for name, columns, condition in (
            ('task_wanting', ['campaign_id', 'audience', 'id'], 'taken < overlap'),
            ('task_reopened', ['campaign_id', 'audience', 'id'], 'taken < overlap AND reopened'),
            ('task_gold', ['campaign_id', 'id'], 'is_gold'),
            ('task_second', ['item_id'], 'confirms IS NOT NULL'),
        ):
            batch_op.create_index(name, columns, unique=False, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))

    states = "state IN ('queued', 'delivered', 'answered', 'skipped', 'expired', 'released', 'quarantined')"
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_constraint('state_is_known', type_='check')
        batch_op.create_check_constraint('state_is_known', states)


def downgrade() -> None:
    raise NotImplementedError("what the new columns hold would be lost")
