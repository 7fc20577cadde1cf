"""Tests of `labelbot keys`."""

from __future__ import annotations

from tests.cli.conftest import CommandRunner


def test_key_is_created_listed_and_revoked(labelbot_sqlite: CommandRunner) -> None:
    labelbot = labelbot_sqlite
    assert "no keys yet" in labelbot("keys", "list").out
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    created = labelbot("keys", "create", "loop", "--scope", "items", "--campaign", "tone")
    assert created.out.startswith("lbk_")
    assert "cannot be shown again" in created.err
    listed = labelbot("keys", "list")
    assert created.out.strip().rpartition("_")[2] not in listed.out
    assert "loop" in listed.out
    assert labelbot("keys", "revoke", "loop").out == "Revoked “loop”.\n"
    assert labelbot("keys", "revoke", "loop").out == "“loop” was already revoked.\n"
    (key,) = labelbot("keys", "list", "--json").json
    assert (key["scope"], key["campaigns"]) == ("items", ["tone"])
    actions = [entry["action"] for entry in labelbot("audit", "--json").json]
    assert actions[:2] == ["revoked a key", "created a key"]


def test_json_has_the_key_once(labelbot_sqlite: CommandRunner) -> None:
    created = labelbot_sqlite("keys", "create", "loop", "--json").json
    assert created["key"].startswith("lbk_")
    assert created["key"] not in labelbot_sqlite("keys", "list", "--json").out
