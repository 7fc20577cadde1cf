"""Which tasks suit an expert: shared domains, a language they read, and no unfamiliar domain."""

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
DOMAINS = st.lists(st.sampled_from(TAGS), max_size=3, unique=True)
LANGUAGES = st.sampled_from([None, "de", "de-AT", "en", "pt_BR"])
TOPICS = st.builds(lambda tags, language: Topic(tuple(tags), language), DOMAINS, LANGUAGES)


@QUICK
@given(domains=DOMAINS, languages=st.lists(LANGUAGES.filter(bool)), topic=TOPICS)
def test_fit_contains_shared_domains_and_language(
    domains: list[str], languages: list[str], topic: Topic
) -> None:
    fit = fit_of(skills_of(domains, languages, []), topic)
    shared = set(topic.domains) & set(domains)
    is_familiar = not topic.domains or not domains or bool(shared)
    can_read = (
        not topic.language
        or not languages
        or topic.language[:2] in {language[:2] for language in languages}
    )
    assert (fit is not None) == (is_familiar and can_read)
    if fit:
        assert set(fit.domains) == shared
        assert fit.language == (topic.language if languages else None)


@QUICK
@given(domains=DOMAINS, topic=TOPICS, skipped=st.lists(DOMAINS, max_size=8))
def test_skips_never_add_tasks(domains: list[str], topic: Topic, skipped: list[list[str]]) -> None:
    before, after = (fit_of(skills_of(domains, [], skips), topic) for skips in ([], skipped))
    if after is not None:
        assert before is not None
        skips = {tag: sum(tag in domains for domains in skipped) for tag in TAGS}
        assert all(skips[tag] < MIN_NOT_MY_FIELD_SKIPS for tag in after.domains)


def test_domain_is_unfamiliar_after_enough_skips() -> None:
    few, enough = (
        skills_of([], [], [["law"]] * count)
        for count in (MIN_NOT_MY_FIELD_SKIPS - 1, MIN_NOT_MY_FIELD_SKIPS)
    )
    assert fit_of(few, Topic(("law",))) is not None
    assert fit_of(enough, Topic(("Law",))) is None
    assert fit_of(enough, Topic(("law", "tax"))) == Fit()
    assert fit_of(enough, Topic()) == Fit()


@pytest.mark.parametrize(
    ("item", "campaign", "expected"),
    [
        (Topic(), Topic(("law",), "de"), Topic(("law",), "de")),
        (Topic(("tax",)), Topic(("law",), "de"), Topic(("tax",), "de")),
        (Topic(("tax",), "en"), Topic(("law",), "de"), Topic(("tax",), "en")),
    ],
)
def test_item_overrides_its_campaign(item: Topic, campaign: Topic, expected: Topic) -> None:
    assert topic_of(item, campaign) == expected


def test_domains_ignore_case_and_spaces() -> None:
    skills = ExpertSkills(frozenset({"family law"}), frozenset({"de"}))
    assert fit_of(skills, Topic((" Family  Law",), "DE_at")) == Fit((" Family  Law",), "DE_at")
