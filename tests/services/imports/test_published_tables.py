"""Published tables and real votes, imported as answers and reported."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import numpy as np
import pytest

from tests.pages import ROOT
from tests.quality.ranking.examples import BASEBALL
from tests.services.conftest import Scenario
from tests.services.imports.answer_files import figures_of, import_answers, report_of, write_csv
from tests.services.invariants import check_counts

DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="needs the data directory next to the project"
)

ONE_CRITERION = {
    "noun": "unit",
    "criteria": [{"key": "score", "label": "Score", "anchors": ["a", "b", "c", "d", "e"]}],
}

KRIPPENDORFF = """\
1,2,3,3,2,1,4,1,2,,,
1,2,3,3,2,2,4,1,2,5,,3
,3,3,3,2,3,4,2,2,5,1,
1,2,3,3,2,4,4,1,2,5,1,
"""
"""Klaus Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011), section C: the values of
four observers, one in each line."""

FLEISS = """\
0,0,0,0,14
0,2,6,4,2
0,0,3,5,6
0,3,9,2,0
2,2,8,1,1
7,7,0,0,0
3,2,6,3,0
2,5,3,2,2
6,5,2,1,0
0,2,2,3,7
"""
"""Joseph Fleiss, *Measuring Nominal Scale Agreement Among Many Raters* (1971), as in Wikipedia: how
many of 14 raters put each subject into each category."""

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests of figures, which do not depend on the database."""


@on_sqlite
def test_krippendorffs_units_are_reproduced(scenario: Scenario) -> None:
    observers = list(csv.reader(KRIPPENDORFF.splitlines()))
    scenario.create_campaign("audit", "rating", settings=ONE_CRITERION)
    names = [f"observer {number}" for number in range(1, 5)]
    rows = [[unit, *scores] for unit, scores in enumerate(zip(*observers, strict=True), start=1)]
    path = write_csv(scenario, ["unit", *names], rows)
    result = import_answers(scenario, path, "id=unit", f"answer={','.join(names)}")
    assert (result.added, result.answers) == (12, 41)
    figures = figures_of(scenario)
    levels = ("nominal", "ordinal", "interval", "ratio")
    assert [figures[f"alpha_{level}"] for level in levels] == [0.743, 0.815, 0.849, 0.797]


@on_sqlite
def test_fleiss_table_is_reproduced(scenario: Scenario) -> None:
    table = [list(map(int, row)) for row in csv.reader(FLEISS.splitlines())]
    scenario.create_campaign("audit", "rating", settings=ONE_CRITERION)
    rows = [
        (subject, category)
        for subject, counts in enumerate(table)
        for category, count in enumerate(counts, start=1)
        for _rater in range(count)
    ]
    path = write_csv(scenario, ["subject", "category"], rows)
    result = import_answers(scenario, path, "id=subject", "answer=category")
    assert (result.added, result.answers) == (10, 140)
    assert figures_of(scenario)["fleiss_kappa"] == 0.21


@on_sqlite
def test_agrestis_baseball_teams_are_reproduced(scenario: Scenario) -> None:
    scenario.create_campaign("audit", "comparison")
    games = [
        (winner, loser, winner)
        for winner, counts in BASEBALL.items()
        for loser, count in zip(BASEBALL, counts, strict=True)
        for _game in range(count)
    ]
    path = write_csv(scenario, ["game", "home", "away", "winner"], map(_numbered, enumerate(games)))
    import_answers(scenario, path, "id=game", "models=home,away", "answer=winner")
    strengths = {model.name: model.strength or 0 for model in report_of(scenario).models}
    above_baltimore = [
        round(strengths[team] - strengths["Baltimore"], 2) for team in reversed(BASEBALL)
    ]
    assert above_baltimore == [0, 0.68, 1.11, 1.25, 1.29, 1.44, 1.58]


def _numbered(pair: tuple[int, tuple[str, ...]]) -> Sequence[object]:
    return (pair[0], *pair[1])


@on_sqlite
@needs_data
def test_scores_of_evalica_are_reproduced(scenario: Scenario) -> None:
    """Evalica counts a tie as half a win for each, so every row becomes two answers here."""
    scenario.create_campaign("audit", "comparison")
    halves = {"left": ("left", "left"), "right": ("right", "right"), "tie": ("left", "right")}
    with (DATA / "ranking" / "evalica_simple.csv").open() as file:
        rows = [
            (row["left"], row["right"], half)
            for row in csv.DictReader(file)
            for half in halves[row["winner"]]
        ]
    path = write_csv(scenario, ["left", "right", "winner"], rows)
    result = import_answers(scenario, path, "models=left,right", "answer=winner")
    assert (result.added, result.answers) == (9, 32)
    strengths = {model.name: np.exp(model.strength or 0) for model in report_of(scenario).models}
    total = sum(strengths.values())
    with (DATA / "ranking" / "evalica_simple_golden.csv").open() as file:
        expected = {
            row["item"]: float(row["score"])
            for row in csv.DictReader(file)
            if row["algorithm"] == "bradley_terry"
        }
    assert {name: score / total for name, score in strengths.items()} == pytest.approx(
        expected, abs=1e-4
    )


@pytest.mark.slow
@on_sqlite
@needs_data
def test_votes_without_texts_have_every_figure(scenario: Scenario) -> None:
    """The first 1,500 of 8,931 votes of LLMFAO, which name models and prompts only."""
    with (DATA / "preferences" / "llmfao_votes.csv").open(encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))[:1_501]
    scenario.create_campaign("audit", "comparison", overlap=5)
    path = write_csv(scenario, header, rows)
    mappings = ("models=left,right", "answer=winner", "expert=worker")
    result = import_answers(scenario, path, *mappings)
    items, workers = {row[0] for row in rows}, {row[4] for row in rows}
    assert (result.added, result.answers, result.rejected) == (len(items), 1_500, 0)
    report = report_of(scenario)
    assert (report.answers, len(report.items), len(report.experts)) == (
        *(1_500, len(items), len(workers)),
    )
    assert {model.name for model in report.models} == {name for row in rows for name in row[6:]}
    assert all(expert.pseudonym.startswith("imported-") for expert in report.experts)
    again = import_answers(scenario, path, *mappings)
    assert (again.added, again.existing, again.answers, again.existing_answers) == (
        *(0, len(items), 0, 1_500),
    )
    check_counts(scenario)
