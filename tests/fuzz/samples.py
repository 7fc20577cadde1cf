"""Valid payloads of every kind, as Slack sends them; the fuzz test changes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.campaign_form.form import FormState
from bot.slack.parsing.action_ids import Action
from bot.slack.views.better_response_modal import BetterResponseState
from bot.slack.views.task_modals import ModalMetadata
from handlers.registry import ACTIONS, SUBCOMMANDS, SUBMISSIONS

Json = dict[str, Any]

TEAM: Json = {"id": "T1", "domain": "example"}
MESSAGE: Json = {
    "type": "message",
    "ts": "1700000000.000100",
    "user": "U0BOT",
    "bot_id": "B0BOT",
    "text": "Task",
    "blocks": [{"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "Task"}}],
}

ENTRIES: tuple[Json, ...] = (
    {"type": "plain_text_input", "value": "Because."},
    {"type": "number_input", "value": "3"},
    {"type": "url_text_input", "value": "https://x.example/a.csv"},
    {"type": "static_select", "selected_option": {"value": "daily"}},
    {"type": "radio_buttons", "selected_option": {"value": "0::1"}},
    {"type": "checkboxes", "selected_options": [{"value": "on"}]},
    {"type": "multi_static_select", "selected_options": [{"value": "0"}, {"value": "1"}]},
    {"type": "users_select", "selected_user": "U1"},
    {"type": "multi_users_select", "selected_users": ["U1", "U2"]},
    {"type": "channels_select", "selected_channel": "C1"},
    {"type": "datepicker", "selected_date": "2030-12-24"},
    {"type": "timepicker", "selected_time": "09:30"},
    {"type": "file_input", "files": [{"id": "F1", "name": "a.csv", "url_private": "https://x"}]},
    {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": []}},
)
"""An entry of each type of input."""

ENTRIES_BY_KEY: dict[str, Json] = {
    "select_import_campaign": {"type": "static_select", "selected_option": {"value": "0::1"}},
    "select_kind": {"type": "static_select", "selected_option": {"value": "0::rating"}},
    "verdict:0": {"type": "radio_buttons", "selected_option": {"value": "a"}},
    "categories:0": {"type": "checkboxes", "selected_options": [{"value": "x"}]},
    "people": {"type": "multi_users_select", "selected_users": ["U1", "U2"]},
    "channel": {"type": "channels_select", "selected_channel": "C1"},
    "export_channel": {"type": "channels_select", "selected_channel": "C1"},
    "since": {"type": "datepicker", "selected_date": "2026-11-01"},
    "until": {"type": "datepicker", "selected_date": "2030-12-24"},
    "deadline": {"type": "datepicker", "selected_date": "2030-12-24"},
    "reminders_per_day": {"type": "number_input", "value": "3"},
    "reminders_per_week": {"type": "number_input", "value": "5"},
    "overlap": {"type": "number_input", "value": "3"},
    "comparison_overlap": {"type": "number_input", "value": "3"},
    "gold_percent": {"type": "number_input", "value": "10"},
    "count": {"type": "number_input", "value": "2"},
    "digest": {"type": "checkboxes", "selected_options": [{"value": "on"}]},
    "campaigns": {"type": "multi_static_select", "selected_options": [{"value": "comparison"}]},
    "role": {"type": "static_select", "selected_option": {"value": "senior"}},
    "work_starts_minute": {"type": "timepicker", "selected_time": "09:30"},
    "work_ends_minute": {"type": "timepicker", "selected_time": "17:30"},
    "work_days": {"type": "checkboxes", "selected_options": [{"value": "1"}]},
    "file": {"type": "file_input", "files": []},
    "url": {"type": "url_text_input", "value": "https://127.0.0.1/a.csv"},
    "prompt:1": {"type": "multi_static_select", "selected_options": [{"value": "0"}]},
    "candidates:1": {"type": "multi_static_select", "selected_options": [{"value": "1"}]},
    "id:1": {"type": "multi_static_select", "selected_options": []},
    "strict": {"type": "checkboxes", "selected_options": []},
}
"""The right entry of inputs that are not texts."""

KEYS_BY_MODAL: dict[str, tuple[str, ...]] = {
    "write_answer": ("response:0", "reason:0", "verdict:0", "categories:0"),
    "better_response": ("better_response0:0",),
    "ask_question": ("text",),
    "flag_item": ("text",),
    "answer_question": ("text",),
    "resolve_flag": ("text",),
    "close": (),
    "workspace_settings": ("channel", "reminders_per_day", "reminders_per_week", "digest"),
    "import_source": ("select_import_campaign", "file", "url"),
    "map_columns": ("select_import_campaign", "prompt:1", "candidates:1", "id:1", "strict"),
    "decide": ("verdict:0", "reason:0", "decision_reason"),
    "send_back": ("reason",),
    "change_overlap": ("overlap",),
    "unassign": ("person", "new_expert"),
    "reopen": ("item", "person", "reason"),
    "exclude": ("person", "since", "reason"),
    "create_campaign": (
        *("title", "select_kind", "select_preset", "guidelines", "guidelines_link", "people"),
        "user_group",
        *("member_channel", "domains", "comparison_overlap", "gold_percent", "deadline"),
        *("reminders", "tz", "export_schedule", "export_channel"),
    ),
    "edit_guidelines": ("text", "note", "link"),
    "invite": ("people", "user_group", "member_channel", "campaign", "role", "domains"),
    "edit_expert": ("domains", "languages", "role", "campaigns"),
    "assign": ("people", "count", "item"),
    "edit_preferences": (
        *("work_starts_minute", "work_ends_minute", "work_days", "tz", "daily_limit_minutes"),
        *("batch_size", "wants_reminders", "locale"),
    ),
    "take_time_off": ("until",),
}
"""Keys of the inputs of each modal."""

METADATA: tuple[str, ...] = (
    "1",
    ModalMetadata(1, "D1", "1700000000.000100", field="reason").to_json(),
    BetterResponseState(1, "D1", "1700000000.000100").to_metadata(),
    json.dumps({"task_id": 1, "reason": "disagreed"}),
    json.dumps({"campaign_id": 1, "version": 1, "joins": []}),
    FormState(1, shows_more=True).pack(),
    "",
)
"""Private metadata of our modals."""


def person(slack_id: str) -> Json:
    """Return the user of an interaction."""
    return {"id": slack_id, "username": "ada", "name": "ada", "team_id": "T1"}


def block_actions(slack_id: str, action: Action) -> Iterator[Json]:
    """Yield the click of a button in a message, in a modal and in the Home tab, and a choice."""
    click: Json = {
        "type": "button",
        "block_id": "b",
        "action_id": action.action_id,
        "value": action.value,
        "action_ts": "1700000001.000001",
    }
    choice = {**click, "type": "static_select", "selected_option": {"value": action.value}}
    del choice["value"]
    payload: Json = {
        "type": "block_actions",
        "team": TEAM,
        "user": person(slack_id),
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": "1.2.x",
        "actions": [click],
    }
    message = {
        "container": {"type": "message", "message_ts": MESSAGE["ts"], "channel_id": "D1"},
        "channel": {"id": "D1", "name": "directmessage"},
        "message": MESSAGE,
    }
    yield {**payload, **message}
    yield {**payload, **message, "actions": [choice]}
    for view_type in ("modal", "home"):
        view = {**view_of("write_answer", METADATA[1]), "type": view_type}
        yield {**payload, "container": {"type": "view", "view_id": "V1"}, "view": view}


def view_of(callback_id: str, metadata: str, offset: int | None = None) -> Json:
    """Return a modal with an entry in each of its inputs; an `offset` chooses other types."""
    keys = KEYS_BY_MODAL.get(callback_id, ("text",))
    values = {}
    for number, key in enumerate(keys):
        right_entry = ENTRIES_BY_KEY.get(key, ENTRIES[0])
        entry = right_entry if offset is None else ENTRIES[(number + offset) % len(ENTRIES)]
        values[key] = {key.partition(":")[0]: entry, key: entry}
    return {
        "id": "V1",
        "team_id": "T1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "hash": "1.x",
        "blocks": [],
        "state": {"values": values},
    }


def submissions(slack_id: str, callback_id: str) -> Iterator[Json]:
    """Yield the submissions of a modal, with various metadata and types of entries."""
    for number, metadata in (*((None, data) for data in METADATA), *enumerate(METADATA)):
        yield {
            "type": "view_submission",
            "team": TEAM,
            "user": person(slack_id),
            "trigger_id": "1.2.z",
            "view": view_of(callback_id, metadata, number),
            "response_urls": [],
        }
    yield {
        "type": "view_closed",
        "team": TEAM,
        "user": person(slack_id),
        "view": view_of(callback_id, METADATA[0]),
        "is_cleared": False,
    }


def command(slack_id: str, text: str) -> Json:
    """Return a slash command."""
    return {
        "command": "/label",
        "text": text,
        "team_id": "T1",
        "team_domain": "example",
        "channel_id": "D1",
        "user_id": slack_id,
        "user_name": "ada",
        "trigger_id": "1.2.y",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
    }


def event(**fields: Any) -> Json:  # noqa: ANN401 - any field of an event
    """Return the wrapper of an event."""
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": 1700000001,
        "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": {"event_ts": "1700000001.000001", **fields},
    }


def events(slack_id: str) -> Iterator[Json]:
    """Yield events of all types that the app receives, and others."""
    text = {"type": "text", "text": "Yes"}
    rich_text = {
        "type": "rich_text",
        "block_id": "r",
        "elements": [
            {"type": "rich_text_section", "elements": [text, {"type": "emoji", "name": "smile"}]},
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "offset": 2,
                "elements": [{"type": "rich_text_section", "elements": [text]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "link", "url": "https://x"}]},
            {"type": "rich_text_preformatted", "elements": [text]},
        ],
    }
    written: Json = {
        "type": "message",
        "channel": "D1",
        "channel_type": "im",
        "user": slack_id,
        "text": "Yes, it is.",
        "ts": "1700000001.000001",
        "client_msg_id": "a8744611-0210-4f85-9f15-5faf7fb225c8",
        "blocks": [rich_text],
    }
    reply = {**written, "thread_ts": MESSAGE["ts"]}
    file = {"id": "F1", "name": "a.csv", "url_private_download": "https://files.slack.com/a"}
    profile = {"real_name": "Ada", "status_text": "OOO", "status_expiration": 0}
    yield event(**written)
    yield event(**reply)
    yield event(**{**written, "subtype": "file_share", "files": [file]})
    yield event(**{**reply, "subtype": "file_share", "files": [file]})
    for subtype, key in (("message_changed", "message"), ("message_deleted", "previous_message")):
        yield event(type="message", subtype=subtype, channel="D1", **{key: reply})
    yield event(type="app_home_opened", user=slack_id, channel="D1", tab="home")
    yield event(type="user_change", user={"id": slack_id, "tz": "Asia/Tokyo", "profile": profile})
    dnd = {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 2}
    yield event(type="dnd_updated_user", user=slack_id, dnd_status=dnd)
    yield event(type="tokens_revoked", tokens={"bot": ["U0BOT"]})
    yield event(type="team_join", user={"id": slack_id})


def others(slack_id: str) -> Iterator[Json]:
    """Yield payloads of kinds that the app does not use."""
    common = {"team": TEAM, "user": person(slack_id), "callback_id": "x", "trigger_id": "1.2.w"}
    yield {**common, "type": "shortcut"}
    yield {**common, "type": "message_action", "message": MESSAGE, "channel": {"id": "D1"}}
    yield {**common, "type": "block_suggestion", "action_id": "x", "block_id": "b", "value": "a"}
    yield {**common, "type": "interactive_message", "actions": [{"name": "a", "value": "b"}]}
    yield {**common, "type": "dialog_submission", "submission": {"a": "b"}, "state": "x"}
    yield {**common, "type": "workflow_step_edit", "workflow_step": {}}
    yield {"type": "url_verification", "challenge": "x"}
    yield {"ssl_check": "1", "token": "x"}


COMMAND_TEXTS = (
    *SUBCOMMANDS,
    "away 2030-12-24",
    "import comparison https://127.0.0.1/a.csv",
    "export comparison preference <#C1|x>",
    "schedule comparison daily 06:00",
    "assign <@U1|ada> comparison 5",
    "invite <@U1> domain=law role=senior comparison",
    "",
    "what?",
)
"""Texts of commands."""

ACTION_TARGETS = (
    ("", ""),
    ("verdict", "a"),
    ("disagreed", "1"),
    ("", "0::1"),
    ("1", "9" * 18),
)
"""Fields and options of actions."""


def all_samples(slack_ids: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """Return all payloads, for each of these people."""
    samples: list[Mapping[str, Any]] = []
    for slack_id in slack_ids:
        for name in (*ACTIONS, "menu", "shred"):
            for field, option in ACTION_TARGETS:
                samples += block_actions(slack_id, Action(name, 1, field, option))
        for callback_id in (*SUBMISSIONS, "shred"):
            samples += submissions(slack_id, callback_id)
        samples += [command(slack_id, text) for text in COMMAND_TEXTS]
        samples += [*events(slack_id), *others(slack_id)]
    return samples
