"""What people and models write is stored, shown, exported and imported again as they wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.exports.formats import FORMATS
from bot.exports.formats.openai import IDS_FILE
from bot.exports.row_options import Aggregate, RowOptions
from bot.kinds import KINDS
from bot.kinds.base import FormInput
from bot.sandbox.visible_text import render_blocks
from bot.services.exports import claims
from bot.services.exports import run as export_runner
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.supported_formats import formats_for
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.services.items.mapping import content_of
from bot.services.tasks.next_task import task_view
from bot.slack.blockkit.passages import passage_blocks
from storage.queries.items import items_by_key
from tests.services.conftest import Scenario

ADA = "U0ADA"

PLAIN_TEXTS = (
    r"So \(x=2\), and \[ \hat{y}_i = x_{j} \\ \{1\} \].",
    "def f(x):\n\tif x:\n\t\treturn x*2*3\n",
    "  leading and trailing  \n",
    "<@U1> <!here> <https://x|y> &amp; &lt;b&gt; :smile: @everyone #general",
    "x\u2028y\u2029z\u0085 \u00a0 \u200b\ufeff \x07\x1b[31m",
    "שלום \u202eabc\u202c مرحبا 日本語 한국어 🙂👩‍👩‍👧 e\u0301",
    'a "quoted", text; with\ttabs\n\n\nand ; lines\n=1+1',
    "null",
    '["a", "list"]',
    "007",
)
"""Texts without markup: experts see exactly these characters."""

MARKDOWN_TEXT = (
    "# Title\n\n**bold** $x_1*y_1*z$\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\n  x\n```"
)


def rows(kind: str) -> list[dict[str, object]]:
    """Return rows of a kind with each text in each part."""
    texts = [*PLAIN_TEXTS, MARKDOWN_TEXT]
    count = len(KINDS[kind].example.content.candidates)
    made: list[dict[str, object]] = []
    for number, text in enumerate(texts):
        candidates = [f"{text}{'!' * index}" for index in range(count)]
        prompt = [{"role": "system", "content": text}, {"role": "user", "content": f"{number}"}]
        row: dict[str, object] = {"id": f"item-{number}", "prompt": prompt, "tag": text}
        if count:
            row |= {"candidates": candidates, "models": ["wren"] * count}
        made.append(row)
    return made


BOTH_BAD_INPUTS = ({"verdict": "both_bad"}, {"better_response": "Mine.", "started_from": "a"})
"""A comparison with a response that the expert wrote, the only one that `sft` has."""

NOT_EXPRESSED = {"helpsteer-preference": 1}
"""Items that a format leaves out: here the one whose responses are both bad."""

CRITERION_INPUT = {"style": "a"}


def answer_inputs(kind: str) -> Iterator[tuple[FormInput, ...]]:
    """Return the inputs for each task: those of the kind's example, but first both bad."""
    inputs = KINDS[kind].example.inputs
    if kind != "comparison":
        return repeat(inputs)
    return chain([(*BOTH_BAD_INPUTS, CRITERION_INPUT)], repeat((*inputs, CRITERION_INPUT)))


def answer(scenario: Scenario, kind: str) -> None:
    """Answer every task."""
    inputs_of_tasks = answer_inputs(kind)
    while assignment_id := scenario.assign_next(ADA):
        for form_input in next(inputs_of_tasks):
            scenario.submit_answer(ADA, assignment_id, **form_input)


@pytest.fixture
def filled(scenario: Scenario, kind: str) -> Scenario:
    """Return a scenario with a campaign of a kind whose items are answered."""
    settings = KINDS[kind].example.settings.model_dump(mode="json")
    if kind == "comparison":
        settings["criteria"] = [{"key": "style", "label": "Style"}]
    scenario.create_campaign(kind=kind, experts=[ADA], settings=settings)
    result = scenario.import_rows(
        "tone",
        rows(kind),
    )
    assert (result.added, result.rejected) == (len(rows(kind)), 0), result.errors
    answer(scenario, kind)
    return scenario


FORMATS_WITHOUT_RESPONSES = ("sft", "kto", "prompt-only")
"""Formats whose rows may have no response that was imported: only those of experts, or none."""


def export_requests(kind: str, folder: Path) -> Iterator[ExportRequest]:
    """Yield a request for each format of a kind, with a row per answer and per item."""
    for name in formats_for(kind):
        yield ExportRequest(name, folder)
        if isinstance(KINDS[kind].example.label, FORMATS[name].aggregated_types):
            yield ExportRequest(name, folder, options=RowOptions(Aggregate.MAJORITY))


def imported_files(name: str) -> list[str]:
    """Return the data files of a format that have keys; those of OpenAI have them apart."""
    names = [file.name for file in FORMATS[name].files]
    return [] if IDS_FILE in names else names


@pytest.mark.parametrize(
    ("database", "kind"),
    [*(("sqlite", kind) for kind in KINDS), ("postgresql", "comparison")],
    indirect=["database"],
)
def test_export_of_every_format_and_file_type_adds_no_item(filled: Scenario, kind: str) -> None:
    for request in export_requests(kind, filled.folder):
        run = filled.run_for_campaign(
            "tone", claims.queue_and_claim, request, filled.actor, "worker"
        )
        export = export_runner.run_export(filled.database, run, AdjustableClock(filled.now))
        for file in export.files:
            if file.name not in imported_files(request.format) or not export.row_count:
                continue
            source = ImportSource("tone", export.directory / file.name)
            result = importer.import_file(filled.database, source, filled.actor)
            assert result.added == 0, (request, file.name)
            if not request.format.endswith(FORMATS_WITHOUT_RESPONSES) or kind == "demonstration":
                expected = len(rows(kind)) - NOT_EXPRESSED.get(request.format, 0)
                assert (result.existing, result.rejected) == (expected, 0), result.errors


def shown_passages(session: Session, assignment_id: int) -> list[str]:
    """Return what an expert sees of each passage of a task."""
    view = task_view(session, assignment_id)
    blocks = (passage_blocks(p, p.text, p.key)[0] for p in view.form.passages)
    return ["".join(render_blocks([dict(block)], {}, str)) for block in blocks]


def test_every_text_is_stored_and_shown_as_it_is_written(scenario: Scenario) -> None:
    scenario.create_campaign(kind="comparison", experts=[ADA])
    scenario.import_rows("tone", rows("comparison"))
    keys = [f"item-{number}" for number in range(len(PLAIN_TEXTS) + 1)]
    stored = scenario.database.read_now(items_by_key, 1, keys)
    for number, text in enumerate([*PLAIN_TEXTS, MARKDOWN_TEXT]):
        item = content_of(stored[f"item-{number}"])
        assert item.prompt[0].content == text
        assert [one.text for one in item.candidates] == [text, f"{text}!"]
        assert item.meta["tag"] == text
    shown: list[str] = []
    while assignment_id := scenario.assign_next(ADA):
        shown += scenario.database.read_now(shown_passages, assignment_id)
        scenario.submit_answer(ADA, assignment_id, verdict="tie")
    for text in PLAIN_TEXTS:
        for title, expected in (("System", text), ("Response", text), ("Response", f"{text}!")):
            assert any(s.startswith(title) and s.endswith(expected) for s in shown), expected
    assert any("$x_1*y_1*z$" in s and "a | b" in s and "  x" in s for s in shown)
