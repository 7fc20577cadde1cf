"""Tests of parsing Slack's payloads."""

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
ANSWER = Action("answer", 17, "verdict", "a")


def test_button_on_a_message_has_its_location_and_response_url() -> None:
    payload = parse_action(button_payload("U1", ANSWER, response_url="https://x"), NOW)
    assert payload.action == ANSWER
    interaction = payload.interaction
    assert (interaction.slack_id, interaction.at, interaction.response_url) == (
        "U1",
        NOW,
        "https://x",
    )
    assert (interaction.channel, interaction.message_ts) == ("D1", "1700000000.000100")
    assert payload.trigger_id == "1.2.x"


def test_button_in_a_view_has_no_message() -> None:
    payload = parse_action(view_button_payload("U1", Action("next_task"), {"type": "home"}), NOW)
    interaction = payload.interaction
    assert (interaction.channel, interaction.message_ts, interaction.response_url) == (
        None,
        None,
        None,
    )
    assert payload.view is not None
    assert payload.view["hash"] == "1.x"


def test_menu_option_is_parsed_like_a_button() -> None:
    body = button_payload("U1", ANSWER)
    option = {"value": Action("skip", 17, "", "unclear").value}
    body["actions"] = [{"type": "static_select", "action_id": "skip", "selected_option": option}]
    assert parse_action(body, NOW).action == Action("skip", 17, "", "unclear")


def test_repeated_delivery_of_a_click_has_the_same_id() -> None:
    first, other = button_payload("U1", ANSWER), button_payload("U1", ANSWER)
    repeated = {**first, "trigger_id": "9.9.new"}
    ids = [parse_action(body, NOW).interaction.id for body in (first, repeated, other)]
    assert ids[0] == ids[1] != ids[2]


def test_click_without_timestamp_is_identified_by_its_trigger() -> None:
    body = button_payload("U1", ANSWER)
    del body["actions"][0]["action_ts"]
    assert parse_action(body, NOW).interaction.id == "1.2.x"


def test_unknown_button_is_refused() -> None:
    body = button_payload("U1", ANSWER)
    body["actions"][0]["value"] = "nonsense"
    with pytest.raises(UnknownActionError):
        parse_action(body, NOW)


def test_repeated_submission_has_the_same_id_unless_values_differ() -> None:
    body = submission_payload("U1", "write_answer", "{}", reason__0="one")
    changed = submission_payload("U1", "write_answer", "{}", reason__0="two")
    changed["view"]["id"] = body["view"]["id"]
    first, repeated, other = (parse_submission(sent, NOW) for sent in (body, body, changed))
    assert first.interaction.id == repeated.interaction.id != other.interaction.id
    assert first.values["reason:0"]["reason"]["value"] == "one"


def test_submission_without_state_is_parsed() -> None:
    body = submission_payload("U1", "write_answer", "")
    del body["view"]["state"]
    submission = parse_submission(body, NOW)
    assert (submission.values, submission.metadata) == ({}, "{}")


@pytest.mark.parametrize(
    ("text", "tokens", "argument_text"),
    [
        ("", ("help",), ""),
        (None, ("help",), ""),
        ("  Next ", ("next",), ""),
        ("export  tone\tsft\n", ("export", "tone", "sft"), "tone\tsft"),
        ("ask Why  so?", ("ask", "Why", "so?"), "Why  so?"),
    ],
)
def test_command_is_split_into_tokens(
    text: str | None, tokens: tuple[str, ...], argument_text: str
) -> None:
    command = parse_command(command_payload("U1", text or "") | {"text": text}, NOW, {})
    assert (command.tokens, command.argument_text) == (tokens, argument_text)
    assert (command.slack_id, command.channel, command.at) == ("U1", "D1", NOW)
