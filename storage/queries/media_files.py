"""Images, audio and video that were imported as files, and under which id Slack has each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import MediaFile


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in Slack, and whether Slack has processed it and shows it."""

    file_id: str
    is_shown: bool


def add_files(session: Session, contents: Mapping[str, bytes], now: datetime) -> None:
    """Store files by their URL; those that are stored already stay as they are."""
    dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    known = stored_urls(session, contents)
    for url in sorted(contents.keys() - known):  # one order, so that two imports cannot deadlock
        row = {"url": url, "content": contents[url], "created_at": now}
        session.connection().execute(dialect.insert(MediaFile).values(row).on_conflict_do_nothing())


def stored_urls(session: Session, urls: Collection[str]) -> set[str]:
    """Return those of the URLs whose files are stored."""
    return set(session.exec(select(MediaFile.url).where(col(MediaFile.url).in_(urls))))


def uploads_of(session: Session, urls: Collection[str]) -> dict[str, Upload]:
    """Return the uploads of files to Slack, by URL."""
    query = select(MediaFile.url, MediaFile.slack_file_id, MediaFile.shown_since).where(
        col(MediaFile.url).in_(urls), col(MediaFile.slack_file_id).is_not(None)
    )
    return {
        url: Upload(file_id or "", since is not None) for url, file_id, since in session.exec(query)
    }


def content_of_file(session: Session, url: str) -> bytes | None:
    """Return the bytes of a file, None if it is not stored."""
    return session.exec(select(MediaFile.content).where(MediaFile.url == url)).first()


def record_upload(session: Session, url: str, slack_file_id: str) -> None:
    """Store under which id Slack has a file; it does not show the file yet."""
    _update(session, [url], slack_file_id=slack_file_id, shown_since=None)


def record_shown(session: Session, url: str, now: datetime) -> None:
    """Store that Slack has processed a file and shows it."""
    _update(session, [url], shown_since=now)


def forget_uploads(session: Session, urls: Collection[str]) -> None:
    """Have files uploaded again when they are shown next."""
    _update(session, urls, slack_file_id=None, shown_since=None)


def _update(session: Session, urls: Collection[str], **values: object) -> None:
    statement = update(MediaFile).where(col(MediaFile.url).in_(urls)).values(**values)
    session.connection().execute(statement)
