"""Slack's events: those that the sandbox sends, with their scopes, and those it only accepts."""

from __future__ import annotations

from collections.abc import Mapping

MEMBERSHIP_SCOPES = ("channels:read", "groups:read")

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_left": ("channels:read",),
    "dnd_updated_user": ("dnd:read",),
    "file_shared": ("files:read",),
    "group_left": ("groups:read",),
    "member_joined_channel": MEMBERSHIP_SCOPES,
    "member_left_channel": MEMBERSHIP_SCOPES,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
    "user_status_changed": ("users:read",),
}
"""The events that the sandbox sends, each with the scopes of which an app needs at least one."""

UNSUPPORTED_EVENTS = frozenset(
    {
        "app_context_changed",
        "app_deleted",
        "app_installed",
        "app_rate_limited",
        "app_requested",
        "assistant_thread_context_changed",
        "assistant_thread_started",
        "call_rejected",
        "channel_archive",
        "channel_created",
        "channel_deleted",
        "channel_history_changed",
        "channel_id_changed",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "channel_unshared",
        "dnd_updated",
        "email_domain_changed",
        "emoji_changed",
        "entity_details_requested",
        "file_change",
        "file_created",
        "file_deleted",
        "file_public",
        "file_unshared",
        "function_executed",
        "grid_migration_finished",
        "grid_migration_started",
        "group_archive",
        "group_close",
        "group_deleted",
        "group_history_changed",
        "group_open",
        "group_rename",
        "group_unarchive",
        "im_close",
        "im_created",
        "im_history_changed",
        "im_open",
        "invite_requested",
        "link_shared",
        "message.app_home",
        "message.mpim",
        "message_metadata_deleted",
        "message_metadata_posted",
        "message_metadata_updated",
        "pin_added",
        "pin_removed",
        "resources_added",
        "resources_removed",
        "scope_denied",
        "scope_granted",
        "shared_channel_invite_accepted",
        "shared_channel_invite_approved",
        "shared_channel_invite_declined",
        "shared_channel_invite_requested",
        "star_added",
        "star_removed",
        "subteam_created",
        "subteam_self_added",
        "subteam_self_removed",
        "team_access_granted",
        "team_access_revoked",
        "team_domain_change",
        "team_rename",
        "user_connection",
        "user_huddle_changed",
        "workflow_deleted",
        "workflow_published",
        "workflow_step_deleted",
        "workflow_step_execute",
        "workflow_unpublished",
    }
)
"""Slack events that the sandbox accepts in a manifest but never sends."""

AGENT_EVENT_PREFIX = "agent_"
"""The first letters of the events about agents and their sessions, of which Slack adds more."""


def is_known_event(name: str) -> bool:
    """Tell whether Slack has an event with this name, whether or not the sandbox sends it."""
    is_listed = name in EVENT_SCOPES or name in UNSUPPORTED_EVENTS
    return is_listed or name.startswith(AGENT_EVENT_PREFIX)
