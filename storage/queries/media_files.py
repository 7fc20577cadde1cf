"""Images that were imported as files, and under which id Slack has each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage.tables import MediaFile


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


def slack_file_ids(session: Session, urls: Collection[str]) -> dict[str, str]:
    """Return the ids in Slack of the files that were uploaded, by URL."""
    query = select(MediaFile.url, MediaFile.slack_file_id).where(
        col(MediaFile.url).in_(urls), col(MediaFile.slack_file_id).is_not(None)
    )
    return {url: file_id for url, file_id in session.exec(query) if file_id}


def content_of_file(session: Session, url: str) -> bytes | None:
    """Return the bytes of a file, None if it is not stored."""
    return session.exec(select(MediaFile.content).where(MediaFile.url == url)).first()


def record_upload(session: Session, url: str, slack_file_id: str, now: datetime) -> None:
    """Store under which id Slack has a file."""
    changed = {"slack_file_id": slack_file_id, "uploaded_at": now}
    session.connection().execute(update(MediaFile).where(col(MediaFile.url) == url).values(changed))


def forget_uploads(session: Session, urls: Collection[str]) -> None:
    """Have files uploaded again when they are shown next."""
    session.connection().execute(
        update(MediaFile)
        .where(col(MediaFile.url).in_(urls))
        .values(slack_file_id=None, uploaded_at=None)
    )
