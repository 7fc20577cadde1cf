"""files.*: uploads in three steps, and downloads with the token."""

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
CallExpectingError = Callable[..., Json]
ErrorCode = Callable[..., str]


def test_sync_client_uploads_and_shares_file(client: WebClient, ada: SimulatedUser) -> None:
    response = client.files_upload_v2(
        channel=ada.dm, content="a,b\n1,2\n", filename="labels.csv", initial_comment="Your labels"
    )
    assert response["file"]["name"] == "labels.csv"
    message = ada.wait_for_text("Your labels")
    assert [file["title"] for file in message.files] == ["labels.csv"]
    assert "[file] labels.csv" in message.plain_text
    assert ada.download_file("labels.csv") == b"a,b\n1,2\n"
    with pytest.raises(NotVisibleError, match="no file"):
        ada.download_file("other.csv", within=0)


def test_file_has_alt_text_and_channels(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    channel = sandbox.add_channel("labels", members=[ada])
    uploaded = client.files_upload_v2(
        channel=channel.id, content=b"\x89PNG", filename="chart.png", alt_txt="Agreement by week"
    )
    file = client.files_info(file=uploaded["file"]["id"])["file"]
    assert file["alt_txt"] == "Agreement by week"
    assert (file["channels"], file["groups"], file["ims"]) == ([channel.id], [], [])


def test_deleted_file_is_gone_from_messages(
    client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    file = client.files_upload_v2(
        channel=ada.dm, content="a", filename="a.txt", initial_comment="Kept"
    )["file"]
    only = client.files_upload_v2(channel=ada.dm, content="b", filename="b.txt")["file"]
    for uploaded in (file, only):
        client.files_delete(file=uploaded["id"])
        assert error_code("files.delete", file=uploaded["id"]) == "file_not_found"
    assert [(one.plain_text, one.files) for one in ada.messages] == [("Kept", [])]


async def test_async_client_uploads_file(sandbox: Sandbox, ada: SimulatedUser) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    response = await client.files_upload_v2(content=b"\x00\x01", filename="raw.bin")
    info = await client.files_info(file=response["file"]["id"])
    assert info["file"]["size"] == 2
    assert ada.messages == []


def test_download_without_token_returns_sign_in_page(
    sandbox: Sandbox, client: WebClient, http: httpx.Client
) -> None:
    file = client.files_upload_v2(content="hello", filename="hello.txt")["file"]
    url = file["url_private"]
    response = http.get(url, headers={"Authorization": f"Bearer {sandbox.bot_token}"})
    assert (response.text, response.headers["content-type"]) == ("hello", "text/plain")
    for headers in ({}, {"Authorization": "Bearer xoxb-wrong"}):
        page = http.get(file["url_private_download"], headers=headers)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "hello" not in page.text


def test_image_block_needs_uploaded_image(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    call_expecting_error: CallExpectingError,
) -> None:
    csv_file = client.files_upload_v2(content="a,b", filename="a.csv")["file"]["id"]
    pending_file = client.files_getUploadURLExternal(filename="b.png", length=3)["file_id"]
    for file_id in ("F404", csv_file, pending_file):
        image = {"type": "image", "alt_text": "A chart", "slack_file": {"id": file_id}}
        response = call_expecting_error(
            "chat.postMessage", channel=ada.id, text="x", blocks=[image]
        )
        assert response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
        view = {"type": "home", "blocks": [image]}
        response = call_expecting_error("views.publish", user_id=ada.id, view=view)
        (message,) = response["response_metadata"]["messages"]
        assert message == "[ERROR] invalid slack file [json-pointer:/view/blocks/0/slack_file]"
    png_file = client.files_upload_v2(content=b"\x89PNG", filename="c.png")["file"]
    image = {"type": "image", "alt_text": "A chart", "slack_file": {"id": png_file["id"]}}
    assert client.chat_postMessage(channel=ada.id, text="x", blocks=[image])["ok"]
    download = httpx.get(
        f"{sandbox.url}/page/files/{png_file['id']}", params={"as": ada.id}, trust_env=False
    )
    assert (download.content, download.headers["content-type"]) == (b"\x89PNG", "image/png")


def test_multipart_upload_is_accepted(
    sandbox: Sandbox, client: WebClient, http: httpx.Client
) -> None:
    upload = client.files_getUploadURLExternal(filename="a.txt", length=3)
    response = http.post(upload["upload_url"], files={"file": ("a.txt", b"abc")})
    assert (response.text, response.headers["content-type"]) == (
        "OK - 3",
        "text/plain; charset=utf-8",
    )
    completed = client.files_completeUploadExternal(files=[{"id": upload["file_id"], "title": "A"}])
    assert completed["files"][0]["title"] == "A"
    assert sandbox.request_counts["files.completeUploadExternal"] == 1


def test_upload_is_completed_once(client: WebClient, error_code: ErrorCode) -> None:
    file = client.files_upload_v2(content="x", filename="x.txt")["file"]
    assert (
        error_code("files.completeUploadExternal", files=[{"id": file["id"]}]) == "file_not_found"
    )


def test_missing_upload_cannot_be_completed(
    client: WebClient, http: httpx.Client, error_code: ErrorCode
) -> None:
    upload = client.files_getUploadURLExternal(filename="a.txt", length=3)
    assert http.post(upload["upload_url"], content=b"abcd").status_code == 400
    form = {"note": (None, "no file in it")}
    assert http.post(upload["upload_url"], files=form).status_code == 400
    assert http.post("/upload/v1/made-up", content=b"abc").status_code == 404
    pending_file = client.files_getUploadURLExternal(filename="a.txt", length=3)["file_id"]
    assert (
        error_code("files.completeUploadExternal", files=[{"id": pending_file}]) == "file_not_found"
    )
    assert error_code("files.info", file=pending_file) == "file_not_found"


async def test_failed_upload_raises_client_error(sandbox: Sandbox) -> None:
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
def test_invalid_upload_request_is_rejected(
    error_code: ErrorCode, arguments: Json, error: str
) -> None:
    assert error_code("files.getUploadURLExternal", **arguments) == error


def test_files_are_shared_only_in_channels_of_the_bot(
    sandbox: Sandbox, client: WebClient, http: httpx.Client, error_code: ErrorCode
) -> None:
    upload = client.files_getUploadURLExternal(filename="a.txt", length=3)
    http.post(upload["upload_url"], content=b"abc")
    channel = sandbox.add_channel("elsewhere", bot=False)
    files = [{"id": upload["file_id"]}]
    for channel_id, error in ((channel.id, "not_in_channel"), ("C404", "channel_not_found")):
        assert (
            error_code("files.completeUploadExternal", files=files, channel_id=channel_id) == error
        )
    channels = ",".join(["C1"] * 101)
    assert (
        error_code("files.completeUploadExternal", files=files, channels=channels)
        == "channels_limit_exceeded"
    )
    assert error_code("files.completeUploadExternal", files="{") == "invalid_arguments"


def test_app_can_download_files_of_users(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, http: httpx.Client
) -> None:
    message = ada.upload_file("answer.txt", b"ideal", text="Here")
    file = client.files_info(file=message.files[0]["id"])["file"]
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    assert http.get(file["url_private"], headers=headers).text == "ideal"
    assert message.raw["subtype"] == "file_share"


def test_message_with_the_permalink_of_a_file_shares_it(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser
) -> None:
    uploaded = client.files_upload_v2(content=b"ID3", filename="song.mp3")["file"]
    link = client.files_info(file=uploaded["id"])["file"]["permalink"]
    post = client.chat_postMessage(channel=ada.dm, text=f"Listen: <{link}|Song> and <{link}>")
    assert [file["id"] for file in post["message"]["files"]] == [uploaded["id"]]
    assert [file["mimetype"] for file in ada.messages[-1].files] == ["audio/mpeg"]
    assert client.files_info(file=uploaded["id"])["file"]["ims"] == [ada.dm]
    with_blocks = client.chat_postMessage(
        channel=ada.dm, text=f"<{link}>", blocks=[{"type": "divider"}]
    )
    assert "files" not in with_blocks["message"]
    sandbox.delete_file(uploaded["id"])
    assert "files" not in client.chat_postMessage(channel=ada.dm, text=f"<{link}>")["message"]


def test_unprocessed_file_has_no_type_and_is_shown_in_no_block(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, error_code: ErrorCode
) -> None:
    file_id = client.files_upload_v2(content=b"\x89PNG", filename="a.png")["file"]["id"]
    block = {"type": "image", "alt_text": "A", "slack_file": {"id": file_id}}
    sandbox.faults.delay_file_processing(2)
    assert not client.files_info(file=file_id)["file"]["mimetype"]
    message: Json = {"channel": ada.dm, "text": "A", "blocks": [block]}
    assert error_code("chat.postMessage", **message) == "invalid_blocks"
    assert client.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    assert client.chat_postMessage(**message)["ok"]
