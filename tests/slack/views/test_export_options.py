"""The dialog that exports a campaign: every option has an input, and is read as it was entered."""

from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.errors import FieldsError
from bot.exports.formats import DATASET, FORMATS
from bot.exports.row_options import DEFAULT_OPTIONS, ROW_OPTIONS, parse_row_options
from bot.kinds import KINDS
from bot.sandbox.blockkit import check_view
from bot.services.exports.supported_formats import formats_for
from bot.slack.blockkit.types import ModalView
from bot.slack.views.export_options import ExportDialog, export_modal, parse_options
from tests.slack.conftest import as_yaml, objects_in, submitted_state

CHECKBOXES = ("source", "deduplicate", "evidence")

ENTERED: dict[str, object] = {
    "aggregate": "weighted",
    "min-agreement": "0.7",
    "source": ["unanimous", "majority"],
    "since": "last",
    "evidence": ["yes"],
    "ties": "keep",
    "both-bad": "drop",
    "gap": "0.5",
    "deduplicate": ["yes"],
    "split": "validation=0.05,test=0.1",
    "meta": "domain,source",
    "pseudonyms": "export",
    "redact": "email\nT-[0-9]+",
    "license": "cc-by-4.0",
    "language": "en,de",
}
TEXTS = {
    **ENTERED,
    "source": "unanimous,majority",
    "evidence": "opened",
    "deduplicate": "yes",
}
"""The same options as in a command."""

INVALID = {
    "min-agreement": "80",
    "since": "yesterday",
    "gap": "wide",
    "split": "test=2",
    "meta": ",",
    "redact": "(",
    "license": "cc by",
    "language": "Klingonish!",
}


def dialog(kind: str = "comparison", **entries: object) -> ModalView:
    """Return the dialog with all options and these entries."""
    known = formats_for(kind)
    return export_modal(ExportDialog(3, "Tone of voice", kind, known, entries, shows_options=True))


def short_dialog() -> ModalView:
    """Return the dialog as it opens."""
    known = formats_for("comparison")
    return export_modal(ExportDialog(3, "Tone of voice", "comparison", known))


def views() -> list[ModalView]:
    """Return the dialog as it opens, and with all options for every kind."""
    return [short_dialog(), *(dialog(kind) for kind in KINDS)]


def state_with(view: ModalView, entries: dict[str, object]) -> dict[str, Any]:
    """Return the state of a dialog in which these options were chosen or written."""
    state = submitted_state(view)
    for key, entry in entries.items():
        if key not in state:
            continue
        element = state[key][key]
        if element["type"] == "static_select":
            element["selected_option"] = {"value": entry}
        elif isinstance(entry, list):
            element["selected_options"] = [{"value": value} for value in entry]
        else:
            element["value"] = entry
    return state


def test_screens(snapshot: SnapshotAssertion) -> None:
    assert as_yaml([short_dialog(), dialog()]) == snapshot


@pytest.mark.parametrize("kind", KINDS)
def test_slack_accepts_the_dialog_of_every_kind(kind: str) -> None:
    assert check_view(dialog(kind, **ENTERED)) == []


@pytest.mark.parametrize(
    ("kind", "unsuitable"), [("comparison", {"gap"}), ("rating", {"ties", "both-bad"})]
)
def test_every_option_is_read_as_a_command_reads_it(kind: str, unsuitable: set[str]) -> None:
    expected = {name: str(text) for name, text in TEXTS.items() if name not in unsuitable}
    assert set(TEXTS) == set(ROW_OPTIONS)
    entered = state_with(dialog(kind), ENTERED)
    assert parse_options(entered) == parse_row_options(expected)
    assert parse_options(submitted_state(dialog(kind, **ENTERED))) == parse_row_options(expected)


def test_untouched_dialog_has_the_default_options() -> None:
    for view in views():
        assert parse_options(submitted_state(view)) == DEFAULT_OPTIONS


def test_each_invalid_option_is_reported_at_its_own_input() -> None:
    for kind in ("comparison", "rating"):
        view = dialog(kind)
        shown = {name for name in INVALID if name in submitted_state(view)}
        with pytest.raises(FieldsError) as raised:
            parse_options(state_with(view, dict(INVALID)))
        assert set(raised.value.fields) == shown


def test_descriptions_of_formats_are_not_cut() -> None:
    options = [part for part in objects_in(views()) if "description" in part]
    assert {option["value"] for option in options} == {*FORMATS, DATASET}
    assert [option for option in options if option["description"]["text"].endswith("…")] == []
