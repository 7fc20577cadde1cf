"""Methods for webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.webhooks import ChangedSecretInfo, DeliveryInfo, SecretInfo, WebhookInfo
from bot.client.operations import Listing, Operation


class WebhookMethods:
    """Webhooks: add, test, enable and remove them; their deliveries and replays."""

    @Operation
    def webhooks(self) -> ApiCall[list[WebhookInfo]]:
        """Return the webhooks with their deliveries, without secrets."""
        return get(path_of("webhooks"), list[WebhookInfo])

    @Operation
    def add_webhook(
        self, name: str, url: str, *, events: Sequence[str] = (), campaigns: Sequence[str] = ()
    ) -> ApiCall[SecretInfo]:
        """Add a webhook; without `events` and `campaigns` it gets all events of all campaigns."""
        body = {"name": name, "url": url, "events": events, "campaigns": campaigns}
        return change("POST", path_of("webhooks"), SecretInfo, body)

    @Operation
    def rotate_secret(self, webhook: str, keep_hours: int = 24) -> ApiCall[ChangedSecretInfo]:
        """Give a webhook a new secret; the old one also signs for some hours."""
        path = path_of("webhooks", webhook, "secret")
        return change("POST", path, ChangedSecretInfo, {"keep_hours": keep_hours})

    @Operation
    def remove_webhook(self, webhook: str) -> ApiCall[ChangeResult]:
        """Remove a webhook with its secret, its log and what waits for it."""
        return change("DELETE", path_of("webhooks", webhook), ChangeResult)

    @Operation
    def enable_webhook(self, webhook: str) -> ApiCall[ChangeResult]:
        """Let a disabled webhook get events again, and try a failing one at once."""
        return change("POST", path_of("webhooks", webhook, "enable"), ChangeResult)

    @Operation
    def test_webhook(self, webhook: str) -> ApiCall[DeliveryInfo]:
        """Send the event webhook.test now; `error` is None if the receiver accepted it."""
        return change("POST", path_of("webhooks", webhook, "test"), DeliveryInfo)

    @Listing
    def deliveries(
        self, webhook: str, states: Sequence[str] | None = None
    ) -> ApiCall[ListPage[DeliveryInfo]]:
        """Yield the events of a webhook with their outcome, the newest first.

        `states`: waiting, delivered, failed and dropped.
        """
        path = path_of("webhooks", webhook, "deliveries")
        return get(path, ListPage[DeliveryInfo], state=states)

    @Operation
    def replay_events(
        self, webhook: str, ids: Sequence[int] | None = None
    ) -> ApiCall[ChangeResult]:
        """Send events of the log again, with the same ids; None: all that failed."""
        path = path_of("webhooks", webhook, "replay")
        return change("POST", path, ChangeResult, {"ids": ids})
