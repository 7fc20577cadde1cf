"""Files: each half is sent once, and a failed upload ends in a sentence that says where it is."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import Session, select

from bot.messages.campaigns import MemberLookupMessage
from bot.messages.charts import ChartMessage
from bot.messages.exports import ExportResultMessage
from bot.messages.imports import ImportResultMessage, UploadMessage
from bot.messages.texts import TextMessage
from bot.sandbox import SimulatedUser
from bot.services.imports.import_jobs import rejected_rows_path
from bot.slack.outbox.messages.send import MAX_UPLOAD_ATTEMPTS
from storage.row_id import id_of, require_id
from storage.tables import Expert, ExportRun, ImportRun, RunState
from tests.slack.slack_fixture import SlackFixture

MANY_TIMES = 1_000

UPLOAD_STEPS = ["files.getUploadURLExternal", "files.completeUploadExternal"]


def texts(person: SimulatedUser) -> list[str]:
    """Return the texts of a person's messages."""
    return [message.plain_text for message in person.messages]


async def deliver_over_time(slack: SlackFixture) -> None:
    """Deliver and advance the clock until nothing waits."""
    async with slack.run_deliverer() as deliverer, asyncio.timeout(20):
        while any(row.state == "waiting" for row in await slack.outbox()):
            slack.advance_clock(seconds=20)
            deliverer.wake()
            await asyncio.sleep(0.01)


@pytest.fixture
def cora(slack: SlackFixture) -> SimulatedUser:
    """Return a coordinator of a campaign without answers."""
    person = slack.sandbox.add_user("cora")
    slack.create_campaign(slack.add_expert(), items=1)
    return person


@pytest.fixture
def export_run(slack: SlackFixture, cora: SimulatedUser, tmp_path: Path) -> ExportRun:
    """Return a finished export with a file."""
    folder = tmp_path / "tone-preference"
    folder.mkdir()
    (folder / "data.jsonl").write_text('{"chosen": "a"}\n')
    (folder / "README.md").write_text("# Tone\n")
    run = ExportRun(
        campaign_id=1,
        format="preference",
        state=RunState.DONE,
        rows=1,
        path=str(folder),
        directory=str(tmp_path),
        due_at=slack.now,
        requested_by=cora.id,
    )
    slack.database.write_now(_add, run)
    return run


def _add(session: Session, row: ExportRun | ImportRun) -> None:
    session.add(row)
    session.flush()
    session.refresh(row)
    session.expunge(row)


def _set_rows(session: Session, run_id: int, rows: int) -> None:
    session.get_one(ExportRun, run_id).rows = rows


