"""Tests of the buttons that share audio and video."""

from __future__ import annotations

import base64

import pytest

from bot.slack.parsing.action_ids import Action
from storage.tables import MediaFile
from tests.handlers.bolt_app import BoltApp
from tests.services.conftest import pair

SONG = f"data:audio/mpeg;base64,{base64.b64encode(b'ID3 a song').decode()}"


async def test_button_shares_the_file_with_the_person_who_presses_it(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.scenario.create_campaign(experts=[ada.id])
    bolt.slack.scenario.import_rows("tone", [pair(1, audio=SONG)])
    (stored,) = bolt.slack.scenario.rows(MediaFile)
    name = stored.url.removeprefix("media:")
    await bolt.click_button(ada.id, Action("share_media", 0, "audio-0", name))
    assert bolt.ephemeral_texts() == ["You get the audio in your messages with the bot."]
    await bolt.slack.deliver_all()
    (message,) = ada.messages
    assert [file["mimetype"] for file in message.files] == ["audio/mpeg"]


@pytest.mark.parametrize(
    ("field", "option"), [("audio-0", "0" * 64 + ".mp3"), ("x", ""), ("", "a"), ("image-0", "a")]
)
async def test_unknown_file_is_refused(bolt: BoltApp, field: str, option: str) -> None:
    ada = bolt.slack.add_expert()
    await bolt.click_button(ada.id, Action("share_media", 0, field, option))
    assert bolt.ephemeral_texts() == ["This file is no longer available."]
    assert await bolt.slack.outbox() == []
