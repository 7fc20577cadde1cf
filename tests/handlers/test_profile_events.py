"""What Slack tells of people is kept at once; of strangers nothing is."""

from __future__ import annotations

from datetime import timedelta

from storage.tables import Assignment, Expert
from tests.handlers.bolt_app import BoltApp, assign_next_task, event_payload


async def test_a_status_lets_go_of_what_is_held_and_somebody_else_gets_it(bolt: BoltApp) -> None:
    ada, grace = bolt.slack.add_expert("ada"), bolt.slack.add_expert("grace")
    bolt.slack.create_campaign(ada, grace, items=1)
    await bolt.send(event_payload({"type": "user_change", "user": profile(grace.id)}))
    await assign_next_task(bolt, ada)
    away = profile(ada.id, status_text="Vacationing", status_emoji=":palm_tree:")
    await bolt.send(event_payload({"type": "user_change", "user": away}))
    states = [(row.expert_id, row.state) for row in bolt.slack.scenario.rows(Assignment)]
    assert states == [(1, "released"), (2, "queued")]


def profile(person: str, **said: object) -> dict[str, object]:
    """Return a user as Slack tells of one."""
    return {"id": person, "real_name": "Somebody", "tz": "Europe/London", "profile": said}


async def test_a_new_zone_is_kept(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    moved = profile(ada.id) | {"tz": "Asia/Tokyo"}
    await bolt.send(event_payload({"type": "user_change", "user": moved}))
    (row,) = bolt.slack.scenario.rows(Expert)
    assert (row.name, row.tz) == ("Somebody", "Asia/Tokyo")


async def test_do_not_disturb_is_kept(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    now = int(bolt.slack.now.timestamp())
    told = {"dnd_enabled": True, "next_dnd_start_ts": now, "next_dnd_end_ts": now + 3600}
    event = {"type": "dnd_updated_user", "user": ada.id, "dnd_status": told}
    await bolt.send(event_payload(event))
    until = bolt.slack.scenario.rows(Expert)[0].dnd_until
    assert timedelta(minutes=59) < until - bolt.slack.now <= timedelta(hours=1)


async def test_of_strangers_nothing_is_kept(bolt: BoltApp) -> None:
    await bolt.send(event_payload({"type": "user_change", "user": profile("U1")}))
    await bolt.send(event_payload({"type": "dnd_updated_user", "user": "U1", "dnd_status": {}}))
    assert bolt.slack.scenario.count("expert") == 0
