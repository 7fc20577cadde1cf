"""The app manifest: the parts that decide what an app may do in the workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .errors import ManifestError
from .json_codec import Json, as_list, as_object
from .manifest_events import EVENT_SCOPES, is_known_event
from .manifest_schema import schema_problems

BOT_EVENTS_POINTER = "/settings/event_subscriptions/bot_events"


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
    problems = schema_problems(raw)
    yield from problems
    if not problems:
        yield from _bot_problems(raw)
        yield from _event_problems(raw)


def _bot_problems(raw: Mapping[str, object]) -> Iterator[str]:
    if not _get_text(raw, "features", "bot_user", "display_name"):
        yield "the app has no bot user [json-pointer:/features/bot_user]"
    if not as_list(_get_path(raw, "oauth_config", "scopes", "bot")):
        yield "an app without bot scopes cannot be installed [json-pointer:/oauth_config/scopes]"
    if _get_features(raw, "slash_commands") and "commands" not in _bot_scopes(raw):
        yield "slash commands need the scope commands [json-pointer:/oauth_config/scopes/bot]"


def _event_problems(raw: Mapping[str, object]) -> Iterator[str]:
    for event in as_list(_get_path(raw, "settings", "event_subscriptions", "bot_events")):
        accepted = EVENT_SCOPES.get(event, ())
        if not is_known_event(event):
            yield f"unknown event {event!r} [json-pointer:{BOT_EVENTS_POINTER}]"
        elif accepted and not {*accepted} & {*_bot_scopes(raw)}:
            scopes = " or ".join(accepted)
            yield f"the event {event} needs the scope {scopes} [json-pointer:{BOT_EVENTS_POINTER}]"


def _bot_scopes(raw: Mapping[str, object]) -> list[str]:
    return [str(scope) for scope in as_list(_get_path(raw, "oauth_config", "scopes", "bot"))]
