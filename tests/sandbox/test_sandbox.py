"""Whole stories, told with the real Bolt over both of Slack's transports."""

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


def test_an_async_app_asks_and_a_person_answers_in_the_message(
    async_app: AsyncApp, ada: SimulatedUser, client: WebClient, question: Blocks
) -> None:
    @async_app.action("choose_a")
    async def chosen(ack: AsyncAck, respond: AsyncRespond, body: Json) -> None:
        await ack()
        thanks = f"Thanks, <@{body['user']['id']}> chose *{body['actions'][0]['value']}*"
        await respond(text=thanks, replace_original=True)

    client.chat_postMessage(channel=ada.id, text="a question", blocks=question())
    ada.wait_for_text("Which is better?")
    ada.click("A is better")
    message = ada.wait_for_text("Thanks, @Ada Lovelace chose a")
    assert (message.blocks, message.is_edited, message.buttons) == ([], True, [])


def test_an_async_app_opens_a_form_checks_it_and_takes_it(
    async_app: AsyncApp, ada: SimulatedUser, modal: View, text_input: View
) -> None:
    @async_app.shortcut("ask")
    async def asked(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))

    @async_app.view("form")
    async def sent(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        reason = body["view"]["state"]["values"]["reason"]["text"]["value"]
        if len(reason) < 3:
            await ack(response_action="errors", errors={"reason": "Say more"})
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"You said: {reason}")

    ada.use_shortcut("ask")
    assert ada.submit_modal(your_reason="no").errors == {"reason": "Say more"}
    ada.wait_for_text("Say more")
    assert ada.submit_modal(reason="because").errors == {}
    ada.wait_for_text("You said: because")
    assert ada.modal is None


def test_an_async_app_hears_messages_and_commands_and_the_home_tab(
    async_app: AsyncApp, ada: SimulatedUser, question: Blocks
) -> None:
    @async_app.event("message")
    async def heard(event: Json, say: AsyncSay) -> None:
        await say(f"You wrote {event['text']}")

    @async_app.command("/plain")
    async def ordered(ack: AsyncAck, body: Json) -> None:
        await ack(f"You ordered {body['text']}")

    @async_app.event("app_home_opened")
    async def visited(event: Json, client: AsyncWebClient) -> None:
        home = {"type": "home", "blocks": question("Your work")}
        await client.views_publish(user_id=event["user"], view=home)

    ada.send_message("a < b")
    ada.wait_for_text("You wrote a < b")
    ada.send_message("/plain a & b")
    assert ada.wait_for_text("You ordered a & b").is_ephemeral
    ada.open_home()
    ada.wait_for_text("Your work")


def test_a_sync_app_on_the_builtin_client_does_all_that_too(
    socket_app: App, sandbox: Sandbox, ada: SimulatedUser, form: Json, question: Blocks
) -> None:
    client = socket_app.client

    @socket_app.command("/plain")
    def ordered(ack: Ack, body: Json) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form)

    @socket_app.view("form")
    def sent(ack: Ack, body: Json) -> None:
        ack()
        value = body["view"]["state"]["values"]["reason"]["text"]["value"]
        client.chat_postMessage(channel=body["user"]["id"], text=value)

    @socket_app.event("message")
    def heard(event: Json, say: Say) -> None:
        say(f"heard {event['text']}")

    ada.send_message("/plain")
    ada.submit_modal(reason="A long story. " * 200)
    ada.wait_for_text("A long story. A long story.")
    ada.send_message("Grüße 🎉")
    ada.wait_for_text("heard Grüße 🎉")
    long = [{"type": "section", "text": {"type": "plain_text", "text": "ä" * 1500}}] * 45
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [*long, *question()]})
    clicked: list[Json] = []

    @socket_app.action("choose_a")
    def chosen(ack: Ack, body: Json) -> None:
        clicked.append(body)
        ack()

    ada.click("A is better")
    assert len(clicked[0]["view"]["blocks"]) == 47
    sandbox.faults.disconnect("refresh_requested")
    sandbox.wait_until(lambda: sandbox.request_counts["apps.connections.open"] == 2)
    sandbox.wait_until(lambda: sandbox.connection_count == 1)
    ada.send_message("again")
    ada.wait_for_text("heard again")


