"""The demo: sample campaigns, a sandbox workspace with simulated users, and the bot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bot import samples
from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.demo_history import DURATION, create_history
from bot.exports.export_folder import ExportResult
from bot.imports.mapping import ColumnMapping
from bot.sandbox import NO_LIMITS, SLACK_LIMITS, Sandbox, SimulatedUser
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.campaigns import campaigns as campaign_records
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from bot.services.exports import claims, run
from bot.services.exports.claims import ClaimedExportRun
from bot.services.exports.export_request import ExportRequest
from bot.services.exports.supported_formats import usual_formats
from bot.services.imports import importer
from bot.services.imports.importer import ImportSource
from bot.services.reports import campaign_status
from bot.services.reports.campaign_status import CampaignStatus
from bot.settings import Settings
from bot.slack.app_manifest import build_manifest
from storage.database import Database
from storage.schema_upgrade import upgrade
from storage.worker_lock import WorkerLock

SAMPLES_DIR = Path(samples.__file__).parent

DAY_START = time(14, 30, tzinfo=UTC)
"""When the demo starts: afternoon in London, morning in New York, night in Tokyo."""


@dataclass(frozen=True, slots=True)
class SampleCampaign:
    """A campaign of the demo, with the file of its items."""

    name: str
    kind: str
    title: str
    items_path: Path
    columns: ColumnMapping = field(default_factory=ColumnMapping)


SAMPLE_CAMPAIGNS: dict[str, SampleCampaign] = {
    "comparison": SampleCampaign(
        "pairs", "comparison", "Better answers", SAMPLES_DIR / "pairs.jsonl"
    ),
    "rating": SampleCampaign("jokes", "rating", "Good jokes", SAMPLES_DIR / "jokes.jsonl"),
    "demonstration": SampleCampaign(
        "answers", "demonstration", "Ideal answers", SAMPLES_DIR / "prompts.jsonl"
    ),
    "ranking": SampleCampaign(
        "rankings", "ranking", "Best to worst", SAMPLES_DIR / "rankings.jsonl"
    ),
    "validation": SampleCampaign(
        "paraphrases", "validation", "Faithful paraphrases", SAMPLES_DIR / "paraphrases.jsonl"
    ),
    "curation": SampleCampaign(
        "examples", "curation", "Training examples", SAMPLES_DIR / "examples.jsonl"
    ),
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

GUIDE_STEPS = (
    "Answer the first task with a tap. Each of the next ones is of another kind.",
    "Select Undo on your answer, or ⋯ on a task to ask a question.",
    "Send /label next rankings, or pairs, jokes, answers, paraphrases, examples, to choose.",
    "Open the Home tab: your campaigns, your recent answers and your work.",
    "Act as Cora, the coordinator. A flag is waiting in her messages.",
    "As Cora, send /label status pairs: progress, agreement and the order of the models.",
    "As Cora, send /label review jokes, and decide a case on which two experts disagree.",
    "As Cora, send /label import jokes, and upload a CSV or JSON Lines file.",
    "As Cora, send /label export pairs: the dataset arrives as a file.",
    "Advance the clock to the next workday: the bot sends reminders.",
)
"""The suggestions under *Try this* on the sandbox page."""


@dataclass(frozen=True, slots=True)
class DemoConfig:
    """The setup of a demo. `has_rate_limits`: whether Slack's rate limits apply.

    `port` is the port of the sandbox, 0 for any free one. `has_history`: two experts have answered
    half of the items before the demo starts, and everyone gets tasks of each kind in turn.
    """

    database_url: str
    exports_dir: Path
    campaigns: Sequence[SampleCampaign]
    expert_count: int
    overlap: int
    uses_socket_mode: bool = True
    has_rate_limits: bool = True
    port: int = 0
    has_history: bool = False


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    database: Database
    clock: AdjustableClock
    experts: list[SimulatedUser]
    coordinator: SimulatedUser

    def statuses(self) -> list[CampaignStatus]:
        """Return the status of each campaign."""
        return self.database.read_now(campaign_status.list_statuses)

    def is_complete(self) -> bool:
        """Return whether every task has all its answers."""
        return all(status.answered >= status.wanted for status in self.statuses())

    def export(self, name: str, to: Path) -> list[ExportResult]:
        """Export a campaign into the folder `to`, in its usual format and as annotations."""
        campaign = self.database.read_now(campaign_records.campaign_by_name, name)
        actor = Actor("demo", COMMAND_LINE, self.clock.now())
        training_format, *_others, annotations = usual_formats(campaign.kind)
        requests = [ExportRequest(name, to) for name in (training_format, annotations)]
        with closing(WorkerLock(self.database.engine)) as worker:
            runs = (
                self.database.write_now(_begin_export, name, request, actor, worker.id)
                for request in requests
            )
            return [run.run_export(self.database, claimed, self.clock) for claimed in runs]


def _begin_export(
    session: Session, name: str, request: ExportRequest, actor: Actor, worker: str
) -> ClaimedExportRun:
    campaign = campaign_records.campaign_by_name(session, name)
    return claims.queue_and_claim(session, campaign, request, actor, worker)


def next_demo_start(now: datetime) -> datetime:
    """Return DAY_START on the day of `now` (timezone-aware), or on Monday if that is a weekend."""
    day = now
    while day.isoweekday() > 5:  # noqa: PLR2004 - Friday
        day += timedelta(days=1)
    return datetime.combine(day.date(), DAY_START)


@contextmanager
def run_demo(config: DemoConfig) -> Iterator[Demo]:
    """Create the campaigns, start the sandbox and the bot, and stop them at the end.

    Raises:
        BotError: the items cannot be imported.
        OSError: the port is taken.
    """
    clock = AdjustableClock(next_demo_start(datetime.now(UTC)))
    database = Database(config.database_url)
    upgrade(database.engine)
    limits = SLACK_LIMITS if config.has_rate_limits else NO_LIMITS
    with Sandbox(
        build_manifest(None), clock=clock, limits=limits, port=config.port, guide=GUIDE_STEPS
    ) as sandbox:
        experts = [_add_user(sandbox, user, "Expert") for user in EXPERTS[: config.expert_count]]
        coordinator = _add_user(sandbox, COORDINATOR, "Coordinator")
        bystander = _add_user(sandbox, BYSTANDER, "")
        sandbox.add_channel("general", members=[*experts, coordinator, bystander], bot=False)
        for sample in config.campaigns:
            _create_campaign(database, sample, config, experts, clock)
        for person, (_name, real_name, tz) in zip(experts, EXPERTS, strict=False):
            profile = Profile(real_name, tz)
            database.write_now(profiles.save_profile, person.id, profile, clock.now())
        if config.has_history:
            database.write_now(
                create_history,
                [sample.name for sample in config.campaigns],
                [expert.id for expert in experts],
                coordinator.id,
                clock.now(),
            )
        with (
            TemporaryDirectory(prefix="labelbot-imports-") as imports,
            BackgroundBot(_build_settings(config, sandbox, coordinator, imports), clock) as bot,
        ):
            if not config.uses_socket_mode:
                sandbox.use_http_delivery(bot.url)
            yield Demo(sandbox, database, clock, experts, coordinator)
    database.close()


def _add_user(sandbox: Sandbox, profile: tuple[str, str, str], title: str) -> SimulatedUser:
    name, real_name, tz = profile
    email = f"{name}@example.com"
    return sandbox.add_user(name, real_name=real_name, tz=tz, email=email, title=title)


def _create_campaign(
    database: Database,
    sample: SampleCampaign,
    config: DemoConfig,
    experts: list[SimulatedUser],
    clock: AdjustableClock,
) -> None:
    created_at = clock.now() - DURATION if config.has_history else clock.now()
    actor = Actor("demo", COMMAND_LINE, created_at)
    campaign = NewCampaign(
        name=sample.name,
        kind=sample.kind,
        title=sample.title,
        overlap=config.overlap,
        experts=[expert.id for expert in experts],
        sends_welcome=False,
    )
    database.write_now(campaign_records.create_campaign, campaign, actor)
    importer.import_file(
        database, ImportSource(sample.name, sample.items_path, sample.columns), actor
    )


def _build_settings(
    config: DemoConfig, sandbox: Sandbox, coordinator: SimulatedUser, imports_dir: str
) -> Settings:
    connection = (
        {"SLACK_APP_TOKEN": sandbox.app_token}
        if config.uses_socket_mode
        else {"SLACK_SIGNING_SECRET": sandbox.signing_secret, "SLACK_APP_TOKEN": None}
    )
    return Settings.model_validate(
        {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_API_URL": sandbox.api_url,
            "DATABASE_URL": config.database_url,
            "LABELBOT_COORDINATORS": coordinator.id,
            "LABELBOT_EXPORTS": config.exports_dir,
            "LABELBOT_IMPORTS": imports_dir,
            "LABELBOT_PORT": 0,
            "LABELBOT_TICK_SECONDS": 1,
            **connection,
        }
    )
