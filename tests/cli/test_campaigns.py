"""`labelbot campaign`: from the words of a command to a campaign."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from bot.sandbox import Sandbox
from storage.database import Database
from storage.tables import Campaign, ExportSchedule
from tests.cli.conftest import CommandRunner


def _created(labelbot: CommandRunner, *words: str) -> Any:  # noqa: ANN401 - JSON
    ran = labelbot("campaign", "create", *words, "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def _shown(labelbot: CommandRunner, name: str) -> Any:  # noqa: ANN401 - JSON
    return labelbot("campaign", "show", name, "--json").json


def test_a_campaign_is_created_with_all_its_options(labelbot: CommandRunner) -> None:
    labelbot.write_file("guide.md", "# Be fair\n")
    words = (
        "tone --kind comparison --title Tone --overlap 5 --expert U0ADA --expert U0BOB --strength"
        " --guidelines-file guide.md --lease 8h --remind-after 90m --remind-after 4h"
        " --tz Asia/Tokyo --deadline 2090-05-31 --export-format annotations --export-to out"
    )
    status = _created(labelbot, *words.split(), "--export-cron", "0 6 * * *")
    assert (status["name"], status["title"], status["experts"]) == ("tone", "Tone", 2)
    shown = _shown(labelbot, "tone")
    assert shown["settings"]["strength"] is True
    assert shown["guidelines"] == "# Be fair"
    assert (shown["lease_minutes"], shown["reminder_minutes"]) == (480, [90, 240])
    assert shown["status"]["deadline"] == "2090-05-31T14:59:59+00:00"
    (schedule,) = shown["schedules"]
    assert (schedule["format"], schedule["cron"]) == ("annotations", "0 6 * * *")
    assert schedule["directory"] == str(labelbot.folder / "out")
    assert datetime.fromisoformat(schedule["due_at"]).astimezone(UTC).hour == 21
    assert [one["slack_id"] for one in shown["experts"]] == ["U0ADA", "U0BOB"]


def test_little_need_be_said(labelbot: CommandRunner) -> None:
    ran = labelbot("campaign", "create", "tone", "--kind", "comparison", "--expert", "U0ADA")
    assert ran.code == 0
    assert ran.out == (
        "Created “tone” (comparison) with 1 expert.\nNext: labelbot import tone FILE\n"
    )
    shown = _shown(labelbot, "tone")
    assert shown["reminder_minutes"] == [240, 480, 720]
    assert shown["schedules"] == []


def test_reminders_that_a_short_lease_leaves_no_time_for_are_not_planned(
    labelbot_sqlite: CommandRunner,
) -> None:
    _created(labelbot_sqlite, "tone", "--kind", "comparison", "--lease", "6h")
    assert _shown(labelbot_sqlite, "tone")["reminder_minutes"] == [240]


def test_what_is_exported_by_itself_takes_the_format_of_the_kind(
    labelbot_sqlite: CommandRunner,
) -> None:
    _created(labelbot_sqlite, "jokes", "--kind", "rating", "--export-cron", "0 6 * * 1-5")
    (schedule,) = _shown(labelbot_sqlite, "jokes")["schedules"]
    assert schedule["format"] == "rating"
    assert schedule["directory"] == str(labelbot_sqlite.folder / "exports")


def test_criteria_have_names(labelbot_sqlite: CommandRunner) -> None:
    _created(labelbot_sqlite, "answers", "--kind", "rating", "--criteria", "answer")
    settings = _shown(labelbot_sqlite, "answers")["settings"]
    assert settings["noun"] == "answer"
    assert settings["criteria"][0]["key"] == "accuracy"


@pytest.mark.parametrize("way", ["words", "file"])
def test_settings_may_be_written_or_read_from_a_file(
    labelbot_sqlite: CommandRunner, way: str
) -> None:
    settings = json.dumps({"noun": "poem"})
    given = (
        settings if way == "words" else f"@{labelbot_sqlite.write_file('settings.json', settings)}"
    )
    _created(labelbot_sqlite, "poems", "--kind", "rating", "--settings", given)
    assert _shown(labelbot_sqlite, "poems")["settings"]["noun"] == "poem"


WRONG = [
    ("--lease soon", 2, "“soon” is not a duration. Write, for example, 90m, 4h, 2d or 1w."),
    ("--remind-after 4", 2, "“4” is not a duration"),
    ("--deadline tomorrow", 2, "“tomorrow” is no date such as 2030-05-31"),
    ("--deadline 2020-01-01", 1, "has passed"),
    ("--tz Mars --deadline 2090-01-01", 1, "Unknown time zone “Mars”"),
    ("--guidelines-file missing.md", 2, "missing.md cannot be read: No such file"),
    ("--settings {", 2, "the settings are no JSON"),
    ("--settings []", 2, "must be a JSON object"),
    ("--settings @missing.json", 2, "missing.json cannot be read"),
    ('--settings {"strenght":true}', 1, "unknown setting “strenght”"),
    ("--criteria poem", 2, "choose joke or answer"),
    ("--criteria joke", 1, "unknown setting “criteria”"),
    ("--overlap 0", 1, "Answers per item must be from 1 to 100, not 0."),
    ("--expert ada", 1, "“ada” is not a Slack member ID"),
    ("--expert ada@example.com", 1, "cannot be looked up in Slack (SLACK_BOT_TOKEN is missing"),
    ("--export-format preference", 2, "need --export-cron"),
    ("--export-cron daily", 1, "“daily” is not a cron expression"),
    ("--export-cron daily --export-format rating", 1, "no rating format; try preference"),
    ("--export-cron daily --export-format csv", 1, "Unknown format “csv”"),
]


@pytest.mark.parametrize(("words", "code", "said"), WRONG)
def test_what_cannot_be_is_refused_and_nothing_created(
    labelbot_sqlite: CommandRunner, words: str, code: int, said: str
) -> None:
    ran = labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison", *words.split(" "))
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
    assert labelbot_sqlite("campaign", "list", "--json").json == []


def test_a_campaign_and_its_schedule_are_created_together_or_not_at_all(
    labelbot: CommandRunner, database: Database
) -> None:
    words = "tone --kind comparison --export-cron daily"
    assert labelbot("campaign", "create", *words.split()).code == 1
    assert database.read_now(lambda session: session.exec(select(Campaign)).all()) == []
    assert database.read_now(lambda session: session.exec(select(ExportSchedule)).all()) == []


def test_experts_are_found_by_e_mail_address(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    ada = sandbox.add_user("ada", email="ada@example.com")
    _created(labelbot_connected, "tone", "--kind", "comparison", "--expert", "Ada@example.com")
    assert _shown(labelbot_connected, "tone")["experts"][0]["slack_id"] == ada.id
    ran = labelbot_connected("campaign", "add-experts", "tone", "nobody@example.com")
    assert ran.code == 1
    assert ran.err == "Nobody in Slack has the e-mail address “nobody@example.com”.\n"


def test_experts_join_later(labelbot: CommandRunner) -> None:
    _created(labelbot, "tone", "--kind", "comparison", "--expert", "U0ADA")
    ran = labelbot("campaign", "add-experts", "tone", "U0ADA", "U0BOB")
    assert ran.out == "1 joined “tone”, 1 were in it.\n"


def test_campaigns_are_listed(labelbot: CommandRunner) -> None:
    assert "no campaign yet" in labelbot("campaign", "list").out
    _created(labelbot, "tone", "--kind", "comparison")
    _created(labelbot, "jokes", "--kind", "rating", "--overlap", "7")
    lines = labelbot("campaign", "list").out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["name", "kind", "state"],
        ["tone", "comparison", "open"],
        ["jokes", "rating", "open"],
    ]
    assert [one["name"] for one in labelbot("campaign", "list", "--json").json] == ["tone", "jokes"]


def test_a_campaign_is_shown_as_people_read_it(labelbot_sqlite: CommandRunner) -> None:
    words = ("--kind", "comparison", "--title", "[bold]Tone", "--export-cron", "0 6 * * *")
    _created(labelbot_sqlite, "tone", "--expert", "U0ADA", *words)
    out = labelbot_sqlite("campaign", "show", "tone").out
    assert "[bold]Tone (tone): comparison, open" in out
    assert "0 of 0 answers to 0 items" in out
    assert "U0ADA" in out
    assert "preference to" in out


def test_a_campaign_is_paused_resumed_and_closed(labelbot: CommandRunner) -> None:
    _created(labelbot, "tone", "--kind", "comparison")
    for verb, state in (("pause", "paused"), ("resume", "open"), ("close", "closed")):
        assert labelbot("campaign", verb, "tone").code == 0
        assert _shown(labelbot, "tone")["status"]["state"] == state
    ran = labelbot("campaign", "resume", "tone")
    assert (ran.code, ran.err) == (
        1,
        "The campaign “tone” is closed, which cannot be undone; create a new one.\n",
    )


def test_guidelines_get_versions(labelbot: CommandRunner) -> None:
    _created(labelbot, "tone", "--kind", "comparison")
    labelbot.write_file("guide.md", "# Be short\n")
    ran = labelbot(
        *("campaign", "guidelines", "tone", "--file", "guide.md", "--note", "Shorter now"),
        *("--link", "https://example.com/guide"),
    )
    assert (ran.code, ran.err) == (0, "")
    assert "guidelines v2" in ran.out
    assert _shown(labelbot, "tone")["guidelines"] == "# Be short"
    again = labelbot(*["campaign", "guidelines", "tone", "--file", "guide.md", "--note", "again"])
    assert again.code != 0
    assert "the same as the current ones" in again.err
