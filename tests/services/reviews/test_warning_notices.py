"""Notices about warnings: one for each dead end, until it has ended; and dismissals."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.imports.mapping import ColumnMapping
from bot.services.reports import overview
from bot.services.reviews import warning_notices
from bot.services.reviews.warning_notices import WarningGoneError
from storage.queries.experts import expert_by_slack_id
from storage.tables import OutboxMessage, WarningNotice
from tests.services.conftest import Scenario, pair

ADA, COORDINATOR = "U0ADA", "U0COOR"


@pytest.fixture
def tone(scenario: Scenario) -> Scenario:
    """Return a scenario with one expert, who reads English, and an item in French."""
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.database.write_now(set_languages, ["en"])
    columns = ColumnMapping(language=("language",))
    broken: dict[str, object] = {"id": "pair-2"}
    scenario.import_rows("tone", [pair(1, language="fr"), broken], columns=columns)
    return scenario


def set_languages(session: Session, languages: list[str]) -> None:
    """Set the languages of the expert."""
    expert = expert_by_slack_id(session, ADA)
    assert expert
    expert.languages = languages
    session.add(expert)


def report(scenario: Scenario) -> int:
    """Notify the coordinator; return of how many dead ends."""
    database, now = scenario.database, scenario.now
    has_work = database.read_now(warning_notices.has_changed_dead_ends, now)
    count = database.write_now(warning_notices.report_dead_ends, now, [COORDINATOR])
    assert has_work or not count
    return count


def test_dead_end_is_reported_once_until_it_has_ended(tone: Scenario) -> None:
    assert (report(tone), report(tone)) == (1, 0)
    (message,) = [row for row in tone.rows(OutboxMessage) if row.message_type == "campaign_warning"]
    assert message.recipient == COORDINATOR
    assert message.payload == {"campaign_id": 1, "key": "unassignable"}
    tone.database.write_now(set_languages, ["fr"])
    assert report(tone) == 0
    assert tone.rows(WarningNotice) == []
    tone.database.write_now(set_languages, ["en"])
    assert report(tone) == 1


def test_dismissed_warning_is_hidden_for_good(tone: Scenario) -> None:
    def keys() -> list[str]:
        (campaign,) = tone.database.read_now(overview.list_overviews, tone.now)
        return [warning.key for warning in campaign.warnings]

    (key,) = [key for key in keys() if key.startswith("import-")]
    dismiss = warning_notices.dismiss_warning
    tone.database.write_now(dismiss, 1, key, tone.actor)
    assert key not in keys()
    assert tone.audit_log()[-1][0] == "dismissed a warning"
    for wrong in (key, "unassignable", "import-99", ""):
        with pytest.raises(WarningGoneError):
            tone.database.write_now(dismiss, 1, wrong, tone.actor)
