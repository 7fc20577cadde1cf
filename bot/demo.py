"""The demo: sample campaigns, a pretend workspace, pretend experts, and the bot between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bot import samples
from bot.clock import TurnableClock
from bot.exports.writing import Written
from bot.hosting import HostedBot
from bot.imports.columns import Columns
from bot.sandbox import NO_LIMITS, SLACK_LIMITS, Person, Sandbox
from bot.services import campaigning, exporting, importing, reporting, scheduling
from bot.services.auditing import COMMAND_LINE
from bot.services.campaigning import NewCampaign
from bot.services.directing import By
from bot.services.importing import Source
from bot.services.reporting import CampaignStatus
from bot.services.scheduling import Claimed, Wanted
from bot.settings import Settings
from bot.slack.manifest import manifest
from storage.database import Database
from storage.upgrading import upgrade

SAMPLES = Path(samples.__file__).parent

BEGINS = time(14, 30, tzinfo=UTC)
"""When a demo day begins: afternoon in London, morning in New York, night in Tokyo."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A campaign to set up: what is asked, and the file its items come from."""

    name: str
    kind: str
    title: str
    items: Path
    columns: Columns = field(default_factory=Columns)


STOCKS: dict[str, Stock] = {
    "comparison": Stock("pairs", "comparison", "Better answers", SAMPLES / "pairs.jsonl"),
    "rating": Stock("jokes", "rating", "Good jokes", SAMPLES / "jokes.jsonl"),
    "demonstration": Stock("answers", "demonstration", "Ideal answers", SAMPLES / "prompts.jsonl"),
    "ranking": Stock("rankings", "ranking", "Best to worst", SAMPLES / "rankings.jsonl"),
    "validation": Stock(
        "paraphrases", "validation", "Said in other words", SAMPLES / "paraphrases.jsonl"
    ),
    "curation": Stock("examples", "curation", "Training examples", SAMPLES / "examples.jsonl"),
}
"""The sample campaigns, by kind."""

EXPERTS = (
    ("ada", "Ada Okafor", "Europe/London"),
    ("grace", "Grace Lindqvist", "America/New_York"),
    ("kenji", "Kenji Mori", "Asia/Tokyo"),
    ("noor", "Noor Haddad", "Europe/Berlin"),
    ("luz", "Luz Ferreira", "America/Sao_Paulo"),
    ("tomas", "Tomas Novak", "Europe/Prague"),
    ("mei", "Mei Tan", "Asia/Singapore"),
    ("aroha", "Aroha Ngata", "Pacific/Auckland"),
)
COORDINATOR = ("cora", "Cora Whitfield", "Europe/London")
BYSTANDER = ("bo", "Bo Andersen", "Europe/Copenhagen")

GUIDE = (
    "Answer the task you see: one or two taps.",
    "Undo it, or type /label status.",
    "Turn the clock to the next working morning, and a reminder comes.",
    "Be Cora and type /label export pairs.",
)
"""What a newcomer might try."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a demo is set up. `limits`: whether Slack's rate limits apply."""

    database_url: str
    exports: Path
    stocks: Sequence[Stock]
    experts: int
    overlap: int
    socket_mode: bool = True
    limits: bool = True
    port: int = 0


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    database: Database
    clock: TurnableClock
    experts: list[Person]
    coordinator: Person

    def statuses(self) -> list[CampaignStatus]:
        """Return how far each campaign is."""
        return self.database.read_now(reporting.statuses)

    def is_answered(self) -> bool:
        """Say whether every task has the answers it wants."""
        return all(status.answered >= status.wanted for status in self.statuses())

    def export(self, name: str, to: Path) -> list[Written]:
        """Export a campaign into the folder `to`, in every format that suits it."""
        campaign = self.database.read_now(campaigning.campaign_named, name)
        by = By("demo", COMMAND_LINE, self.clock.now())
        return [
            exporting.run_export(
                self.database,
                self.database.write_now(_begun, name, Wanted(shape, to), by),
                self.clock,
            )
            for shape in scheduling.formats_for(campaign.kind)
        ]


def _begun(session: Session, name: str, wanted: Wanted, by: By) -> Claimed:
    return scheduling.begin_export(session, campaigning.campaign_named(session, name), wanted, by)


def first_day(now: datetime) -> datetime:
    """Return the beginning of the next weekday's demo day, `now` (aware) if one is under way."""
    day = now
    while day.isoweekday() > 5:  # noqa: PLR2004 - Friday
        day += timedelta(days=1)
    return datetime.combine(day.date(), BEGINS)


@contextmanager
def running(plan: Plan) -> Iterator[Demo]:
    """Set up the campaigns, start the sandbox and the bot, and stop them in the end.

    Raises:
        BotError: the items cannot be imported.
        OSError: the port is taken.
    """
    clock = TurnableClock(first_day(datetime.now(UTC)))
    database = Database(plan.database_url)
    upgrade(database.engine)
    limits = SLACK_LIMITS if plan.limits else NO_LIMITS
    with Sandbox(
        manifest(None), clock=clock, limits=limits, port=plan.port, guide=GUIDE
    ) as sandbox:
        experts = [_joined(sandbox, who, "Expert") for who in EXPERTS[: plan.experts]]
        coordinator = _joined(sandbox, COORDINATOR, "Coordinator")
        bystander = _joined(sandbox, BYSTANDER, "")
        sandbox.channel("general", members=[*experts, coordinator, bystander], bot=False)
        for stock in plan.stocks:
            _stocked(database, stock, plan, experts, clock)
        with (
            TemporaryDirectory(prefix="labelbot-imports-") as imports,
            HostedBot(_settings(plan, sandbox, coordinator, imports), clock) as bot,
        ):
            if not plan.socket_mode:
                sandbox.deliver_to(bot.url)
            yield Demo(sandbox, database, clock, experts, coordinator)
    database.close()


def _joined(sandbox: Sandbox, who: tuple[str, str, str], title: str) -> Person:
    name, real_name, tz = who
    email = f"{name}@example.com"
    return sandbox.person(name, real_name=real_name, tz=tz, email=email, title=title)


def _stocked(
    database: Database, stock: Stock, plan: Plan, experts: list[Person], clock: TurnableClock
) -> None:
    by = By("demo", COMMAND_LINE, clock.now())
    wanted = NewCampaign(
        name=stock.name,
        kind=stock.kind,
        title=stock.title,
        overlap=plan.overlap,
        experts=[expert.id for expert in experts],
    )
    database.write_now(campaigning.create, wanted, by)
    importing.import_file(database, Source(stock.name, stock.items, stock.columns), by)


def _settings(plan: Plan, sandbox: Sandbox, coordinator: Person, imports: str) -> Settings:
    way_in = (
        {"SLACK_APP_TOKEN": sandbox.app_token}
        if plan.socket_mode
        else {"SLACK_SIGNING_SECRET": sandbox.signing_secret, "SLACK_APP_TOKEN": None}
    )
    return Settings.model_validate(
        {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": plan.database_url,
            "LABELBOT_COORDINATORS": coordinator.id,
            "LABELBOT_EXPORTS": plan.exports,
            "LABELBOT_IMPORTS": imports,
            "LABELBOT_PORT": 0,
            "LABELBOT_TICK_SECONDS": 1,
            **way_in,
        }
    )
