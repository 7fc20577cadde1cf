"""A local Hugging Face Hub: repositories with commits, large files, tags and downloads."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import Any

from aiohttp import web

from tests.destinations.threaded_server import serve

TOKEN = "hf_test"  # noqa: S105 - of the local server


@dataclass
class Repository:
    """A dataset: its commits with all their files, oldest first, and its tags."""

    commits: list[tuple[str, dict[str, bytes]]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    is_private: bool = True

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the newest commit."""
        return self.commits[-1][1]

    def files_at(self, revision: str) -> dict[str, bytes] | None:
        """Return the files of a commit, tag or branch, None if there is none."""
        commit = self.tags.get(revision, revision)
        newest = self.commits[-1][0]
        return dict(self.commits).get(newest if commit == "main" else commit)

    def add_commit(self, message: str, files: dict[str, bytes]) -> str:
        """Add a commit; return its id."""
        oid = sha1(f"{len(self.commits)}{message}".encode(), usedforsecurity=False).hexdigest()
        self.commits.append((oid, files))
        self.messages.append(message)
        return oid


class HubServer:
    """The parts of the Hub that an upload uses. `forgets` names a file that it does not store."""

    def __init__(self) -> None:
        """Start without repositories."""
        self.repositories: dict[str, Repository] = {}
        self.failures: dict[str, list[int]] = {}
        self.forgets = ""
        self.url = ""
        self._objects: dict[str, bytes] = {}
        application = web.Application(client_max_size=100_000_000, middlewares=[self._check])
        dataset = "/api/datasets/{owner}/{name}"
        application.add_routes(
            [
                web.post("/api/repos/create", self._create),
                web.post("/api/validate-yaml", self._validate_card),
                web.get(dataset, self._info),
                web.get(f"{dataset}/revision/{{revision}}", self._info),
                web.post(f"{dataset}/preupload/{{revision}}", self._preupload),
                web.post(f"{dataset}/commit/{{revision}}", self._commit),
                web.post(f"{dataset}/paths-info/{{revision}}", self._paths_info),
                web.post(f"{dataset}/tag/{{revision}}", self._tag),
                web.post("/datasets/{owner}/{name}.git/info/lfs/objects/batch", self._lfs_batch),
                web.put("/lfs/{oid}", self._put_object),
                web.get("/datasets/{owner}/{name}/resolve/{revision}/{path:.*}", self._resolve),
            ]
        )
        self._application = application

    def serve(self) -> Any:  # noqa: ANN401 - a context manager
        """Serve on a free port; yield the URL."""
        return serve(self._application)

    @web.middleware
    async def _check(self, request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401 - aiohttp's
        step = request.path.split("/")[-2] if "/api/" in request.path else "files"
        step = "create" if request.path.endswith("create") else step
        if (
            request.headers.get("Authorization") != f"Bearer {TOKEN}"
            and "/lfs/" not in request.path
        ):
            return web.json_response({"error": "Invalid token"}, status=401)
        if statuses := self.failures.get(step):
            return web.json_response({"error": "out of order"}, status=statuses.pop(0))
        response: web.StreamResponse = await handler(request)
        return response

    def _repository(self, request: web.Request) -> Repository:
        name = f"{request.match_info['owner']}/{request.match_info['name']}"
        if name not in self.repositories:
            raise web.HTTPNotFound(headers={"X-Error-Code": "RepoNotFound"})
        return self.repositories[name]

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        name = f"{body['organization']}/{body['name']}"
        status = 409 if name in self.repositories else 200
        repository = self.repositories.setdefault(name, Repository())
        if not repository.commits:
            repository.is_private = body.get("visibility") == "private" or bool(body.get("private"))
            repository.add_commit("initial commit", {".gitattributes": b""})
        return web.json_response({"url": f"{self.url}/datasets/{name}"}, status=status)

    async def _validate_card(self, _request: web.Request) -> web.Response:
        return web.json_response({"errors": [], "warnings": []})

    async def _info(self, request: web.Request) -> web.Response:
        oid, files = self._repository(request).commits[-1]
        siblings = [{"rfilename": name} for name in sorted(files)]
        return web.json_response({"id": "x/y", "sha": oid, "siblings": siblings})

    async def _preupload(self, request: web.Request) -> web.Response:
        body = await request.json()
        files = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(".parquet") else "regular",
                "shouldIgnore": False,
            }
            for file in body["files"]
        ]
        return web.json_response({"files": files})

    async def _lfs_batch(self, request: web.Request) -> web.Response:
        body = await request.json()
        objects = [
            {
                **one,
                "actions": {"upload": {"href": f"{self.url}/lfs/{one['oid']}", "header": {}}},
            }
            for one in body["objects"]
        ]
        return web.json_response({"transfer": "basic", "objects": objects})

    async def _put_object(self, request: web.Request) -> web.Response:
        self._objects[request.match_info["oid"]] = await request.read()
        return web.Response()

    async def _commit(self, request: web.Request) -> web.Response:
        repository = self._repository(request)
        lines = [json.loads(line) for line in (await request.text()).splitlines()]
        header = lines[0]["value"]
        if header.get("parentCommit") not in (None, repository.commits[-1][0]):
            return web.json_response({"error": "A commit has happened since."}, status=412)
        files = dict(repository.files)
        for line in lines[1:]:
            self._apply(line["key"], line["value"], files)
        files.pop(self.forgets, None)
        oid = repository.add_commit(header["summary"], files)
        url = f"{self.url}/datasets/x/y/commit/{oid}"
        return web.json_response({"success": True, "commitOid": oid, "commitUrl": url})

    def _apply(self, key: str, value: dict[str, Any], files: dict[str, bytes]) -> None:
        if key == "file":
            files[value["path"]] = b64decode(value["content"])
        elif key == "lfsFile":
            files[value["path"]] = self._objects[value["oid"]]
        else:
            assert key == "deletedFile"
            del files[value["path"]]

    async def _paths_info(self, request: web.Request) -> web.Response:
        files = self._repository(request).files_at(request.match_info["revision"]) or {}
        body = await request.json() if request.content_type.endswith("json") else None
        paths = body["paths"] if body else (await request.post()).getall("paths")
        return web.json_response([_describe(str(one), files[one]) for one in paths if one in files])

    async def _tag(self, request: web.Request) -> web.Response:
        repository, body = self._repository(request), await request.json()
        status = 409 if body["tag"] in repository.tags else 200
        repository.tags.setdefault(body["tag"], request.match_info["revision"])
        return web.json_response({}, status=status)

    async def _resolve(self, request: web.Request) -> web.Response:
        revision = request.match_info["revision"]
        files = self._repository(request).files_at(revision) or {}
        content = files.get(request.match_info["path"])
        if content is None:
            raise web.HTTPNotFound(headers={"X-Error-Code": "EntryNotFound"})
        etag = f'"{sha256(content).hexdigest()}"'
        headers = {"ETag": etag, "X-Repo-Commit": revision, "Accept-Ranges": "bytes"}
        return web.Response(body=content, headers=headers)


def _describe(path: str, content: bytes) -> dict[str, Any]:
    blob = sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
    described: dict[str, Any] = {"type": "file", "path": path, "size": len(content), "oid": blob}
    if path.endswith(".parquet"):
        oid = sha256(content).hexdigest()
        described["lfs"] = {"oid": oid, "size": len(content), "pointerSize": 130}
    return described
