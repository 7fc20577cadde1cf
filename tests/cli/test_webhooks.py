"""Tests of `labelbot webhooks`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner
from tests.destinations.threaded_server import serve
from tests.destinations.webhook_receiver import status_application


def test_webhook_is_added_tested_and_removed(labelbot_sqlite: CommandRunner) -> None:
    labelbot = labelbot_sqlite
    labelbot.set_env(LABELBOT_WEBHOOK_ALLOW_PRIVATE="true")
    assert "no webhooks yet" in labelbot("webhooks", "list").out
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    with serve(status_application(200, 503)) as url:
        created = labelbot(
            *("webhooks", "add", "loop", f"{url}/events?token=hidden"),
            *("--campaign", "tone", "--event", "answer.stored"),
        )
        assert created.out.startswith("whsec_")
        assert "cannot be shown again" in created.err
        accepted = labelbot("webhooks", "test", "loop")
        assert "accepted the event with status 200" in accepted.out
        refused = labelbot("webhooks", "test", "loop", "--json")
    assert (refused.code, refused.json["status"]) == (1, 503)
    listed = labelbot("webhooks", "list").out + labelbot("webhooks", "list", "--json").out
    assert "hidden" not in listed
    assert created.out.strip() not in listed
    log = labelbot("webhooks", "deliveries", "loop", "--json").json
    assert [one["state"] for one in log] == ["failed", "delivered"]
    assert "status 503" in labelbot("webhooks", "deliveries", "loop", "--state", "failed").out
    assert "Queued again: 1 event." in labelbot("webhooks", "replay", "loop", "--failed").out
    assert labelbot("webhooks", "enable", "loop").code == 0
    assert labelbot("webhooks", "remove", "loop").out == "Removed “loop”.\n"
    assert labelbot("webhooks", "test", "loop").code == 1


def test_replay_needs_to_know_what(labelbot_sqlite: CommandRunner) -> None:
    for arguments in ((), ("3", "--failed"), ("x",), ("-1",)):
        result = labelbot_sqlite("webhooks", "replay", "loop", *arguments)
        assert (result.code, "--failed" in result.err) == (2, True), arguments


def test_secret_is_changed_and_the_old_one_kept_for_a_time(labelbot_sqlite: CommandRunner) -> None:
    labelbot = labelbot_sqlite
    first = labelbot("webhooks", "add", "loop", "https://receiver.example/x").out.strip()
    changed = labelbot("webhooks", "rotate", "loop")
    assert changed.out.startswith("whsec_")
    assert changed.out.strip() != first
    assert "The old one also signs until" in changed.err
    assert "old secret until" in labelbot("webhooks", "list").out
    again = labelbot("webhooks", "rotate", "loop")
    assert (again.code, "--keep-hours 0" in again.err) == (1, True)
    ended = labelbot("webhooks", "rotate", "loop", "--keep-hours", "0", "--json")
    assert (ended.code, ended.json["old_until"]) == (0, None)
    log = labelbot("audit", "--json").json
    assert "changed the secret of a webhook" in [entry["action"] for entry in log]
    assert "whsec_" not in labelbot("audit", "--json").out
    assert labelbot("webhooks", "rotate", "nothing").code == 1
    assert labelbot("webhooks", "rotate", "loop", "--keep-hours", "-1").code == 2


def test_doctor_warns_about_a_webhook_with_failed_events(labelbot_sqlite: CommandRunner) -> None:
    labelbot = labelbot_sqlite
    labelbot.set_env(LABELBOT_WEBHOOK_ALLOW_PRIVATE="true")
    with serve(status_application(500)) as url:
        labelbot("webhooks", "add", "loop", f"{url}/events")
        assert "webhooks: 1 without failures; 0 events are waiting" in labelbot("doctor").out
        labelbot("webhooks", "test", "loop")
    assert "! webhooks: loop: disabled, failing, or with failed events" in labelbot("doctor").out
