"""A strict Block Kit validator that reports errors in Slack's wording.

The sandbox's chat.*, response_url, views.* and blocks.validate use it. It has every type of
block and element, the surfaces that allow each, and all limits. Where Slack's documentation is
silent it is strict, so that whatever passes here also passes in Slack.
"""

from __future__ import annotations

from .defaults import view_with_defaults, with_defaults
from .element_state import INTERACTIVE, STATEFUL, StateField
from .error_responses import chat_error, validate_error, view_error
from .messages import check_blocks, check_message
from .problems import Problem
from .surfaces import Surface
from .views import check_view

__all__ = [
    "INTERACTIVE",
    "STATEFUL",
    "Problem",
    "StateField",
    "Surface",
    "chat_error",
    "check_blocks",
    "check_message",
    "check_view",
    "validate_error",
    "view_error",
    "view_with_defaults",
    "with_defaults",
]
