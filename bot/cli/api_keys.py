"""`labelbot keys`: keys of the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.database import command_line_actor, open_database
from bot.cli.output import JSON_HELP, print_list, print_secret, print_text
from bot.services.api_keys import keys
from storage.tables import KeyScope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Create, list and revoke keys of the HTTP API."
)

COLUMNS = ("name", "scope", "campaigns", "created by", "created", "last used", "revoked")
Key = Annotated[
    str, typer.Argument(metavar="KEY", help="Name of the key, as in the audit log: training-loop.")
]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command(epilog="Example: labelbot keys create training-loop --scope items --campaign tone")
def create(
    key: Key,
    *,
    scope: Annotated[
        KeyScope,
        typer.Option(help="read; items: also add items; admin: also everything else."),
    ] = KeyScope.READ,
    campaigns: Annotated[
        list[str] | None,
        typer.Option(
            "--campaign", metavar="CAMPAIGN", help="Only this campaign; repeatable. Default: all."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a key and print it, once. Only a hash of it is stored."""
    with open_database() as database:
        created = database.write_now(
            keys.create_key, key, scope, campaigns or [], command_line_actor()
        )
    note = "Store the key now; it cannot be shown again."
    print_secret(created, created.key, note, as_json=as_json)


@app.command("list", epilog="Example: labelbot keys list")
def list_keys(*, as_json: Json = False) -> None:
    """List all keys with their scope and last use. No key itself is shown."""
    with open_database() as database:
        found = database.read_now(keys.list_keys)
    empty = "There are no keys yet. Create one with labelbot keys create."
    print_list(found, COLUMNS, _table_row, empty=empty, as_json=as_json)


def _table_row(status: keys.KeyStatus) -> tuple[object, ...]:
    return (
        status.name,
        status.scope,
        ", ".join(status.campaigns) or "all",
        status.created_by,
        status.created_at,
        status.last_used_at,
        status.revoked_at,
    )


@app.command(epilog="Example: labelbot keys revoke training-loop")
def revoke(key: Key) -> None:
    """Revoke a key. It is refused from then on, also by a running API."""
    with open_database() as database:
        is_changed = database.write_now(keys.revoke_key, key, command_line_actor())
    print_text(f"Revoked “{key}”." if is_changed else f"“{key}” was already revoked.")
