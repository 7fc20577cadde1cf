"""Tables of items: what was imported, and the images that belong to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import (
    datetime_column,
    json_list_column,
    json_list_column_with_default,
    json_object_column,
    nullable_datetime_column,
    nullable_json_object_column,
    partial_index,
)


class Item(SQLModel, table=True):
    """The imported content to label. `key` is its id in the file, or a hash of its content.

    `domains` and `language` override the campaign's if set. `gold` is the known correct answer,
    with the candidates in imported order. `author` wrote the prompt or the draft and never labels
    the item. `media` belong to the prompt. `shown_digest` is a hash of what experts see, whatever
    the order of the candidates; none for items imported before it existed. `import_id` is the
    import that added it. An item with `deleted_at` has kept its id, key and digest, and no content.
    """

    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        partial_index(
            "item_by_shown_digest", "campaign_id", "shown_digest", where="shown_digest IS NOT NULL"
        ),
        partial_index("item_by_author", "author", where="author IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    key: str
    shown_digest: str | None = None
    prompt: list[dict[str, Any]] = json_list_column()
    draft: str | None = None
    meta: dict[str, Any] = json_object_column()
    media: list[dict[str, str]] = json_list_column_with_default()
    domains: list[str] = json_list_column_with_default()
    language: str | None = None
    gold: dict[str, Any] | None = nullable_json_object_column()
    author: str | None = None
    import_id: int | None = Field(default=None, index=True)
    deleted_at: datetime | None = nullable_datetime_column()
    created_at: datetime = datetime_column()


class CandidateRow(SQLModel, table=True):
    """One response to an item's prompt, at its imported position. `model` never reaches Slack.

    `author` is the person who wrote or edited it, a Slack id or a pseudonym, and never judges it.
    `turns` come before the text in this candidate's conversation alone. `extra` has keys of its
    message other than role and content, such as tool calls.
    """

    __tablename__ = "candidate"

    __table_args__ = (
        partial_index("candidate_by_author", "author", "item_id", where="author IS NOT NULL"),
    )

    item_id: int = Field(primary_key=True, foreign_key="item.id")
    position: int = Field(primary_key=True)
    text: str
    model: str | None = None
    media: list[dict[str, str]] = json_list_column_with_default()
    author: str | None = None
    turns: list[dict[str, Any]] = json_list_column_with_default()
    extra: dict[str, Any] | None = nullable_json_object_column()


class MediaFile(SQLModel, table=True):
    """An image, audio or video that was imported as a file, stored once for all of its items.

    `url` is `media:` with the SHA-256 of the content and its extension. `slack_file_id` is the file
    in Slack to which it was uploaded, None before the first message that shows it. `shown_since` is
    when Slack had processed it.
    """

    __tablename__ = "media_file"

    url: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    created_at: datetime = datetime_column()
    slack_file_id: str | None = None
    shown_since: datetime | None = nullable_datetime_column()


class FormulaImage(SQLModel, table=True):
    """The image of the formulas in a text of an item; `media_url` is None if none can be drawn."""

    __tablename__ = "formula_image"

    item_id: int = Field(foreign_key="item.id", primary_key=True)
    digest: str = Field(primary_key=True)
    media_url: str | None = None
