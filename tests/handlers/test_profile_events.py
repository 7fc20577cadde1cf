"""Tests of profile events: stored for experts, ignored for other people."""

from __future__ import annotations

from datetime import timedelta

from storage.tables import Assignment, Expert
from tests.handlers.bolt_app import BoltApp, assign_next_task, event_payload


async def test_out_of_office_status_reassigns_the_open_task(bolt: BoltApp) -> None:
    ada, grace = bolt.slack.add_expert("ada"), bolt.slack.add_expert("grace")
    bolt.slack.create_campaign(ada, grace, items=1)
    await bolt.send(event_payload({"type": "user_change", "user": profile(grace.id)}))
    await assign_next_task(bolt, ada)
    away = profile(ada.id, status_text="Vacationing", status_emoji=":palm_tree:")
    await bolt.send(event_payload({"type": "user_change", "user": away}))
    states = [(row.expert_id, row.state) for row in bolt.slack.scenario.rows(Assignment)]
    assert states == [(1, "released"), (2, "queued")]


def profile(person: str, **fields: object) -> dict[str, object]:
    """Return a user object as in Slack's user_change event."""
    return {"id": person, "real_name": "Somebody", "tz": "Europe/London", "profile": fields}


async def test_new_time_zone_is_saved(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    moved = profile(ada.id) | {"tz": "Asia/Tokyo"}
    await bolt.send(event_payload({"type": "user_change", "user": moved}))
    (row,) = bolt.slack.scenario.rows(Expert)
    assert (row.name, row.tz) == ("Somebody", "Asia/Tokyo")


async def test_do_not_disturb_is_saved(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    now = int(bolt.slack.now.timestamp())
    dnd_status = {"dnd_enabled": True, "next_dnd_start_ts": now, "next_dnd_end_ts": now + 3600}
    event = {"type": "dnd_updated_user", "user": ada.id, "dnd_status": dnd_status}
    await bolt.send(event_payload(event))
    until = bolt.slack.scenario.rows(Expert)[0].dnd_until
    assert timedelta(minutes=59) < until - bolt.slack.now <= timedelta(hours=1)


async def test_events_of_other_people_are_ignored(bolt: BoltApp) -> None:
    await bolt.send(event_payload({"type": "user_change", "user": profile("U1")}))
    await bolt.send(event_payload({"type": "dnd_updated_user", "user": "U1", "dnd_status": {}}))
    assert bolt.slack.scenario.count("expert") == 0


async def test_junk_keeps_name_and_zone(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    known = {"id": ada.id, "real_name": "Ada", "tz": "Asia/Tokyo"}
    junk = {"id": ada.id, "real_name": "", "tz": "Mars/Phobos", "profile": ["junk"], "name": None}
    for user in (known, junk):
        assert (await bolt.send(event_payload({"type": "user_change", "user": user}))).status == 200
    row = await bolt.slack.expert_row(ada)
    assert (row.name, row.tz) == ("Ada", "Asia/Tokyo")
