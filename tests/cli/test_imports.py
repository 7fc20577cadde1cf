"""`labelbot import`: what comes in, what is told, and how it ends."""

from __future__ import annotations

import json

import pytest

from bot.samples import __file__ as samples
from tests.cli.conftest import CommandRunner
from tests.services.conftest import pair


def _lines(*rows: object) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


@pytest.fixture
def tone(labelbot_sqlite: CommandRunner) -> CommandRunner:
    """Return a shell where the campaign “tone” is waiting for items."""
    assert labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison").code == 0
    return labelbot_sqlite


def test_items_are_imported_once(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    name = labelbot.write_file("pairs.jsonl", _lines(pair(1), pair(2), pair(2)))
    ran = labelbot("import", "tone", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 items added to “tone”, 1 repeated in the file.\n"
    ran = labelbot("import", "tone", name)
    assert ran.out == "0 items added to “tone”, 2 were there already, 1 repeated in the file.\n"
    assert labelbot("status", "tone", "--json").json["campaigns"][0]["items"] == 2


@pytest.mark.parametrize(
    ("kind", "file", "items"),
    [("rating", "jokes.jsonl", 32), ("comparison", "pairs.jsonl", 16)],
)
def test_the_samples_import_as_they_are(
    labelbot_sqlite: CommandRunner, kind: str, file: str, items: int
) -> None:
    labelbot_sqlite("campaign", "create", "sample", "--kind", kind)
    ran = labelbot_sqlite(
        "import", "sample", samples.replace("__init__.py", file), "--strict", "--json"
    )
    assert ran.code == 0
    assert ran.json["added"] >= items
    assert ran.json["rejected"] == 0


def test_bad_rows_are_told_on_stderr_and_the_good_ones_imported(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines(pair(1), "{[red]", pair(3, response_b="")))
    ran = tone("import", "tone", name)
    assert ran.code == 0
    assert ran.out == "1 items added to “tone”, 2 rows are bad and left out.\n"
    first, second = ran.err.splitlines()
    assert first.startswith("line 2: ")
    assert second == "line 3: candidate 2 is blank"


def test_a_strict_import_with_a_bad_row_fails_and_imports_nothing(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines(pair(1), "{"))
    ran = tone("import", "tone", name, "--strict", "--json")
    assert ran.code == 1
    assert ran.json["aborted"] is True
    assert (ran.json["added"], ran.json["rejected"], ran.json["errors"][0]["line"]) == (0, 1, 2)
    assert ran.err.splitlines()[-1] == (
        "Nothing was imported, because 1 row is bad; mend them and try again."
    )
    assert tone("status", "tone", "--json").json["campaigns"][0]["items"] == 0


def test_a_file_of_which_nothing_can_be_used_is_a_failure(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines("{", "["))
    ran = tone("import", "tone", name)
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("Nothing was imported: every row is bad.")


def test_columns_are_mapped(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.csv", "q,x,y\nWhy?,Because.,No idea.\n")
    ran = tone("import", "tone", name, "--map", "prompt=q", "--map", "candidates=x,y")
    assert ran.out == "1 items added to “tone”.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["tone", "missing.jsonl"], 2, "does not exist"),
        (["tune", "pairs.jsonl"], 1, "Unknown campaign “tune”. Did you mean “tone”?"),
        (["tone", "pairs.docx"], 1, "Supported file types: .jsonl"),
        (["tone", "empty.jsonl"], 1, "“empty.jsonl” contains no rows."),
        (["tone", "pairs.jsonl", "--map", "prompt"], 1, "“prompt” is not a valid mapping"),
        (["tone", "pairs.jsonl", "--map", "prompt=question"], 1, "has no column “question”"),
    ],
)
def test_what_cannot_be_imported_is_said_in_a_sentence(
    tone: CommandRunner, words: list[str], code: int, said: str
) -> None:
    tone.write_file("pairs.jsonl", _lines(pair(1)))
    tone.write_file("pairs.docx", "x")
    tone.write_file("empty.jsonl", "")
    ran = tone("import", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in " ".join(ran.err.replace("│", " ").split())
