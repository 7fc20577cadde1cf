"""Deliver exports to a dataset repository of the Hugging Face Hub, one commit per export.

A commit is complete or absent, and the repository shows the newest export with its card. A tag
with the name of each export loads earlier ones. A new repository is private.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils.tqdm import disable_progress_bars

from bot import __version__
from bot.destinations.errors import DeliveryError, shorten_reason
from bot.destinations.upload_files import PIECE_BYTES, UploadFile, upload_files
from bot.exports.dataset_card import CARD_FILE
from bot.exports.manifest import MANIFEST_FILE

DATASET = "dataset"

FILES_OF_EMPTY_REPOSITORIES = {".gitattributes", CARD_FILE}

TOKEN_STATUSES = (401, 403)

TRANSIENT_STATUSES = (408, 409, 412, 429)
"""Statuses below 500 after which another attempt can help: 412 means that a commit came between."""

TOKEN_REMEDY = "set HF_TOKEN to a token that may write to this repository"  # noqa: S105 - a remedy


def deliver(folder: Path, address: str) -> str:
    """Commit an export folder to the repository of an address; return the URL of the commit's tag.

    Raises:
        DeliveryError: the Hub cannot be reached, refuses it, did not store it, or the repository
            has files that are no export.
        OSError: a file of the folder cannot be read.
    """
    repository = address.removeprefix("hf://")
    files = upload_files(folder)
    with _explain_errors():
        upload = _HubUpload(repository)
        revision = upload.commit(files, folder.name)
        upload.check(files, revision)
        upload.tag(folder.name, revision)
        return f"{upload.url}/tree/{folder.name}"


class _HubUpload:
    """One repository of the Hub, for one upload."""

    def __init__(self, repository: str) -> None:
        """Create the repository if it does not exist; read which files it has."""
        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
        disable_progress_bars()
        self._api = HfApi(endpoint, library_name="labelbot", library_version=__version__)
        self._repository = repository
        self.url = f"{self._api.endpoint}/datasets/{repository}"
        self._api.create_repo(repository, repo_type=DATASET, private=True, exist_ok=True)
        info = self._api.dataset_info(repository)
        self._head = info.sha or ""
        self._names = {sibling.rfilename for sibling in info.siblings or ()}

    def commit(self, files: Sequence[UploadFile], export_name: str) -> str:
        """Commit the files unless the newest commit has them; return the commit."""
        if MANIFEST_FILE in self._names and not self._wrong_files(files[-1:], self._head):
            return self._head
        additions = [CommitOperationAdd(file.name, file.path) for file in files]
        deletions = [CommitOperationDelete(name) for name in self._outdated_names(files)]
        commit = self._api.create_commit(
            self._repository,
            [*additions, *deletions],
            commit_message=f"Export {export_name}",
            repo_type=DATASET,
            parent_commit=self._head or None,
        )
        return commit.oid

    def check(self, files: Sequence[UploadFile], revision: str) -> None:
        """Check that a commit has the files.

        Raises:
            DeliveryError: one is missing or different.
        """
        if wrong := self._wrong_files(files, revision):
            reason = f"the Hub reported success, but does not have {', '.join(wrong)} as uploaded"
            raise DeliveryError(reason)

    def tag(self, name: str, revision: str) -> None:
        """Name a commit after its export."""
        self._api.create_tag(
            self._repository, tag=name, revision=revision, repo_type=DATASET, exist_ok=True
        )

    def _wrong_files(self, files: Sequence[UploadFile], revision: str) -> list[str]:
        """Return the names of files that a commit does not have, or has with other content."""
        stored = self._api.get_paths_info(
            self._repository, [file.name for file in files], revision=revision, repo_type=DATASET
        )
        by_name = {file.path: file for file in stored if isinstance(file, RepoFile)}
        return [file.name for file in files if not _is_stored(file, by_name.get(file.name))]

    def _outdated_names(self, files: Sequence[UploadFile]) -> list[str]:
        """Return the files of the earlier export that the new one does not have.

        Raises:
            DeliveryError: the repository has files, but no export.
        """
        if MANIFEST_FILE not in self._names:
            if others := sorted(self._names - FILES_OF_EMPTY_REPOSITORIES):
                reason = (
                    f"the repository has {others[0]} and no export; nothing was replaced. Use "
                    "another repository"
                )
                raise DeliveryError(reason, is_permanent=True)
            return []
        new_names = {file.name for file in files}
        return sorted((self._earlier_names() & self._names) - new_names)

    def _earlier_names(self) -> set[str]:
        """Return the names of the data files that the manifest in the repository lists."""
        with TemporaryDirectory(prefix="labelbot-hub-") as folder:
            path = self._api.hf_hub_download(
                self._repository,
                MANIFEST_FILE,
                repo_type=DATASET,
                revision=self._head,
                local_dir=folder,
            )
            try:
                return {
                    str(file["name"]) for file in orjson.loads(Path(path).read_bytes())["files"]
                }
            except (orjson.JSONDecodeError, LookupError, TypeError):
                reason = f"the {MANIFEST_FILE} in the repository is not that of an export"
                raise DeliveryError(reason, is_permanent=True) from None


def _is_stored(file: UploadFile, stored: RepoFile | None) -> bool:
    """Return whether the Hub has a file: large files by SHA-256, others by their Git object id."""
    if stored is None or stored.size != file.size:
        return False
    if stored.lfs is not None:
        return stored.lfs.sha256 == file.sha256
    return stored.blob_id == _git_blob_id(file)


def _git_blob_id(file: UploadFile) -> str:
    digest = sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with file.path.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _explain_errors() -> Iterator[None]:
    """Convert the errors of the Hub's library."""
    try:
        yield
    except DeliveryError:
        raise
    except RepositoryNotFoundError as error:
        reason = f"the repository does not exist or is not yours; {TOKEN_REMEDY}"
        raise DeliveryError(reason, is_permanent=True) from error
    except HfHubHTTPError as error:
        raise _status_error(error) from error
    except HFValidationError as error:
        reason = f"the Hub does not allow this name ({error})"
        raise DeliveryError(reason, is_permanent=True) from error
    except OSError as error:
        if error.filename:
            raise  # a file of the export
        raise _connection_error(error) from error
    except Exception as error:
        raise _connection_error(error) from error


def _connection_error(error: Exception) -> DeliveryError:
    reason = f"the upload to the Hub failed ({type(error).__name__}: {error})"
    return DeliveryError(shorten_reason(reason))


def _status_error(error: HfHubHTTPError) -> DeliveryError:
    status = error.response.status_code
    if status in TOKEN_STATUSES:
        reason = f"the Hub does not allow this (status {status}); {TOKEN_REMEDY}"
        return DeliveryError(reason, is_permanent=True)
    is_permanent = status < 500 and status not in TRANSIENT_STATUSES  # noqa: PLR2004 - HTTP
    message = (error.server_message or "").strip()
    reason = f"the Hub answered with status {status}" + (f": {message}" if message else "")
    return DeliveryError(shorten_reason(reason), is_permanent=is_permanent)
