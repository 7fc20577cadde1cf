"""What comes in, unpacked: who, what, where, and which deliveries are the same deed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.slack.ids import Press, UnknownButtonError
from handlers.triggers import commanded_from, pressed_from, submitted_from
from tests.handlers.front import in_view, pressed, submitted, typed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TAP = Press("answer", 17, "verdict", "a")


def test_a_button_on_a_message_knows_its_message_and_how_to_replace_it() -> None:
    press = pressed_from(pressed("U1", TAP, response_url="https://x"), NOW)
    assert press.button == TAP
    click = press.click
    assert (click.person, click.at, click.response_url) == ("U1", NOW, "https://x")
    assert (click.channel, click.message_ts) == ("D1", "1700000000.000100")
    assert press.trigger_id == "1.2.x"


def test_a_button_in_a_view_belongs_to_no_message() -> None:
    press = pressed_from(in_view("U1", Press("next"), {"type": "home"}), NOW)
    click = press.click
    assert (click.channel, click.message_ts, click.response_url) == (None, None, None)
    assert press.view is not None
    assert press.view["hash"] == "1.x"


def test_an_option_of_a_menu_is_a_press_too() -> None:
    body = pressed("U1", TAP)
    option = {"value": Press("skip", 17, "", "unclear").value}
    body["actions"] = [{"type": "static_select", "action_id": "skip", "selected_option": option}]
    assert pressed_from(body, NOW).button == Press("skip", 17, "", "unclear")


def test_the_same_click_has_the_same_nonce_and_another_has_another() -> None:
    body = pressed("U1", TAP)
    again = pressed("U1", TAP, trigger_id="9.9.new")
    other = pressed("U1", TAP)
    other["actions"] = [{**other["actions"][0], "action_ts": "1700000001.000002"}]
    nonces = [pressed_from(one, NOW).click.nonce for one in (body, again, other)]
    assert nonces[0] == nonces[1] != nonces[2]


def test_without_a_timestamp_the_trigger_tells_clicks_apart() -> None:
    body = pressed("U1", TAP)
    del body["actions"][0]["action_ts"]
    assert pressed_from(body, NOW).click.nonce == "1.2.x"


def test_a_button_that_is_none_of_ours_is_refused() -> None:
    body = pressed("U1", TAP)
    body["actions"][0]["value"] = "nonsense"
    with pytest.raises(UnknownButtonError):
        pressed_from(body, NOW)


def test_a_modal_sent_twice_is_one_deed_unless_its_words_differ() -> None:
    first = submitted_from(submitted("U1", "write", "{}", reason__0="one"), NOW)
    again = submitted_from(submitted("U1", "write", "{}", reason__0="one"), NOW)
    other = submitted_from(submitted("U1", "write", "{}", reason__0="two"), NOW)
    assert first.click.nonce == again.click.nonce != other.click.nonce
    assert first.values["reason:0"]["reason"]["value"] == "one"


def test_a_modal_without_anything_in_it_is_unpacked_too() -> None:
    body = submitted("U1", "write", "")
    del body["view"]["state"]
    sent = submitted_from(body, NOW)
    assert (sent.values, sent.metadata) == ({}, "{}")


@pytest.mark.parametrize(
    ("text", "words", "rest"),
    [
        ("", ("help",), ""),
        (None, ("help",), ""),
        ("  Next ", ("next",), ""),
        ("export  tone\tsft\n", ("export", "tone", "sft"), "tone\tsft"),
        ("ask Why  so?", ("ask", "Why", "so?"), "Why  so?"),
    ],
)
def test_a_command_is_split_into_its_words(
    text: str | None, words: tuple[str, ...], rest: str
) -> None:
    command = commanded_from(typed("U1", text or "") | {"text": text}, NOW, {})
    assert (command.words, command.text) == (words, rest)
    assert (command.person, command.channel, command.at) == ("U1", "D1", NOW)
