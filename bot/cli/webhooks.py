"""`labelbot webhooks`: addresses of other programs that get events."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import option_parsers
from bot.cli.database import command_line_actor, open_database
from bot.cli.output import (
    JSON_HELP,
    print_error,
    print_json,
    print_list,
    print_secret,
    print_text,
    show_spinner,
)
from bot.clock import WallClock
from bot.services.webhooks import deliveries, webhooks
from bot.services.webhooks.deliveries import DeliveryStatus
from bot.services.webhooks.webhook_secrets import (
    DEFAULT_KEEP_HOURS,
    MAX_KEEP_HOURS,
    change_secret,
)
from bot.services.webhooks.webhooks import NewWebhook, WebhookStatus
from bot.settings import load_storage_settings
from bot.slack.blockkit.text import pluralize
from bot.webhook_delivery import SendingRules, send_test
from bot.webhooks.events import SUBSCRIBED_EVENTS
from storage.tables import WebhookDeliveryState

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Send signed events to other programs: answers, items, campaigns, exports, warnings.",
)

COLUMNS = ("name", "address", "events", "campaigns", "waiting", "delivered", "failed", "state")
DELIVERY_COLUMNS = ("id", "event", "state", "happened", "attempts", "next", "status", "error")

SHOWN_ONCE = "Store the secret now; it cannot be shown again. The receiver verifies with it."

WebhookName = Annotated[
    str, typer.Argument(metavar="WEBHOOK", help="Name of the webhook: training-loop.")
]
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command(epilog="Example: labelbot webhooks add loop https://example.org/labelbot")
def add(
    webhook: WebhookName,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are sent, with POST.")],
    *,
    events: Annotated[
        list[str] | None,
        typer.Option(
            "--event",
            metavar="EVENT",
            help=f"Only this event: {', '.join(SUBSCRIBED_EVENTS)}; repeatable. Default: all.",
        ),
    ] = None,
    campaigns: Annotated[
        list[str] | None,
        typer.Option(
            "--campaign", metavar="CAMPAIGN", help="Only this campaign; repeatable. Default: all."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add a webhook and print the secret that signs its events, once."""
    new = NewWebhook(webhook, url, tuple(events or ()), tuple(campaigns or ()))
    allows_private = load_storage_settings().webhook_allow_private
    with open_database() as database:
        created = database.write_now(
            webhooks.add_webhook, new, command_line_actor(), allows_private=allows_private
        )
    print_secret(created, created.secret, SHOWN_ONCE, as_json=as_json)


@app.command(epilog="Example: labelbot webhooks rotate loop --keep-hours 24")
def rotate(
    webhook: WebhookName,
    *,
    keep_hours: Annotated[
        int,
        typer.Option(
            min=0,
            max=MAX_KEEP_HOURS,
            help="For how many hours the old secret also signs; 0: not at all.",
        ),
    ] = DEFAULT_KEEP_HOURS,
    as_json: Json = False,
) -> None:
    """Give a webhook a new secret and print it, once.

    During the change-over each event has two signatures, so that the receiver may verify with
    either secret.
    """
    with open_database() as database:
        changed = database.write_now(change_secret, webhook, keep_hours, command_line_actor())
    if changed.old_until is None:
        note = f"{SHOWN_ONCE} The old secret no longer signs."
    else:
        note = f"{SHOWN_ONCE} The old one also signs until {changed.old_until:%Y-%m-%d %H:%M} UTC."
    print_secret(changed, changed.secret, note, as_json=as_json)


@app.command("list", epilog="Example: labelbot webhooks list")
def list_webhooks(*, as_json: Json = False) -> None:
    """List all webhooks with their deliveries. No secret is shown."""
    with open_database() as database:
        found = database.read_now(webhooks.list_webhooks)
    empty = "There are no webhooks yet. Add one with labelbot webhooks add."
    print_list(found, COLUMNS, _table_row, empty=empty, as_json=as_json)


