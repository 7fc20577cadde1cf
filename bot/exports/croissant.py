"""Croissant metadata of an export: files, checksums and typed fields as JSON-LD.

Croissant 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import orjson

from bot.exports.files.media_loader import MEDIA_TYPES
from bot.exports.formats.format import Column
from bot.exports.manifest import ExportDescription
from bot.exports.tables import TYPED_FILE, DataFile, WrittenTable

CROISSANT_FILE = "croissant.json"

Json: TypeAlias = dict[str, object]

CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives, so that names in the document have their meaning."""

DATA_TYPES = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "texts": "sc:Text",
    "integers": "sc:Integer",
    "numbers": "sc:Float",
    "images": "sc:ImageObject",
    "audio": "sc:AudioObject",
}

REPEATED_TYPES = ("messages", "texts", "integers", "numbers", *MEDIA_TYPES)

UNREADABLE_TYPES = ("conversations",)
"""Lists of lists of messages. mlcroissant 1.1 fails on all records of a file with such a field."""


def build_croissant(export: ExportDescription) -> bytes:
    """Return the metadata of the Parquet files of an export as JSON-LD."""
    details = export.details
    files = {file.name: file for file in export.files}
    sources = [
        (table, split.name, files[table.file_name(split, TYPED_FILE)])
        for table in export.tables
        if table.has_typed_file
        for split in table.spooled_rows.filled_splits
    ]
    return orjson.dumps(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": export.name,
            "description": f"Human labels of the campaign {export.metadata.get('campaign', '')}.",
            **({"license": list(details.licenses)} if details.licenses else {}),
            **({"inLanguage": list(details.languages)} if details.languages else {}),
            "distribution": [_file_object(file) for _table, _split, file in sources],
            "recordSet": [_record_set(*source) for source in sources],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def _file_object(file: DataFile) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file.sha256,
    }


def _record_set(table: WrittenTable, split: str, file: DataFile) -> Json:
    name = f"{table.config}-{split}"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table.format.description}; split {split}{_missing_columns(table)}",
        "field": [
            _field(name, column, file)
            for column in table.spooled_rows.columns
            if column.type not in UNREADABLE_TYPES
        ],
    }


def _missing_columns(table: WrittenTable) -> str:
    columns = table.spooled_rows.columns
    names = ", ".join(column.name for column in columns if column.type in UNREADABLE_TYPES)
    return f"; the file has more columns, of lists of lists: {names}" if names else ""


def _field(record_set: str, column: Column, file: DataFile) -> Json:
    """Return a column as a field; the keys of messages and scores are its subfields."""
    name = f"{record_set}/{column.name}"
    source: Json = {"fileObject": {"@id": file.name}, "extract": {"column": column.name}}
    repeated = {"repeated": True} if column.type in REPEATED_TYPES else {}
    common: Json = {
        "@type": "cr:Field",
        "@id": name,
        "name": name,
        "description": column.description,
        **repeated,
    }
    subfields = [_subfield(name, key, kind, source) for key, kind in _subfields_of(column)]
    if subfields:
        return {**common, "subField": subfields}
    data_type = DATA_TYPES.get(column.type, "sc:Text")
    if column.type in MEDIA_TYPES:
        source = {**source, "transform": {"jsonPath": "bytes"}}
    return {**common, "dataType": data_type, "source": source}


def _subfields_of(column: Column) -> Iterator[tuple[str, str]]:
    if column.type in ("message", "messages"):
        yield from ((key, "sc:Text") for key in ("role", "content", *column.message_keys))
    elif column.type == "scores":
        yield from ((criterion, "sc:Float") for criterion in column.criteria)


def _subfield(parent: str, key: str, data_type: str, source: Mapping[str, object]) -> Json:
    name = f"{parent}/{key}"
    return {
        "@type": "cr:Field",
        "@id": name,
        "name": name,
        "dataType": data_type,
        "source": {**source, "transform": {"jsonPath": key}},
    }
