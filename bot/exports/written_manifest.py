"""Reading the manifest of a written export, which is a file like any other: it is not trusted."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import BotError
from bot.exports.manifest import MANIFEST_FILE, MANIFEST_VERSION
from bot.kinds.media import MediaType
from bot.validation_messages import shorten


class MissingManifestError(BotError):
    """{path} is not an export: it has no manifest.json. Name the folder of an export."""


class InvalidManifestError(BotError):
    """{path} cannot be read as a manifest: {reason}. Use the manifest.json of an export."""


class NewerManifestError(BotError):
    """{path} has version {version}, which this labelbot does not know. Upgrade labelbot."""


class ManifestFile(BaseModel):
    """A file of an export; `rows` is None for a document."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    sha256: str
    rows: int | None = None

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
            message = f"“{shorten(name)}” is not the name of a file in the folder"
            raise ValueError(message)
        return name


class ManifestColumn(BaseModel):
    """A column of a table."""

    name: str
    type: str
    criteria: tuple[str, ...] = ()
    message_keys: tuple[str, ...] = ()


class ManifestTable(BaseModel):
    """A table of an export."""

    rows: int
    aggregate: str = ""
    columns: tuple[ManifestColumn, ...] = ()
    left_out: dict[str, int] = Field(default_factory=dict)


class ManifestQuery(BaseModel):
    """What was asked for; `pseudonyms_of` is the export to which pseudonyms belong alone.

    `prompt_media` and `response_media` are the types of media that items had.
    """

    campaign: str
    format: str
    options: dict[str, str] = Field(default_factory=dict)
    freeze: bool = False
    pseudonyms_of: int = 0
    prompt_media: tuple[MediaType, ...] = ()
    response_media: tuple[MediaType, ...] = ()


class EarlierRead(BaseModel):
    """The export after which this one begins."""

    snapshot: str


class ManifestRead(BaseModel):
    """What was read."""

    snapshot: str
    after: EarlierRead | None = None


class WrittenManifest(BaseModel):
    """The manifest of a written export; manifests of older versions lack what is None."""

    manifest_version: int
    labelbot_version: str
    name: str
    format: str
    rows: int
    files: tuple[ManifestFile, ...]
    aggregate: str = ""
    columns: tuple[ManifestColumn, ...] = ()
    left_out: dict[str, int] = Field(default_factory=dict)
    configs: dict[str, ManifestTable] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)
    query: ManifestQuery | None = None
    read: ManifestRead | None = None
    versions: dict[str, str] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not name or name in (".", "..") or "/" in name or "\\" in name:
            message = f"“{shorten(name)}” is not the name of a folder"
            raise ValueError(message)
        return name

    @property
    def tables(self) -> dict[str, ManifestTable]:
        """Return the tables by name of their configuration, "" for the only one."""
        only = ManifestTable(
            rows=self.rows,
            aggregate=self.aggregate,
            columns=self.columns,
            left_out=self.left_out,
        )
        return self.configs or {"": only}

    def files_of(self, config: str) -> list[ManifestFile]:
        """Return the data files of a table."""
        prefix = f"{config}/" if config else ""
        return [
            file for file in self.files if file.rows is not None and file.name.startswith(prefix)
        ]


def manifest_path_of(path: Path) -> Path:
    """Return the manifest that a path names: itself, or that in the folder.

    Raises:
        MissingManifestError: there is none.
    """
    manifest = path / MANIFEST_FILE if path.is_dir() else path
    if not manifest.is_file():
        raise MissingManifestError(path=path)
    return manifest


def read_manifest(path: Path) -> WrittenManifest:
    """Return the manifest of an export, from its path or that of its folder.

    Raises:
        MissingManifestError: there is none.
        InvalidManifestError: it is not a manifest.
        NewerManifestError: a newer version wrote it.
    """
    manifest = manifest_path_of(path)
    try:
        written = WrittenManifest.model_validate_json(manifest.read_bytes())
    except OSError as error:
        raise InvalidManifestError(path=manifest, reason=error.strerror or str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise InvalidManifestError(path=manifest, reason=reason) from None
    if written.manifest_version > MANIFEST_VERSION:
        raise NewerManifestError(path=manifest, version=written.manifest_version)
    return written
