"""A delivery whose lease has expired sends nothing more to Slack."""

from __future__ import annotations

from time import monotonic

import pytest

from bot.slack.client.delivery_lease import (
    CLOCK_DIFFERENCE_SECONDS,
    DeliveryLease,
    LeaseExpiredError,
    require_lease,
    use_lease,
)
from tests.slack.slack_fixture import SlackFixture


def expired_lease() -> DeliveryLease:
    """Return a lease that a bot with another clock may see as expired."""
    return DeliveryLease(monotonic() + CLOCK_DIFFERENCE_SECONDS / 2)


async def test_no_call_of_slack_is_made_under_an_expired_lease(slack: SlackFixture) -> None:
    ada = slack.add_expert()
    with use_lease(expired_lease()), pytest.raises(LeaseExpiredError):
        await slack.sender.post(ada.id, "Hello.", [])
    with use_lease(expired_lease()), pytest.raises(LeaseExpiredError):
        await slack.sender.respond(slack.sandbox.api_url, {"text": "Hello."})
    assert ada.messages == []
    assert not slack.sandbox.request_counts["chat.postMessage"]


def test_lease_is_required_only_during_its_delivery() -> None:
    require_lease()
    with use_lease(DeliveryLease(monotonic() + 60)):
        require_lease()
    with use_lease(expired_lease()), pytest.raises(LeaseExpiredError):
        require_lease()
    require_lease()
