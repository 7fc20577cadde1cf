"""Snapshots of messages and views as a user saw them; they do not change afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from .api_json import post_json, view_state
from .json_codec import Json, as_list, as_object
from .state_values import interactive_elements
from .visible_text import render_post, render_text_object, render_view
from .workspace import Post, View, Workspace


def choice_texts(blocks: list[Json]) -> list[str]:
    """Return the texts of the buttons and options in `blocks`, in reading order."""
    return [
        text
        for target in interactive_elements(blocks)
        for text in element_choice_texts(target.element)
    ]


def element_choice_texts(element: Json) -> list[str]:
    """Return the texts of the buttons and options of an element."""
    text_objects = [element.get("text")]
    text_objects += [
        as_object(element.get(key)).get("text") for key in ("positive_button", "negative_button")
    ]
    text_objects += [option.get("text") for option in element_options(element)]
    return [render_text_object(text, str) for text in text_objects if text]


def element_options(element: Json) -> list[Json]:
    """Return the options of an element, including those in groups."""
    groups = as_list(element.get("option_groups"))
    grouped = [option for group in groups for option in as_list(group.get("options"))]
    return as_list(element.get("options")) + grouped


@dataclass(frozen=True)
class MessageSnapshot:
    """A message at the time of the snapshot.

    Attributes:
        ts: its timestamp, which is its id within the channel.
        channel: the id of its channel.
        user: the id of its author.
        text: the notification text as it was sent, with escapes.
        blocks: the blocks, in stored form.
        thread_ts: the ts of its thread, if it is in one.
        is_ephemeral: whether only one user sees it.
        files: the files shared in it.
        is_edited: whether it was updated after it was posted.
        post: the stored message; for internal use.
        workspace: its workspace; for internal use.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    thread_ts: str | None
    is_ephemeral: bool
    files: list[Json]
    is_edited: bool
    post: Post = field(repr=False, compare=False)
    workspace: Workspace = field(repr=False, compare=False)

    @cached_property
    def plain_text(self) -> str:
        """All its visible text, without markup."""
        return render_post(self.post, self.workspace)

    @cached_property
    def raw(self) -> Json:
        """The message as Slack's API returns it."""
        return post_json(self.post, self.workspace)

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons and options."""
        return choice_texts(self.blocks)


@dataclass(frozen=True)
class ViewSnapshot:
    """A modal or Home tab at the time of the snapshot.

    Attributes:
        id: the view's id.
        kind: `modal` or `home`.
        title: its title, "" for a Home tab.
        callback_id: its callback_id, "" if it has none.
        private_metadata: its private_metadata, "" if it has none.
        blocks: the blocks, in stored form.
        state: `state.values`, the values of its inputs.
        errors: the errors shown under its inputs, by block_id.
        plain_text: all its visible text, without markup.
        hash: identifies this state of the view.
        view: the stored view; for internal use.
    """

    id: str
    kind: str
    title: str
    callback_id: str
    private_metadata: str
    blocks: list[Json]
    state: Json
    errors: dict[str, str]
    plain_text: str
    hash: str
    view: View = field(repr=False, compare=False)

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons and options."""
        return choice_texts(self.blocks)


def snapshot_message(post: Post, workspace: Workspace) -> MessageSnapshot:
    """Return a snapshot of `post`."""
    return MessageSnapshot(
        ts=post.ts,
        channel=post.channel,
        user=post.user,
        text=post.text,
        blocks=post.blocks,
        thread_ts=post.thread_ts,
        is_ephemeral=post.ephemeral_user_id is not None,
        files=post.files,
        is_edited=post.edited_ts is not None,
        post=replace(post),
        workspace=workspace,
    )


def snapshot_view(view: View, workspace: Workspace) -> ViewSnapshot:
    """Return a snapshot of `view`."""
    body = view.body
    return ViewSnapshot(
        id=view.id,
        kind=view.kind,
        title=render_text_object(body.get("title"), str),
        callback_id=str(body.get("callback_id") or ""),
        private_metadata=str(body.get("private_metadata") or ""),
        blocks=view.blocks,
        state=view_state(view),
        errors=dict(view.errors),
        plain_text=render_view(view, workspace),
        hash=view.hash,
        view=replace(view, inputs=dict(view.inputs)),
    )
