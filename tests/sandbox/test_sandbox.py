"""End-to-end tests with real Bolt apps over both of Slack's transports."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_bolt import Ack, App, Say
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import (
    ActionRejectedError,
    NotAcknowledgedError,
    Sandbox,
    SandboxError,
    SimulatedUser,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from tests.sandbox.receiver import Receiver

Json = dict[str, Any]
Blocks = Callable[..., list[Json]]
View = Callable[..., Json]


def test_async_app_replaces_a_message_after_a_click(
    async_app: AsyncApp, ada: SimulatedUser, client: WebClient, make_question_blocks: Blocks
) -> None:
    @async_app.action("choose_a")
    async def handle_choice(ack: AsyncAck, respond: AsyncRespond, body: Json) -> None:
        await ack()
        thanks = f"Thanks, <@{body['user']['id']}> chose *{body['actions'][0]['value']}*"
        await respond(text=thanks, replace_original=True)

    client.chat_postMessage(channel=ada.id, text="a question", blocks=make_question_blocks())
    ada.wait_for_text("Which is better?")
    ada.click("A is better")
    message = ada.wait_for_text("Thanks, @Ada Lovelace chose a")
    assert (message.blocks, message.is_edited, message.buttons) == ([], True, [])


def test_async_app_validates_a_modal(
    async_app: AsyncApp, ada: SimulatedUser, make_modal: View, make_text_input: View
) -> None:
    @async_app.shortcut("ask")
    async def open_form(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=make_modal(make_text_input()))

    @async_app.view("form")
    async def handle_submission(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        reason = body["view"]["state"]["values"]["reason"]["text"]["value"]
        if len(reason) < 3:
            await ack(response_action="errors", errors={"reason": "Write more"})
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"You wrote: {reason}")

    ada.use_shortcut("ask")
    assert ada.submit_modal(your_reason="no").errors == {"reason": "Write more"}
    ada.wait_for_text("Write more")
    assert ada.submit_modal(reason="because").errors == {}
    ada.wait_for_text("You wrote: because")
    assert ada.modal is None


def test_async_app_handles_messages_commands_and_the_home_tab(
    async_app: AsyncApp, ada: SimulatedUser, make_question_blocks: Blocks
) -> None:
    @async_app.event("message")
    async def handle_message(event: Json, say: AsyncSay) -> None:
        await say(f"You wrote {event['text']}")

    @async_app.command("/plain")
    async def handle_command(ack: AsyncAck, body: Json) -> None:
        await ack(f"You ordered {body['text']}")

    @async_app.event("app_home_opened")
    async def publish_home(event: Json, client: AsyncWebClient) -> None:
        home = {"type": "home", "blocks": make_question_blocks("Your work")}
        await client.views_publish(user_id=event["user"], view=home)

    ada.send_message("a < b")
    ada.wait_for_text("You wrote a < b")
    ada.send_message("/plain a & b")
    assert ada.wait_for_text("You ordered a & b").is_ephemeral
    ada.open_home()
    ada.wait_for_text("Your work")


def test_sync_app_handles_all_interactions_over_socket_mode(
    socket_app: App,
    sandbox: Sandbox,
    ada: SimulatedUser,
    form_modal: Json,
    make_question_blocks: Blocks,
) -> None:
    client = socket_app.client

    @socket_app.command("/plain")
    def handle_command(ack: Ack, body: Json) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form_modal)

    @socket_app.view("form")
    def handle_submission(ack: Ack, body: Json) -> None:
        ack()
        value = body["view"]["state"]["values"]["reason"]["text"]["value"]
        client.chat_postMessage(channel=body["user"]["id"], text=value)

    @socket_app.event("message")
    def handle_message(event: Json, say: Say) -> None:
        say(f"received {event['text']}")

    ada.send_message("/plain")
    ada.submit_modal(reason="A long story. " * 200)
    ada.wait_for_text("A long story. A long story.")
    ada.send_message("Grüße 🎉")
    ada.wait_for_text("received Grüße 🎉")
    long_blocks = [{"type": "section", "text": {"type": "plain_text", "text": "ä" * 1500}}] * 45
    client.views_publish(
        user_id=ada.id, view={"type": "home", "blocks": [*long_blocks, *make_question_blocks()]}
    )
    payloads: list[Json] = []

    @socket_app.action("choose_a")
    def handle_choice(ack: Ack, body: Json) -> None:
        payloads.append(body)
        ack()

    ada.click("A is better")
    assert len(payloads[0]["view"]["blocks"]) == 47
    sandbox.faults.disconnect("refresh_requested")
    sandbox.wait_until(lambda: sandbox.request_counts["apps.connections.open"] == 2)
    sandbox.wait_until(lambda: sandbox.connection_count == 1)
    ada.send_message("again")
    ada.wait_for_text("received again")


@pytest.mark.usefixtures("async_app")
def test_missing_listener_fails_the_interaction(
    ada: SimulatedUser, client: WebClient, make_question_blocks: Blocks, sandbox: Sandbox
) -> None:
    client.chat_postMessage(channel=ada.id, text="a question", blocks=make_question_blocks())
    over_http = sandbox.connection_count == 0
    with pytest.raises(NotAcknowledgedError, match="404" if over_http else "no ack"):
        ada.click("A is better")


def test_ack_timeout_cannot_exceed_slacks(open_sandbox: Callable[..., Sandbox]) -> None:
    with pytest.raises(ValueError, match="at most Slack's 3 s, not 4"):
        open_sandbox(ack_timeout=4)


def test_users_can_click_concurrently_from_threads(
    async_app: AsyncApp, sandbox: Sandbox, client: WebClient, make_question_blocks: Blocks
) -> None:
    @async_app.action("choose_a")
    async def handle_choice(ack: AsyncAck) -> None:
        await ack()

    users = [sandbox.add_user(f"user{number}") for number in range(5)]
    for user in users:
        client.chat_postMessage(channel=user.id, text="a question", blocks=make_question_blocks())

    def click(user: SimulatedUser) -> None:
        for _ in range(40):
            user.click("A is better")

    threads = [threading.Thread(target=click, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.request_counts["block_actions"] == 200


def test_wait_until_times_out(sandbox: Sandbox) -> None:
    with pytest.raises(WaitTimeoutError, match=r"within 0\.02 s"):
        sandbox.wait_until(lambda: False, within=0.02)
    sandbox.wait_until(lambda: True)


def test_only_a_joining_user_sends_team_join(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.add_user("ada")
    bob = sandbox.join_user("bob")
    sandbox.wait_until(lambda: receiver.deliveries)
    event = httpx.Response(200, text=receiver.deliveries[0].body).json()["event"]
    assert (event["type"], event["user"]["id"]) == ("team_join", bob.id)
    sandbox.wait_until(lambda: sandbox.request_counts["team_join"] == 1)


def test_uninstalled_app_receives_events_and_loses_access(
    sandbox: Sandbox, receiver: Receiver, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.uninstall_app()
    sandbox.wait_until(lambda: len(receiver.deliveries) == 2)
    sandbox.wait_until(lambda: set(sandbox.request_counts) == {"tokens_revoked", "app_uninstalled"})
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()
    ada.open_messages()
    assert sandbox.request_counts["app_home_opened"] == 0


def test_only_members_see_channel_messages(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient
) -> None:
    bob = sandbox.add_user("bob")
    channel = sandbox.add_channel("labels", members=[ada])
    client.chat_postMessage(channel="#labels", text="news")
    assert ada.wait_for_text("news").channel == channel.id
    assert bob.messages == []
    with pytest.raises(ActionRejectedError):
        bob.send_message("me too", channel=channel)


def test_port_in_use_raises_os_error(
    sandbox: Sandbox, open_sandbox: Callable[..., Sandbox]
) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        open_sandbox(port=port)


def test_serve_forever_ends_on_stop(open_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = open_sandbox()
    thread = threading.Thread(target=sandbox.serve_forever)
    thread.start()
    assert thread.is_alive()
    sandbox.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_stop_ends_waiting_calls(
    open_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = open_sandbox()
    ada = sandbox.add_user("ada")
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            ada.wait_for_text("never sent")
        except SandboxError as error:
            caught.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    sandbox.wait_until(lambda: ada._actor.client.change_events)  # noqa: SLF001 - no public attribute shows a waiting call
    sandbox.stop()
    thread.join(5)
    assert [str(error) for error in caught] == ["the sandbox was stopped before the call finished"]
    with pytest.raises(SandboxError, match="is not running"):
        ada.send_message("hello")


def test_ctrl_c_stops_the_sandbox_cleanly(manifest: Json) -> None:
    program = (
        "import json, sys; from bot.sandbox import Sandbox\n"
        "with Sandbox(json.loads(sys.argv[1])) as sandbox:\n"
        "    print(sandbox.url, flush=True)\n"
        "    sandbox.serve_forever()\n"
        "print('bye')\n"
    )
    command = [sys.executable, "-W", "error", "-c", program, json.dumps(manifest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this interpreter
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "bye\n"
    assert process.returncode == 0


def test_call_from_the_servers_thread_is_rejected(sandbox: Sandbox) -> None:
    caught: list[BaseException] = []

    def call_from_server_thread() -> None:
        try:
            _ = sandbox.request_counts
        except SandboxError as error:
            caught.append(error)

    sandbox._server.call(call_from_server_thread)  # noqa: SLF001 - no public call runs there
    assert len(caught) == 1
