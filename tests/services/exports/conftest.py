"""A campaign with an answer, and a receiver of its exports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.destinations.webhook_receiver import SECRET, WebhookReceiver
from tests.services.conftest import Scenario, pair

ADA = "U0ADA"


@pytest.fixture
def campaign(scenario: Scenario) -> Scenario:
    """Return a scenario with three comparisons, one of them answered by Ada."""
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2), pair(3)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    return scenario


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebhookReceiver]:
    """Yield a running receiver of webhooks with the secret of the environment."""
    monkeypatch.setenv("LABELBOT_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE", "true")
    webhook_receiver = WebhookReceiver()
    with webhook_receiver.serve() as url:
        webhook_receiver.url = f"{url}/exports"
        yield webhook_receiver
