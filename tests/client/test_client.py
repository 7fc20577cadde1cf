"""Tests of the Python client against a running API."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

import httpx
import pandas as pd
import pytest
from datasets import Dataset

from bot.api.rate_limit import RateLimit
from bot.client import (
    ApiProblemError,
    AsyncLabelbotClient,
    LabelbotClient,
    RequestFailedError,
    UnusableAddressError,
    UnusableKeyError,
    WaitTimeoutError,
)
from bot.client.attempts import result_of
from bot.client.methods.campaigns import CampaignMethods
from bot.client.problems import problem_of
from bot.client.retries import RetryPolicy
from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import NOW, pair

ADA = "U0ADA"
ROOT = Path(__file__).parents[2]


def never_sleep(_seconds: float) -> None:
    """Fail a test in which nothing should be repeated."""
    pytest.fail("the client waits")


def client_for(api: RunningApi, scope: KeyScope = KeyScope.ADMIN) -> LabelbotClient:
    """Return a client with a new key, to be closed with the other clients of the test."""
    client = LabelbotClient(api.url, api.create_key(scope), sleep=never_sleep)
    return api.clients.enter_context(client)


def test_rows_of_any_library_are_pushed_and_labels_read_back(api: RunningApi) -> None:
    client = client_for(api)
    client.create_campaign("tone", "comparison", overlap=1, experts=[ADA])
    seen: list[tuple[int, int | None]] = []
    progress = lambda done, total: seen.append((done, total))  # noqa: E731 - short
    assert client.push("tone", [pair(1)], progress=progress).added == 1
    assert client.push("tone", (pair(number) for number in (1, 2))).existing == 1
    assert client.push("tone", Dataset.from_list([pair(3)])).added == 1
    assert client.push("tone", pd.DataFrame([pair(4), {**pair(5), "domain": None}])).added == 2
    assert seen == [(1, 1)]
    with pytest.raises(WaitTimeoutError, match="0 of 5 answers"):
        client.wait("tone", timeout=0)
    api.scenario.answer_all(ADA, verdict="a")
    assert client.wait("tone", progress=progress).is_complete
    assert seen[-1] == (5, 5)
    labels = client.labels("tone")
    assert [one.item for one in labels] == [f"pair-{number}" for number in range(1, 6)]
    dataset, frame = client.dataset("tone"), client.frame("tone")
    assert set(dataset["winner"]) == set(frame["winner"]) <= {"left", "right"}
    assert [one.name for one in client.campaigns()] == ["tone"]
    assert [one.slack_id for one in client.experts("tone")] == [ADA]
    assert client.add_experts("tone", [ADA, "U0BOB"]).added == ["U0BOB"]
    assert client.campaign("tone").overlap == 1


def test_columns_are_detected_once_for_all_rows(api: RunningApi) -> None:
    client = client_for(api)
    client.create_campaign("tone", "comparison")
    rows = [*(pair(number) for number in range(1_000)), {"prompt": "alone"}]
    result = client.push("tone", rows, raise_on_error=False)
    assert (result.added, result.rejected) == (1_000, 1)
    assert [row.line for row in result.errors] == [1_001]


def test_later_versions_replace_earlier_ones(api: RunningApi) -> None:
    scenario, client = api.scenario, client_for(api, KeyScope.READ)
    scenario.create_campaign("tone", overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    scenario.answer_all(ADA, verdict="a")
    first = client.read_answers("tone")
    scenario.submit_answer(ADA, 1, verdict="tie")
    (change,) = client.read_answers("tone", first.cursor).answers
    assert (change.version, (change.label or {})["winner"]) == (2, "tie")
    assert [one.version for one in client.labels("tone")] == [2]


def test_refused_request_is_an_error_with_its_remedy(api: RunningApi) -> None:
    client = client_for(api)
    with pytest.raises(ApiProblemError, match="Unknown campaign") as caught:
        client.campaign("a b?#")
    assert (caught.value.status, caught.value.kind) == (404, "not-found")
    with pytest.raises(ApiProblemError) as caught:
        client.create_campaign("tone", "comparison", overlap="many")
    assert "body.overlap" in caught.value.errors
    proxy = httpx.Response(502, text="<html>Bad gateway</html>")
    assert problem_of(proxy).detail == "<html>Bad gateway</html>"
    proxy = httpx.Response(308, headers={"Location": "https://labels.example.org/"})
    assert "redirects to https://labels.example.org/; use" in problem_of(proxy).detail


def test_success_that_is_no_response_of_the_api_is_an_error() -> None:
    request = httpx.Request("GET", "https://example.org/api/v1/campaigns/tone?page=secret")
    page = httpx.Response(200, html="<h1>Sign in</h1>", request=request)
    with pytest.raises(ApiProblemError, match=r"answered with text/html.*check the address") as got:
        result_of(CampaignMethods.campaign(None, "tone"), page)
    assert "secret" not in str(got.value)


def test_client_waits_as_long_as_the_limit_says(api: RunningApi) -> None:
    api.context.rate_limit = RateLimit(6)
    waits: list[float] = []

    def lift_limit(seconds: float) -> None:
        waits.append(seconds)
        api.context.rate_limit = RateLimit(6)

    client = LabelbotClient(api.url, api.create_key(KeyScope.READ), sleep=lift_limit)
    with client:
        assert (list(client.campaigns()), list(client.campaigns())) == ([], [])
    assert len(waits) == 1
    assert 1 <= waits[0] <= 10


def test_client_gives_up_after_growing_pauses(api: RunningApi) -> None:
    waits: list[float] = []
    nowhere = api.url.rpartition(":")[0] + ":9"
    with (
        LabelbotClient(nowhere, "key", sleep=waits.append) as client,
        pytest.raises(RequestFailedError),
    ):
        client.campaign("tone")
    assert len(waits) == 5
    for number, seconds in enumerate(waits):
        assert 0.25 * 2**number <= seconds <= 0.5 * 2**number


def test_key_and_address_are_used_as_people_copy_them(api: RunningApi) -> None:
    key = api.create_key(KeyScope.READ)
    with LabelbotClient(f" {api.url}/api/v1/\n", f"{key}\n", sleep=never_sleep) as client:
        assert list(client.campaigns()) == []


@pytest.mark.parametrize("client", [LabelbotClient, AsyncLabelbotClient])
@pytest.mark.parametrize("key", [None, "", " ", "secret key", "secret\nkey", "secret-ké"])
def test_unusable_key_is_an_error_that_does_not_show_it(
    client: type[LabelbotClient | AsyncLabelbotClient], key: str | None
) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        client("http://127.0.0.1:9", key)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("client", [LabelbotClient, AsyncLabelbotClient])
@pytest.mark.parametrize(
    "address", [None, "", "127.0.0.1:8081", "ftp://host", "http://", "http://[::1"]
)
def test_unusable_address_is_an_error_at_once(
    client: type[LabelbotClient | AsyncLabelbotClient], address: str | None
) -> None:
    with pytest.raises(UnusableAddressError):
        client(address, "key")


@pytest.mark.parametrize("data", ["text", ["text"], {"prompt": "Q"}, [None]])
def test_rows_that_are_no_mappings_are_an_error_before_sending(data: Iterable[object]) -> None:
    nowhere = LabelbotClient("http://127.0.0.1:9", "key", sleep=never_sleep)
    with nowhere as client, pytest.raises(TypeError, match="a row must be a mapping"):
        client.push("tone", data)


def test_value_that_json_cannot_express_is_an_error_with_its_row() -> None:
    rows = [{"prompt": "Q"}, {"prompt": object()}]
    nowhere = LabelbotClient("http://127.0.0.1:9", "key", sleep=never_sleep)
    with nowhere as client, pytest.raises(TypeError, match="row 2 has a value"):
        client.push("tone", rows)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_other_errors_are_not_repeated(status: int) -> None:
    assert RetryPolicy().seconds_before(1, httpx.Response(status)) is None


async def test_asynchronous_client_does_the_same(api: RunningApi, tmp_path: Path) -> None:
    async def export(_seconds: float) -> None:
        """Let the bot export while the client waits."""
        await asyncio.to_thread(run.run_pending_exports, api.context.database, AdjustableClock(NOW))

    key = api.create_key(KeyScope.ADMIN)
    async with AsyncLabelbotClient(api.url, key, sleep=export) as client:
        await client.create_campaign("tone", "comparison", overlap=1, experts=[ADA])
        assert (await client.push("tone", [pair(1)])).added == 1
        with pytest.raises(WaitTimeoutError, match="“tone” has 0 of 1 answers"):
            await client.wait("tone", timeout=0)
        api.scenario.answer_all(ADA, verdict="a")
        assert (await client.wait("tone")).answered == 1
        assert [one.item for one in await client.labels("tone")] == ["pair-1"]
        dataset, frame = await client.dataset("tone"), await client.frame("tone")
        assert list(dataset["item"]) == list(frame["item"]) == ["pair-1"]
        assert [one.name async for one in client.campaigns()] == ["tone"]
        assert [one.slack_id async for one in client.experts("tone")] == [ADA]
        assert (await client.add_experts("tone", [ADA, "U0BOB"])).added == ["U0BOB"]
        number = (await client.start_export("tone")).id
        with pytest.raises(WaitTimeoutError, match="is queued"):
            await client.wait_for_export(number, timeout=0)
        assert (await client.wait_for_export(number)).state == "done"
        files = await client.download_export(number, tmp_path / "labels")
        assert (tmp_path / "labels" / "data.jsonl") in files
        assert all(path.stat().st_size for path in files)
        with pytest.raises(ApiProblemError):
            await client.campaign("jokes")


def _methods_of(client: type) -> dict[str, list[tuple[str, object]]]:
    """Return the parameters and their defaults of each public method."""
    return {
        name: [(one.name, one.default) for one in inspect.signature(method).parameters.values()]
        for name, method in vars(client).items()
        if not name.startswith("_")
    }


def test_both_clients_have_the_same_methods() -> None:
    assert _methods_of(AsyncLabelbotClient) == _methods_of(LabelbotClient)


CLIENT_PACKAGES = (
    *("httpx", "httpcore", "h11", "anyio", "idna", "certifi", "pydantic", "pydantic_core"),
    *("annotated_types", "typing_extensions", "typing_inspection"),
)
"""What `pip install httpx pydantic` installs."""


def _install_wheel(folder: Path, site_packages: Path) -> None:
    """Build the wheel, and install it as `pip install --no-deps` does."""
    build = ("hatchling", "build", "--target", "wheel", "--directory", folder)
    install = ("pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    source = ("--find-links", folder, "labelbot")
    for command in (build, (*install, "--target", site_packages, *source)):
        subprocess.run(  # noqa: S603 - fixed commands
            (sys.executable, "-m", *command), cwd=ROOT, capture_output=True, check=True
        )


@pytest.mark.slow
def test_client_runs_with_httpx_and_pydantic_alone(api: RunningApi, tmp_path: Path) -> None:
    api.scenario.create_campaign("tone")
    folder = tmp_path / "venv"
    venv.create(folder, symlinks=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    _install_wheel(tmp_path, site_packages)
    for package in CLIENT_PACKAGES:
        found = distribution(package)
        for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (site_packages / name).symlink_to(str(found.locate_file(name)))
    script = (
        "import sys; from bot.client import LabelbotClient\n"
        "with LabelbotClient(*sys.argv[1:]) as client:\n"
        "    print(client.push('tone', [{'prompt': 'Q', 'response_a': 'A', 'response_b': 'B'}]))\n"
        "print([name for name in sys.modules if name.startswith(('storage', 'bot.serv', 'sqla'))])"
    )
    command = (folder / "bin" / "python", "-I", "-c", script, api.url)
    done = subprocess.run(  # noqa: S603 - a fixed command
        (*command, api.create_key(KeyScope.ITEMS)), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("added=1 existing=0")
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("7", 7.0),
        ("9999", 300.0),
        ("Mon, 02 Mar 2026 09:00:09 GMT", 9.0),
        ("Mon, 02 Mar 2026 08:59:00 GMT", 0.0),
        ("soon", 0.0),
    ],
)
def test_client_waits_as_long_as_the_server_says(retry_after: str, seconds: float) -> None:
    policy = RetryPolicy(first_seconds=0.0)
    headers = {"Retry-After": retry_after, "Date": "Mon, 02 Mar 2026 09:00:00 GMT"}
    assert policy.seconds_before(1, httpx.Response(503, headers=headers)) == seconds