@pytest.mark.usefixtures("async_app")
def test_an_app_that_does_not_listen_is_told_on_by_name(
    ada: SimulatedUser, client: WebClient, question: Blocks, sandbox: Sandbox
) -> None:
    client.chat_postMessage(channel=ada.id, text="a question", blocks=question())
    over_http = sandbox.connection_count == 0
    with pytest.raises(NotAcknowledgedError, match="404" if over_http else "no ack"):
        ada.click("A is better")


def test_no_app_gets_more_time_than_slack_gives(open_sandbox: Callable[..., Sandbox]) -> None:
    with pytest.raises(ValueError, match="3 s to acknowledge, not 4"):
        open_sandbox(ack_within=4)


def test_many_people_click_at_once_from_their_own_threads(
    async_app: AsyncApp, sandbox: Sandbox, client: WebClient, question: Blocks
) -> None:
    @async_app.action("choose_a")
    async def chosen(ack: AsyncAck) -> None:
        await ack()

    people = [sandbox.add_user(f"person{number}") for number in range(5)]
    for person in people:
        client.chat_postMessage(channel=person.id, text="a question", blocks=question())

    def click(person: SimulatedUser) -> None:
        for _ in range(40):
            person.click("A is better")

    threads = [threading.Thread(target=click, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.request_counts["block_actions"] == 200


def test_waiting_for_what_does_not_happen_ends(sandbox: Sandbox) -> None:
    with pytest.raises(WaitTimeoutError, match=r"within 0\.02 s"):
        sandbox.wait_until(lambda: False, within=0.02)
    sandbox.wait_until(lambda: True)


def test_a_newcomer_is_announced_and_an_old_hand_is_not(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    sandbox.add_user("ada")
    bob = sandbox.join_user("bob")
    sandbox.wait_until(lambda: receiver.deliveries)
    event = httpx.Response(200, text=receiver.deliveries[0].body).json()["event"]
    assert (event["type"], event["user"]["id"]) == ("team_join", bob.id)
    sandbox.wait_until(lambda: sandbox.request_counts["team_join"] == 1)


def test_an_uninstalled_app_is_told_and_then_locked_out(
    sandbox: Sandbox, receiver: Receiver, client: WebClient, ada: SimulatedUser
) -> None:
    sandbox.uninstall_app()
    sandbox.wait_until(lambda: len(receiver.deliveries) == 2)
    sandbox.wait_until(lambda: set(sandbox.request_counts) == {"tokens_revoked", "app_uninstalled"})
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()
    ada.open_messages()
    assert sandbox.request_counts["app_home_opened"] == 0


def test_members_of_a_channel_see_what_is_said_there(
    sandbox: Sandbox, ada: SimulatedUser, client: WebClient
) -> None:
    bob = sandbox.add_user("bob")
    room = sandbox.add_channel("labels", members=[ada])
    client.chat_postMessage(channel="#labels", text="news")
    assert ada.wait_for_text("news").channel == room.id
    assert bob.messages == []
    with pytest.raises(ActionRejectedError):
        bob.send_message("me too", channel=room)


def test_the_server_says_why_a_port_cannot_be_had(
    sandbox: Sandbox, open_sandbox: Callable[..., Sandbox]
) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        open_sandbox(port=port)


def test_serving_forever_ends_when_it_is_stopped(open_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = open_sandbox()
    thread = threading.Thread(target=sandbox.serve_forever)
    thread.start()
    assert thread.is_alive()
    sandbox.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_a_stopped_sandbox_lets_go_of_whoever_waits(
    open_sandbox: Callable[..., Sandbox],
) -> None:
    sandbox = open_sandbox()
    ada = sandbox.add_user("ada")
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            ada.wait_for_text("what never comes")
        except SandboxError as error:
            caught.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    sandbox.wait_until(lambda: ada._actor.client.change_events)  # noqa: SLF001 - nobody else can tell
    sandbox.stop()
    thread.join(5)
    assert [str(error) for error in caught] == ["the sandbox was stopped meanwhile"]
    with pytest.raises(SandboxError, match="does not run"):
        ada.send_message("hello")


def test_ctrl_c_ends_it_cleanly(manifest: Json) -> None:
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


def test_the_server_does_not_wait_for_itself(sandbox: Sandbox) -> None:
    caught: list[BaseException] = []

    def ask_inside() -> None:
        try:
            _ = sandbox.request_counts
        except SandboxError as error:
            caught.append(error)

    sandbox._server.call(ask_inside)  # noqa: SLF001 - there is no other way onto that thread
    assert len(caught) == 1
