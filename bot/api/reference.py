"""The reference of the HTTP API as Markdown, from its OpenAPI document.

`make api-reference` writes it to docs/api-reference.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

HEADER = """# Reference of the HTTP API

This page is generated from the OpenAPI document, which `labelbot api --openapi` prints and
`GET /api/v1/openapi.json` returns; it has the types of all parameters, bodies and responses.
[HTTP API](api.md) explains how to use them. A scope includes the smaller ones: read, items, admin.
"""


def render_reference(document: Mapping[str, Any]) -> str:
    """Return the page: a table of routes for each tag, then the fields of the bodies and events."""
    parts = [HEADER, *_sections(document), *_bodies(document), *_events(document)]
    return "\n".join(parts)


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    operations = [
        (operation["tags"][0], method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    for tag in dict.fromkeys(tag for tag, *_rest in operations):
        yield f"## {tag.capitalize()}\n"
        yield "| request | scope | what it does |\n| --- | --- | --- |"
        for operation_tag, method, path, operation in operations:
            if operation_tag == tag:
                yield f"| `{method} {path}` | {_scope(operation)} | {_summary(operation)} |"
        yield ""


def _scope(operation: Mapping[str, Any]) -> str:
    return str(operation["security"][0]["HTTPBearer"][0])


def _summary(operation: Mapping[str, Any]) -> str:
    """Return the description in one line, with the parameters of the query."""
    text = " ".join(operation["description"].split())
    names = [f"`{one['name']}`" for one in operation.get("parameters", ()) if one["in"] == "query"]
    return f"{text} Parameters: {', '.join(names)}." if names else text


def _bodies(document: Mapping[str, Any]) -> Iterator[str]:
    yield "## Bodies\n"
    yield "| body | fields |\n| --- | --- |"
    for name, schema in document["components"]["schemas"].items():
        if schema.get("additionalProperties") is False:  # only bodies of requests
            required = schema.get("required", ())
            fields = [
                f"**`{field}`**" if field in required else f"`{field}`"
                for field in schema["properties"]
            ]
            text = " ".join(schema["description"].split())
            yield f"| {name} | {text} Fields, the necessary ones in bold: {', '.join(fields)}. |"
    yield ""


def _events(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the events of webhooks with the fields of their data."""
    schemas = document["components"]["schemas"]
    yield "## Events of webhooks\n"
    yield "| event | `data` |\n| --- | --- |"
    for name, methods in document["webhooks"].items():
        (operation,) = methods.values()
        content = operation["requestBody"]["content"]["application/json"]
        body = schemas[content["schema"]["$ref"].rpartition("/")[2]]
        data = schemas[body["properties"]["data"]["$ref"].rpartition("/")[2]]
        fields = ", ".join(f"`{field}`" for field in data["properties"])
        text = " ".join(operation["description"].split())
        yield f"| `{name}` | {text} Fields: {fields}. |"
    yield ""


def main() -> None:
    """Print the page."""
    from bot.api.app import openapi_document_of_routes  # noqa: PLC0415 - loads the whole API

    sys.stdout.write(render_reference(openapi_document_of_routes()))


if __name__ == "__main__":
    main()
