"""Drawing the formulas of a task before it is shown for the first time, in a child process."""

from __future__ import annotations

import json
import logging
from importlib.util import find_spec

from bot.child_process import ChildFailedError, run_on_input
from bot.services.tasks import formula_images
from bot.services.tasks.formula_images import Formulas
from bot.services.tasks.next_task import TaskPage
from bot.slack.client.sender import Sender

log = logging.getLogger(__name__)

MAX_SECONDS = 12.0
"""How long a task waits for its formulas; a usual text takes less than one second."""

MAX_PNG_BYTES = 2_000_000


def can_draw_formulas() -> bool:
    """Return whether matplotlib is installed, without loading it; log it if not."""
    is_installed = find_spec("matplotlib") is not None
    if not is_installed:
        log.warning("LABELBOT_FORMULA_IMAGES has no effect: install the extra “report”")
    return is_installed


async def draw_formulas(sender: Sender, page: TaskPage) -> bool:
    """Draw the formulas of a page's task that nobody has seen; return whether the page changed."""
    if not sender.draws_formulas or page.task is None:
        return False
    task = page.task
    missing = await sender.db.read(formula_images.missing_formulas, task.id, task.form)
    for formulas in missing:
        png, now = await _draw(formulas), sender.clock.now()
        await sender.db.write(formula_images.store_image, task.id, formulas, png, now)
    return bool(missing)


async def _draw(formulas: Formulas) -> bytes:
    """Return the image of formulas, b"" if it cannot be drawn: then only the source is shown."""
    try:
        png = await run_on_input(
            "bot.math_process", json.dumps(formulas.sources).encode(), MAX_SECONDS
        )
    except ChildFailedError:
        log.warning("formulas could not be drawn; their source is shown")
        return b""
    return png if len(png) <= MAX_PNG_BYTES else b""
