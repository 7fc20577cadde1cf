"""Time off: what is held moves on at once, nothing is sent, and one summary waits on return."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.services import campaigning, pushing, resting
from bot.services.profiling import Profile, keep_profile
from bot.services.resting import FarDayError, NoExpertError, PastDayError
from storage.tables import Assignment, Expert
from tests.services.conftest import NOW, Workshop, speaks
from tests.services.keeping_count import check_counts
from tests.services.test_pushing import ADA, BOB, changes, dispatched, expire, opened, said, words

THURSDAY = date(2026, 3, 5)


def pauses(workshop: Workshop, until: date = THURSDAY) -> None:
    """Let Ada take time off."""
    workshop.database.write_now(resting.pause, ADA, until, workshop.now)


def welcomed(workshop: Workshop) -> list[dict[str, object]]:
    """Welcome whoever is back, and return what is said to them."""
    before = len(words(workshop, "welcome"))
    speaks(workshop, resting.welcome)
    facts = [row.facts for row in words(workshop, "welcome")[before:]]
    said(workshop)
    return facts


def test_what_is_held_goes_to_a_colleague_at_once(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    given = workshop.asks(ADA)
    assert dispatched(workshop) == 0
    pauses(workshop)
    assert workshop.rows(Assignment)[0].state == "released"
    assert [row.facts for row in words(workshop, "released")] == [{"assignment": given}]
    said(workshop)
    assert dispatched(workshop) == 1
    assert words(workshop, "task")[-1].lane == BOB
    check_counts(workshop)


def test_what_was_rated_in_part_is_kept_and_may_come_back(workshop: Workshop) -> None:
    workshop.creates("jokes", "rating", experts=[ADA], overlap=1)
    workshop.imports("jokes", [{"id": "joke-1", "prompt": "Cats", "text": "Meow."}])
    given = workshop.asks(ADA) or 0
    workshop.answers(ADA, given, funny="3")
    before = workshop.rows(Assignment)[0].value
    pauses(workshop)
    assert workshop.rows(Assignment)[0].value == before is not None
    assert workshop.asks(ADA) == given, "nobody else took it, and she asks herself"
    check_counts(workshop)


def test_nothing_is_sent_until_then_and_one_summary_after_it(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=2)
    workshop.asks(ADA)
    pauses(workshop)
    said(workshop)
    workshop.does_all(BOB, verdict="a")
    workshop.imports("tone", [{**row, "id": f"new-{n}"} for n, row in enumerate(rows())])
    for _hour in range(24 * 2 + 23):
        assert dispatched(workshop) <= 1, "Bob may get some"
        assert welcomed(workshop) == []
        workshop.passes(hours=1)
        assert {row.lane for row in words(workshop, "task")} <= {BOB}
    workshop.passes(hours=1)
    assert welcomed(workshop) == [{"moved": 1}]
    assert welcomed(workshop) == []
    dispatched(workshop)
    assert words(workshop, "task")[-1].lane == ADA


def rows() -> list[dict[str, object]]:
    """Return rows for more items."""
    return [{"prompt": f"{n}?", "response_a": "x", "response_b": "y"} for n in range(3)]


def test_the_summary_comes_before_any_task(workshop: Workshop) -> None:
    opened(workshop, ADA)
    pauses(workshop)
    workshop.passes(days=3)
    assert dispatched(workshop) == 0
    assert welcomed(workshop) == [{"moved": 0}]
    assert dispatched(workshop) == 1


@pytest.mark.parametrize("known", [{"dnd_until": NOW + timedelta(days=9)}, {"days": [7]}])
def test_the_summary_waits_for_a_good_moment(workshop: Workshop, known: dict[str, object]) -> None:
    opened(workshop, ADA)
    pauses(workshop)
    workshop.passes(days=3)
    changes(workshop, **known)
    assert welcomed(workshop) == []


def test_a_pause_over_the_end_of_a_lease_and_a_deadline_costs_nobody_anything(
    workshop: Workshop,
) -> None:
    deadline = NOW + timedelta(days=1)
    lease = timedelta(hours=4)
    opened(workshop, ADA, BOB, items=1, lease=lease, reminders=(), deadline=deadline)
    workshop.asks(ADA)
    pauses(workshop)
    workshop.passes(days=2)
    assert expire(workshop) == 0
    assert workshop.does_all(BOB, verdict="a") == 1
    workshop.passes(days=1)
    assert welcomed(workshop) == [{"moved": 1}]
    assert workshop.asks(ADA) is None
    check_counts(workshop)


def test_whoever_comes_back_sooner_is_told_at_once_and_only_then(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.asks(ADA)
    pauses(workshop)
    said(workshop)
    workshop.does_all(BOB, verdict="a")
    workshop.passes(hours=1)
    found = workshop.database.write_now(resting.come_back, ADA, workshop.now)
    assert (found.moved, found.progress.waiting) == (1, 0)
    workshop.passes(days=4)
    assert welcomed(workshop) == []


def test_who_asks_during_a_pause_is_answered_and_stays_away(workshop: Workshop) -> None:
    opened(workshop, ADA, items=2)
    pauses(workshop)
    assert workshop.asks(ADA) is not None
    workshop.answers(ADA, 1, verdict="a")
    assert dispatched(workshop) == 0


@pytest.mark.parametrize(
    ("tz", "until", "error"),
    [
        ("UTC", date(2026, 3, 2), PastDayError),
        ("UTC", date(2026, 3, 3), None),
        ("Pacific/Pago_Pago", date(2026, 3, 2), None),
        ("Pacific/Kiritimati", date(2026, 3, 2), PastDayError),
        ("UTC", date(2027, 3, 3), None),
        ("UTC", date(2027, 3, 4), FarDayError),
        ("UTC", date(9999, 12, 31), FarDayError),
    ],
)
def test_the_day_must_be_ahead_where_they_live(
    workshop: Workshop, tz: str, until: date, error: type[Exception] | None
) -> None:
    opened(workshop, ADA)
    changes(workshop, tz=tz)
    if error:
        with pytest.raises(error):
            pauses(workshop, until)
        assert workshop.rows(Expert)[0].paused_until is None
    else:
        pauses(workshop, until)
        assert workshop.rows(Expert)[0].paused_until > workshop.now


def test_the_pause_ends_at_midnight_where_they_live(workshop: Workshop) -> None:
    opened(workshop, ADA)
    changes(workshop, tz="Pacific/Kiritimati")
    pauses(workshop, date(2026, 3, 5))
    assert workshop.rows(Expert)[0].paused_until.isoformat() == "2026-03-04T10:00:00+00:00"


def test_a_stranger_has_nothing_to_pause(workshop: Workshop) -> None:
    with pytest.raises(NoExpertError):
        pauses(workshop)


SICK = Profile("Ada", "UTC", "Out sick", ":face_with_thermometer:")


def profile(workshop: Workshop, said_there: Profile) -> bool:
    """Let Slack tell of Ada."""
    return workshop.database.write_now(keep_profile, ADA, said_there, workshop.now)


def test_a_status_out_of_the_office_does_the_same_until_it_is_gone(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.asks(ADA)
    assert profile(workshop, SICK)
    assert not profile(workshop, SICK), "it is no news"
    assert workshop.rows(Assignment)[0].state == "released"
    said(workshop)
    workshop.does_all(BOB, verdict="a")
    workshop.passes(days=1)
    assert welcomed(workshop) == []
    profile(workshop, Profile("Ada", "UTC"))
    assert welcomed(workshop) == [{"moved": 1}]


def test_a_status_that_ends_by_itself_needs_no_word_of_slacks(workshop: Workshop) -> None:
    opened(workshop, ADA)
    ends = NOW + timedelta(hours=2)
    profile(workshop, Profile("Ada", "UTC", "OOO", "", ends))
    workshop.passes(hours=1.9)
    assert welcomed(workshop) == []
    workshop.passes(hours=0.1)
    assert welcomed(workshop) == [{"moved": 0}]


def test_who_left_the_workspace_holds_nothing(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.asks(ADA)
    assert profile(workshop, Profile("Ada", "UTC", is_gone=True))
    assert dispatched(workshop) == 0 or words(workshop, "task")[-1].lane == BOB
    assert workshop.rows(Assignment)[0].state == "released"


def test_what_a_paused_campaign_gave_is_given_back_too(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=1)
    workshop.asks(ADA)
    workshop.directs("tone", campaigning.pause, workshop.by)
    pauses(workshop)
    workshop.directs("tone", campaigning.resume, workshop.by)
    said(workshop)
    assert dispatched(workshop) == 1
    check_counts(workshop)


def test_a_stopped_clock_does_not_hold_it_back(workshop: Workshop) -> None:
    opened(workshop, ADA, items=1)
    workshop.asks(ADA)

    def stop(session: Session) -> None:
        session.get_one(Assignment, 1).clock_stopped_at = NOW

    workshop.database.write_now(stop)
    workshop.passes(days=9)
    assert workshop.database.write_now(pushing.expire, workshop.now) == 0
    pauses(workshop, date(2026, 3, 20))
    assert workshop.rows(Assignment)[0].clock_stopped_at is None
