"""Reading in full: every page opens, and that it was opened is written down."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.slack.ids import Press
from bot.slack.modals import PAGE
from tests.handlers.front import Front, hold, in_view
from tests.services.conftest import pair


async def opened(front: Front) -> tuple[Person, int]:
    """Return an expert and her comparison of two long texts."""
    ada = front.line.expert()
    front.line.workshop.creates(experts=[ada.id], guidelines="Be **fair**.")
    long = {"response_a": "left " * PAGE, "response_b": "right " * PAGE}
    front.line.workshop.imports("tone", [pair(1, **long)])
    return ada, await hold(front, ada)


async def test_the_whole_text_opens_and_that_is_written_down(front: Front) -> None:
    ada, given = await opened(front)
    await front.presses(ada.id, Press("read", given))
    (call,) = front.called("views.open")
    assert "Page 1 of " in str(call["view"])
    assert call["trigger_id"] == "1.2.x"
    (row,) = await front.line.assignments()
    assert row.read_in_full_at is not None


@pytest.mark.parametrize(
    ("option", "page"), [("0", 1), ("2", 3), ("999", 12), ("", 1), ("-1", 1), ("x", 1), ("²", 1)]
)
async def test_pages_turn_and_nonsense_leads_to_one_that_exists(
    front: Front, option: str, page: int
) -> None:
    ada, given = await opened(front)
    press = Press("page", given, "", option)
    await front.sends(in_view(ada.id, press, {"type": "modal"}))
    (call,) = front.called("views.update")
    assert f"Page {page} of 12" in str(call["view"])


async def test_the_guidelines_open(front: Front) -> None:
    ada, given = await opened(front)
    await front.presses(ada.id, Press("guide", given))
    (call,) = front.called("views.open")
    assert "fair" in str(call["view"])
    (row,) = await front.line.assignments()
    assert row.read_in_full_at is None


@pytest.mark.parametrize("deed", ["read", "guide"])
async def test_nobody_else_can_read_it(front: Front, deed: str) -> None:
    _ada, given = await opened(front)
    await front.presses("U0EVE", Press(deed, given))
    assert front.called("views.open") == []
    assert "given to somebody else" in front.whispered()[0]
