"""Tests of `labelbot report`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def answered(scenario: Scenario) -> Scenario:
    """Return a campaign that two experts have answered."""
    scenario.create_campaign(title="Tone & voice", overlap=2, experts=[ADA, BOB])
    rows = [pair(number, model_a=HOSTILE) for number in range(1, 26)]
    scenario.import_rows("tone", rows)
    scenario.answer_all(ADA, verdict="a")
    scenario.answer_all(BOB, verdict="a")
    return scenario


@pytest.mark.usefixtures("answered")
def test_report_json_has_the_documented_parts(labelbot_sqlite: CommandRunner) -> None:
    report = labelbot_sqlite("report", "tone", "--json").json
    parts = ("agreement", "experts", "models", "generators", "items", "warnings", "throughput")
    assert tuple(report) == parts
    assert all(isinstance(report[part], list) and report[part] for part in parts)
    assert set(report["agreement"][0]) >= {"question", "metric", "value", "low", "high", "units"}
    assert set(report["models"][0]) >= {
        *("name", "strength", "low", "high", "rank_low", "rank_high"),
    }
    assert {model["name"] for model in report["models"]} == {HOSTILE, "wren-mini"}
    assert len(report["items"]) == 25


@pytest.mark.usefixtures("answered")
def test_report_page_is_one_safe_file(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("report", "tone", "--out", "report.html")
    assert (result.code, result.out) == (0, "")
    assert "Wrote report.html." in result.err
    page = (labelbot_sqlite.folder / "report.html").read_text(encoding="utf-8")
    assert "Label quality of Tone &amp; voice" in page
    assert "<script" not in page, "names from a file are text"
    assert not re.search(r"src=|href=\"(?!#)|url\((?!#)|@import|://", page), "no other file"
    headings = re.findall(r"<h2>(.+?)</h2>", page)
    assert headings == [
        *("Summary", "Warnings", "Throughput", "Agreement"),
        *("Agreement of each two experts", "Models"),
        "Generators",
        *("Confusion", "Agreement over time", "Experts", "Hardest items"),
    ]
    plots = re.findall(r'<svg role="img" aria-label="(.+?)[":,]', page)
    assert plots == [
        "Coefficients of agreement with 95% intervals",
        "Share of equal answers of each two experts",
        "Strengths of models with 95% intervals",
        "What other experts answer",
    ]
    names = re.findall(r'\bid="(.+?)"', page)
    assert len(names) == len(set(names)), "parts of different plots have different names"
    assert page.count("&lt;script&gt;alert(") >= 2, "in the plot and in the table"
    HTMLParser().feed(page)


@pytest.mark.usefixtures("answered")
def test_report_without_matplotlib_has_tables_and_names_the_extra(
    labelbot_sqlite: CommandRunner,
) -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None; from bot.cli import main; "
        "sys.argv = ['labelbot', 'report', 'tone', '--out', 'plain.html']; main()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
    page = (labelbot_sqlite.folder / "plain.html").read_text(encoding="utf-8")
    assert "<svg" not in page
    assert "labelbot[report]" in page
    assert '<th scope="col">left</th>' in page, "the confusion is a table"


@pytest.mark.usefixtures("answered")
def test_report_prints_tables(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("report", "tone")
    assert result.code == 0
    assert "gwet_ac1" in result.out
    assert "wren-mini" in result.out


@pytest.mark.usefixtures("answered")
def test_leaderboard_is_a_json_file(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("report", "tone", "--leaderboard", "models.json")
    assert (result.code, result.out, result.err) == (0, "", "Wrote models.json.\n")
    document = json.loads((labelbot_sqlite.folder / "models.json").read_text(encoding="utf-8"))
    assert (document["campaign"], document["answers"]) == ("tone", 50)
    (group,) = document["groups"]
    assert {model["name"] for model in group["models"]} == {HOSTILE, "wren-mini"}
    assert set(group["models"][0]) >= {"strength", "low", "high", "rank_low", "rank_high"}


def test_campaign_without_models_has_no_leaderboard(
    scenario: Scenario, labelbot_sqlite: CommandRunner
) -> None:
    scenario.create_campaign("jokes", "rating", experts=[ADA])
    result = labelbot_sqlite("report", "jokes", "--leaderboard", "models.json")
    assert result.code == 1
    assert "“jokes” has no leaderboard" in result.err
    assert not (labelbot_sqlite.folder / "models.json").exists()


def test_report_of_empty_campaign_says_so(
    scenario: Scenario, labelbot_sqlite: CommandRunner
) -> None:
    scenario.create_campaign(experts=[ADA])
    report = labelbot_sqlite("report", "tone", "--json").json
    assert (report["agreement"], report["models"], report["items"]) == ([], [], [])
    assert labelbot_sqlite("report", "tone", "--out", "report.html").code == 0
    page = (labelbot_sqlite.folder / "report.html").read_text(encoding="utf-8")
    assert "There is nothing to show yet." in page


@pytest.mark.parametrize("option", ["--out", "--leaderboard"])
@pytest.mark.parametrize("folder", ["missing", "file"])
def test_missing_folder_is_named(
    scenario: Scenario, labelbot_sqlite: CommandRunner, option: str, folder: str
) -> None:
    scenario.create_campaign(experts=[ADA])
    (labelbot_sqlite.folder / "file").touch()
    result = labelbot_sqlite("report", "tone", option, f"{folder}/report")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Cannot write {folder}/report (there is no folder {folder}).")


def test_file_that_cannot_be_written_is_named(
    scenario: Scenario, labelbot_sqlite: CommandRunner
) -> None:
    scenario.create_campaign(experts=[ADA])
    result = labelbot_sqlite("report", "tone", "--out", "/proc/report.html")
    assert result.code == 1
    assert result.err.startswith("Cannot write /proc/report.html (No such file or directory).")


def test_unknown_campaign_is_an_error(labelbot_sqlite: CommandRunner) -> None:
    result = labelbot_sqlite("report", "jokse")
    assert result.code == 1
    assert "jokse" in result.err
