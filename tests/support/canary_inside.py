"""What a file holds inside: the texts and bytes of containers and packed streams, layer by layer.

Belongs here: opening what hides its content, wherever in a file it begins, also when it was cut off. Does not belong
here: what is sought (`canary.py`). What cannot be opened, though it says that it is a container, raises Unreadable: a
search that passes it over in silence would say more than it knows.
"""

from __future__ import annotations

import base64
import bz2
import lzma
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

DEEPEST = 6
LARGEST = 400_000_000
STREAM = re.compile(
    rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|PK\x03\x04"
)
IN_BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:H4sI|eAE|eF4|eJ|eN|UEsDB|KLUv/|BCJNGA|Qlpo|/Td6WFo|iVBORw0KGgo)[A-Za-z0-9+/]{12,}"
)


class Unreadable(Exception):  # noqa: N818
    """A container that could not be opened, or one too deep or too large to go through."""


def layers(content: bytes, path: Path | None = None, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """(how it was found, bytes) of a content and of everything packed in it. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(f"more than {LARGEST} bytes")
    yield "", content
    for kind, inner in _opened(content, path):
        if depth == DEEPEST:
            raise Unreadable("too deep")
        for below, found in layers(inner, None, depth + 1):
            yield f"{kind}>{below}".strip(">"), found


def _opened(content: bytes, path: Path | None) -> Iterator[tuple[str, bytes]]:
    for start, (kind, opener) in CONTAINERS.items():
        if content.startswith(start):
            try:
                yield kind, opener(content, path)
            except (pa.ArrowException, OSError, sqlite3.Error, duckdb.Error, ValueError) as error:
                raise Unreadable(f"{kind}: {type(error).__name__}") from None
    if content[8:12] == b"DUCK":
        try:
            yield "duckdb", _of_duckdb(content, path)
        except duckdb.Error as error:
            raise Unreadable(f"duckdb: {type(error).__name__}") from None
    for at in STREAM.finditer(content):
        inner = _unpacked(content, at.start())
        if len(inner) >= 4:
            yield "stream", inner
    if not content[:64].isascii() and (inner := _inflated(content, 0, -15)):
        yield "deflate", inner
    for run in IN_BASE64.finditer(content):
        yield "base64", base64.b64decode(run[0][: len(run[0]) // 4 * 4])


# -- packed streams ------------------------------------------------------------------------------------------------


def _unpacked(content: bytes, start: int) -> bytes:
    """What a stream gives from its first byte until it ends or breaks."""
    head = content[start : start + 4]
    if head == b"PK\x03\x04":
        return _of_zip_member(content, start)
    if head[:1] in b"\x1f\x78":
        return _inflated(content, start, 47)
    if head[:3] == b"BZh":
        return _fed(bz2.BZ2Decompressor(), content, start)
    if head[:1] == b"\xfd":
        return _fed(lzma.LZMADecompressor(), content, start)
    return _of_arrow_codec(memoryview(content)[start:], "zstd" if head[:1] == b"\x28" else "lz4")


def _inflated(content: bytes, start: int, wbits: int) -> bytes:
    return _fed(zlib.decompressobj(wbits), content, start)


def _fed(stream: Any, content: bytes, start: int) -> bytes:
    """Fed piece by piece, first small ones: what came before the fault counts, and a false start costs little."""
    out, size, step = [], 0, 256
    while start < len(content) and not stream.eof:
        try:
            piece = stream.decompress(content[start : start + step])
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
            break
        out.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise Unreadable("a stream that swells")
        start, step = start + step, min(4 * step, 1 << 20)
    return b"".join(out)


def _of_arrow_codec(content: memoryview, codec: str) -> bytes:
    out = []
    try:
        with pa.input_stream(pa.BufferReader(pa.py_buffer(content)), compression=codec) as stream:
            while piece := stream.read(1 << 16):
                out.append(piece)
    except (pa.ArrowException, OSError):
        pass
    return b"".join(out)


def _of_zip_member(content: bytes, start: int) -> bytes:
    """By its own header, so that a zip without an end, or within another file, is read too."""
    method, names, extra = (int.from_bytes(content[start + i : start + i + 2], "little") for i in (8, 26, 28))
    body = start + 30 + names + extra
    if method == 8:
        return _inflated(content, body, -15)
    if method == 14:  # LZMA: two bytes of version, the length of the properties, five bytes of properties
        raw = {"id": lzma.FILTER_LZMA1, **_lzma_properties(content[body + 4 : body + 9])}
        return _fed(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[raw]), content, body + 9)
    return b""  # stored: its bytes are in plain sight, and other methods begin with a mark of their own


def _lzma_properties(five: bytes) -> dict[str, int]:
    rest, lc = divmod(five[0], 9) if five else (0, 3)
    return {"lc": lc, "lp": rest % 5, "pb": rest // 5, "dict_size": int.from_bytes(five[1:5], "little")}


# -- containers ----------------------------------------------------------------------------------------------------


def _of_table(table: pa.Table) -> bytes:
    return b"\n".join(_of_column(table.column(i)) for i in range(table.num_columns))


def _of_column(column: pa.ChunkedArray) -> bytes:
    """A column's distinct values, one per line."""
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return b"\n".join(v for v in column.to_pylist() if v is not None)
    if pa.types.is_nested(kind):
        return "\n".join(map(str, column.to_pylist())).encode("utf-8", "replace")
    values = pc.unique(column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column)
    texts = pc.fill_null(values.cast(pa.large_string()), "")
    return "\n".join(texts.to_pylist()).encode("utf-8", "replace")


def _of_parquet(content: bytes, _: Path | None) -> bytes:
    table = pq.read_table(pa.BufferReader(content))
    return _of_table(table) + b"\n" + str(table.schema.metadata).encode()


def _of_arrow_file(content: bytes, _: Path | None) -> bytes:
    return _of_table(pa.ipc.open_file(pa.BufferReader(content)).read_all())


def _of_arrow_stream(content: bytes, _: Path | None) -> bytes:
    return _of_table(pa.ipc.open_stream(pa.BufferReader(content)).read_all())


def _copied(content: bytes, path: Path | None, log: str, folder: str) -> Path:
    """A copy beside its write-ahead log, so that reading it changes nothing where it lies."""
    copy = Path(folder) / "kopia"
    copy.write_bytes(content)
    if path is not None and Path(f"{path}{log}").exists():
        shutil.copyfile(f"{path}{log}", f"{copy}{log}")
    return copy


def _of_sqlite(content: bytes, path: Path | None) -> bytes:
    parts: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(_copied(content, path, "-wal", folder))
        db.text_factory = bytes
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in db.execute(f'select * from "{table.decode()}"'):
                parts += [v if isinstance(v, bytes) else str(v).encode() for v in row]
        db.close()
    return b"\n".join(parts)


def _of_duckdb(content: bytes, path: Path | None) -> bytes:
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        source = path if path is not None and not Path(f"{path}.wal").exists() else None
        with duckdb.connect(str(source or _copied(content, path, ".wal", folder)), read_only=source is not None) as db:
            tables = db.execute(
                "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'"
            ).fetchall()
            for schema, table in tables:
                parts.append(_of_table(db.sql(f'select * from "{schema}"."{table}"').to_arrow_table()))
    return b"\n".join(parts)


CONTAINERS: dict[bytes, tuple[str, Callable[[bytes, Path | None], bytes]]] = {
    b"PAR1": ("parquet", _of_parquet),
    b"ARROW1": ("arrow", _of_arrow_file),
    b"\xff\xff\xff\xff": ("arrow", _of_arrow_stream),
    b"SQLite format 3\0": ("sqlite", _of_sqlite),
}
