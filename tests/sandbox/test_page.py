"""The page for a look at everything."""

from __future__ import annotations

import httpx
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox


def test_the_page_shows_everybodys_things_and_escapes_them(
    sandbox: Sandbox, client: WebClient, ada: Person, http: httpx.Client
) -> None:
    sandbox.person("bob", real_name="Bob <b>Bold</b>")
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;"
    client.chat_postMessage(channel=ada.id, text=evil)
    client.chat_postEphemeral(channel=ada.dm, user=ada.id, text="psst")
    section = {"type": "section", "text": {"type": "plain_text", "text": "At home"}}
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [section]})
    answer = http.get("/")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "Bob &lt;b&gt;" in answer.text
    assert "At home" in answer.text
    assert "psst" in answer.text
    assert "http-equiv" in answer.text
    assert "src=" not in answer.text


def test_only_this_machine_can_look(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")