async def test_export_is_reported_and_its_file_uploaded_once(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    await slack.deliver_all()
    assert [row.message_type for row in await slack.outbox()] == ["export_result", "export_file"]
    report, file = cora.messages
    assert report.plain_text.startswith("Exported “tone”")
    assert "tone-preference.zip" in str(file)
    content = await asyncio.to_thread(cora.download_file, "tone-preference.zip")
    with ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["tone-preference/README.md", "tone-preference/data.jsonl"]
        assert archive.read("tone-preference/README.md") == b"# Tone\n"


async def test_export_that_is_too_large_is_named_instead(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    (Path(export_run.path or "") / "data.parquet").write_bytes(bytes(51_000_000))
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    await slack.deliver_all()
    report, notice = texts(cora)
    assert report.startswith("Exported “tone”")
    assert notice.startswith("The export is not attached: its ZIP archive has more than 50 MB.")
    assert notice.endswith(str(export_run.path))


async def test_export_without_rows_has_no_file(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    slack.database.write_now(_set_rows, id_of(export_run), 0)
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    await slack.deliver_all()
    assert len(cora.messages) == 1


@pytest.mark.parametrize("step", UPLOAD_STEPS)
@pytest.mark.parametrize(
    "code", ["file_uploads_disabled", "storage_limit_reached", "internal_error", "novelty"]
)
async def test_failed_upload_ends_in_one_sentence_and_repeats_nothing(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun, step: str, code: str
) -> None:
    slack.sandbox.faults.error(step, code, times=MANY_TIMES)
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    await deliver_over_time(slack)
    report, failure = texts(cora)
    assert report.startswith("Exported “tone”")
    assert failure.startswith("Slack did not accept the file tone-preference.zip")
    assert failure.endswith(str(export_run.path))
    assert slack.sandbox.request_counts[step] <= MAX_UPLOAD_ATTEMPTS
    assert {row.state for row in await slack.outbox()} == {"sent"}


async def test_upload_is_retried_without_its_message(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    slack.sandbox.faults.fail("upload", 503, times=2)
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    await deliver_over_time(slack)
    assert len(cora.messages) == 2
    assert "tone-preference.zip" in str(cora.messages[-1])


async def test_failing_upload_delays_no_awaited_message(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    slack.sandbox.faults.fail("upload", 503, times=MANY_TIMES)
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: any(row.error == "UploadFailedError" for row in rows))
        await slack.enqueue(TextMessage("awaited", is_reply=True), cora.id)
        deliverer.wake()
        await slack.wait_until(lambda rows: rows[-1].state == "sent")
    assert texts(cora)[-1] == "awaited"


async def test_missing_scope_for_files_holds_only_the_file(
    slack: SlackFixture, cora: SimulatedUser, export_run: ExportRun
) -> None:
    slack.sandbox.faults.error("files.getUploadURLExternal", "missing_scope")
    await slack.enqueue(ExportResultMessage(id_of(export_run)), cora.id)
    async with slack.run_deliverer() as deliverer:
        await slack.wait_until(lambda rows: [row.state for row in rows] == ["sent", "held"])
        await slack.enqueue(TextMessage("next"), cora.id)
        deliverer.wake()
        rows = await slack.wait_until(lambda rows: len(rows) == 3 and rows[2].state == "sent")
        assert rows[1].state == "held"


async def test_rejected_rows_follow_their_report_or_it_says_where_they_are(
    slack: SlackFixture, cora: SimulatedUser, tmp_path: Path
) -> None:
    source = tmp_path / "pairs.jsonl"
    rejected = rejected_rows_path(source)
    rejected.write_text("line,reason\n2,no prompt\n")
    run = ImportRun(
        requested_by=cora.id,
        name="pairs.jsonl",
        path=str(source),
        campaign_id=1,
        state=RunState.DONE,
        added=1,
        existing=0,
        rejected=1,
        created_at=slack.now,
    )
    slack.database.write_now(_add, run)
    slack.sandbox.faults.error("files.completeUploadExternal", "file_uploads_disabled")
    await slack.enqueue(ImportResultMessage(id_of(run)), cora.id)
    await slack.deliver_all()
    assert len(cora.messages) == 2
    assert texts(cora)[-1].endswith(str(rejected))
    assert rejected.exists()
    await slack.enqueue(ImportResultMessage(id_of(run)), cora.id)
    await slack.deliver_all()
    assert "pairs-rejected-rows.csv" in str(cora.messages[-1])
    assert not rejected.exists()


async def test_chart_that_slack_refuses_is_sent_as_a_sentence(
    slack: SlackFixture, cora: SimulatedUser
) -> None:
    ada = (await slack.database.read(lambda session: session.get_one(Expert, 1))).slack_id
    assignment_id = slack.scenario.assign_next(ada)
    slack.scenario.submit_answer(ada, require_id(assignment_id), verdict="a")
    slack.advance_clock(days=2)
    slack.sandbox.faults.error("files.getUploadURLExternal", "file_uploads_disabled")
    await slack.enqueue(ChartMessage(1), cora.id)
    await slack.deliver_all()
    (text,) = texts(cora)
    assert text.startswith("Slack did not accept the chart. Answers to tone from")


async def test_file_is_downloaded_and_recorded_once_if_its_report_fails(
    slack: SlackFixture, cora: SimulatedUser, tmp_path: Path
) -> None:
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    content = b'{"prompt": "Q?", "response_a": "a", "response_b": "b"}\n'
    uploaded = cora.upload_file("pairs.jsonl", content)
    url = uploaded.files[0]["url_private_download"]
    await slack.enqueue(UploadMessage(url, str(tmp_path), "pairs.jsonl"), cora.id)
    await deliver_over_time(slack)
    runs = await slack.database.read(lambda session: session.exec(select(ImportRun)).all())
    assert len(runs) == 1
    assert [text for text in texts(cora) if text.startswith("Received pairs.jsonl")] != []


async def test_people_are_invited_once_and_lookups_survive_a_failure_of_the_app(
    slack: SlackFixture, cora: SimulatedUser
) -> None:
    grace = slack.sandbox.add_user("grace")
    slack.sandbox.faults.error("users.info", "token_revoked")
    slack.sandbox.faults.error("chat.postMessage", "internal_error", times=2)
    await slack.enqueue(MemberLookupMessage((grace.id,), campaign="tone"), cora.id)
    await deliver_over_time(slack)
    (text,) = texts(cora)
    assert text.startswith("Added 1 person to “tone”")


async def test_long_text_is_posted_in_parts(slack: SlackFixture, cora: SimulatedUser) -> None:
    text = "".join(f"word{number} " for number in range(4_000))
    await slack.enqueue(TextMessage(text), cora.id)
    await slack.deliver_all()
    assert len(cora.messages) == 4
    shown = "".join(texts(cora))
    assert all(f"word{number}" in shown for number in (0, 1_999, 3_999))
