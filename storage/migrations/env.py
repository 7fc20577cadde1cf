"""What Alembic runs: always on a connection whose transaction the caller holds."""

from __future__ import annotations

from alembic import context

from storage.migrations.describing import SCHEMA, default_differs, rendered

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SCHEMA,
    compare_type=True,
    compare_server_default=default_differs,
    render_as_batch=True,
    render_item=rendered,
)
with context.begin_transaction():
    context.run_migrations()
