"""The visible text of blocks and messages."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from bot.sandbox.visible_text import render_blocks, render_mrkdwn

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*leaves: Json) -> Json:
    section = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [section]}


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("*bold* and _italic_ and ~gone~ and `code`", "bold and italic and gone and code"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U1> in <#C1|labels> with <!here>", "U1 in labels with @here"),
        (
            "<https://example.com|a link> and <https://example.com>",
            "a link and https://example.com",
        ),
        ("<mailto:a@example.com>", "a@example.com"),
        ("<!date^1700000000^{date}|that day>", "that day"),
        ("<!subteam^S1|@experts>", "@experts"),
        ("*bold with _both_*", "bold with both"),
    ],
)
def test_mrkdwn_is_shown_without_markup(text: str, visible: str) -> None:
    assert render_mrkdwn(text, str) == visible


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ({"type": "divider"}, []),
        ({"type": "header", "text": plain("*not bold*")}, ["*not bold*"]),
        (
            {"type": "section", "text": mrkdwn("*A*"), "fields": [mrkdwn("b"), plain("c")]},
            ["A", "b", "c"],
        ),
        (
            {"type": "context", "elements": [mrkdwn("1 of 9"), {"type": "image", "alt_text": "x"}]},
            ["1 of 9", "[x]"],
        ),
        (
            {"type": "actions", "elements": [{"type": "button", "text": plain("Go")}]},
            ["[Go]"],
        ),
        (
            {
                "type": "section",
                "text": plain("Why?"),
                "accessory": {
                    "type": "radio_buttons",
                    "options": [{"text": plain("Noise"), "description": plain("bad data")}],
                },
            },
            ["Why?", "Noise bad data"],
        ),
        (
            {
                "type": "input",
                "label": plain("Name"),
                "hint": plain("in full"),
                "element": {"type": "plain_text_input", "placeholder": plain("Ada …")},
            },
            ["Name", "in full", "Ada …"],
        ),
        (
            {
                "type": "input",
                "label": plain("Name"),
                "element": {"type": "plain_text_input", "initial_value": "Ada"},
            },
            ["Name", "Ada"],
        ),
        ({"type": "image", "alt_text": "A cat", "title": plain("Cat")}, ["Cat", "[A cat]"]),
        ({"type": "markdown", "text": "**as** it is"}, ["**as** it is"]),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich(plain("b"))]]},
            ["a | b"],
        ),
        (
            rich(
                {"type": "text", "text": "Hi "},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "wave"},
                {"type": "link", "url": "https://example.com"},
                {"type": "broadcast", "range": "here"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "date", "timestamp": 1, "fallback": "then"},
                {"type": "color", "value": "#fff"},
            ),
            ["Hi U1👋https://example.com@hereC1S1then#fff"],
        ),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {"type": "rich_text_section", "elements": [plain("one")]},
                            {"type": "rich_text_section", "elements": [plain("two")]},
                        ],
                    },
                    {"type": "rich_text_preformatted", "elements": [plain("<@U1> *x*")]},
                ],
            },
            ["one\ntwo\n<@U1> *x*"],
        ),
        (
            {
                "type": "carousel",
                "elements": [
                    {
                        "type": "card",
                        "title": mrkdwn("Card"),
                        "actions": [{"type": "button", "text": plain("Open")}],
                    }
                ],
            },
            ["Card", "[Open]"],
        ),
        (
            {
                "type": "container",
                "title": plain("Box"),
                "child_blocks": [{"type": "section", "text": plain("inside")}],
            },
            ["Box", "inside"],
        ),
        (
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "positive_button": {"text": plain("Good")},
                        "negative_button": {"text": plain("Bad")},
                    }
                ],
            },
            ["[Good]", "[Bad]"],
        ),
    ],
)
def test_every_block_shows_its_text(block: Json, lines: list[str]) -> None:
    assert list(render_blocks([block], {}, str)) == lines


def test_menu_shows_the_selected_option() -> None:
    menu = {"type": "static_select", "action_id": "m", "placeholder": plain("Choose")}
    block = {"type": "actions", "block_id": "b", "elements": [menu]}
    entry = {"type": "static_select", "selected_option": {"text": plain("Noise"), "value": "n"}}
    assert list(render_blocks([block], {}, str)) == ["Choose"]
    assert list(render_blocks([block], {("b", "m"): entry}, str)) == ["Noise"]


def test_message_with_blocks_hides_its_notification_text(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    bob = sandbox.add_user("bob", real_name="Bob")
    blocks = [{"type": "section", "text": mrkdwn(f"Ask <@{bob.id}> &amp; wait")}]
    attachment = {"text": "old style", "blocks": [{"type": "header", "text": plain("new style")}]}
    client.chat_postMessage(
        channel=ada.id, text="fallback", blocks=blocks, attachments=[attachment]
    )
    latest = ada.latest
    assert latest is not None
    assert latest.text == "fallback"
    assert latest.plain_text == "Ask @Bob & wait\nnew style\nold style"
