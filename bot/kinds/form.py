"""Forms of passages and fields, independent of Slack. `bot.slack.forms` renders and parses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from bot.kinds.media import Media
from bot.kinds.rank_notation import has_open_tie, ranks_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read. `key` identifies it in the record of what was shown.

    `markdown` texts are rendered with their formatting. `media` are shown with the text, which may
    be empty if there are media. `page` is the first page of the form that shows the passage.
    """

    key: str
    title: str
    text: str
    markdown: bool = True
    media: tuple[Media, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a field, or one point of a scale. `hint` is what the point means.

    `modal_field_keys` are the modal fields that only this option needs. `modal_label` is the label
    of the button that opens the modal for this option, "" for the form's own label.
    """

    value: str
    label: str
    hint: str = ""
    modal_field_keys: tuple[str, ...] = ()
    modal_label: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Choose one of a few options with one tap.

    `shows_label`: a message shows the label above the options, because it has several such fields.
    """

    key: str
    label: str
    options: tuple[Option, ...]
    optional: bool = False
    hint: str = ""
    page: int = 0
    shows_label: bool = False


@dataclass(frozen=True, slots=True)
class MultiChoiceField:
    """Choose any number of options in the modal; at least one unless it is optional."""

    key: str
    label: str
    options: tuple[Option, ...]
    optional: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ScaleField:
    """Choose a point on an anchored scale with one tap. Points run from low to high."""

    key: str
    label: str
    points: tuple[Option, ...]
    question: str = ""
    optional: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class RankingField:
    """Put options in order, best first: one tap per option, or one rank per option in a modal.

    Each tap adds to the previous ones; TIE, UNDO and RESTART are taps too. The value uses the
    notation of `bot.kinds.rank_notation`; the modal sends the rank of each option.
    """

    key: str
    label: str
    options: tuple[Option, ...]
    allows_ties: bool = True
    optional: bool = False
    hint: str = ""


PAGE_KEY = "page"
"""The key under which an answer stores the page that the expert went back to."""

TIE, UNDO, RESTART = "tie", "undo", "restart"
"""Extra option values of a RankingField: tie with the previous one, undo the last tap, restart."""


@dataclass(frozen=True, slots=True)
class TextField:
    """Enter a text. `long` texts may exceed one Slack input and are split into parts."""

    key: str
    label: str
    optional: bool = False
    long: bool = False
    initial: str = ""
    hint: str = ""


MessageField: TypeAlias = ChoiceField | ScaleField | RankingField
Field: TypeAlias = ChoiceField | MultiChoiceField | ScaleField | RankingField | TextField


@dataclass(frozen=True, slots=True)
class BetterResponse:
    """A response written by the expert, offered after the answer `trigger` (a field, an option).

    The values of `starting_points` are keys of passages to start from; one that is no passage's key
    starts blank. An answer stores its starting point under `started_from_key`.
    """

    text_field: TextField
    started_from_key: str
    starting_points: tuple[Option, ...]
    trigger: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """One task as one expert sees it.

    `message_fields` are answered on the message; `modal_fields` in a modal, which a button labeled
    `modal_label` opens. Without message fields, the modal is the whole answer. Otherwise it is an
    addition offered on the receipt, or required by the option chosen. `better_response` is offered
    on the receipt too and has its own modal. `close_passages` are the keys of two passages that
    differ in few words.

    A long form has pages. The message shows one of them: the page stored in the answer under
    PAGE_KEY, else the first page with a missing field. Page 0 is always shown.
    """

    question: str
    passages: tuple[Passage, ...]
    message_fields: tuple[MessageField, ...] = ()
    modal_fields: tuple[Field, ...] = ()
    modal_label: str = ""
    better_response: BetterResponse | None = None
    close_passages: tuple[str, ...] = ()

    def page_for(self, value: Mapping[str, object]) -> int:
        """Return the page to show for an answer so far, 0 if the form has no pages."""
        pages = sorted({_page_of(field) for field in self.message_fields} - {0})
        if not pages:
            return 0
        incomplete = {_page_of(field) for field in self.missing_fields(value)}
        next_page = next((page for page in pages if page in incomplete), pages[-1])
        return next((page for page in pages if page == value.get(PAGE_KEY)), next_page)

    def message_fields_for(self, value: Mapping[str, object]) -> tuple[MessageField, ...]:
        """Return the message fields of the page to show."""
        page = self.page_for(value)
        return tuple(field for field in self.message_fields if _page_of(field) in (0, page))

    def passages_for(self, value: Mapping[str, object]) -> tuple[Passage, ...]:
        """Return the passages up to the page to show."""
        page = self.page_for(value)
        return tuple(passage for passage in self.passages if passage.page <= page)

    def better_response_for(self, value: Mapping[str, object]) -> BetterResponse | None:
        """Return the better response to offer after an answer, None if there is none to offer."""
        if self.better_response is None:
            return None
        field, option = self.better_response.trigger
        return self.better_response if value.get(field) == option else None

    def field(self, key: str) -> Field | None:
        """Return the field with this key, or None."""
        return next((field for field in self._all_fields() if field.key == key), None)

    def modal_fields_for(self, value: Mapping[str, object]) -> tuple[Field, ...]:
        """Return the modal fields that go with an answer so far."""
        options = [option for field in self.message_fields for option in options_of(field)]
        conditional_keys = {key for option in options for key in option.modal_field_keys}
        chosen_keys = {
            key for option in self._chosen_options(value) for key in option.modal_field_keys
        }
        return tuple(
            field
            for field in self.modal_fields
            if field.key not in conditional_keys or field.key in chosen_keys
        )

    def modal_label_for(self, value: Mapping[str, object]) -> str:
        """Return the label of the button that opens the modal for an answer so far."""
        labels = (option.modal_label for option in self._chosen_options(value))
        return next((label for label in labels if label), self.modal_label)

    def missing_fields(self, value: Mapping[str, object]) -> tuple[Field, ...]:
        """Return the required fields without an answer, in order."""
        fields = (*self.message_fields, *self.modal_fields_for(value))
        return tuple(field for field in fields if not (field.optional or is_answered(field, value)))

    def needs_modal(self, value: Mapping[str, object]) -> bool:
        """Return whether only modal fields are missing."""
        missing = self.missing_fields(value)
        return bool(missing) and not any(field in self.message_fields for field in missing)

    def _all_fields(self) -> Sequence[Field]:
        return (*self.message_fields, *self.modal_fields)

    def _chosen_options(self, value: Mapping[str, object]) -> Iterator[Option]:
        for field in self.message_fields:
            yield from (o for o in options_of(field) if o.value == value.get(field.key))


def _page_of(field: Field) -> int:
    return field.page if isinstance(field, ChoiceField | ScaleField) else 0


def options_of(field: Field) -> tuple[Option, ...]:
    """Return the options or points of a field, none for a text."""
    match field:
        case ChoiceField() | MultiChoiceField() | RankingField():
            return field.options
        case ScaleField():
            return field.points
        case TextField():
            return ()
        case _:
            assert_never(field)


def is_answered(field: Field, value: Mapping[str, object]) -> bool:
    """Return whether an answer includes a field; a ranking must include all options."""
    answer = value.get(field.key)
    if isinstance(field, RankingField):
        ranking = str(answer or "")
        return not has_open_tie(ranking) and len(ranks_of(ranking)) == len(field.options)
    return answer not in (None, "", [], ())
