"""The app manifest: the parts that decide what an app may do in the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .errors import ManifestError
from .json_codec import Json, as_list, as_object

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
        "app_rate_limited",
        "channel_archive",
        "channel_created",
        "channel_deleted",
        "channel_id_changed",
        "channel_rename",
        "channel_shared",
        "channel_unarchive",
        "channel_unshared",
        "dnd_updated",
        "email_domain_changed",
        "emoji_changed",
        "file_change",
        "file_created",
        "file_deleted",
        "file_public",
        "file_unshared",
        "group_archive",
        "group_close",
        "group_deleted",
        "group_open",
        "group_rename",
        "group_unarchive",
        "im_close",
        "im_created",
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
        "shared_channel_invite_accepted",
        "shared_channel_invite_approved",
        "shared_channel_invite_declined",
        "star_added",
        "star_removed",
        "subteam_created",
        "subteam_self_added",
        "subteam_self_removed",
        "team_domain_change",
        "team_rename",
    }
)
"""Slack events that the sandbox accepts in a manifest but never sends."""


MAX_COMMANDS = 50
MAX_SHORTCUTS = 10
SHORTCUT_MAX_CHARS = {"callback_id": 255, "name": 24, "description": 150}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A slash command."""

    name: str
    should_escape: bool
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; `type` is `global` or `message`."""

    callback_id: str
    name: str
    type: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A parsed app manifest."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: Mapping[str, SlashCommand]
    shortcuts: Mapping[str, Shortcut]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    is_interactive: bool

    def receives_event(self, event: str, scope: str = "") -> bool:
        """Tell whether the app subscribed to `event` and has a scope for it.

        `scope` is the scope needed in this case, for an event that any of several scopes allows.
        """
        accepted = (scope,) if scope else EVENT_SCOPES.get(event, ())
        return event in self.events and (not accepted or bool({*accepted} & {*self.scopes}))


def parse_manifest(raw: Mapping[str, object]) -> Manifest:
    """Return the manifest from `raw`, its parsed YAML or JSON.

    Raises:
        ManifestError: if Slack would reject it; the message lists every reason.
    """
    problems = list(_manifest_problems(raw))
    if problems:
        raise ManifestError("; ".join(problems))
    name = _get_text(raw, "display_information", "name")
    return Manifest(
        name=name,
        bot_name=_get_text(raw, "features", "bot_user", "display_name") or name,
        scopes=tuple(as_list(_get_path(raw, "oauth_config", "scopes", "bot"))),
        events=frozenset(as_list(_get_path(raw, "settings", "event_subscriptions", "bot_events"))),
        commands={
            command["command"]: _parse_command(command)
            for command in _get_features(raw, "slash_commands")
        },
        shortcuts={
            shortcut["callback_id"]: _parse_shortcut(shortcut)
            for shortcut in _get_features(raw, "shortcuts")
        },
        home_tab=_get_flag(raw, "features", "app_home", "home_tab_enabled"),
        messages_tab=_get_flag(raw, "features", "app_home", "messages_tab_enabled"),
        messages_read_only=_get_flag(raw, "features", "app_home", "messages_tab_read_only_enabled"),
        is_interactive=_get_flag(raw, "settings", "interactivity", "is_enabled"),
    )


def _get_path(raw: object, *path: str) -> object:
    for key in path:
        raw = as_object(raw).get(key)
    return raw


def _get_text(raw: object, *path: str) -> str:
    value = _get_path(raw, *path)
    return value if isinstance(value, str) else ""


def _get_flag(raw: object, *path: str) -> bool:
    return _get_path(raw, *path) is True


def _get_features(raw: object, feature: str) -> list[Json]:
    return [as_object(item) for item in as_list(_get_path(raw, "features", feature))]


def _parse_command(raw: Json) -> SlashCommand:
    return SlashCommand(
        raw["command"],
        raw.get("should_escape") is True,
        str(raw.get("description", "")),
        str(raw.get("usage_hint", "")),
    )


def _parse_shortcut(raw: Json) -> Shortcut:
    return Shortcut(raw["callback_id"], raw["name"], raw["type"], str(raw.get("description", "")))


def _manifest_problems(raw: Mapping[str, object]) -> Iterator[str]:
    name = _get_text(raw, "display_information", "name")
    yield from _length_problems("display_information.name", name, 1, 35)
    description = _get_text(raw, "display_information", "description")
    yield from _length_problems("display_information.description", description, 0, 140)
    yield from _bot_problems(raw)
    yield from _command_problems(_get_features(raw, "slash_commands"))
    yield from _shortcut_problems(_get_features(raw, "shortcuts"))
    yield from _event_problems(raw)


def _length_problems(where: str, text: str, minimum: int, maximum: int) -> Iterator[str]:
    if not minimum <= len(text) <= maximum:
        yield f"{where} must have {minimum} to {maximum} characters, not {len(text)}"


def _bot_problems(raw: Mapping[str, object]) -> Iterator[str]:
    bot = _get_text(raw, "features", "bot_user", "display_name")
    if not re.fullmatch(r"[A-Za-z0-9_.\- ]{1,80}", bot):
        yield (
            "features.bot_user.display_name must have 1 to 80 letters, digits, spaces, dots, "
            f"hyphens or underscores, not {bot!r}"
        )
    if not as_list(_get_path(raw, "oauth_config", "scopes", "bot")):
        yield "oauth_config.scopes.bot is empty; an app without bot scopes cannot be installed"


def _command_problems(commands: list[Json]) -> Iterator[str]:
    if len(commands) > MAX_COMMANDS:
        yield f"features.slash_commands has {len(commands)} entries, more than {MAX_COMMANDS}"
    for command in commands:
        name = str(command.get("command", ""))
        if not re.fullmatch(r"/[a-z0-9_\-]{1,31}", name):
            yield f"{name!r} is not a slash command that Slack accepts"
        description, hint = str(command.get("description", "")), str(command.get("usage_hint", ""))
        yield from _length_problems(f"{name} description", description, 1, 2000)
        yield from _length_problems(f"{name} usage_hint", hint, 0, 1000)


def _shortcut_problems(shortcuts: list[Json]) -> Iterator[str]:
    if len(shortcuts) > MAX_SHORTCUTS:
        yield f"features.shortcuts has {len(shortcuts)} entries, more than {MAX_SHORTCUTS}"
    for shortcut in shortcuts:
        where = f"shortcut {shortcut.get('callback_id')!r}"
        if shortcut.get("type") not in {"global", "message"}:
            yield f"{where} must have the type global or message"
        for key, maximum in SHORTCUT_MAX_CHARS.items():
            text = str(shortcut.get(key, ""))
            yield from _length_problems(f"{where} {key}", text, 1, maximum)


def _event_problems(raw: Mapping[str, object]) -> Iterator[str]:
    scopes = as_list(_get_path(raw, "oauth_config", "scopes", "bot"))
    for event in as_list(_get_path(raw, "settings", "event_subscriptions", "bot_events")):
        accepted = EVENT_SCOPES.get(event, ())
        if event not in EVENT_SCOPES and event not in UNSUPPORTED_EVENTS:
            yield f"settings.event_subscriptions: unknown event {event!r}"
        elif accepted and not {*accepted} & {*scopes}:
            yield f"the event {event} needs the scope {' or '.join(accepted)}"
    if _get_features(raw, "slash_commands") and "commands" not in scopes:
        yield "slash commands need the scope commands"
