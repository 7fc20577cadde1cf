"""Tests of `labelbot exports` and of `labelbot export --to` an address."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import CommandRunner
from tests.cli.test_exports import labelbot_answered
from tests.destinations.webhook_receiver import SECRET, WebhookReceiver

__all__ = ["labelbot_answered"]


@pytest.fixture
def webhook(labelbot_answered: CommandRunner) -> WebhookReceiver:
    """Return a receiver of webhooks whose secret the command line has."""
    labelbot_answered.set_env(LABELBOT_WEBHOOK_SECRET=SECRET, LABELBOT_WEBHOOK_ALLOW_PRIVATE="true")
    return WebhookReceiver()


def test_exports_are_listed_with_their_manifest(labelbot_answered: CommandRunner) -> None:
    assert "There are no exports yet" in labelbot_answered("exports").out
    folder = Path(labelbot_answered("export", "tone", "--json").json["directory"])
    (run,) = labelbot_answered("exports", "tone", "--json").json
    assert run["manifest_sha256"] == sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert (run["state"], run["rows"], run["path"]) == ("done", 3, str(folder))
    for command in (("exports",), ("exports", "tone"), ("exports", "list", "tone")):
        assert run["manifest_sha256"][:12] in labelbot_answered(*command).out
    unknown = labelbot_answered("exports", "jokes")
    assert (unknown.code, "“jokes”" in unknown.err) == (1, True)


def test_export_is_delivered_and_a_failed_delivery_repeated(
    labelbot_answered: CommandRunner,
    webhook: WebhookReceiver,
) -> None:
    with webhook.serve() as url:
        command = ("export", "tone", "--to", f"{url}/exports")
        webhook.statuses = [403]
        failed = labelbot_answered(*command)
        assert failed.code == 1
        assert f"but was not delivered to {url}/exports" in failed.err
        assert "To deliver it again: labelbot exports deliver 1" in failed.err
        assert "failed: The export is in" in " ".join(labelbot_answered("exports").out.split())
        assert webhook.completed == {}
        again = labelbot_answered("exports", "deliver", "1")
        assert (again.code, again.out) == (0, f"Delivered to {url}/exports\n")
        assert labelbot_answered("exports", "deliver", "1").code == 1
        assert labelbot_answered("exports", "deliver", "7").code == 1
        succeeded = labelbot_answered(*command, "--format", "annotations")
        assert f"Delivered to {url}/exports" in succeeded.out
    assert len(webhook.completed) == 2
    listed = labelbot_answered("exports", "--json").json
    assert [run["state"] for run in listed] == ["done", "done"]
    assert {run["location"] for run in listed} == {f"{url}/exports"}


@pytest.mark.parametrize(
    ("address", "code", "reason"),
    [
        ("ftp://host/x", 2, "use a folder on this machine or an address such as s3://bucket/path"),
        ("s3://key:secret@bucket/x", 2, "credentials belong in the environment"),
        ("gs://bucket/x", 1, 'pip install "labelbot[gcs]"'),
        ("https://example.org/x", 1, "set LABELBOT_WEBHOOK_SECRET"),
    ],
)
def test_impossible_destination_is_refused_before_the_export(
    labelbot_answered: CommandRunner,
    address: str,
    code: int,
    reason: str,
) -> None:
    result = labelbot_answered("export", "tone", "--to", address)
    assert result.code == code
    assert reason in " ".join(result.err.replace("│", " ").split())
    assert "There are no exports yet" in labelbot_answered("exports").out
