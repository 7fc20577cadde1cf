"""Presets of reasons: their names in settings, in the form and in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.kinds.comparison import ComparisonSettings
from bot.kinds.reason_presets import REASON_PRESETS
from bot.slack.campaign_form.kind_settings import parse_kind_settings

COORDINATORS = Path(__file__).parents[2] / "docs" / "coordinators.md"


@pytest.mark.parametrize("name", REASON_PRESETS)
def test_name_of_a_preset_stands_for_its_reasons(name: str) -> None:
    for raw in (name, f" {name.title()} ", [name]):
        settings = ComparisonSettings.model_validate({"reason_categories": raw})
        assert tuple(one.label for one in settings.reason_categories) == REASON_PRESETS[name]
    entries = {"comparison_reason_categories": f"{name}\n"}
    entered = parse_kind_settings("comparison", entries, ComparisonSettings())
    assert ComparisonSettings.model_validate(entered) == settings
    stored = settings.model_dump(mode="json")
    assert ComparisonSettings.model_validate(stored) == settings


def test_other_names_are_refused_and_lists_are_reasons() -> None:
    with pytest.raises(ValidationError, match="the name of a preset: answers, code, jokes"):
        ComparisonSettings.model_validate({"reason_categories": "codes"})
    listed = ComparisonSettings.model_validate({"reason_categories": ["Code", "Jokes"]})
    assert [one.key for one in listed.reason_categories] == ["code", "jokes"]


def test_docs_name_every_preset() -> None:
    (row,) = re.findall(
        r"^\| `reason_categories`.*$", COORDINATORS.read_text("utf-8"), re.MULTILINE
    )
    assert set(re.findall(r'`"(\w+)"`', row)) == set(REASON_PRESETS)
