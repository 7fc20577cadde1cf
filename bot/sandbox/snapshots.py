"""What a person had before her eyes at one moment: pictures that no longer change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.sandbox.seen import shown_post, shown_text, shown_view
from bot.sandbox.shapes import post_json, view_state
from bot.sandbox.state_values import targets
from bot.sandbox.wire import Json, as_list, as_object
from bot.sandbox.workspace import Post, View, Workspace


def choices(blocks: list[Json]) -> list[str]:
    """Return the texts of buttons and options in `blocks`, in reading order."""
    return [text for target in targets(blocks) for text in element_choices(target.element)]


def element_choices(element: Json) -> list[str]:
    """Return the texts that can be pressed or chosen in one element."""
    words = [element.get("text")]
    words += [
        as_object(element.get(key)).get("text") for key in ("positive_button", "negative_button")
    ]
    words += [option.get("text") for option in options(element)]
    return [shown_text(one, str) for one in words if one]


def options(element: Json) -> list[Json]:
    """Return the options of an element, in groups or not."""
    groups = as_list(element.get("option_groups"))
    grouped = [option for group in groups for option in as_list(group.get("options"))]
    return as_list(element.get("options")) + grouped


@dataclass(frozen=True)
class Message:
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
    ephemeral: bool
    files: list[Json]
    edited: bool
    post: Post = field(repr=False, compare=False)
    workspace: Workspace = field(repr=False, compare=False)

    @cached_property
    def plain(self) -> str:
        """Everything readable of it, without markup."""
        return shown_post(self.post, self.workspace)

    @cached_property
    def raw(self) -> Json:
        """The message as Slack's API gives it."""
        return post_json(self.post, self.workspace)

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons and options."""
        return choices(self.blocks)


@dataclass(frozen=True)
class Screen:
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
    plain: str
    hash: str
    view: View = field(repr=False, compare=False)

    @property
    def buttons(self) -> list[str]:
        """The texts of its buttons and options."""
        return choices(self.blocks)


def message_of(post: Post, workspace: Workspace) -> Message:
    """Return `post` as it stands now."""
    return Message(
        ts=post.ts,
        channel=post.channel,
        user=post.user,
        text=post.text,
        blocks=post.blocks,
        thread_ts=post.thread_ts,
        ephemeral=post.only_for is not None,
        files=post.files,
        edited=post.edited_ts is not None,
        post=replace(post),
        workspace=workspace,
    )


def screen_of(view: View, workspace: Workspace) -> Screen:
    """Return `view` as it stands now."""
    body = view.body
    return Screen(
        id=view.id,
        kind=view.kind,
        title=shown_text(body.get("title"), str),
        callback_id=str(body.get("callback_id") or ""),
        private_metadata=str(body.get("private_metadata") or ""),
        blocks=view.blocks,
        state=view_state(view),
        errors=dict(view.errors),
        plain=shown_view(view, workspace),
        hash=view.hash,
        view=replace(view, inputs=dict(view.inputs)),
    )
