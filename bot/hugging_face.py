"""Datasets of the Hugging Face Hub: their Parquet files, downloaded over its HTTP API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import orjson

from bot.errors import BotError
from bot.url_download import PUBLIC_HTTPS, DownloadFailedError, UrlPolicy, download

HUB = "https://huggingface.co"

DATASET_PREFIX = "hf://datasets/"
DATASET_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")

MAX_SHARD_BYTES = 2_000_000_000
"""Largest Parquet file of a dataset. The Hub splits datasets into files of 500 MB at most."""

SHARD_TIMEOUT_SECONDS = 3_600

DEFAULT_CONFIG, DEFAULT_SPLIT = "default", "train"

UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404


class DatasetNotAvailableError(BotError):
    """The Hugging Face dataset “{name}” cannot be imported: {reason}."""


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """The dataset `name` (owner/name), and its config and split, None for the usual ones."""

    name: str
    config: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class HubAccess:
    """The address of the Hub and the token for it.

    An address that the operator names may be on a private network; only public ones otherwise.
    """

    endpoint: str = ""
    token: str = ""

    @property
    def policy(self) -> UrlPolicy:
        """Return the rules for downloads. The token is sent to the Hub, not to its storage."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        rules = replace(PUBLIC_HTTPS, headers=headers)
        if not self.endpoint:
            return rules
        return replace(rules, schemes=("https", "http"), is_allowed=lambda _address: True)

    @property
    def url(self) -> str:
        """Return the address without a slash at its end."""
        return (self.endpoint or HUB).rstrip("/")


def parse_dataset_name(text: str) -> str | None:
    """Return the id of a dataset in `hf://datasets/owner/name` or `owner/name`, None if none.

    Raises:
        DatasetNotAvailableError: an address with hf:// is not that of a dataset.
    """
    name = text.removeprefix(DATASET_PREFIX).rstrip("/")
    if DATASET_ID.fullmatch(name):
        return name
    if text.startswith("hf://"):
        reason = f"write {DATASET_PREFIX}OWNER/NAME, with --config and --split if it has several"
        raise DatasetNotAvailableError(name=text, reason=reason)
    return None


async def download_dataset(request: DatasetRequest, folder: Path, access: HubAccess) -> None:
    """Download the Parquet files of a split into a folder.

    Raises:
        DatasetNotAvailableError: there is no such dataset, config or split, or the token does not
            give access to it.
        DownloadFailedError: the Hub does not respond, or sends too much.
    """
    urls = _choose_files(request, await _list_files(request.name, access))
    policy = replace(
        access.policy, max_bytes=MAX_SHARD_BYTES, timeout_seconds=SHARD_TIMEOUT_SECONDS
    )
    for number, url in enumerate(urls):
        try:
            await download(url, folder / f"{number:04}.parquet", policy)
        except DownloadFailedError as error:
            raise _explain(error, request.name) from error


async def _list_files(name: str, access: HubAccess) -> Mapping[str, object]:
    """Return the addresses of the Parquet files of a dataset, by config and split."""
    url = f"{access.url}/api/datasets/{quote(name)}/parquet"
    with TemporaryDirectory(prefix="labelbot-dataset-") as folder:
        path = Path(folder) / "files.json"
        try:
            await download(url, path, access.policy)
            listing = orjson.loads(path.read_bytes())
        except DownloadFailedError as error:
            raise _explain(error, name) from error
        except orjson.JSONDecodeError as error:
            raise DatasetNotAvailableError(name=name, reason=_UNEXPECTED) from error
    if not isinstance(listing, dict) or not listing:
        raise DatasetNotAvailableError(name=name, reason=_NO_FILES)
    return listing


_NO_FILES = (
    "the Hub has no Parquet files of it; download it with the datasets library, save it as "
    "JSON Lines and import that file"
)
_UNEXPECTED = "the Hub sent something else than its list of files; check HF_ENDPOINT"


def _choose_files(request: DatasetRequest, listing: Mapping[str, object]) -> Sequence[str]:
    splits = _choose(request.name, "config", request.config, DEFAULT_CONFIG, listing)
    if not isinstance(splits, dict) or not splits:
        raise DatasetNotAvailableError(name=request.name, reason=_NO_FILES)
    urls = _choose(request.name, "split", request.split, DEFAULT_SPLIT, splits)
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise DatasetNotAvailableError(name=request.name, reason=_NO_FILES)
    return urls


def _choose(
    name: str, option: str, chosen: str | None, usual: str, available: Mapping[str, object]
) -> object:
    names = ", ".join(available)
    if chosen is None and len(available) == 1:
        return next(iter(available.values()))
    if chosen is None and usual not in available:
        reason = f"choose one of its {option}s with --{option}: {names}"
        raise DatasetNotAvailableError(name=name, reason=reason)
    key = chosen or usual
    if key not in available:
        reason = f"it has no {option} “{key}”, only {names}"
        raise DatasetNotAvailableError(name=name, reason=reason)
    return available[key]


def _explain(error: DownloadFailedError, name: str) -> BotError:
    """Return an error in the words of the Hub, another error unchanged."""
    reasons = {
        UNAUTHORIZED: "it does not exist or is not public; check its name, and set HF_TOKEN to a "
        "token that may read it",
        FORBIDDEN: f"it is gated; accept its terms at {HUB}/datasets/{name} and set HF_TOKEN to a "
        "token of the same account",
        NOT_FOUND: "it does not exist, or has no Parquet files; check its name",
    }
    status = error.details.get("status")
    if isinstance(status, int) and status in reasons:
        return DatasetNotAvailableError(name=name, reason=reasons[status])
    return error
