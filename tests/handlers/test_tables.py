"""The tables of triggers: everything that is drawn has its function, and nothing else is there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.cadence.portions import Limit
from bot.services.auditing import Event
from bot.services.choosing import Choices
from bot.services.digesting import Week
from bot.services.founding import Founded
from bot.services.inviting import Invitation, Known
from bot.services.scheduling import ScheduleStatus
from bot.services.serving import Page, Receipt, Stop
from bot.services.steering import Ending, Named
from bot.services.writing import Draft
from bot.slack import (
    allotting,
    auditing,
    cards,
    choosing,
    creating,
    digests,
    founding,
    guiding,
    home,
    inviting,
    modals,
    notes,
    overview,
    picture,
    planning,
    preferring,
    previewing,
    regards,
    steering,
)
from bot.slack.guiding import Guidelines
from bot.slack.ids import UnknownButtonError, press_from
from bot.slack.inviting import Sent
from bot.slack.manifest import EVENTS as SUBSCRIBED
from bot.slack.modals import Backdrop
from bot.slack.sheets import MOST_PARTS
from handlers.tables import COMMANDS, EVENTS, PRESSES, SUBMISSIONS
from storage.tables import CampaignState
from tests.services.conftest import NOW
from tests.slack import (
    test_bettering,
    test_correcting,
    test_importing,
    test_passages,
    test_raising,
    test_reviewing,
    test_tending,
)
from tests.slack.conftest import NAMES, example, objects_in, value_of
from tests.slack.pictures import TROUBLED, in_state
from tests.slack.test_home import ANSWERS, CHOSEN, progress, visit
from tests.slack.test_modals import filled, long_task, pages_of

BACKDROP = Backdrop(17)
KNOWN = Known(7, "U1ADA", "Ada", (), (), None, None, ())
PLAN = ScheduleStatus("rating", "datasets", "0 6 * * *", "UTC", NOW, "C1GENERAL", 5)
NAMED = Named(3, "tone", "Tone", "comparison", CampaignState.OPEN)


def views() -> list[dict[str, Any]]:
    """Return every view that there is to see."""
    tasks = [example(name, value=value_of(name), guidelines="x") for name in NAMES]
    writable = [task for task in tasks if task.form.sheet]
    return [
        *(modals.writing(task, BACKDROP) for task in writable),
        *(modals.writing(task, BACKDROP, filled(task, ["x"] * MOST_PARTS)) for task in writable),
        *(modals.guiding(task) for task in tasks),
        test_bettering.opened(test_bettering.task()),
        *pages_of(long_task(2, 50_000)),
        modals.too_long(),
        modals.notice_modal("Title", "Words."),
        *test_importing.views(),
        *test_reviewing.views(),
        *test_correcting.views(),
        *test_raising.views(),
        *test_tending.views(),
        home.draw(None),
        home.draw(visit(progress(1, 2, 3), recent=ANSWERS, is_out=True), overview.home([TROUBLED])),
        preferring.settings_modal(CHOSEN, "UTC"),
        preferring.pause_modal(date(2026, 12, 24), "{}"),
        *views_of_coordinators(),
    ]


def views_of_coordinators() -> list[dict[str, Any]]:
    """Return every modal of coordinators."""
    return [
        steering.closing(Ending(3, "tone", 1, 1)),
        allotting.window(3, "Tone"),
        choosing.draw(Choices()),
        creating.draw({}, "UTC"),
        inviting.window([NAMED], Sent(Invitation(()), (), ())),
        inviting.expert(KNOWN, [NAMED]),
        guiding.draw(Guidelines(3, "tone", 1, "x", "")),
        *(previewing.window(example(name)) for name in NAMES),
    ]


def messages_of_coordinators() -> list[object]:
    """Return every message of coordinators."""
    event = Event(1, NOW, "U1", "paused", "campaign tone", "slack", {})
    return [
        *(steering.pick("Do", deed, [NAMED]).blocks for deed in steering.DEEDS.values()),
        auditing.page([event] * 20, 3, NOW, is_first=True).blocks,
        steering.pick("Do", "pause", []).blocks,
        founding.ready(Founded(3, "tone", "Tone", "comparison", 0, 0)).blocks,
        inviting.roster([KNOWN] * 30, 0, 3).blocks,
        *(steering.pick("Do", deed, [NAMED]).blocks for deed in ("export", "plans", "guidelines")),
        planning.plans("tone", [PLAN]).blocks,
        overview.campaigns([TROUBLED], "").blocks,
        *(picture.whole(in_state(state), NOW).blocks for state in CampaignState),
        digests.digest(Week((TROUBLED,), ())).blocks,
        home.draw(visit(progress(1, 2, 3), recent=ANSWERS, is_out=True)),
        preferring.settings_modal(CHOSEN, "UTC"),
        preferring.pause_modal(date(2026, 12, 24), "{}"),
    ]


def everything_drawn() -> list[object]:
    """Return every message and view that there is to see."""
    receipt = Receipt(16, "Saved", "Edit", "Write the better one")
    return [
        *views(),
        *(cards.draw(Page("D1", receipt, example(n, guidelines="x"), 1)).blocks for n in NAMES),
        cards.draw_task(long_task(50_000, 50_000), 1).blocks,
        test_passages.drawn(),
        *test_importing.messages(),
        *(one.blocks for one in test_reviewing.messages()),
        *(one.blocks for one in test_correcting.messages()),
        *(one.blocks for one in test_tending.messages()),
        cards.draw_task(example("comparison", news=("New.",), answered=1), 1).blocks,
        steering.pick("Correct", "correct", [NAMED]).blocks,
        notes.reminder(["Tone"]).blocks,
        notes.moved_on().blocks,
        notes.piece(17, Draft(1, 1)).blocks,
        *messages_of_coordinators(),
        regards.welcome(progress(1, 2, 3), 1).blocks,
        regards.still_want_this().blocks,
        cards.draw(Page("D1", None, None, 0, stop=Stop(Limit.TIME, 30))).blocks,
    ]


def deeds_drawn() -> set[str]:
    """Return the deed of every button and option that there is to press."""
    found = set()
    for element in objects_in(everything_drawn()):
        options = [o["value"] for o in element.get("options", ())] or [element.get("value")]
        for value in options:
            try:
                found.add(press_from({**element, "value": value}).deed)
            except UnknownButtonError:
                continue
    return found - {""}


def test_every_button_that_is_drawn_does_something_and_nothing_is_done_without_one() -> None:
    assert deeds_drawn() == set(PRESSES)


def test_every_modal_that_can_be_sent_is_taken() -> None:
    sent = {view["callback_id"] for view in views() if "submit" in view}
    assert sent == set(SUBMISSIONS)


def test_every_event_we_hear_is_subscribed_to() -> None:
    assert set(EVENTS) <= {event.partition(".")[0] for event in SUBSCRIBED}


def test_every_word_behind_the_command_is_explained() -> None:
    for word in COMMANDS.values():
        assert 5 < len(word.says) < 100
        assert not word.says.endswith(".")
        assert bool(word.role) == bool(word.deed)


COMMANDED = {name: word.does for name, word in COMMANDS.items()}


@pytest.mark.parametrize("table", [PRESSES, SUBMISSIONS, COMMANDED, EVENTS])
def test_every_function_says_what_it_does(table: dict[str, Any]) -> None:
    assert all(function.__doc__ for function in table.values())
