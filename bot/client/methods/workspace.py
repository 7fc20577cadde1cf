"""Methods for the workspace: the key, settings, undelivered messages and the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.workspace import (
    AuditInfo,
    DigestInfo,
    KeyInfo,
    SettingsInfo,
    UndeliveredMessage,
)
from bot.client.operations import Listing, Operation


class WorkspaceMethods:
    """The key, settings, the weekly summary, undelivered messages and the audit log."""

    @Operation
    def key(self) -> ApiCall[KeyInfo]:
        """Return the name and the scope of the client's key."""
        return get(path_of("key"), KeyInfo)

    @Operation
    def settings(self) -> ApiCall[SettingsInfo]:
        """Return the settings of the workspace."""
        return get(path_of("settings"), SettingsInfo)

    @Operation
    def change_settings(
        self,
        *,
        channel: str | None = None,
        reminders_per_day: int | None = None,
        reminders_per_week: int | None = None,
        digest: bool | None = None,
    ) -> ApiCall[SettingsInfo]:
        """Change settings; None leaves a value, an empty channel removes it."""
        body = {
            "channel": channel,
            "reminders_per_day": reminders_per_day,
            "reminders_per_week": reminders_per_week,
            "digest": digest,
        }
        return change("PATCH", path_of("settings"), SettingsInfo, body)

    @Operation
    def digest(self) -> ApiCall[DigestInfo]:
        """Return when the weekly summary is sent, and to whom."""
        return get(path_of("digest"), DigestInfo)

    @Operation
    def change_digest(
        self,
        *,
        is_enabled: bool | None = None,
        channel: str | None = None,
        cron: str | None = None,
        tz: str | None = None,
    ) -> ApiCall[DigestInfo]:
        """Change the weekly summary; None leaves a value, an empty channel: direct messages."""
        body = {"is_enabled": is_enabled, "channel": channel, "cron": cron, "tz": tz}
        return change("PATCH", path_of("digest"), DigestInfo, body)

    @Operation
    def undelivered_messages(
        self, states: Sequence[str] | None = None, *, limit: int = 100
    ) -> ApiCall[list[UndeliveredMessage]]:
        """Return messages to Slack that were not delivered, the newest first."""
        path = path_of("outbox")
        return get(path, list[UndeliveredMessage], state=states, limit=limit)

    @Operation
    def retry_messages(self, ids: Sequence[int] = ()) -> ApiCall[ChangeResult]:
        """Queue messages again; without ids all held and failed ones."""
        return change("POST", path_of("outbox", "retry"), ChangeResult, {"ids": ids})

    @Operation
    def drop_messages(self, ids: Sequence[int] = ()) -> ApiCall[ChangeResult]:
        """Drop messages; without ids all failed ones."""
        return change("POST", path_of("outbox", "drop"), ChangeResult, {"ids": ids})

    @Listing
    def audit_log(
        self, campaign: str | None = None, *, since: datetime | None = None
    ) -> ApiCall[ListPage[AuditInfo]]:
        """Yield the entries of the audit log, the newest first; of a campaign, or all."""
        after = None if since is None else since.isoformat()
        return get(path_of("audit"), ListPage[AuditInfo], campaign=campaign, since=after)
