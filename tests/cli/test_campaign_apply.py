"""Tests of `labelbot campaign apply`."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cli.campaign_file import CampaignFile
from bot.services.campaigns import apply
from bot.services.campaigns.apply import CampaignDescription, OutdatedPreviewError
from bot.services.campaigns.new_campaign import NewCampaign
from storage.tables import Campaign
from tests.cli.command_tree import leaf_commands, options_of
from tests.cli.conftest import CommandResult, CommandRunner
from tests.pages import DOCS, code_blocks
from tests.services.conftest import Scenario

BASE = "name: tone\nkind: comparison\n"
OTHER_OPTIONS = {"--expert", "--criteria", "--strength", "--reason", "--confidence", "--levels"}


def _apply(labelbot: CommandRunner, text: str, *options: str) -> CommandResult:
    file = labelbot.write_file("tone.yaml", text)
    return labelbot("campaign", "apply", file, *(options or ("--yes",)))


def _show(labelbot: CommandRunner) -> Any:  # noqa: ANN401 - JSON
    return labelbot("campaign", "show", "tone", "--json").json


def _changed(result: CommandResult) -> dict[str, list[str]]:
    """Return the cells before and after, by field."""
    rows = [line.split() for line in result.out.splitlines()]
    start = rows.index(["field", "before", "after"])
    last = ["Changed", str(len(rows) - start - 2), "fields", "of", "“tone”."]
    return {row[0]: row[1:] for row in rows[start + 1 :] if row != last}


def test_example_of_the_documentation_applies_twice(labelbot: CommandRunner) -> None:
    (example,) = [text for text in code_blocks(DOCS / "coordinators.md", "yaml") if "kind:" in text]
    preview = _apply(labelbot, example, "--dry-run")
    assert "It would be created" in preview.out
    assert labelbot("campaign", "list", "--json").json == []
    created = _apply(labelbot, example)
    assert (created.code, created.err) == (0, "")
    details = _show(labelbot)
    status = details["status"]
    assert (status["title"], status["overlap"], status["max_overlap"]) == ("Tone of voice", 2, 5)
    assert status["deadline"] == "2090-05-31T21:59:59+00:00"
    assert (details["lease_minutes"], details["reminder_minutes"]) == (480, [240])
    assert details["settings"]["reason"] == "optional"
    assert details["guidelines"] == "# Tone of voice\nPrefer the friendlier answer."
    assert [expert["slack_id"] for expert in details["experts"]] == ["U0123ABCD"]
    audit = labelbot("audit", "--json").out
    assert _apply(labelbot, example).out == "Nothing changes in “tone”.\n"
    assert labelbot("audit", "--json").out == audit


def test_differences_are_shown_and_applied(labelbot_sqlite: CommandRunner) -> None:
    labelbot = labelbot_sqlite
    _apply(labelbot, f"{BASE}overlap: 2..4\ntarget_posterior: 0.95\nexperts: [U0ADA]\n")
    changed = (
        f"{BASE}title: Voice\noverlap: 2..5\ngold_share: 0.1\nskips: hold\ndomains: [law]\n"
        "language: no\nremoval_days: 30\nmax_answers: 9\nmax_answers_per_day: 4\npractice: 3\n"
        "pause_on_quality_failure: true\nexperts: [U0BOB]\n"
    )
    before = _show(labelbot)
    preview = _apply(labelbot, changed, "--dry-run")
    assert _show(labelbot) == before
    assert _changed(preview) == {
        "title": ["tone", "Voice"],
        "max_overlap": ["4", "5"],
        "gold_share": ["0.0", "0.1"],
        "practice_questions": ["0", "3"],
        "domains": ["[]", "['law']"],
        "language": ["-", "no"],
        "skip_policy": ["reassign", "hold"],
        "pause_on_quality_failure": ["no", "yes"],
        "removal_days": ["0", "30"],
        "max_answers": ["0", "9"],
        "max_answers_per_day": ["0", "4"],
        "experts": ["['U0ADA']", "['U0ADA',", "'U0BOB']"],
    }
    assert "Members who are not in the file stay: U0ADA." in preview.err
    assert _apply(labelbot, changed).out.endswith("Changed 12 fields of “tone”.\n")
    assert _show(labelbot)["status"]["target_posterior"] == 0.95
    assert _apply(labelbot, changed).out == "Nothing changes in “tone”.\n"


def test_practice_with_too_few_gold_items_is_a_warning(labelbot: CommandRunner) -> None:
    warning = (
        "The practice needs 2 more gold items. No new expert gets tasks before you import them."
    )
    practice = f"{BASE}practice: 2\n"
    assert warning in _apply(labelbot, practice, "--dry-run").err
    assert warning in _apply(labelbot, practice).err
    assert _apply(labelbot, f"{practice}title: New\n").err == ""
    assert "needs 1 more gold item." in _apply(labelbot, f"{BASE}practice: 1\n").err


def test_changed_guidelines_need_a_note(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite.write_file("guide.md", "Be fair.\n")
    file = f"{BASE}guidelines_file: guide.md\n"
    _apply(labelbot_sqlite, file)
    labelbot_sqlite.write_file("guide.md", "Be kind.\n")
    refused = _apply(labelbot_sqlite, file)
    assert refused.code == 1
    assert "tone.yaml, line 3: guidelines_file: The guidelines of “tone” change." in refused.err
    assert "--note" in refused.err
    applied = _apply(labelbot_sqlite, file, "--yes", "--note", "Kind, not fair")
    assert "-Be fair.\n+Be kind.\n" in applied.out
    assert _show(labelbot_sqlite)["guidelines"] == "Be kind."


@pytest.mark.parametrize("empty", ["null", "", '""'])
def test_empty_values_remove_requirements(labelbot_sqlite: CommandRunner, empty: str) -> None:
    _apply(
        labelbot_sqlite,
        f"{BASE}deadline: 2090-05-31\ndomains: [law]\nlanguage: en\nremind_after: [1h]\n",
    )
    emptied = f'{BASE}deadline: {empty}\ndomains: []\nlanguage: ""\nremind_after: []\n'
    assert _changed(_apply(labelbot_sqlite, emptied)).keys() == {
        "reminder_minutes",
        "deadline",
        "domains",
        "language",
    }


@pytest.mark.parametrize(("answer", "is_applied"), [("y\n", True), ("n\n", False), ("", False)])
def test_nothing_is_applied_without_confirmation(
    labelbot_sqlite: CommandRunner,
    answer: str,
    is_applied: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    labelbot_sqlite.type_input(answer)
    file = labelbot_sqlite.write_file("tone.yaml", BASE)
    result = labelbot_sqlite("campaign", "apply", file)
    assert (result.code == 0) is is_applied
    assert bool(labelbot_sqlite("campaign", "list", "--json").json) is is_applied


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("titel: Tone", "line 3: titel: is unknown"),
        ("gold_share: much", "line 3: gold_share: “much” is not a number"),
        ("gold_share: 0.7", "line 3: gold_share: The share of gold questions must be from 0 to"),
        ("overlap: 0", "line 3: overlap: Answers per item must be from 1"),
        (f"guidelines: {'x' * 30_001}", "line 3: guidelines: The guidelines have 30,001 char"),
        ("overlap: 5..2", "line 3: overlap: The maximum answers per item must be"),
        ("overlap: many", "line 3: overlap: “many” is not a number of answers"),
        ("target_posterior: 0.9", "target_posterior needs a range of answers per item"),
        ("overlap: 3\ntarget_posterior: 0.9", "line 4: target_posterior: A target posterior needs"),
        ("overlap: 2..3\ntarget_posterior: 2.0", "line 4: target_posterior: The target posterior"),
        (
            "max_answers_per_day: -1",
            "line 3: max_answers_per_day: The maximum answers per expert and",
        ),
        ("max_answers: -1", "line 3: max_answers: The maximum answers per expert must be from 0"),
        ("repeat_share: 0.5", "line 3: repeat_share: The share of repeated pairs"),
        ("practice: 99", "line 3: practice: The number of practice questions"),
        ("practice: 1\npass_mark: 7", "line 4: pass_mark: The pass mark must be"),
        ("practice: 1\npractice_attempts: 7", "line 4: practice_attempts: The number of attempts"),
        ("lease: soon", "line 3: lease: “soon” is not a duration"),
        ("lease: 0m", "line 3: lease: The lease must be"),
        ("lease: 4h\nremind_after:\n- 1h\n- soon", "line 6: remind_after 2: “soon”"),
        ("lease: 4h\nremind_after: [5h]", "line 4: remind_after: The reminders cannot be"),
        ("deadline: someday", "line 3: deadline: “someday” is not a date"),
        ("deadline: 2001-01-01", "line 3: deadline: The deadline 2001-01-01"),
        ("tz: America/Lima\ndeadline: 9999-12-31", "line 4: deadline: “9999-12-31” is out of"),
        ("deadline: 2090-01-01\ntz: Mars", "line 4: tz: "),
        ("language: Klingon!", "line 3: language: “Klingon!” is not a language code"),
        ("guidelines_link: here", "line 3: guidelines_link: “here” is not a link"),
        ("guidelines: a\nguidelines_file: b.md", "write either guidelines or guidelines_file"),
        ("guidelines_file: none.md", "line 3: guidelines_file: none.md cannot be read"),
        ("experts: [Ada]", "line 3: experts: “Ada” is not a Slack member ID"),
        ("experts: U0ADA", "line 3: experts: must be a list"),
        ("skips: never", "line 3: skips: “never” is not allowed"),
        ("title: '  '", "line 3: title: is too short"),
        ("settings:\n  strong: true", "line 3: settings: Invalid settings for a comparison"),
        ("settings: {confidence: [}", "line 3: "),
        ('title: "a\\0b"', "line 3: the value has characters that are not allowed"),
        ('guidelines: "\\ud800"', "line 3: the value has characters that are not allowed"),
        ("title: A\ntitle: B", "line 4: “title” is there twice"),
        ("title: &a A\nlanguage: *a", "line 4: references (*name) are not supported"),
        ("title: !!python/object:os.system x", "line 3: "),
    ],
)
def test_error_names_the_line_and_nothing_is_created(
    labelbot_sqlite: CommandRunner, lines: str, message: str
) -> None:
    result = _apply(labelbot_sqlite, f"{BASE}{lines}\n")
    assert result.code == 1
    assert "tone.yaml" in result.err
    assert message in " ".join(result.err.split())
    assert labelbot_sqlite("campaign", "list", "--json").json == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have keys and values"),
        ("- name: tone", "must have keys and values"),
        ("name: tone", "kind: is missing"),
        ("name: Tone!\nkind: comparison", "line 1: name: Invalid name “Tone!”"),
        ("name: tone\nkind: comparsion", "line 2: kind: Unknown kind"),
        ("a: " + "[" * 3000, "it is not valid YAML"),
        ("name: !!bool x", "it is not valid YAML"),
        ("name: \x00", "it has NUL characters"),
    ],
)
def test_file_that_describes_no_campaign_is_refused(
    labelbot_sqlite: CommandRunner, text: str, message: str
) -> None:
    result = _apply(labelbot_sqlite, text)
    assert result.code != 0
    assert message in " ".join(result.err.split())


def test_only_what_was_shown_is_applied(scenario: Scenario) -> None:
    wanted = NewCampaign("tone", "comparison", title="Voice", experts=["U0ADA"])
    description = CampaignDescription(wanted, frozenset({"title", "experts"}))
    shown = scenario.database.write_now(apply.preview, description, scenario.actor)
    scenario.create_campaign("tone")
    with pytest.raises(OutdatedPreviewError):
        scenario.database.write_now(apply.apply_shown, description, shown, scenario.actor)
    (campaign,) = scenario.rows(Campaign)
    assert campaign.title == "tone"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("informative_pairs: true", "line 3: informative_pairs: “informative_pairs” of “tone” is"),
        ("welcome: false", "line 3: welcome: “sends_welcome” of “tone” is"),
        ("repeat_share: 0.1", "line 3: repeat_share: "),
    ],
)
def test_fields_of_a_new_campaign_only_cannot_change(
    labelbot_sqlite: CommandRunner, line: str, message: str
) -> None:
    _apply(labelbot_sqlite, BASE)
    result = _apply(labelbot_sqlite, f"{BASE}{line}\n")
    assert (result.code, message in " ".join(result.err.split())) == (1, True)


def test_kind_cannot_change(labelbot_sqlite: CommandRunner) -> None:
    _apply(labelbot_sqlite, BASE)
    result = _apply(labelbot_sqlite, "name: tone\nkind: ranking\n")
    assert "tone.yaml, line 2: kind: “kind” of “tone” is comparison" in result.err


def test_keys_are_the_options_of_create() -> None:
    options = options_of(leaf_commands()["labelbot campaign create"]) - OTHER_OPTIONS - {"--json"}
    keys = {f"--{key.replace('_', '-')}" for key in CampaignFile.model_fields}
    exports = {option for option in options if option.startswith("--export-")}
    assert keys - options == {"--name", "--experts", "--guidelines", "--guidelines-link"}
    assert options - exports <= keys