def _table_row(status: WebhookStatus) -> tuple[object, ...]:
    return (
        status.name,
        status.url,
        ", ".join(status.events) or "all",
        ", ".join(status.campaigns) or "all",
        status.waiting,
        status.delivered,
        status.failed,
        _describe_state(status),
    )


def _describe_state(status: WebhookStatus) -> str:
    if status.disabled_reason:
        return f"disabled: {status.disabled_reason}"
    if status.failing_since:
        return f"failing since {status.failing_since:%Y-%m-%d %H:%M} UTC"
    state = "works" if status.delivered else "new"
    until = status.old_secret_until
    return f"{state}; old secret until {until:%Y-%m-%d %H:%M} UTC" if until else state


@app.command("test", epilog="Example: labelbot webhooks test loop")
def send_test_event(webhook: WebhookName, *, as_json: Json = False) -> None:
    """Send the event webhook.test now, and say what the receiver answered."""
    rules = SendingRules(load_storage_settings().webhook_allow_private)
    with open_database() as database, show_spinner(f"Sending to {webhook} …"):
        result = send_test(database, WallClock(), webhook, rules)
    if as_json:
        print_json(result)
    elif result.error is None:
        print_text(f"The receiver accepted the event with status {result.status}.")
    if result.error is not None:
        print_error(f"The receiver did not accept the event: {result.error}.")
        raise typer.Exit(1)


@app.command(epilog="Example: labelbot webhooks remove loop")
def remove(webhook: WebhookName) -> None:
    """Remove a webhook with its secret, its log and what waits for it."""
    with open_database() as database:
        database.write_now(webhooks.remove_webhook, webhook, command_line_actor())
    print_text(f"Removed “{webhook}”.")


@app.command(epilog="Example: labelbot webhooks enable loop")
def enable(webhook: WebhookName) -> None:
    """Let a disabled webhook get events again, and try a failing one at once."""
    with open_database() as database:
        was_disabled = database.write_now(webhooks.enable_webhook, webhook, command_line_actor())
    print_text(
        f"Enabled “{webhook}”." if was_disabled else f"“{webhook}” is enabled; it is tried now."
    )


@app.command("deliveries", epilog="Example: labelbot webhooks deliveries loop --state failed")
def list_deliveries(
    webhook: WebhookName,
    *,
    state: Annotated[
        list[WebhookDeliveryState] | None,
        typer.Option(help="Only deliveries in this state; repeatable. Default: all."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            metavar="COUNT", parser=option_parsers.parse_limit, help="Maximum number of deliveries."
        ),
    ] = 20,
    as_json: Json = False,
) -> None:
    """List the events of a webhook with their outcome, the newest first."""
    with open_database() as database:
        found = database.read_now(deliveries.list_deliveries, webhook, state or (), limit)
    empty = "The log has no such deliveries."
    print_list(found, DELIVERY_COLUMNS, _delivery_row, empty=empty, as_json=as_json)


def _delivery_row(status: DeliveryStatus) -> tuple[object, ...]:
    return (
        status.id,
        status.type,
        status.state,
        status.happened_at,
        status.attempts,
        status.next_attempt_at,
        str(status.status or "-"),
        status.error,
    )


@app.command(
    epilog="Example: labelbot webhooks replay loop --failed",
    context_settings={"ignore_unknown_options": True},
)
def replay(
    webhook: WebhookName,
    ids: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[ID]...",
            parser=option_parsers.parse_delivery_id,
            help="Ids that “webhooks deliveries” shows.",
        ),
    ] = None,
    *,
    is_failed: Annotated[
        bool, typer.Option("--failed", help="All deliveries that failed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send events of the log again, with the same ids."""
    if is_failed == bool(ids):
        message = "Name ids, or use --failed."
        raise typer.BadParameter(message)
    with open_database() as database:
        queued = database.write_now(
            deliveries.replay, webhook, None if is_failed else ids, command_line_actor()
        )
    if as_json:
        print_json({"ids": queued})
    else:
        print_text(f"Queued again: {pluralize(len(queued), 'event')}.")
