"""files.*: up in three steps, and down with a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotVisibleError, Sandbox, SimulatedUser

Json = dict[str, Any]
Refusal = Callable[..., Json]


def test_the_sync_client_uploads_and_shares(client: WebClient, ada: SimulatedUser) -> None:
    answer = client.files_upload_v2(
        channel=ada.dm, content="a,b\n1,2\n", filename="labels.csv", initial_comment="Your labels"
    )
    assert answer["file"]["name"] == "labels.csv"
    message = ada.wait_for_text("Your labels")
    assert [file["title"] for file in message.files] == ["labels.csv"]
    assert "[file] labels.csv" in message.plain_text
    assert ada.download_file("labels.csv") == b"a,b\n1,2\n"
    with pytest.raises(NotVisibleError, match="no file"):
        ada.download_file("other.csv", within=0)


def test_a_file_says_what_it_shows_and_where_it_is(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    room = sandbox.add_channel("labels", members=[ada])
    told = client.files_upload_v2(
        channel=room.id, content=b"\x89PNG", filename="chart.png", alt_txt="Agreement by week"
    )
    file = client.files_info(file=told["file"]["id"])["file"]
    assert file["alt_txt"] == "Agreement by week"
    assert (file["channels"], file["groups"], file["ims"]) == ([room.id], [], [])


async def test_the_asynchronous_client_uploads_too(sandbox: Sandbox, ada: SimulatedUser) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    answer = await client.files_upload_v2(content=b"\x00\x01", filename="raw.bin")
    info = await client.files_info(file=answer["file"]["id"])
    assert info["file"]["size"] == 2
    assert ada.messages == []


def test_a_download_needs_the_token_and_else_looks_like_a_sign_in_page(
    sandbox: Sandbox, client: WebClient, http: httpx.Client
) -> None:
    file = client.files_upload_v2(content="hello", filename="hello.txt")["file"]
    url = file["url_private"]
    good = http.get(url, headers={"Authorization": f"Bearer {sandbox.bot_token}"})
    assert (good.text, good.headers["content-type"]) == ("hello", "text/plain")
    for headers in ({}, {"Authorization": "Bearer xoxb-wrong"}):
        page = http.get(file["url_private_download"], headers=headers)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "hello" not in page.text


def test_a_picture_in_a_block_has_to_be_there(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, refusal: Refusal
) -> None:
    table = client.files_upload_v2(content="a,b", filename="a.csv")["file"]["id"]
    announced = client.files_getUploadURLExternal(filename="b.png", length=3)["file_id"]
    for unusable in ("F404", table, announced):
        image = {"type": "image", "alt_text": "A chart", "slack_file": {"id": unusable}}
        answer = refusal("chat.postMessage", channel=ada.id, text="x", blocks=[image])
        assert answer["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
        view = {"type": "home", "blocks": [image]}
        answer = refusal("views.publish", user_id=ada.id, view=view)
        (message,) = answer["response_metadata"]["messages"]
        assert message == "[ERROR] invalid slack file [json-pointer:/view/blocks/0/slack_file]"
    picture = client.files_upload_v2(content=b"\x89PNG", filename="c.png")["file"]
    image = {"type": "image", "alt_text": "A chart", "slack_file": {"id": picture["id"]}}
    assert client.chat_postMessage(channel=ada.id, text="x", blocks=[image])["ok"]
    shown = httpx.get(
        f"{sandbox.url}/page/files/{picture['id']}", params={"as": ada.id}, trust_env=False
    )
    assert (shown.content, shown.headers["content-type"]) == (b"\x89PNG", "image/png")


def test_a_multipart_upload_is_taken_as_well(
    sandbox: Sandbox, client: WebClient, http: httpx.Client
) -> None:
    place = client.files_getUploadURLExternal(filename="a.txt", length=3)
    answer = http.post(place["upload_url"], files={"file": ("a.txt", b"abc")})
    assert (answer.text, answer.headers["content-type"]) == (
        "OK - 3",
        "text/plain; charset=utf-8",
    )
    done = client.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "A"}])
    assert done["files"][0]["title"] == "A"
    assert sandbox.request_counts["files.completeUploadExternal"] == 1


def test_an_upload_is_completed_once(client: WebClient, refusal: Refusal) -> None:
    file = client.files_upload_v2(content="x", filename="x.txt")["file"]
    again = refusal("files.completeUploadExternal", files=[{"id": file["id"]}])
    assert again["error"] == "file_not_found"


def test_what_is_not_uploaded_cannot_be_completed(
    client: WebClient, http: httpx.Client, refusal: Refusal
) -> None:
    place = client.files_getUploadURLExternal(filename="a.txt", length=3)
    assert http.post(place["upload_url"], content=b"abcd").status_code == 400
    form = {"note": (None, "no file in it")}
    assert http.post(place["upload_url"], files=form).status_code == 400
    assert http.post("/upload/v1/made-up", content=b"abc").status_code == 404
    fresh = client.files_getUploadURLExternal(filename="a.txt", length=3)["file_id"]
    answer = refusal("files.completeUploadExternal", files=[{"id": fresh}])
    assert answer["error"] == "file_not_found"
    assert refusal("files.info", file=fresh)["error"] == "file_not_found"


async def test_a_failed_upload_is_an_error_of_the_client(sandbox: Sandbox) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    sandbox.faults.fail("upload", status=500)
    with pytest.raises(SlackRequestError, match="status: 500"):
        await client.files_upload_v2(content="x", filename="x.txt")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a", "length": 0}, "missing_argument"),
        ({"filename": "a", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"filename": "a", "length": 1_000_001, "snippet_type": "text"}, "snippet_too_large"),
    ],
)
def test_what_cannot_be_announced(refusal: Refusal, arguments: Json, error: str) -> None:
    assert refusal("files.getUploadURLExternal", **arguments)["error"] == error


def test_files_are_shared_only_where_the_bot_is(
    sandbox: Sandbox, client: WebClient, http: httpx.Client, refusal: Refusal
) -> None:
    place = client.files_getUploadURLExternal(filename="a.txt", length=3)
    http.post(place["upload_url"], content=b"abc")
    room = sandbox.add_channel("elsewhere", bot=False)
    files = [{"id": place["file_id"]}]
    for channel, error in ((room.id, "not_in_channel"), ("C404", "channel_not_found")):
        answer = refusal("files.completeUploadExternal", files=files, channel_id=channel)
        assert answer["error"] == error
    many = ",".join(["C1"] * 101)
    answer = refusal("files.completeUploadExternal", files=files, channels=many)
    assert answer["error"] == "channels_limit_exceeded"
    assert refusal("files.completeUploadExternal", files="{")["error"] == "invalid_arguments"


def test_what_a_person_shares_can_be_read_by_the_app(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, http: httpx.Client
) -> None:
    message = ada.upload_file("answer.txt", b"ideal", text="Here")
    file = client.files_info(file=message.files[0]["id"])["file"]
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    assert http.get(file["url_private"], headers=headers).text == "ideal"
    assert message.raw["subtype"] == "file_share"
