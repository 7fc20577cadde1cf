"""Exports that are due: each once, whatever stops in between, whoever else is at work."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BotError, NotFoundError
from bot.exports.formats import FORMATS
from bot.kinds import KINDS
from bot.recurring import BadCronError, Rhythm, UnknownZoneError
from bot.services import campaigning, scheduling
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.scheduling import (
    LEASE,
    MOST_ATTEMPTS,
    PAUSE,
    Claimed,
    Outcome,
    UnsuitableFormatError,
    Wanted,
)
from storage.database import Database
from storage.tables import ExportRun, ExportSchedule, Outbox
from tests.services.conftest import NOW, Workshop

DAILY = Rhythm("0 6 * * *", "Europe/Berlin")
PREFERENCE = Wanted("preference", Path("/exports"))
DONE = Outcome(Path("/exports/tone"), rows=5, left_out=2)


@pytest.fixture
def scheduled(workshop: Workshop) -> Workshop:
    """Return a workshop with a campaign that is exported each morning at six in Berlin."""
    workshop.creates()
    workshop.directs("tone", scheduling.schedule_export, PREFERENCE, DAILY, workshop.by)
    return workshop


def _claims(workshop: Workshop) -> Claimed | None:
    return workshop.database.write_now(scheduling.claim_run, workshop.now)


def _asks(workshop: Workshop, person: str = "U0LEAD") -> int:
    by = By(person, SLACK, workshop.now)
    return workshop.directs("tone", scheduling.request_export, PREFERENCE, by).id or 0


@pytest.mark.parametrize(
    ("kind", "formats"),
    [
        ("demonstration", ["sft", "annotations"]),
        ("comparison", ["preference", "annotations"]),
        ("rating", ["rating", "annotations"]),
    ],
)
def test_each_kind_has_the_formats_its_answers_can_be(kind: str, formats: list[str]) -> None:
    assert scheduling.formats_for(kind) == formats


def test_every_format_suits_some_kind() -> None:
    suiting = {name for kind in KINDS for name in scheduling.formats_for(kind)}
    assert suiting == set(FORMATS)


def test_a_format_that_does_not_suit_is_refused_with_those_that_do(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating")
    said = "A rating campaign has no preference format; try rating or annotations."
    with pytest.raises(UnsuitableFormatError, match=re.escape(said)):
        workshop.directs("jokes", scheduling.request_export, PREFERENCE, workshop.by)
    wanted = Wanted("csv", Path("/exports"))
    with pytest.raises(NotFoundError, match="no format called “csv”"):
        workshop.directs("jokes", scheduling.request_export, wanted, workshop.by)
    assert workshop.count("exportrun") == 0


def test_a_schedule_knows_when_it_is_due_next(scheduled: Workshop) -> None:
    (schedule,) = scheduled.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (status,) = scheduled.directs("tone", scheduling.schedules)
    assert (status.cron, status.tz, status.due_at) == (
        "0 6 * * *",
        "Europe/Berlin",
        schedule.due_at,
    )
    assert scheduled.deeds()[-1] == ("scheduled an export", "campaign tone")


@pytest.mark.parametrize(
    ("rhythm", "error"),
    [(Rhythm("daily"), BadCronError), (Rhythm("0 6 * * *", "Berlin"), UnknownZoneError)],
)
def test_a_schedule_nobody_understands_is_refused(
    workshop: Workshop, rhythm: Rhythm, error: type[BotError]
) -> None:
    workshop.creates()
    with pytest.raises(error):
        workshop.directs("tone", scheduling.schedule_export, PREFERENCE, rhythm, workshop.by)
    assert workshop.count("exportschedule") == 0


def test_nothing_is_queued_before_it_is_due(scheduled: Workshop) -> None:
    scheduled.passes(hours=19, minutes=59)
    assert scheduled.database.write_now(scheduling.queue_due, scheduled.now) == 0
    assert not scheduled.database.read_now(scheduling.is_waiting, scheduled.now)
    scheduled.passes(minutes=1)
    assert scheduled.database.write_now(scheduling.queue_due, scheduled.now) == 1
    assert scheduled.database.read_now(scheduling.is_waiting, scheduled.now)
    assert scheduled.database.write_now(scheduling.queue_due, scheduled.now) == 0


def test_days_that_were_missed_are_made_up_for_once(scheduled: Workshop) -> None:
    scheduled.passes(days=5)
    assert scheduled.database.write_now(scheduling.queue_due, scheduled.now) == 1
    (run,) = scheduled.rows(ExportRun)
    assert run.due_at == datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    (schedule,) = scheduled.rows(ExportSchedule)
    assert schedule.due_at == datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


def test_a_restart_between_ticks_neither_loses_nor_doubles(
    scheduled: Workshop, database_url: str
) -> None:
    scheduled.passes(days=1)
    for _ in range(3):
        restarted = Database(database_url)
        restarted.write_now(scheduling.queue_due, scheduled.now)
        restarted.close()
    assert len(scheduled.rows(ExportRun)) == 1


def test_many_clocks_queue_a_due_time_once(scheduled: Workshop) -> None:
    scheduled.passes(days=1)
    with ThreadPoolExecutor(4) as pool:
        queued = pool.map(
            lambda _: scheduled.database.write_now(scheduling.queue_due, scheduled.now), range(8)
        )
        assert sum(queued) == 1
    assert len(scheduled.rows(ExportRun)) == 1


def test_a_paused_campaign_is_still_exported(scheduled: Workshop) -> None:
    scheduled.directs("tone", campaigning.pause, scheduled.by)
    scheduled.passes(days=1)
    assert scheduled.database.write_now(scheduling.queue_due, scheduled.now) == 1


def test_a_run_is_claimed_by_one_of_many(workshop: Workshop) -> None:
    workshop.creates()
    asked = {_asks(workshop) for _ in range(3)}
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: _claims(workshop), range(12)))
    claimed = [claim.id for claim in claims if claim]
    assert sorted(claimed) == sorted(asked)


def test_runs_are_claimed_as_they_came(workshop: Workshop) -> None:
    workshop.creates()
    first = _asks(workshop)
    workshop.passes(minutes=1)
    second = _asks(workshop)
    assert [(_claims(workshop) or _nobody()).id for _ in range(2)] == [first, second]
    assert _claims(workshop) is None


def _nobody() -> Claimed:
    pytest.fail("nothing was claimed")


def test_a_run_that_was_left_behind_is_taken_up_after_the_lease(workshop: Workshop) -> None:
    workshop.creates()
    _asks(workshop)
    killed = _claims(workshop) or _nobody()
    workshop.now = NOW + LEASE - timedelta(seconds=1)
    assert _claims(workshop) is None
    workshop.now = NOW + LEASE
    again = _claims(workshop) or _nobody()
    assert (again.id, again.attempt, again.due_at) == (killed.id, 2, killed.due_at)


def test_a_run_that_kills_its_process_each_time_is_given_up_and_told(workshop: Workshop) -> None:
    workshop.creates()
    run_id = _asks(workshop)
    for _ in range(MOST_ATTEMPTS):
        assert _claims(workshop)
        workshop.now += LEASE
    assert _claims(workshop) is None
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.attempts, run.finished_at) == ("failed", 3, workshop.now)
    assert run.error == "it was started 3 times and never ended"
    (told,) = workshop.rows(Outbox)
    assert (told.word, told.lane, told.facts) == ("exported", "U0LEAD", {"run": run_id})
    assert _claims(workshop) is None


def test_one_that_was_given_up_does_not_stand_before_the_next(workshop: Workshop) -> None:
    workshop.creates()
    _asks(workshop)
    for _ in range(MOST_ATTEMPTS):
        _claims(workshop)
        workshop.now += LEASE
    following = _asks(workshop)
    assert (_claims(workshop) or _nobody()).id == following


def test_who_was_slow_cannot_settle_what_somebody_else_took_up(workshop: Workshop) -> None:
    workshop.creates()
    _asks(workshop)
    slow = _claims(workshop) or _nobody()
    workshop.now += LEASE
    quick = _claims(workshop) or _nobody()
    write = workshop.database.write_now
    assert not write(scheduling.finish_run, slow, DONE, workshop.now)
    assert not write(scheduling.fail_run, slow, "too slow", workshop.now)
    assert workshop.count("outbox") == 0
    assert write(scheduling.finish_run, quick, DONE, workshop.now)
    assert not write(scheduling.finish_run, quick, DONE, workshop.now)
    assert workshop.count("outbox") == 1
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.rows, run.left_out, run.error) == ("done", 5, 2, None)


def test_a_failed_run_waits_a_little_before_it_is_tried_again(workshop: Workshop) -> None:
    workshop.creates()
    _asks(workshop)
    claimed = _claims(workshop) or _nobody()
    workshop.database.write_now(scheduling.fail_run, claimed, "no disk", workshop.now)
    assert _claims(workshop) is None
    assert workshop.count("outbox") == 0
    workshop.now += PAUSE
    assert (_claims(workshop) or _nobody()).attempt == 2


def test_a_hopeless_run_is_given_up_and_told(workshop: Workshop) -> None:
    workshop.creates()
    _asks(workshop)
    claimed = _claims(workshop) or _nobody()
    workshop.database.write_now(
        scheduling.fail_run, claimed, "no such folder", workshop.now, hopeless=True
    )
    (run,) = workshop.rows(ExportRun)
    assert (run.state, run.error) == ("failed", "no such folder")
    assert workshop.count("outbox") == 1


def test_what_a_schedule_exports_is_told_nobody(scheduled: Workshop) -> None:
    scheduled.passes(days=1)
    scheduled.database.write_now(scheduling.queue_due, scheduled.now)
    claimed = _claims(scheduled) or _nobody()
    assert scheduled.database.write_now(scheduling.finish_run, claimed, DONE, scheduled.now)
    assert scheduled.count("outbox") == 0


def test_who_exports_at_the_command_line_has_the_run_to_themselves(workshop: Workshop) -> None:
    workshop.creates()
    begun = workshop.directs("tone", scheduling.begin_export, PREFERENCE, workshop.by)
    assert begun.requested_by is None
    assert _claims(workshop) is None
