"""Tests of `labelbot import`: imported items, reported rows, exit codes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest

from bot.samples import __file__ as samples
from tests.cli.conftest import CommandRunner
from tests.pages import ROOT
from tests.services.conftest import pair


def _lines(*rows: object) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


@pytest.fixture
def tone(labelbot_sqlite: CommandRunner) -> CommandRunner:
    """Return a runner with the campaign “tone”, which has no items yet."""
    assert labelbot_sqlite("campaign", "create", "tone", "--kind", "comparison").code == 0
    return labelbot_sqlite


def test_items_are_imported_once(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    name = labelbot.write_file("pairs.jsonl", _lines(pair(1), pair(2), pair(2)))
    result = labelbot("import", "tone", name)
    assert (result.code, result.err) == (0, "")
    assert result.out == "Added 2 items to “tone”, 1 duplicate row.\n"
    result = labelbot("import", "tone", name)
    assert result.out == "Added 0 items to “tone”, 2 already imported, 1 duplicate row.\n"
    assert labelbot("status", "tone", "--json").json["campaigns"][0]["items"] == 2


@pytest.mark.parametrize(
    ("kind", "file", "items"),
    [("rating", "jokes.jsonl", 32), ("comparison", "pairs.jsonl", 16)],
)
def test_samples_import_unchanged(
    labelbot_sqlite: CommandRunner, kind: str, file: str, items: int
) -> None:
    labelbot_sqlite("campaign", "create", "sample", "--kind", kind)
    result = labelbot_sqlite(
        "import", "sample", samples.replace("__init__.py", file), "--strict", "--json"
    )
    assert result.code == 0
    assert result.json["added"] >= items
    assert result.json["rejected"] == 0


def test_invalid_rows_are_reported_and_skipped(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines(pair(1), "{[red]", pair(3, response_b="")))
    result = tone("import", "tone", name)
    assert result.code == 0
    assert result.out == "Added 1 item to “tone”, 2 invalid rows.\n"
    first, second = result.err.splitlines()
    assert first.startswith("line 2: ")
    assert second == "line 3: candidate 2 is blank"


def test_strict_import_rejects_file_with_invalid_row(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines(pair(1), "{"))
    result = tone("import", "tone", name, "--strict", "--json")
    assert result.code == 1
    assert result.json["aborted"] is True
    assert (result.json["added"], result.json["rejected"], result.json["errors"][0]["line"]) == (
        0,
        1,
        2,
    )
    assert result.err.splitlines()[-1] == (
        "The file was rejected because of 1 invalid row. Correct the file and import again."
    )
    assert tone("status", "tone", "--json").json["campaigns"][0]["items"] == 0


def test_file_without_valid_rows_fails(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.jsonl", _lines("{", "["))
    result = tone("import", "tone", name)
    assert result.code == 1
    assert result.err.splitlines()[-1].startswith("Nothing was imported: every row is invalid.")


def test_columns_are_mapped(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.csv", "q,x,y\nWhy?,Because.,No idea.\n")
    result = tone("import", "tone", name, "--map", "prompt=q", "--map", "candidates=x,y")
    assert result.out == "Added 1 item to “tone”.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["tone", "missing.jsonl"], 2, "does not exist"),
        (["tune", "pairs.jsonl"], 1, "Unknown campaign “tune”. Did you mean “tone”?"),
        (["tone", "pairs.docx"], 1, "Supported file types: .jsonl"),
        (["tone", "empty.jsonl"], 1, "“empty.jsonl” contains no rows."),
        (["tone", "pairs.jsonl", "--map", "prompt"], 1, "“prompt” is not a valid mapping"),
        (["tone", "pairs.jsonl", "--map", "prompt=question"], 1, "has no column “question”"),
    ],
)
def test_invalid_import_fails_with_message(
    tone: CommandRunner, arguments: list[str], code: int, message: str
) -> None:
    tone.write_file("pairs.jsonl", _lines(pair(1)))
    tone.write_file("pairs.docx", "x")
    tone.write_file("empty.jsonl", "")
    result = tone("import", *arguments)
    assert (result.code, result.out) == (code, "")
    assert message in " ".join(result.err.replace("│", " ").split())


def test_dry_run_shows_items_as_experts_see_them_and_imports_nothing(tone: CommandRunner) -> None:
    first = {"system": "Be kind.", "prompt": "Q", "a": "A", "b": "B", "source": "x", "model_a": "m"}
    rows = [first, {**first, "a": "B", "b": "A"}, {**first, "a": ""}]
    name = tone.write_file("pairs.jsonl", _lines(*rows))
    report = tone("import", "tone", name, "--dry-run", "--near", "--json").json
    counts = [report[key] for key in ("rows", "items", "existing", "duplicates", "rejected")]
    assert counts == [3, 1, 0, 1, 1]
    assert report["columns"] == {
        "system": "system",
        "prompt": "prompt",
        "a": "candidates",
        "b": "candidates",
        "source": "meta",
        "model_a": "meta",
    }
    assert report["hidden"] == ["source", "model_a"]
    assert report["preview"] == [
        [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Q"},
            {"role": "assistant", "content": "A", "response": "A"},
            {"role": "assistant", "content": "B", "response": "B"},
        ]
    ]
    assert report["duplicate_rows"] == [
        {"row": "line 2", "first": "line 1", "duplicate": "exchanged"}
    ]
    text = tone("import", "tone", name, "--dry-run").out
    assert "Not shown to experts: source, model_a" in text
    assert "[System]\n  Be kind." in text
    assert tone("status", "tone", "--json").json["campaigns"][0]["items"] == 0


def test_code_page_is_named_with_an_option(tone: CommandRunner) -> None:
    name = tone.write_file("pairs.csv", "")
    Path(name).write_bytes("prompt,a,b\nQ,plain,text\nR,caf\xe9,th\xe9\n".encode("cp1252"))
    result = tone("import", "tone", name)
    assert result.code == 1
    assert "not UTF-8 but probably cp1252" in " ".join(result.err.split())
    result = tone("import", "tone", name, "--encoding", "cp1252")
    assert result.out == "Added 2 items to “tone”.\n"


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (_lines(pair(1), pair(2)).encode(), []),
        (gzip.compress(b"prompt;a;b\nQ;A;B\nR;C;D\n"), ["--type", ".csv.gz"]),
    ],
    ids=["lines", "compressed"],
)
def test_standard_input_is_imported(
    tone: CommandRunner, content: bytes, options: list[str]
) -> None:
    command = [sys.executable, "-m", "bot.cli", "import", "tone", "-", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(  # noqa: S603 - ours
        command, input=content, capture_output=True, check=True, cwd=tone.folder, env=environment
    )
    assert result.stdout.decode() == "Added 2 items to “tone”.\n"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.com/pairs.jsonl", "the address must begin with https://"),
        ("https://127.0.0.1/pairs.jsonl", "the address is not on the public internet"),
        ("https://[::1]:9/pairs.jsonl", "the address is not on the public internet"),
    ],
)
def test_address_that_is_not_public_is_refused(tone: CommandRunner, url: str, message: str) -> None:
    result = tone("import", "tone", url)
    assert (result.code, result.out) == (1, "")
    assert message in " ".join(result.err.split())


def test_rows_are_grouped_by_a_column(tone: CommandRunner) -> None:
    rows = [
        {"prompt": "P1", "response": "A", "model": "wren"},
        {"prompt": "P2", "response": "C", "model": "wren"},
        {"prompt": "P1", "response": "B", "model": "heron"},
        {"prompt": "P2", "response": "D", "model": "heron"},
    ]
    name = tone.write_file("long.jsonl", _lines(*rows))
    report = tone("import", "tone", name, "--group-by", "prompt", "--dry-run", "--json").json
    assert (report["items"], report["rejected"]) == (2, 0)
    assert report["columns"] == {"prompt": "prompt", "response": "candidates", "model": "models"}
    assert tone("import", "tone", name, "--group-by", "prompt").out == "Added 2 items to “tone”.\n"
    wrong = tone("import", "tone", name, "--group-by", "promt")
    assert wrong.code == 1
    assert "the column “promt” to group by is missing or blank" in wrong.err


@pytest.fixture
def hub_url(tmp_path: Path) -> Iterator[str]:
    """Serve a dataset as the Hugging Face Hub does; return the address."""
    shard = tmp_path / "hub" / "0.parquet"
    shard.parent.mkdir()
    rows = {"prompt": ["Q", "R"], "chosen": ["A", "C"], "rejected": ["B", "D"]}
    pyarrow = import_module("pyarrow")
    import_module("pyarrow.parquet").write_table(pyarrow.table(rows), shard)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_listing = self.path == "/api/datasets/owner/pairs/parquet"
            is_shard = self.path == "/0.parquet"
            self.send_response(200 if is_listing or is_shard else 401)
            self.end_headers()
            if is_listing:
                address = f"http://{self.headers['Host']}/0.parquet"
                self.wfile.write(json.dumps({"default": {"train": [address]}}).encode())
            elif is_shard:
                self.wfile.write(shard.read_bytes())

        def log_message(self, *_arguments: object) -> None:
            """Write nothing to standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_dataset_of_the_hub_is_imported(tone: CommandRunner, hub_url: str) -> None:
    tone.set_env(HF_ENDPOINT=hub_url)
    result = tone("import", "tone", "hf://datasets/owner/pairs", "--split", "train", "--json")
    assert (result.code, result.json["added"], result.json["file"]) == (0, 2, "pairs")
    assert (
        tone("import", "tone", "owner/pairs").out
        == "Added 0 items to “tone”, 2 already imported.\n"
    )
    missing = tone("import", "tone", "owner/nothing")
    assert missing.code == 1
    assert "not public; check its name, and set HF_TOKEN" in " ".join(missing.err.split())
    wrong = tone("import", "tone", tone.write_file("a.jsonl", ""), "--split", "train")
    assert "are for Hugging Face datasets" in " ".join(wrong.err.replace("│", " ").split())


