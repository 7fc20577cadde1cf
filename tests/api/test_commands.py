"""The API does what the command line does: each command has its operation, or a reason for none."""

from __future__ import annotations

from bot.api.app import openapi_document_of_routes
from tests.cli.command_tree import leaf_commands

OPERATIONS = {
    "campaign create": "create_campaign",
    "campaign list": "list_campaigns",
    "campaign show": "get_campaign",
    "campaign add-experts": "add_members",
    "campaign practice": "change_practice",
    "campaign qualify": "qualify_expert",
    "campaign audience": "change_audience",
    "campaign quality": "change_quality",
    "campaign guidelines": "change_guidelines",
    "campaign edit": "change_campaign",
    "campaign clone": "clone_campaign",
    "campaign pause": "pause_campaign",
    "campaign resume": "resume_campaign",
    "campaign close": "close_campaign",
    "template save": "save_template",
    "template list": "list_templates",
    "template use": "use_template",
    "template delete": "delete_template",
    "experts list": "list_experts",
    "experts note": "change_note",
    "experts hours": "list_hours",
    "experts messages": "list_messages",
    "experts invite": "invite_experts",
    "experts role": "change_role",
    "experts remove": "remove_member",
    "experts assign": "assign_many",
    "experts remind": "remind_experts",
    "schedule list": "list_schedules",
    "schedule add": "add_schedule",
    "schedule remove": "remove_schedule",
    "import": "push_items",
    "imports list": "list_imports",
    "imports undo": "undo_import",
    "items delete": "delete_item",
    "items hold": "hold_item",
    "items list": "list_items",
    "items release": "release_item",
    "items show": "get_item",
    "status": "get_status",
    "report": "get_report",
    "review list": "list_cases",
    "review decisions": "list_decisions",
    "review show": "get_case",
    "review accept": "accept",
    "review decide": "decide",
    "review keep": "keep",
    "review send-back": "send_back",
    "review return-to-queue": "return_to_queue",
    "review undo": "undo",
    "fix overlap": "change_overlap",
    "fix unassign": "unassign",
    "fix reassign": "reassign",
    "fix reopen": "reopen",
    "fix exclude": "exclude",
    "fix include": "include",
    "fix list": "list_excluded",
    "digest": "change_digest",
    "export": "start_export",
    "exports list": "list_exports",
    "exports deliver": "deliver_export",
    "exports replay": "replay_files",
    "exports diff": "compare_exports",
    "exports verify": "verify_export",
    "settings": "change_settings",
    "webhooks add": "add_webhook",
    "webhooks list": "list_webhooks",
    "webhooks test": "test_webhook",
    "webhooks rotate": "rotate_secret",
    "webhooks enable": "enable_webhook",
    "webhooks remove": "remove_webhook",
    "webhooks deliveries": "list_deliveries",
    "webhooks replay": "replay",
    "outbox list": "list_undelivered",
    "outbox retry": "retry_messages",
    "outbox drop": "drop_messages",
    "audit": "list_entries",
}
"""The operation that does what a command does."""

PROCESS = "It runs a process, or sets one up."
DATABASE = "It needs the database itself, also if no bot and no API runs."
PRIVACY = "It is about the personal data of an expert, which no request should reach."
KEYS = "A key that creates keys would be as good as the database's own password."
LOCAL = "It reads or deletes files of the machine that runs it."
CLIENT = "It is a program that uses the services; a pipeline has its own."

EXCEPTIONS = {
    "demo": PROCESS,
    "run": PROCESS,
    "api": PROCESS,
    "mcp": PROCESS,
    "sandbox": PROCESS,
    "manifest": PROCESS,
    "doctor": PROCESS,
    "backup": DATABASE,
    "restore": DATABASE,
    "db copy": DATABASE,
    "db upgrade": DATABASE,
    "db revision": DATABASE,
    "people export": PRIVACY,
    "people erase": PRIVACY,
    "campaign retention": PRIVACY,
    "keys create": KEYS,
    "keys list": KEYS,
    "keys revoke": KEYS,
    "exports prune": LOCAL,
    "campaign apply": LOCAL,
    "sample": CLIENT,
    "schedule next": "It computes times from a cron expression, without the database.",
}
"""Commands that the API does not have, and why."""

ADDITIONS = {
    "get_key": "A caller asks who it is.",
    "list_formats": "`labelbot export --help` lists them.",
    "list_answers": "The command line exports answers.",
    "stream_answers": "The command line exports answers.",
    "check_items": "`labelbot import --dry-run`",
    "list_tasks": "`labelbot items show` lists those of an item",
    "assign_tasks": "`labelbot experts assign` with one expert",
    "get_note": "`labelbot experts note` without a text",
    "get_leaderboard": "`labelbot report` has it",
    "get_export": "A caller waits for an export.",
    "list_files": "The files of an export are in a folder.",
    "download_file": "The files of an export are in a folder.",
    "get_settings": "`labelbot settings` without options",
    "get_digest": "`labelbot digest` without options",
}
"""Operations that are no command of their own, and what there is instead."""


def test_every_command_has_an_operation_or_a_reason_for_none() -> None:
    commands = {name.removeprefix("labelbot ") for name in leaf_commands()}
    assert OPERATIONS.keys() | EXCEPTIONS.keys() == commands
    assert not OPERATIONS.keys() & EXCEPTIONS.keys()


def test_every_operation_belongs_to_a_command_or_says_what_it_adds() -> None:
    found = {
        operation["operationId"]
        for operations in openapi_document_of_routes()["paths"].values()
        for operation in operations.values()
    }
    assert {*OPERATIONS.values(), *ADDITIONS} == found
