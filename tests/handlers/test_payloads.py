"""What comes in, unpacked: who, what, where, and which deliveries are the same deed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.slack.parsing.action_ids import Action, UnknownActionError
from handlers.payloads import parse_action, parse_command, parse_submission
from tests.handlers.bolt_app import (
    button_payload,
    command_payload,
    submission_payload,
    view_button_payload,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TAP = Action("answer", 17, "verdict", "a")


def test_a_button_on_a_message_knows_its_message_and_how_to_replace_it() -> None:
    payload = parse_action(button_payload("U1", TAP, response_url="https://x"), NOW)
    assert payload.action == TAP
    interaction = payload.interaction
    assert (interaction.slack_id, interaction.at, interaction.response_url) == (
        "U1",
        NOW,
        "https://x",
    )
    assert (interaction.channel, interaction.message_ts) == ("D1", "1700000000.000100")
    assert payload.trigger_id == "1.2.x"


def test_a_button_in_a_view_belongs_to_no_message() -> None:
    payload = parse_action(view_button_payload("U1", Action("next_task"), {"type": "home"}), NOW)
    interaction = payload.interaction
    assert (interaction.channel, interaction.message_ts, interaction.response_url) == (
        None,
        None,
        None,
    )
    assert payload.view is not None
    assert payload.view["hash"] == "1.x"


def test_an_option_of_a_menu_is_a_press_too() -> None:
    body = button_payload("U1", TAP)
    option = {"value": Action("skip", 17, "", "unclear").value}
    body["actions"] = [{"type": "static_select", "action_id": "skip", "selected_option": option}]
    assert parse_action(body, NOW).action == Action("skip", 17, "", "unclear")


def test_the_same_click_has_the_same_nonce_and_another_has_another() -> None:
    body = button_payload("U1", TAP)
    again = button_payload("U1", TAP, trigger_id="9.9.new")
    other = button_payload("U1", TAP)
    other["actions"] = [{**other["actions"][0], "action_ts": "1700000001.000002"}]
    nonces = [parse_action(one, NOW).interaction.id for one in (body, again, other)]
    assert nonces[0] == nonces[1] != nonces[2]


def test_without_a_timestamp_the_trigger_tells_clicks_apart() -> None:
    body = button_payload("U1", TAP)
    del body["actions"][0]["action_ts"]
    assert parse_action(body, NOW).interaction.id == "1.2.x"


def test_a_button_that_is_none_of_ours_is_refused() -> None:
    body = button_payload("U1", TAP)
    body["actions"][0]["value"] = "nonsense"
    with pytest.raises(UnknownActionError):
        parse_action(body, NOW)


def test_a_modal_sent_twice_is_one_deed_unless_its_words_differ() -> None:
    first = parse_submission(submission_payload("U1", "write_answer", "{}", reason__0="one"), NOW)
    again = parse_submission(submission_payload("U1", "write_answer", "{}", reason__0="one"), NOW)
    other = parse_submission(submission_payload("U1", "write_answer", "{}", reason__0="two"), NOW)
    assert first.interaction.id == again.interaction.id != other.interaction.id
    assert first.values["reason:0"]["reason"]["value"] == "one"


def test_a_modal_without_anything_in_it_is_unpacked_too() -> None:
    body = submission_payload("U1", "write_answer", "")
    del body["view"]["state"]
    sent = parse_submission(body, NOW)
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
    command = parse_command(command_payload("U1", text or "") | {"text": text}, NOW, {})
    assert (command.tokens, command.argument_text) == (words, rest)
    assert (command.slack_id, command.channel, command.at) == ("U1", "D1", NOW)
