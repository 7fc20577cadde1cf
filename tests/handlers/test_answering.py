"""One tap on the message: stored, undone, skipped, or the next one brought."""

from __future__ import annotations

from bot.slack.ids import Press
from storage.tables import Expert
from tests.handlers.front import MESSAGE, Front, hold, leave


async def test_a_tap_an_undo_and_a_skip(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    states = []
    for stamp, press in enumerate(
        (
            Press("answer", given, "verdict", "tie"),
            Press("undo", given),
            Press("skip", given, "", "broken"),
        )
    ):
        ts = {"action_ts": f"17.{stamp}", "action_id": press.action_id, "value": press.value}
        await front.presses(ada.id, press, actions=[ts])
        (row,) = await front.line.assignments()
        states.append((row.state, row.value))
    assert states == [("answered", {"verdict": "tie"}), ("delivered", None), ("skipped", None)]


async def test_each_deed_leads_back_to_the_message_it_was_done_on(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    await front.presses(ada.id, Press("answer", given, "verdict", "tie"))
    (row,) = await front.line.outbox()
    where = {"channel": MESSAGE["channel_id"], "message_ts": MESSAGE["message_ts"]}
    assert (row.word, row.facts) == ("turn", {"assignment": given, **where})
    assert row.response_url == front.line.hook.url


async def test_somebody_elses_click_is_refused_and_only_they_hear_of_it(front: Front) -> None:
    ada, eve = front.line.expert("ada"), front.line.expert("eve")
    front.line.campaign(ada)
    given = await hold(front, ada)
    await front.presses(eve.id, Press("answer", given, "verdict", "a"))
    assert front.whispered() == [
        "This task was given to somebody else, so your click did not count."
    ]
    assert front.line.workshop.count("annotation") == 0


async def test_asking_for_the_next_task_says_that_one_is_back(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)

    leave(front)
    await front.presses(ada.id, Press("next"))
    (row,) = await front.line.outbox()
    assert (row.word, row.facts["assignment"]) == ("turn", None)
    assert front.line.workshop.rows(Expert)[0].away_since is None
