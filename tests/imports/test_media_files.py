"""Images from files: in a folder, an archive, Parquet or a data: URL, and never from elsewhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.imports.item_reader import read_items
from bot.imports.mapping import ColumnMapping
from bot.imports.media_bytes import MAX_BYTES
from bot.imports.plan import DETECT_ALL, ImportOptions
from bot.imports.read_item import ImportedItem, ReadItem
from bot.imports.row import InvalidRow, RowWarning
from bot.kinds import kind_named
from bot.kinds.media import Media
from bot.sandbox.png import striped_png

PNG = striped_png(2, [(255, 0, 0)])
JPEG, GIF = b"\xff\xd8\xff\xe0 a photo", b"GIF89a a picture"
WEBP = b"RIFF\x10\0\0\0WEBPVP8 "
WITH_FOLDER = ImportOptions(may_read_folder=True)


def url_of(content: bytes, extension: str) -> str:
    return f"media:{sha256(content).hexdigest()}.{extension}"


def read(path: Path, options: ImportOptions = DETECT_ALL) -> list[ReadItem]:
    kind = kind_named("demonstration")
    return list(read_items(path, ColumnMapping(), kind, kind.settings(), options))


def media_in(path: Path, options: ImportOptions = DETECT_ALL) -> list[Media]:
    found: list[Media] = []
    for item in read(path, options):
        assert isinstance(item, ImportedItem), item
        found.extend(item.content.media)
    return found


def reason_for(path: Path, options: ImportOptions = WITH_FOLDER) -> str:
    (row,) = read(path, options)
    assert isinstance(row, InvalidRow)
    assert row.line == 1
    return row.reason


def test_images_in_the_folder_of_a_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cat.png").write_bytes(PNG)
    (tmp_path / "dog.png").write_bytes(JPEG)  # the type is that of the content
    path = tmp_path / "items.jsonl"
    path.write_text(
        '{"prompt": "Describe it.", "image": "pictures/cat.png"}\n'
        '{"prompt": "And this.", "image": ["./dog.png", "https://x.example/a.png"]}\n'
    )
    cat, dog, link = media_in(path, WITH_FOLDER)
    assert (cat.url, cat.content) == (url_of(PNG, "png"), PNG)
    assert (dog.url, dog.content) == (url_of(JPEG, "jpg"), JPEG)
    assert (link.url, link.content) == ("https://x.example/a.png", b"")
    assert cat.as_dict() == {"type": "image", "url": cat.url, "alt": "Image without a description"}


@pytest.mark.parametrize("make", ["folder", "archive"])
def test_images_are_found_beside_the_data_file_that_names_them(make: str, tmp_path: Path) -> None:
    files = {
        "train/data.jsonl": b'{"prompt": "Describe it.", "image": "cat.gif"}\n',
        "train/cat.gif": GIF,
        "cat.gif": PNG,
    }
    path = tmp_path / ("all.zip" if make == "archive" else "all")
    for name, content in files.items():
        if make == "archive":
            with ZipFile(path, "a") as archive:
                archive.writestr(name, content)
        else:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    assert not any(isinstance(row, RowWarning) for row in read(path))  # images are no data files
    assert [media.content for media in media_in(path)] == [GIF]


def test_parquet_has_the_bytes_of_images(tmp_path: Path) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    rows = [
        {"prompt": "A?", "image": {"bytes": PNG, "path": "a.png"}, "extra": PNG},
        {"prompt": "B?", "image": {"bytes": None, "path": None}, "extra": None},
    ]
    path = tmp_path / "items.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows), path)
    first, second = read(path)
    assert isinstance(first, ImportedItem)
    assert isinstance(second, ImportedItem)
    assert [media.url for media in first.content.media] == [url_of(PNG, "png")]
    assert second.content.media == ()
    # A column that is not mapped keeps a description, and no bytes in memory.
    assert first.content.meta == {"extra": f"{len(PNG)} bytes of binary data"}
    assert type(first.content.meta["extra"]) is str


def test_data_url_has_the_bytes_of_an_image(file_of: Callable[[str, str], Path]) -> None:
    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    path = file_of("items.jsonl", f'{{"prompt": "A?", "image": "{url}"}}\n')
    assert [media.content for media in media_in(path)] == [PNG]


def test_messages_have_images_as_files(tmp_path: Path) -> None:
    (tmp_path / "cat.gif").write_bytes(GIF)
    data_url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    parts = [
        {"type": "image", "path": "cat.gif"},
        {"type": "image_url", "image_url": {"url": data_url}},
        {"type": "text", "text": "What are these?"},
    ]
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"messages": [{"role": "user", "content": parts}]}))
    assert [media.content for media in media_in(path, WITH_FOLDER)] == [GIF, PNG]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("none.png", "the file “none.png” does not exist next to the data file"),
        ("../secret.png", "the file “../secret.png” is not a path inside the folder"),
        ("..\\\\secret.png", "is not a path inside the folder"),
        ("{folder}/secret.png", "is not a path inside the folder"),
        ("C:/secret.png", "is not a path inside the folder"),
        ("link.png", "the file “link.png” leads outside the folder of the data file"),
        ("loop.png", "the file “loop.png”"),
        ("empty.png", "the image “empty.png” is not a PNG, JPEG or GIF image"),
        ("photo.webp", "the image “photo.webp” is not a PNG, JPEG or GIF image"),
        ("large.png", "the image “large.png” has 5,0"),
        ("folder.png", "the file “folder.png” does not exist next to the data file"),
        ("data:image/png;base64,?", "the image is not a valid data: URL"),
        ("data:text/plain,hello.png", "the image is not a PNG, JPEG or GIF image"),
    ],
)
def test_file_that_cannot_be_shown_makes_the_row_invalid(
    image: str, reason: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    (folder / "folder.png").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "empty.png").touch()
    (folder / "photo.webp").write_bytes(WEBP)
    (folder / "large.png").write_bytes(PNG + bytes(MAX_BYTES["image"]))
    image = image.replace("{folder}", str(tmp_path))
    path = folder / "items.jsonl"
    path.write_text(f'{{"prompt": "Describe it.", "image": "{image}"}}\n')
    assert reason in reason_for(path)


def test_archive_names_a_missing_image(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("data.jsonl", '{"prompt": "Describe it.", "image": "cat.png"}\n')
    assert reason_for(path) == (
        "the file “cat.png” is not in the archive; add it, or correct its path"
    )


def test_folder_of_an_uploaded_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    path = tmp_path / "items.jsonl"
    path.write_text('{"prompt": "Describe it.", "image": "cat.png"}\n')
    assert "only the data file was given" in reason_for(path, DETECT_ALL)


MP4, MOV = b"\0\0\0\x18ftypisom....", b"\0\0\0\x14ftypqt  ...."
WEBM, AVIF = b"\x1aE\xdf\xa3....", b"\0\0\0\x1cftypavif...."
AUDIO = {
    "mp3": b"\xff\xfb\x90d a song",
    "m4a": b"\0\0\0\x18ftypM4A ....",
    "wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "ogg": b"OggS\0\x02",
    "flac": b"fLaC\0\0",
    "aac": b"\xff\xf1\x50\x80",
    "webm": WEBM,
}
MEDIA_FILES = [("audio", extension, content) for extension, content in AUDIO.items()]
MEDIA_FILES += [("audio", "mp3", b"ID3\x04 a song"), ("audio", "m4a", MP4)]
MEDIA_FILES += [("video", "mp4", MP4), ("video", "mov", MOV), ("video", "webm", WEBM)]


@pytest.mark.parametrize(("kind", "extension", "content"), MEDIA_FILES)
@pytest.mark.parametrize("source", ["folder", "archive", "parquet", "data_url", "message"])
def test_audio_and_video_are_read_as_files(
    source: str, kind: str, extension: str, content: bytes, tmp_path: Path
) -> None:
    data_url = f"data:{kind}/{extension};base64,{base64.b64encode(content).decode()}"
    part = {"type": f"{kind}_url", f"{kind}_url": {"url": data_url}}
    messages = [{"role": "user", "content": [part, {"type": "text", "text": "What is it?"}]}]
    values = {"parquet": {"bytes": content, "path": "one"}, "data_url": data_url}
    value = values.get(source, f"clips/one.{extension}")
    is_message = source == "message"
    row = {"messages": messages} if is_message else {"prompt": "What is it?", kind: value}
    path = tmp_path / "items.jsonl"
    if source == "parquet":
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        path = tmp_path / "items.parquet"
        parquet.write_table(arrow.Table.from_pylist([row]), path)
    elif source == "archive":
        path = tmp_path / "items.zip"
        with ZipFile(path, "w") as archive:
            archive.writestr("items.jsonl", json.dumps(row))
            archive.writestr(f"clips/one.{extension}", content)
    else:
        path.write_text(json.dumps(row))
        (tmp_path / "clips").mkdir()
        (tmp_path / "clips" / f"one.{extension}").write_bytes(content)
    (media,) = media_in(path, WITH_FOLDER)
    assert (media.type, media.url, media.content) == (kind, url_of(content, extension), content)


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("audio", b"no audio", "the audio “one.mp3” is not MP3, M4A, WAV, OGG, FLAC, AAC or WebM"),
        ("video", b"ID3 a song", "the video “one.mp3” is not an MP4, MOV or WebM video"),
        ("video", AVIF, "is not an MP4, MOV or WebM video"),
        ("audio", AVIF, "is not MP3, M4A"),
        ("image", MP4, "is not a PNG, JPEG or GIF image"),
        ("audio", b"ID3" + bytes(25_000_000), "the file “one.mp3” has more than 25,000,000 bytes"),
    ],
)
def test_files_that_slack_does_not_play_are_rejected(
    kind: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "one.mp3").write_bytes(content)
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"prompt": "What is it?", kind: "one.mp3"}))
    assert reason in reason_for(path)


def test_long_data_url_is_read_as_a_file_and_never_as_a_text(tmp_path: Path) -> None:
    content = AUDIO["mp3"] + bytes(300_000)
    url = f"data:audio/mpeg;base64,{base64.b64encode(content).decode()}"
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"prompt": "Who sings?", "audio": url, "more": [url]}))
    (item,) = read(path)
    assert isinstance(item, ImportedItem)
    assert [media.content for media in item.content.media] == [content]
    assert item.content.meta == {"more": [f"data:audio/mpeg;base64, {len(url):,} characters"]}
    path.write_text(json.dumps({"prompt": url}))
    assert "a data: URL is where a text should be" in reason_for(path)


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        (
            ["none.png", "cat.png"],
            ["the file “none.png” does not exist next to the data file; add"],
        ),
        (
            ["cat.png", "cat.png", "n/a"],
            ["the image “n/a” is neither the path of a media file nor"],
        ),
        (["a cat", "a dog", "cat.png"], []),
        (["a cat", "a dog"], []),
    ],
)
def test_column_is_read_as_media_if_at_least_half_of_it_is(
    values: list[str], reasons: list[str], tmp_path: Path
) -> None:
    (tmp_path / "cat.png").write_bytes(PNG)
    path = tmp_path / "items.jsonl"
    rows = [{"prompt": f"{number}?", "image": value} for number, value in enumerate(values)]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = read(path, WITH_FOLDER)
    invalid = [item for item in found if isinstance(item, InvalidRow)]
    assert len(invalid) == len(reasons)
    assert all(reason in row.reason for row, reason in zip(invalid, reasons, strict=True))
    items = [item for item in found if isinstance(item, ImportedItem)]
    texts = [item.content.meta["image"] for item in items if "image" in item.content.meta]
    assert texts == ([] if reasons else values)
