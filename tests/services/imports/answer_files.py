"""Files with existing answers, and their import as the command does it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.imports.answers.mapping import AnswerMapping, is_answer_mapping
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.services.imports.import_progress import ImportResult
from bot.services.imports.importer import ImportSource, import_file
from bot.services.reports.quality_report import QualityReport, build_report
from tests.services.conftest import Scenario


def write_csv(scenario: Scenario, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file."""
    path = scenario.folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def import_answers(
    scenario: Scenario, path: Path, *mappings: str, strict: bool = False
) -> ImportResult:
    """Import a file with answers, as the command does."""
    answers = AnswerMapping.parse(filter(is_answer_mapping, mappings))
    columns = ColumnMapping.parse(one for one in mappings if not is_answer_mapping(one))
    import_options = ImportOptions(answers=answers)
    source = ImportSource("audit", path, columns, strict=strict, options=import_options)
    return import_file(scenario.database, source, scenario.actor)


def report_of(scenario: Scenario) -> QualityReport:
    """Return the report of the campaign."""
    return scenario.run_for_campaign("audit", build_report, scenario.now)


def figures_of(scenario: Scenario) -> Mapping[str, float]:
    """Return the coefficients of all experts by name, with three digits."""
    return {
        row.metric: round(row.value, 3)
        for row in report_of(scenario).agreement
        if row.value is not None and not row.experts
    }
