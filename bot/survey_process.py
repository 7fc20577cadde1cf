"""Reading all answers of a large campaign in a process of its own: `python -m bot.survey_process`.

Some seconds of counting beside the bot's loop would slow clicks.
"""

from __future__ import annotations

from bot.child_process import work
from bot.services import looking

if __name__ == "__main__":
    work(looking.run_due)
