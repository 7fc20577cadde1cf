"""License and language of a dataset, given or imported."""

from __future__ import annotations

import pytest

from bot.exports.dataset_details import (
    InvalidLanguageError,
    InvalidLicenseError,
    imported_licenses,
    parse_languages,
    parse_licenses,
)
from bot.exports.row_options import RowOptions, parse_row_options


def test_licenses_and_languages_are_lists_with_commas() -> None:
    assert parse_licenses(" CC-BY-4.0, mit,mit") == ("cc-by-4.0", "mit")
    assert parse_languages("en, pt-BR") == ("en", "pt-br")
    assert (parse_licenses(""), parse_languages(" , ")) == ((), ())


@pytest.mark.parametrize("text", ["Creative Commons", "a\nb", "mit; drop", "x" * 90])
def test_invalid_license_is_refused(text: str) -> None:
    with pytest.raises(InvalidLicenseError, match="identifier of a license"):
        parse_licenses(text)


@pytest.mark.parametrize("text", ["English", "e", "en_US", "12"])
def test_invalid_language_is_refused(text: str) -> None:
    with pytest.raises(InvalidLanguageError, match="language code"):
        parse_languages(text)


def test_imported_licenses_count_if_all_are_identifiers() -> None:
    assert imported_licenses({"license": {"mit": 3}, "licence": {"CC0-1.0": 1}}) == (
        "cc0-1.0",
        "mit",
    )
    assert imported_licenses({"license": {"mit": 3, "see the web page": 1}}) == ()
    assert imported_licenses({"source": {"mit": 1}}) == ()


def test_options_of_the_card_are_stored_but_do_not_change_the_name() -> None:
    options = parse_row_options({"license": "mit", "language": "en,de", "ties": "keep"})
    assert parse_row_options(options.to_texts()) == options
    assert options.name_suffix == "-ties-keep"
    assert RowOptions().to_texts() == {}
