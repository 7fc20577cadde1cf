"""What a person had before her eyes at one moment: pictures that no longer change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.sandbox.api_json import post_json, view_state
from bot.sandbox.json_codec import Json, as_list, as_object
from bot.sandbox.state_values import interactive_elements
from bot.sandbox.visible_text import render_post, render_text_object, render_view
from bot.sandbox.workspace import Post, View, Workspace


def choice_texts(blocks: list[Json]) -> list[str]:
    """Return the texts of buttons and options in `blocks`, in reading order."""
    return [
        text
        for target in interactive_elements(blocks)
        for text in element_choice_texts(target.element)
    ]


def element_choice_texts(element: Json) -> list[str]:
    """Return the texts that can be pressed or chosen in one element."""
    text_objects = [element.get("text")]
    text_objects += [
        as_object(element.get(key)).get("text") for key in ("positive_button", "negative_button")
    ]
    text_objects += [option.get("text") for option in element_options(element)]
    return [render_text_object(one, str) for one in text_objects if one]


def element_options(element: Json) -> list[Json]:
    """Return the options of an element, in groups or not."""
    groups = as_list(element.get("option_groups"))
    grouped = [option for group in groups for option in as_list(group.get("options"))]
    return as_list(element.get("options")) + grouped


@dataclass(frozen=True)
class MessageSnapshot:
    """A message as it was when it was looked at.

    Attributes:
        ts: its timestamp, which names it in its channel.
        channel: the id of the channel it is in.
        user: who wrote it.
        text: the notification text as it was sent, with its escapes.
        blocks: the blocks, in stored form.
        thread_ts: the thread it is in, if it is in one.
        ephemeral: whether only one person sees it.
        files: the files that are shared in it.
        edited: whether it was changed after it was posted.
        post: what it is made of; for the sandbox's own use.
        workspace: where it is; for the sandbox's own use.
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
        """Everything readable of it, without markup."""
        return render_post(self.post, self.workspace)

    @cached_property
    def raw(self) -> Json:
        """The message as Slack's API gives it."""
        return post_json(self.post, self.workspace)

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons and options."""
        return choice_texts(self.blocks)


@dataclass(frozen=True)
class ViewSnapshot:
    """A modal or Home tab as it was when it was looked at.

    Attributes:
        id: the view's id.
        kind: `modal` or `home`.
        title: its title, "" for a Home tab.
        callback_id: the app's name for it.
        private_metadata: what the app hid in it.
        blocks: the blocks, in stored form.
        state: `state.values`: what is entered in it.
        errors: what stands under its inputs, by block_id.
        plain: everything readable of it, without markup.
        hash: names this state of it.
        view: what it is made of; for the sandbox's own use.
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
    """Return `post` as it stands now."""
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
    """Return `view` as it stands now."""
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
