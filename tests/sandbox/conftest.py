"""Fixtures of the sandbox's tests: a manifest, a workspace, clients and apps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from copy import deepcopy
from datetime import timedelta
from typing import Any, cast

import aiohttp
import httpx
import pytest
from aiohttp import web
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NO_LIMITS, Sandbox, SimulatedUser
from bot.sandbox.pytest_plugin import close_connections
from tests.background_loop import BackgroundLoop
from tests.sandbox.receiver import Receiver

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Example"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "example"},
        "slash_commands": [
            {"command": "/plain", "description": "Send a text"},
            {"command": "/names", "description": "Mention a user", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"},
            {"name": "File", "type": "message", "callback_id": "file", "description": "File"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "dnd:read",
                "files:read",
                "files:write",
                "im:history",
                "im:read",
                "im:write",
                "reactions:read",
                "reactions:write",
                "team:read",
                "usergroups:read",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "channel_left",
                "dnd_updated_user",
                "file_shared",
                "member_joined_channel",
                "member_left_channel",
                "message.channels",
                "message.im",
                "reaction_added",
                "reaction_removed",
                "subteam_members_changed",
                "subteam_updated",
                "team_join",
                "tokens_revoked",
                "user_change",
                "user_profile_changed",
                "user_status_changed",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@pytest.fixture
def manifest() -> Json:
    """Return a copy of a manifest with all the scopes and events that the tests need."""
    return deepcopy(MANIFEST)


@pytest.fixture
def open_sandbox(manifest: Json) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that opens a workspace, with options that override the defaults."""
    with ExitStack() as stack:

        def open_with(**overrides: object) -> Sandbox:
            options: Json = {"manifest": manifest, "limits": NO_LIMITS, "ack_timeout": 1.0}
            options |= overrides
            return stack.enter_context(Sandbox(**options))

        yield open_with


@pytest.fixture
def sandbox(open_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """Return a workspace without rate limits and with a short acknowledgment timeout."""
    return open_sandbox()


@pytest.fixture
def ada(sandbox: Sandbox) -> SimulatedUser:
    """Return a user of the workspace."""
    return sandbox.add_user("ada", real_name="Ada Lovelace")


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    """Return the app's Web API client."""
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def call_expecting_error(client: WebClient) -> Callable[..., Json]:
    """Return a function that calls a method, expects an error, and returns the response."""

    def call(method: str, **args: object) -> Json:
        with pytest.raises(SlackApiError) as caught:
            client.api_call(method, json=args)
        return cast("Json", caught.value.response.data)

    return call


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Return an HTTP client for the workspace's server."""
    with httpx.Client(base_url=sandbox.url, trust_env=False) as http_client:
        yield http_client


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    """Return a receiver to whose request URL the workspace delivers."""
    new_receiver = Receiver()
    sandbox.use_http_delivery(new_receiver.url)
    yield new_receiver
    new_receiver.close()


@pytest.fixture
def socket_app(sandbox: Sandbox, client: WebClient) -> Iterator[App]:
    """Return a synchronous Bolt app on Socket Mode's builtin client, without listeners."""
    app = App(
        name="example",
        client=client,
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
    )
    handler = SocketModeHandler(app, sandbox.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt does not type it
    sandbox.wait_until(lambda: sandbox.connection_count)
    yield app
    close_connections(sandbox, [handler])


@pytest.fixture
def background_loop() -> Iterator[BackgroundLoop]:
    """Return an event loop on its own thread."""
    loop = BackgroundLoop()
    yield loop
    loop.close()


async def _build_async_app(sandbox: Sandbox, stack: AsyncExitStack) -> AsyncApp:
    session = await stack.enter_async_context(aiohttp.ClientSession())
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, session=session)
    return AsyncApp(
        name="example",
        client=client,
        signing_secret=sandbox.signing_secret,
        process_before_response=True,
    )


async def _serve_over_http(app: AsyncApp, stack: AsyncExitStack) -> str:
    runner = web.AppRunner(app.web_app())
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


async def _connect_over_socket(app: AsyncApp, app_token: str, stack: AsyncExitStack) -> None:
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt does not type it
    stack.push_async_callback(handler.close_async)


@pytest.fixture(params=["http", "socket"])
def async_app(
    request: pytest.FixtureRequest, sandbox: Sandbox, background_loop: BackgroundLoop
) -> AsyncApp:
    """Return an asynchronous Bolt app, on signed HTTP and on Socket Mode."""
    app: AsyncApp = background_loop.run(_build_async_app(sandbox, background_loop.stack))
    if request.param == "http":
        sandbox.use_http_delivery(
            background_loop.run(_serve_over_http(app, background_loop.stack)), verify=True
        )
    else:
        background_loop.run(_connect_over_socket(app, sandbox.app_token, background_loop.stack))
        sandbox.wait_until(lambda: sandbox.connection_count)
    return app


@pytest.fixture
def make_question_blocks() -> Callable[..., list[Json]]:
    """Return a function that builds the blocks of a question with two buttons."""

    def build_blocks(text: str = "Which is better?", block_id: str = "q") -> list[Json]:
        buttons = [
            {
                "type": "button",
                "action_id": f"choose_{letter}",
                "text": {"type": "plain_text", "text": f"{letter.upper()} is better"},
                "value": letter,
            }
            for letter in "ab"
        ]
        return [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {"type": "actions", "block_id": block_id, "elements": buttons},
        ]

    return build_blocks


@pytest.fixture
def make_modal() -> Callable[..., Json]:
    """Return a function that builds a modal with these blocks and further fields."""

    def build_view(*blocks: Json, **fields: object) -> Json:
        submit = {"type": "plain_text", "text": "Send"}
        body: Json = {"type": "modal", "callback_id": "form", "blocks": list(blocks)}
        title = {"type": "plain_text", "text": "A form"}
        return body | {"title": title, "submit": submit} | fields

    return build_view


@pytest.fixture
def make_text_input() -> Callable[..., Json]:
    """Return a function that builds an input block for text."""

    def build_block(
        label: str = "Your reason", block_id: str = "reason", **element_fields: object
    ) -> Json:
        element = {"type": "plain_text_input", "action_id": "text"} | element_fields
        label_text = {"type": "plain_text", "text": label}
        return {"type": "input", "block_id": block_id, "label": label_text, "element": element}

    return build_block


@pytest.fixture
def form_modal(make_modal: Callable[..., Json], make_text_input: Callable[..., Json]) -> Json:
    """Return a modal with one input."""
    view: Json = make_modal(make_text_input())
    return view


@pytest.fixture
def new_trigger_id(
    ada: SimulatedUser,
    receiver: Receiver,  # noqa: ARG001 - acknowledges the shortcut
) -> Callable[[], str]:
    """Return a function that performs an action as Ada and returns its trigger_id."""

    def use_shortcut() -> str:
        payload = ada.use_shortcut("ask").payload or {}
        return str(payload["trigger_id"])

    return use_shortcut


@pytest.fixture
def minutes() -> Callable[[float], timedelta]:
    """Return a function from a number of minutes to a timedelta."""
    return lambda number: timedelta(minutes=number)
