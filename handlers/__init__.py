"""What Slack triggers. `tables` says which function does what; this tells Bolt.

Bolt tries listeners one after the other, so there is one for each family, the busiest first.
"""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from handlers import dispatching
from handlers.failing import say_what_went_wrong

ANYTHING = re.compile("")


def register(app: AsyncApp) -> None:
    """Tell Bolt what to call for each family of triggers."""
    app.action(ANYTHING)(dispatching.pressed)
    app.view_submission(ANYTHING)(dispatching.submitted)
    app.command(ANYTHING)(dispatching.commanded)
    app.event(ANYTHING)(dispatching.happened)
    app.view_closed(ANYTHING)(dispatching.closed)
    app.error(say_what_went_wrong)
