"""Tests of `labelbot campaign`."""

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


def _create(labelbot: CommandRunner, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    result = labelbot("campaign", "create", *arguments, "--json")
    assert (result.code, result.err) == (0, "")
    return result.json


def _show(labelbot: CommandRunner, name: str) -> Any:  # noqa: ANN401 - JSON
    return labelbot("campaign", "show", name, "--json").json


def test_campaign_is_created_with_all_options(labelbot: CommandRunner) -> None:
    labelbot.write_file("guide.md", "# Be fair\n")
    arguments = (
        "tone --kind comparison --title Tone --overlap 5 --expert U0ADA --expert U0BOB --strength"
        " --guidelines-file guide.md --lease 8h --remind-after 90m --remind-after 4h"
        " --tz Asia/Tokyo --deadline 2090-05-31 --export-format annotations --export-to out"
        " --export-channel C0DATA"
    )
    status = _create(labelbot, *arguments.split(), "--export-cron", "0 6 * * *")
    assert (status["name"], status["title"], status["experts"]) == ("tone", "Tone", 2)
    details = _show(labelbot, "tone")
    assert details["settings"]["strength"] is True
    assert details["guidelines"] == "# Be fair"
    assert (details["lease_minutes"], details["reminder_minutes"]) == (480, [90, 240])
    assert details["status"]["deadline"] == "2090-05-31T14:59:59+00:00"
    (schedule,) = details["schedules"]
    assert (schedule["format"], schedule["cron"]) == ("annotations", "0 6 * * *")
    assert schedule["channel"] == "C0DATA"
    assert schedule["directory"] == str(labelbot.folder / "out")
    assert datetime.fromisoformat(schedule["due_at"]).astimezone(UTC).hour == 21
    assert [expert["slack_id"] for expert in details["experts"]] == ["U0ADA", "U0BOB"]


def test_campaign_is_created_with_defaults(labelbot: CommandRunner) -> None:
    result = labelbot("campaign", "create", "tone", "--kind", "comparison", "--expert", "U0ADA")
    assert result.code == 0
    assert result.out == (
        "Created “tone” (comparison): 1 expert.\nNext: labelbot import tone FILE\n"
    )
    details = _show(labelbot, "tone")
    assert details["reminder_minutes"] == [240, 480, 720]
    assert details["schedules"] == []


def test_default_reminders_after_lease_end_are_dropped(
    labelbot_sqlite: CommandRunner,
) -> None:
    _create(labelbot_sqlite, "tone", "--kind", "comparison", "--lease", "6h")
    assert _show(labelbot_sqlite, "tone")["reminder_minutes"] == [240]


def test_export_schedule_uses_format_of_kind_by_default(
    labelbot_sqlite: CommandRunner,
) -> None:
    _create(labelbot_sqlite, "jokes", "--kind", "rating", "--export-cron", "0 6 * * 1-5")
    (schedule,) = _show(labelbot_sqlite, "jokes")["schedules"]
    assert schedule["format"] == "rating"
    assert schedule["directory"] == str(labelbot_sqlite.folder / "exports")


def test_criteria_are_chosen_by_name(labelbot_sqlite: CommandRunner) -> None:
    _create(labelbot_sqlite, "answers", "--kind", "rating", "--criteria", "answer")
    settings = _show(labelbot_sqlite, "answers")["settings"]
    assert settings["noun"] == "answer"
    assert settings["criteria"][0]["key"] == "accuracy"


@pytest.mark.parametrize("kind", ["comparison", "ranking"])
def test_criteria_of_pairs_and_rankings_are_names(
    labelbot_sqlite: CommandRunner, kind: str
) -> None:
    criteria = "Correctness, Clear style"
    _create(labelbot_sqlite, "pairs", "--kind", kind, "--criteria", criteria)
    settings = _show(labelbot_sqlite, "pairs")["settings"]
    assert [criterion["key"] for criterion in settings["criteria"]] == [
        "correctness",
        "clear_style",
    ]


@pytest.mark.parametrize("source", ["option", "file"])
def test_settings_are_read_from_option_or_file(labelbot_sqlite: CommandRunner, source: str) -> None:
    settings = json.dumps({"noun": "poem"})
    value = (
        settings
        if source == "option"
        else f"@{labelbot_sqlite.write_file('settings.json', settings)}"
    )
    _create(labelbot_sqlite, "poems", "--kind", "rating", "--settings", value)
    assert _show(labelbot_sqlite, "poems")["settings"]["noun"] == "poem"


INVALID_OPTIONS = [
    ("--lease soon", 2, "“soon” is not a duration. Write, for example, 90m, 4h, 2d or 1w."),
    ("--remind-after 4", 2, "“4” is not a duration"),
    ("--deadline tomorrow", 2, "“tomorrow” is not a date. Write, for example, 2030-05-31"),
    ("--deadline 2020-01-01", 1, "has passed"),
    ("--tz Mars --deadline 2090-01-01", 1, "Unknown time zone “Mars”"),
    ("--guidelines-file missing.md", 2, "missing.md cannot be read: No such file"),
    ("--settings {", 2, "The settings are not valid JSON"),
    ("--settings []", 2, "must be a JSON object"),
    ("--settings @missing.json", 2, "missing.json cannot be read"),
    ('--settings {"strenght":true}', 1, "unknown setting “strenght”"),
    ("--kind rating --criteria poem", 2, "choose joke or answer"),
    ("--kind validation --criteria joke", 1, "unknown setting “criteria”"),
    ("--criteria verdict", 1, "a criterion cannot have the key verdict"),
    ("--criteria A,B,C,D,E,F", 1, "at most 5"),
    ("--overlap 0", 1, "Answers per item must be from 1 to 100, not 0."),
    ("--expert ada", 1, "“ada” is not a Slack member ID"),
    ("--expert ada@example.com", 1, "cannot be looked up in Slack (SLACK_BOT_TOKEN is missing"),
    ("--export-format preference", 2, "need --export-cron"),
    ("--export-channel C0DATA", 2, "need --export-cron"),
    ("--export-cron daily --export-to ftp://host", 2, "use a folder on this machine or an"),
    ("--export-cron daily", 1, "“daily” is not a time. Write, for example, “daily 06:00”"),
    (
        "--export-cron 6 --export-format rating",
        1,
        "cannot be exported as rating; use one of: preference",
    ),
    ("--export-cron 6 --export-format nope", 1, "Unknown format “nope”"),
]


@pytest.mark.parametrize(("options", "code", "message"), INVALID_OPTIONS)
def test_invalid_option_creates_nothing(
    labelbot_sqlite: CommandRunner, options: str, code: int, message: str
) -> None:
    result = labelbot_sqlite(
        "campaign", "create", "tone", "--kind", "comparison", *options.split(" ")
    )
    assert (result.code, result.out) == (code, "")
    assert message in " ".join(result.err.replace("│", " ").split())
    assert labelbot_sqlite("campaign", "list", "--json").json == []


def test_campaign_is_not_created_without_its_schedule(
    labelbot: CommandRunner, database: Database
) -> None:
    arguments = "tone --kind comparison --export-cron daily"
    assert labelbot("campaign", "create", *arguments.split()).code == 1
    assert database.read_now(lambda session: session.exec(select(Campaign)).all()) == []
    assert database.read_now(lambda session: session.exec(select(ExportSchedule)).all()) == []


def test_experts_are_looked_up_by_email(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    ada = sandbox.add_user("ada", email="ada@example.com")
    _create(labelbot_connected, "tone", "--kind", "comparison", "--expert", "Ada@example.com")
    assert _show(labelbot_connected, "tone")["experts"][0]["slack_id"] == ada.id
    result = labelbot_connected("campaign", "add-experts", "tone", "nobody@example.com")
    assert result.code == 1
    assert result.err == (
        "Nobody in Slack has the e-mail address “nobody@example.com”. "
        "Check the address, or use the Slack id.\n"
    )


def test_one_wrong_address_stops_nobody_else(
    labelbot_connected: CommandRunner, sandbox: Sandbox
) -> None:
    ada = sandbox.add_user("ada", email="ada@example.com")
    experts = ("--expert", "nobody@example.com", "--expert", "ada@example.com")
    result = labelbot_connected("campaign", "create", "tone", "--kind", "comparison", *experts)
    assert (result.code, result.out.splitlines()[0]) == (
        0,
        "Created “tone” (comparison): 1 expert.",
    )
    assert result.err.startswith("Not added: Nobody in Slack has the e-mail address “nobody@")
    assert [one["slack_id"] for one in _show(labelbot_connected, "tone")["experts"]] == [ada.id]


def test_experts_are_added_later(labelbot: CommandRunner) -> None:
    _create(labelbot, "tone", "--kind", "comparison", "--expert", "U0ADA")
    result = labelbot("campaign", "add-experts", "tone", "U0ADA", "U0BOB")
    assert result.out == "Added 1 expert to “tone”; 1 already in it.\n"


def test_campaigns_are_listed(labelbot: CommandRunner) -> None:
    assert "no campaigns yet" in labelbot("campaign", "list").out
    _create(labelbot, "tone", "--kind", "comparison")
    _create(labelbot, "jokes", "--kind", "rating", "--overlap", "7")
    lines = labelbot("campaign", "list").out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["name", "kind", "state"],
        ["tone", "comparison", "open"],
        ["jokes", "rating", "open"],
    ]
    assert [campaign["name"] for campaign in labelbot("campaign", "list", "--json").json] == [
        "tone",
        "jokes",
    ]


def test_campaign_is_shown_as_text(labelbot_sqlite: CommandRunner) -> None:
    arguments = ("--kind", "comparison", "--title", "[bold]Tone", "--export-cron", "0 6 * * *")
    _create(labelbot_sqlite, "tone", "--expert", "U0ADA", *arguments)
    out = labelbot_sqlite("campaign", "show", "tone").out
    assert "[bold]Tone (tone): comparison, open" in out
    assert "0 of 0 answers to 0 items" in out
    assert "U0ADA" in out
    assert "export schedule: preference to" in out


def test_campaign_is_paused_resumed_and_closed(labelbot: CommandRunner) -> None:
    _create(labelbot, "tone", "--kind", "comparison")
    for action, state in (("pause", "paused"), ("resume", "open"), ("close", "closed")):
        assert labelbot("campaign", action, "tone").code == 0
        assert _show(labelbot, "tone")["status"]["state"] == state
    result = labelbot("campaign", "resume", "tone")
    assert (result.code, result.err) == (
        1,
        "The campaign “tone” is closed, which cannot be undone; create a new one.\n",
    )


def test_new_guidelines_get_new_version(labelbot: CommandRunner) -> None:
    _create(labelbot, "tone", "--kind", "comparison")
    labelbot.write_file("guide.md", "# Be short\n")
    result = labelbot(
        *("campaign", "guidelines", "tone", "--file", "guide.md", "--note", "Shorter now"),
        *("--link", "https://example.com/guide"),
    )
    assert (result.code, result.err) == (0, "")
    assert "guidelines v2" in result.out
    assert _show(labelbot, "tone")["guidelines"] == "# Be short"
    again = labelbot(*["campaign", "guidelines", "tone", "--file", "guide.md", "--note", "again"])
    assert again.code != 0
    assert "the same as the current ones" in again.err


def test_campaign_with_a_range_of_answers_per_item(labelbot: CommandRunner) -> None:
    options = ("--kind", "comparison", "--overlap", "2..5", "--target-posterior", "0.95")
    status = _create(labelbot, "tone", *options)
    assert (status["overlap"], status["max_overlap"], status["target_posterior"]) == (2, 5, 0.95)
    assert (
        "2 to 5 answers per item, target posterior 0.95; 0 answers expected\n"
        in labelbot("campaign", "show", "tone").out
    )


@pytest.mark.parametrize(
    ("overlap", "message"),
    [
        ("some", "“some” is not a number of answers. Write, for example, 3 or 2..5."),
        ("2..", "“2..” is not a number of answers."),
        ("5..2", "The maximum answers per item must be from 6 to 100, not 2."),
        ("2..2", "The maximum answers per item must be from 3 to 100, not 2."),
    ],
)
def test_bad_range_of_answers_is_refused(
    labelbot: CommandRunner, overlap: str, message: str
) -> None:
    result = labelbot("campaign", "create", "tone", "--kind", "comparison", "--overlap", overlap)
    assert result.code != 0
    assert message in " ".join(result.err.replace("│", " ").split())
    assert labelbot("campaign", "list", "--json").json == []


def test_informative_pairs_show_the_votes_that_are_needed(labelbot: CommandRunner) -> None:
    options = ("--kind", "comparison", "--informative-pairs", "--repeat-share", "0.1")
    _create(labelbot, "tone", *options)
    assert _show(labelbot, "tone")["repeats"] == 0
    rows = [
        {"id": str(number), "prompt": f"{number}?", "response_a": f"a {number}"}
        | {"response_b": f"b {number}", "model_a": "heron", "model_b": "wren"}
        for number in range(3)
    ]
    labelbot.write_file("pairs.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    assert labelbot("import", "tone", "pairs.jsonl").code == 0
    votes = _show(labelbot, "tone")["votes_to_separate_models"]
    assert votes > 100
    assert f"{votes:,} more votes separate all models\n" in labelbot("campaign", "show", "tone").out


def test_informative_pairs_need_a_comparison(labelbot: CommandRunner) -> None:
    result = labelbot("campaign", "create", "tone", "--kind", "rating", "--informative-pairs")
    assert "Only a comparison has pairs of models" in result.err


def test_pausing_of_experts_can_change_while_a_campaign_runs(labelbot: CommandRunner) -> None:
    _create(labelbot, "tone", "--kind", "comparison")
    change = ("campaign", "quality", "tone")
    assert "from now on" in labelbot(*change, "--pause-on-quality-failure").out
    assert "as before" in labelbot(*change, "--pause-on-quality-failure").out
    assert _show(labelbot, "tone")["pause_on_quality_failure"] is True
    assert "clearly fail are paused\n" in labelbot("campaign", "show", "tone").out
    assert "pauses nobody" in labelbot(*change, "--no-pause-on-quality-failure").out
    assert _show(labelbot, "tone")["pause_on_quality_failure"] is False
    assert labelbot(*change).code == 2, "the option is required"
    labelbot("campaign", "close", "tone")
    assert labelbot(*change, "--pause-on-quality-failure").code == 1


NEEDS_GOLD = "The practice needs {}. No new expert gets tasks before you import them."


def test_practice_that_has_enough_gold_items_is_no_warning(labelbot: CommandRunner) -> None:
    created = labelbot("campaign", "create", "pairs", "--kind", "comparison", "--practice", "1")
    assert created.err == f"{NEEDS_GOLD.format('1 more gold item')}\n"
    row = {"prompt": "?", "response_left": "a", "response_right": "b", "gold": {"verdict": "left"}}
    file = labelbot.write_file("gold.jsonl", json.dumps(row))
    assert "1 item" in labelbot("import", "pairs", file, "--map", "gold=gold").out
    change = ("campaign", "practice", "pairs", "--practice")
    assert labelbot(*change, "1").err == ""
    assert labelbot(*change, "0").err == ""
    assert labelbot(*change, "2").err == f"{NEEDS_GOLD.format('1 more gold item')}\n"


def test_practice_is_changed_and_an_expert_let_in(labelbot: CommandRunner) -> None:
    _create(labelbot, "jokes", "--kind", "comparison", "--expert", "U0ADA", "--practice", "3")
    options = "--practice 2 --pass-mark 0.5"
    result = labelbot("campaign", "practice", "jokes", *options.split())
    assert result.out == "Practice of “jokes”: 2 questions, pass mark 0.5, 2 attempts.\n"
    assert result.err == f"{NEEDS_GOLD.format('2 more gold items')}\n"
    practice = _show(labelbot, "jokes")["status"]["practice"]
    assert (practice["questions"], practice["pass_mark"], practice["attempts"]) == (2, 0.5, 2)
    assert practice["in_practice"] == 1
    assert labelbot("campaign", "qualify", "jokes", "U0ADA").out == (
        "U0ADA gets tasks of “jokes” now.\n"
    )
    assert _show(labelbot, "jokes")["status"]["practice"]["passed"] == 1
    again = labelbot("campaign", "qualify", "jokes", "U0ADA")
    assert (again.code, again.out) == (1, "")
    assert "gets tasks of “jokes” already" in again.err
    stranger = labelbot("campaign", "qualify", "jokes", "U0BOB")
    assert "U0BOB is not an expert of “jokes”. Invite them first." in stranger.err


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        ("", 2, "Give --practice, --pass-mark or --practice-attempts"),
        ("--practice 21", 1, "The number of practice questions must be from 0 to 20"),
        ("--pass-mark 1.5", 1, "The pass mark must be from"),
        ("--practice-attempts 0", 1, "The number of attempts must be from 1 to 5"),
    ],
)
def test_unsuitable_practice_is_refused(
    labelbot_sqlite: CommandRunner, options: str, code: int, problem: str
) -> None:
    _create(labelbot_sqlite, "jokes", "--kind", "comparison", "--practice", "3")
    result = labelbot_sqlite("campaign", "practice", "jokes", *options.split())
    assert result.code == code
    assert problem in " ".join(result.err.replace("│", " ").split())
    assert _show(labelbot_sqlite, "jokes")["status"]["practice"]["questions"] == 3


def test_texts_have_no_practice(labelbot_sqlite: CommandRunner) -> None:
    _create(labelbot_sqlite, "texts", "--kind", "demonstration")
    result = labelbot_sqlite("campaign", "practice", "texts", "--practice", "3")
    assert (result.code, "demonstration" in result.err) == (1, True)
