"""Bolt listeners. `registry` maps each action, modal, subcommand and event to its handler.

Bolt tries listeners in order, so there is one per payload type, the most frequent first.
"""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from handlers import dispatch
from handlers.errors import handle_error

ANY_ID = re.compile("")


def register(bolt_app: AsyncApp) -> None:
    """Register one listener per payload type."""
    bolt_app.action(ANY_ID)(dispatch.handle_action)
    bolt_app.view_submission(ANY_ID)(dispatch.handle_submission)
    bolt_app.command(ANY_ID)(dispatch.handle_command)
    bolt_app.event(ANY_ID)(dispatch.handle_event)
    bolt_app.view_closed(ANY_ID)(dispatch.handle_view_closed)
    bolt_app.options(ANY_ID)(dispatch.handle_options)
    bolt_app.error(handle_error)
