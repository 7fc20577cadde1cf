"""The Home tab is drawn anew each time it is opened."""

from __future__ import annotations

import pytest

from tests.handlers.front import Front, happened


@pytest.mark.parametrize("is_expert", [True, False])
async def test_the_home_tab_shows_what_waits(front: Front, *, is_expert: bool) -> None:
    ada = front.line.expert()
    if is_expert:
        front.line.campaign(ada)
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    said = "3 waiting for you" if is_expert else "You are in no campaign yet"
    ada.sees(said)


async def test_the_messages_tab_is_no_business_of_ours(front: Front) -> None:
    ada = front.line.expert()
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "messages"}))
    assert front.called("views.publish") == []
