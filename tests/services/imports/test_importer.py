"""Importer: idempotent, never overwrites, reports every invalid row, never blocks writers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.errors import NotFoundError
from bot.imports.keys import digest_of, shown_digest_of
from bot.imports.mapping import ColumnMapping, MissingColumnError
from bot.imports.read_item import ImportedItem
from bot.imports.row import InvalidRow, UnreadableFileError
from bot.kinds.content import Candidate as Response
from bot.kinds.content import Content, ConversationTurn
from bot.kinds.media import Media
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.imports import batches, importer
from bot.services.imports.import_batch import BATCH_SIZE, ImportBatch
from bot.services.imports.import_progress import (
    MAX_REPORTED_ROWS,
    ImportCallbacks,
    ImportResult,
)
from bot.services.imports.importer import ImportSource
from bot.services.items.mapping import content_of
from storage.queries import items
from storage.queries.item_insertion import ItemOrigin
from storage.row_id import id_of
from storage.tables import Campaign, CandidateRow, Item, Task
from tests.services.conftest import NOW, Row, Scenario, pair

ADA = "U0ADA"


def test_import_creates_items_candidates_and_tasks(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=4)
    result = scenario.import_rows("tone", [pair(1), pair(2)])
    assert result == ImportResult(added=2)
    first, second = scenario.rows(Item)
    assert (first.key, second.key) == ("pair-1", "pair-2")
    assert first.prompt == [{"role": "user", "content": "Question 1?"}]
    assert first.meta == {"domain": "birds"}
    assert first.created_at == NOW
    candidates = [
        (row.item_id, row.position, row.text, row.model) for row in scenario.rows(CandidateRow)
    ]
    assert candidates[:2] == [
        (first.id, 0, "Left 1", "heron-7b"),
        (first.id, 1, "Right 1", "wren-mini"),
    ]
    tasks = [(task.item_id, task.overlap, task.slots_taken) for task in scenario.rows(Task)]
    assert tasks == [(first.id, 4, 0), (second.id, 4, 0)]
    assert scenario.audit_log()[-1] == ("imported a file", "campaign tone")


def test_repeated_import_adds_nothing(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [pair(number) for number in range(BATCH_SIZE + 20)]
    assert scenario.import_rows("tone", rows).added == BATCH_SIZE + 20
    assert scenario.import_rows("tone", rows) == ImportResult(existing=BATCH_SIZE + 20)
    assert scenario.count("item") == scenario.count("task") == BATCH_SIZE + 20


def test_pairs_of_the_same_question_in_several_files_are_all_added(scenario: Scenario) -> None:
    scenario.create_campaign()
    first, second = ({"question_id": 81, **pair(number)} for number in (1, 2))
    for row in (first, second):
        del row["id"]
    assert scenario.import_rows("tone", [first]).added == 1
    assert scenario.import_rows("tone", [second]).added == 1
    assert scenario.import_rows("tone", [second, first]) == ImportResult(existing=2)
    plain, longer = [item.key for item in scenario.rows(Item)]
    assert (plain, longer[:3]) == ("81", "81-")


def test_longer_file_adds_new_items(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(2)])
    assert scenario.import_rows("tone", [pair(1), pair(2), pair(3)]) == ImportResult(
        added=2, existing=1
    )
    assert [item.key for item in scenario.rows(Item)] == ["pair-2", "pair-1", "pair-3"]


def test_rows_without_id_are_identified_by_content(scenario: Scenario) -> None:
    scenario.create_campaign()
    rows = [{k: v for k, v in pair(number).items() if k != "id"} for number in (1, 2, 1)]
    assert scenario.import_rows("tone", rows) == ImportResult(added=2, duplicates=1)
    assert scenario.import_rows("tone", rows[:1]) == ImportResult(existing=1)


def test_two_campaigns_can_have_same_items(scenario: Scenario) -> None:
    for name in ("one", "two"):
        scenario.create_campaign(name)
        assert scenario.import_rows(name, [pair(1)]).added == 1
    assert scenario.count("item") == 2


CHANGES = [
    {"prompt": "Another question?"},
    {"response_a": "Another answer"},
]

UNSEEN_CHANGES = [
    {"model_b": "dunlin-chat"},
    {
        "response_a": "Right 1",
        "response_b": "Left 1",
        "model_a": "wren-mini",
        "model_b": "heron-7b",
    },
    {"domain": "boats"},
    {"source": "a new column"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_conflicting_content_is_reported_and_not_overwritten(
    scenario: Scenario, change: dict[str, object]
) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(1)])
    before = scenario.rows(Item), scenario.rows(CandidateRow)
    result = scenario.import_rows("tone", [pair(2), pair(1, **change)])
    conflict = InvalidRow(2, "the campaign has the id “pair-1” with other content")
    assert result == ImportResult(added=1, rejected=1, conflicts=1, errors=(conflict,))
    assert scenario.rows(Item)[:1] == before[0]
    assert scenario.rows(CandidateRow)[:2] == before[1]


@pytest.mark.parametrize("change", UNSEEN_CHANGES)
@pytest.mark.parametrize("id_", ["pair-1", "another"])
def test_row_that_shows_experts_the_same_is_already_imported(
    scenario: Scenario, change: dict[str, object], id_: str
) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(1)])
    before = scenario.rows(Item), scenario.rows(CandidateRow)
    result = scenario.import_rows("tone", [pair(1, **change, id=id_)])
    assert result == ImportResult(existing=1)
    assert (scenario.rows(Item), scenario.rows(CandidateRow)) == before


INVALID_LINES = ["{", '{"id": "x", "prompt": "Q?", "response_a": "only one"}', '{"id": ""}']


def test_invalid_rows_are_reported_and_valid_ones_imported(scenario: Scenario) -> None:
    scenario.create_campaign()
    rejected: list[InvalidRow] = []
    path = scenario.write_file([pair(1), *INVALID_LINES, pair(2)])
    source = ImportSource("tone", path)
    result = importer.import_file(
        scenario.database, source, scenario.actor, ImportCallbacks(on_rejected=rejected.append)
    )
    assert (result.added, result.rejected) == (2, 3)
    assert [row.line for row in rejected] == [2, 3, 4]
    assert result.errors == tuple(rejected)


def test_result_keeps_limited_number_of_errors(scenario: Scenario) -> None:
    scenario.create_campaign()
    rejected: list[InvalidRow] = []
    path = scenario.write_file([pair(1), *["{"] * (MAX_REPORTED_ROWS + 50)])
    source = ImportSource("tone", path)
    result = importer.import_file(
        scenario.database, source, scenario.actor, ImportCallbacks(on_rejected=rejected.append)
    )
    assert result.rejected == len(rejected) == MAX_REPORTED_ROWS + 50
    assert len(result.errors) == MAX_REPORTED_ROWS


@pytest.mark.parametrize("invalid_line", [*INVALID_LINES, json.dumps(pair(7, prompt="Another?"))])
def test_strict_import_with_invalid_row_adds_nothing(scenario: Scenario, invalid_line: str) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(7)])
    rows: list[Row | str] = [*(pair(number) for number in range(100, 700)), invalid_line]
    result = scenario.import_rows("tone", rows, strict=True)
    assert result.aborted
    assert (result.added, result.rejected, result.errors[0].line) == (0, 1, 601)
    assert scenario.count("item") == 1


def test_strict_import_adds_valid_rows(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.import_rows("tone", [pair(1)])
    rows = [pair(1), pair(2), pair(2)]
    assert scenario.import_rows("tone", rows, strict=True) == ImportResult(
        added=1, existing=1, duplicates=1
    )


def test_columns_can_be_mapped(scenario: Scenario) -> None:
    scenario.create_campaign()
    row = {"q": "Question?", "x": "One", "y": "Two"}
    columns = ColumnMapping.parse(["prompt=q", "candidates=x,y"])
    assert scenario.import_rows("tone", [row], columns=columns).added == 1
    with pytest.raises(MissingColumnError):
        scenario.import_rows("tone", [row], columns=ColumnMapping.parse(["prompt=question"]))


def test_impossible_imports_are_rejected_before_writing(scenario: Scenario) -> None:
    scenario.create_campaign()
    with pytest.raises(NotFoundError, match="Unknown campaign “tune”"):
        scenario.import_rows("tune", [pair(1)])
    source = ImportSource("tone", scenario.folder / "missing.jsonl")
    with pytest.raises(UnreadableFileError):
        importer.import_file(scenario.database, source, scenario.actor)
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        scenario.import_rows("tone", [pair(1)])
    assert scenario.count("item") == 0


plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | plain_text
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain_text, inner, max_size=3),
    max_leaves=6,
)

medias = st.lists(
    st.builds(
        Media,
        st.sampled_from(["image", "audio", "video"]),
        plain_text,
        plain_text,
        plain_text,
        plain_text,
    ),
    max_size=2,
).map(tuple)

contents = st.builds(
    Content,
    prompt=st.lists(
        st.builds(
            ConversationTurn,
            st.sampled_from(["system", "user", "assistant", "tool"]),
            plain_text,
            st.sampled_from([{}, {"name": "Ada"}, {"tool_calls": [{"name": "find"}]}]),
        ),
        max_size=3,
    ).map(tuple),
    candidates=st.lists(
        st.builds(
            Response,
            plain_text,
            st.none() | plain_text,
            medias,
            st.none() | plain_text,
            st.sampled_from([(), (ConversationTurn("user", "Hi"),)]),
            st.sampled_from([{}, {"reasoning": "Hm."}]),
        ),
        max_size=3,
    ).map(tuple),
    draft=st.none() | plain_text,
    meta=st.dictionaries(plain_text, values, max_size=3),
    media=medias,
    author=st.none() | plain_text,
    domains=st.lists(plain_text, max_size=2).map(tuple),
    language=st.none() | plain_text,
    gold=st.none() | st.dictionaries(plain_text, values, max_size=2),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents)
def test_item_content_is_stored_unchanged(scenario: Scenario, content: Content) -> None:
    if not scenario.count("campaign"):
        scenario.create_campaign()
    key = f"item-{scenario.count('item')}"
    content = replace(content, draft=f"{key}: {content.draft}")  # other items must not be the same
    item = ImportedItem(1, key, content, shown_digest_of(content))
    batch = ImportBatch.prepare([item])
    add = partial(batches.add_batch, batch=batch, rejected_digests=set(), origin=ItemOrigin(NOW))
    first = scenario.run_for_campaign("tone", add)
    assert first.added == 1
    (stored,) = scenario.run_for_campaign("tone", _stored_items, key)
    assert content_of(stored) == replace(content, meta=dict(content.meta))
    assert digest_of(content_of(stored)) == digest_of(content)
    second = scenario.run_for_campaign("tone", add)
    assert (second.existing, second.conflicts) == (1, ())


def test_optional_columns_are_stored(scenario: Scenario) -> None:
    scenario.create_campaign()
    mappings = ["gold=right", "author=who", "authors=by", "domains=d", "candidate_images=images"]
    columns = ColumnMapping.parse([*mappings, "language=l"])
    images = ["https://pictures.example/1.png", None]
    extra = {"right": "left", "who": "U0EVE", "by": ["U0ANN", ""], "d": "law", "l": "de"}
    rows = [pair(1, images=images, **extra), pair(2)]
    assert scenario.import_rows("tone", rows, columns=columns).added == 2
    item, plain_item = scenario.rows(Item)
    assert (item.gold, item.author) == ({"verdict": "a"}, "U0EVE")
    assert (item.domains, item.language) == (["law"], "de")
    assert (plain_item.gold, plain_item.domains, plain_item.media) == (None, [], [])
    first, second, *_rest = scenario.rows(CandidateRow)
    assert (first.author, second.author) == ("U0ANN", None)
    assert [image["url"] for image in first.media] == images[:1]
    assert [task.is_gold for task in scenario.rows(Task)] == [True, False]


def _stored_items(session: Session, campaign: Campaign, key: str) -> list[items.ItemRow]:
    return list(items.items_by_key(session, id_of(campaign), [key]).values())


SCRIPT = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.imports import batches, importer
from bot.services.imports.import_batch import BATCH_SIZE, ImportBatch
from storage.database import Database

database = Database(sys.argv[1])
actor = Actor("ada", "command line", datetime.now(UTC))
new_campaign = NewCampaign("tone", "comparison")
database.write_now(campaigns.create_campaign, new_campaign, actor)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = importer.ImportSource("tone", Path(sys.argv[2]))
result = importer.import_file(database, source, actor)
growth_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(result.added, growth_kib // 1024)
"""


@pytest.mark.slow
def test_import_uses_constant_memory(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w") as file:
        file.writelines(
            f"{json.dumps(pair(number, response_a='word ' * 100))}\n" for number in range(8_000)
        )
    command = [sys.executable, "-c", SCRIPT, sqlite_url, str(path)]
    process = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - a fixed command
    added, megabytes = map(int, process.stdout.split())
    assert added == 8_000
    assert megabytes < 40
