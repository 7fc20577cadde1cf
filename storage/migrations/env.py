"""Alembic's environment; it always runs in a transaction of the caller's connection."""

from __future__ import annotations

from alembic import context

from storage.migrations.schema import METADATA, default_differs, render_item

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    compare_server_default=default_differs,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
