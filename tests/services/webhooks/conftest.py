"""Webhooks of the tests: their events in the log, and a campaign with experts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.services.webhooks import event_data, webhooks
from bot.services.webhooks.webhooks import CreatedWebhook, NewWebhook
from storage.tables import WebhookDelivery
from tests.services.conftest import Scenario

URL = "https://receiver.example/labelbot"


@dataclass
class Webhooks:
    """Adds webhooks to a scenario, and reads what is queued for them."""

    scenario: Scenario

    def add(self, name: str = "loop", url: str = URL, **filters: Any) -> CreatedWebhook:  # noqa: ANN401 - any field of a NewWebhook
        """Add a webhook."""
        new = NewWebhook(name, url, **filters)
        return self.scenario.database.write_now(
            webhooks.add_webhook, new, self.scenario.actor, allows_private=True
        )

    def rows(self) -> list[WebhookDelivery]:
        """Return all deliveries."""
        return self.scenario.rows(WebhookDelivery)

    def types(self) -> list[str]:
        """Return the types of all events that were queued, in order."""
        return [row.event_type for row in self.rows()]

    def data(self) -> list[Any]:
        """Return what would be sent now of each event; None: nothing."""
        events = [
            self.scenario.database.read_now(event_data.build_event, row) for row in self.rows()
        ]
        return [event and event.data for event in events]


@pytest.fixture
def webhook_log(scenario: Scenario) -> Webhooks:
    """Return the webhooks of the scenario."""
    return Webhooks(scenario)
