"""Whom a task suits: a tag in common, a language they read, and nothing their skips taught."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.routing.suitability import (
    MIN_NOT_MY_FIELD_SKIPS,
    ExpertSkills,
    Fit,
    Topic,
    fit_of,
    skills_of,
    topic_of,
)

QUICK = settings(max_examples=60)

TAGS = ("law", "tax", "birds", "Chemistry ")
SOME = st.lists(st.sampled_from(TAGS), max_size=3, unique=True)
LANGUAGES = st.sampled_from([None, "de", "de-AT", "en", "pt_BR"])
TOPICS = st.builds(lambda tags, language: Topic(tuple(tags), language), SOME, LANGUAGES)


@QUICK
@given(domains=SOME, languages=st.lists(LANGUAGES.filter(bool)), topic=TOPICS)
def test_a_fit_names_what_both_said_and_nothing_else(
    domains: list[str], languages: list[str], topic: Topic
) -> None:
    found = fit_of(skills_of(domains, languages, []), topic)
    shared = set(topic.domains) & set(domains)
    suits = not topic.domains or not domains or bool(shared)
    reads = (
        not topic.language
        or not languages
        or topic.language[:2] in {language[:2] for language in languages}
    )
    assert (found is not None) == (suits and reads)
    if found:
        assert set(found.domains) == shared
        assert found.language == (topic.language if languages else None)


@QUICK
@given(domains=SOME, topic=TOPICS, skipped=st.lists(SOME, max_size=8))
def test_skips_only_ever_take_away(
    domains: list[str], topic: Topic, skipped: list[list[str]]
) -> None:
    before, after = (fit_of(skills_of(domains, [], each), topic) for each in ([], skipped))
    if after is not None:
        assert before is not None
        lessons = {tag: sum(tag in one for one in skipped) for tag in TAGS}
        assert all(lessons[tag] < MIN_NOT_MY_FIELD_SKIPS for tag in after.domains)


def test_a_domain_is_none_of_theirs_after_a_few_skips() -> None:
    few, enough = (
        skills_of([], [], [["law"]] * count)
        for count in (MIN_NOT_MY_FIELD_SKIPS - 1, MIN_NOT_MY_FIELD_SKIPS)
    )
    assert fit_of(few, Topic(("law",))) is not None
    assert fit_of(enough, Topic(("Law",))) is None
    assert fit_of(enough, Topic(("law", "tax"))) == Fit()
    assert fit_of(enough, Topic()) == Fit()


@pytest.mark.parametrize(
    ("item", "campaign", "told"),
    [
        (Topic(), Topic(("law",), "de"), Topic(("law",), "de")),
        (Topic(("tax",)), Topic(("law",), "de"), Topic(("tax",), "de")),
        (Topic(("tax",), "en"), Topic(("law",), "de"), Topic(("tax",), "en")),
    ],
)
def test_an_item_speaks_before_its_campaign(item: Topic, campaign: Topic, told: Topic) -> None:
    assert topic_of(item, campaign) == told


def test_small_letters_and_spaces_make_no_other_field() -> None:
    reader = ExpertSkills(frozenset({"family law"}), frozenset({"de"}))
    assert fit_of(reader, Topic((" Family  Law",), "DE_at")) == Fit((" Family  Law",), "DE_at")