VOTES = """\
item,model_a,model_b,winner,rater
1,heron,wren,model_a,ann@example.org
1,heron,wren,x won,ben@example.org
2,heron,wren,tie,ann@example.org
2,heron,wren,maybe,ben@example.org
"""
VOTE_OPTIONS = (
    *("--map", "id=item", "--map", "answer=winner", "--map", "expert=rater"),
    *("--value", "x won=left"),
)


def test_existing_answers_are_imported_and_reported(labelbot_sqlite: CommandRunner) -> None:
    labelbot_sqlite("campaign", "create", "audit", "--kind", "comparison")
    file = labelbot_sqlite.write_file("votes.csv", VOTES)
    dry = labelbot_sqlite("import", "audit", file, *VOTE_OPTIONS, "--dry-run")
    assert "Answers: 3 to add, 0 already imported, 0 repeated, from 2 experts" in dry.out
    assert "2  A is better" in dry.out
    assert "line 5: “maybe” in the column “winner” is not understood" in dry.out
    counts = labelbot_sqlite("import", "audit", file, *VOTE_OPTIONS, "--dry-run", "--json").json
    assert counts["answers"]["by_expert"] == {"ann@example.org": 2, "ben@example.org": 1}
    result = labelbot_sqlite("import", "audit", file, *VOTE_OPTIONS)
    assert result.out == ("Added 2 items to “audit”, 3 answers added, 1 invalid row, 1 warning.\n")
    report = labelbot_sqlite("report", "audit", "--json").json
    assert sum(item["votes"] for item in report["items"]) == 3
    assert (len(report["items"]), len(report["experts"])) == (2, 2)
    assert {model["name"] for model in report["models"]} == {"heron", "wren"}
    listed = labelbot_sqlite("experts", "list", "--imported", "--campaign", "audit", "--json").json
    assert {expert["name"]: expert["answers"] for expert in listed} == {
        "ann@example.org": 2,
        "ben@example.org": 1,
    }
    assert "There are no experts yet" in labelbot_sqlite("experts", "list").out
    assert labelbot_sqlite("experts", "list", "--imported").code == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--map expert=rater", "map the answer too"),
        ("--map answer=label", "has no column “label”"),
        ("--map answer=winner --map ranks=item", "an answer to a comparison has the parts"),
        ("--value x=left", "map the answer, as in --map answer=COLUMN"),
    ],
)
def test_mapping_of_answers_that_makes_no_sense_is_an_error(
    labelbot_sqlite: CommandRunner, options: str, reason: str
) -> None:
    labelbot_sqlite("campaign", "create", "audit", "--kind", "comparison")
    file = labelbot_sqlite.write_file("votes.csv", VOTES)
    result = labelbot_sqlite("import", "audit", file, "--map", "id=item", *options.split())
    assert result.code == 1
    assert reason in result.err


def test_dry_run_describes_the_media_that_experts_will_see(tone: CommandRunner) -> None:
    address = "https://sounds.example"
    row = pair(1, audio_a=f"{address}/a.mp3", audio_b=f"{address}/b.mp3", image=f"{address}/c.png")
    name = tone.write_file("media.jsonl", _lines({**row, "alt": "A red line"}))
    shown = tone("import", "tone", name, "--dry-run").out
    assert "Image: A red line" in shown
    assert shown.count("Audio without a description") == 2
