"""A canary that cannot sing is a defect: whatever hides a number, the search finds it, and nothing where there is none.

Belongs here: one planted number per way to write or pack it. Does not belong here: the product.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support.canary import UNREAD, WINDOW, leaks
from tests.support.delivery import number

SECRET = number(9, born="1961-03-07")
OTHER = number(3, born="1961-03-07")
KEY = bytes(range(7, 39))
TEN, DASHED = SECRET[2:], f"{SECRET[2:8]}-{SECRET[8:]}"
TEXT = f"före {SECRET} efter".encode()
NOISE = np.random.default_rng(1).bytes(3000)

WRITTEN: dict[str, bytes] = {
    "twelve digits": TEXT,
    "twelve digits among others": f"77{SECRET}77".encode(),
    "ten digits": f"nr={TEN}.".encode(),
    "ten digits with a dash": f"({DASHED})".encode(),
    "ten digits with a plus": f"{TEN[:6]}+{TEN[6:]}".encode(),
    "twelve digits with a dash": f"{SECRET[:8]}-{SECRET[8:]}".encode(),
    "a date and four digits": f"1961-03-07 {SECRET[8:]}".encode(),
    "a typographer's dash": f"{TEN[:6]}\u2013{TEN[6:]}".encode(),
    "split in two cells": f"x;{TEN[:6]};{TEN[6:]};y".encode(),
    "split in two texts of JSON": json.dumps([SECRET[:8], SECRET[8:]]).encode(),
    "split on two lines": f"{TEN[:6]}\r\n{TEN[6:]}".encode(),
    "a Python float": repr(float(SECRET)).encode(),
    "UTF-16": f"x{SECRET}".encode("utf-16"),
    "UTF-16, the other way round": DASHED.encode("utf-16-be"),
    "UTF-32": TEN.encode("utf-32"),
    "hex": b"xx" + TEXT.hex().encode(),
    "hex in capitals, ten digits": TEN.encode().hex().upper().encode(),
    "hex with blanks": TEN.encode().hex(" ").encode(),
    "base64": base64.b64encode(b"abcd" + SECRET.encode() + b"z"),
    "base64 of ten with a dash": base64.b64encode(b"ab" + DASHED.encode()),
    "base64 of UTF-16": base64.b64encode(f"a{SECRET}".encode("utf-16")),
    "JSON with escapes": b'{"a": "' + "".join(f"\\u{ord(c):04x}" for c in SECRET).encode() + b'"}',
    "percent": "".join(f"%{ord(c):02X}" for c in DASHED).encode(),
    "percent where it must": quote(f"{TEN[:6]}+{TEN[6:]}").encode(),
    "HTML entities": "".join(f"&#{ord(c)};" for c in TEN).encode(),
    "HTML with one entity": f"{TEN[:6]}&#45;{TEN[6:]}".encode(),
    "octal escapes": "".join(f"\\{ord(c):03o}" for c in SECRET).encode(),
    "hex escapes": "".join(f"\\x{ord(c):02x}" for c in SECRET).encode(),
    "a 64-bit integer": b"abc" + struct.pack("<q", int(SECRET)),
    "a 64-bit integer, big end first": b"abc" + struct.pack(">q", int(SECRET)),
    "ten digits as an integer": b"abc" + struct.pack("<q", int(TEN)),
    "ten digits as an integer, big end first": b"abc" + struct.pack(">q", int(TEN)),
    "a double": struct.pack("<d", int(SECRET)),
    "a pickled text": pickle.dumps({"a": [SECRET]}),
    "a pickled number": pickle.dumps([int(SECRET)]),
    "a pickled array": pickle.dumps(np.array([0, int(SECRET)])),
    "a text of msgpack": b"\x81\xa1a\xac" + SECRET.encode(),
    "a number of msgpack": b"\x81\xa1a\xcf" + struct.pack(">Q", int(SECRET)),
    "across the border between two windows": b"." * (WINDOW - 5) + SECRET.encode().hex().encode(),
}


def zipped(method: int, content: bytes = TEXT, name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def arrow_codec(codec: str) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as stream:
        stream.write(TEXT)
    return sink.getvalue().to_pybytes()


def parquet(codec: str, values: list[object] | pa.Array) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": values}), sink, compression=codec)
    return sink.getvalue().to_pybytes()


def parquet_metadata() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"a": TEXT}), sink)
    return sink.getvalue().to_pybytes()


def arrow(*, as_file: bool, codec: str | None) -> bytes:
    table, sink = pa.table({"a": [TEXT.decode()] * 500, "b": [int(SECRET)] * 500}), pa.BufferOutputStream()
    new = pa.ipc.new_file if as_file else pa.ipc.new_stream
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def png(kind: str) -> bytes:
    info, out = PngInfo(), io.BytesIO()
    if kind == "iTXt":
        info.add_itxt("a", TEXT.decode(), zip=True)
    else:
        info.add_text("a", TEXT.decode(), zip=kind == "zTXt")
    Image.new("L", (4, 4)).save(out, "png", pnginfo=info)
    return out.getvalue()


def deflated() -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(NOISE + TEXT) + stream.flush()


LONG = NOISE[:200] + 9 * TEXT + NOISE
PACKED: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(TEXT),
    "gzip that was cut off": lambda: gzip.compress(LONG)[:-900],
    "gzip with a broken end": lambda: gzip.compress(LONG)[:-900] + NOISE[:900],
    "two gzip files in one": lambda: gzip.compress(NOISE) + gzip.compress(TEXT),
    "zlib": lambda: zlib.compress(TEXT, 9),
    "zlib at lowest level": lambda: zlib.compress(NOISE + TEXT, 1),
    "zlib within a file": lambda: NOISE + zlib.compress(TEXT) + NOISE,
    "deflate without a header": deflated,
    "bz2": lambda: bz2.compress(TEXT),
    "xz": lambda: lzma.compress(TEXT),
    "zstd": lambda: arrow_codec("zstd"),
    "lz4": lambda: arrow_codec("lz4"),
    "zip": lambda: zipped(zipfile.ZIP_DEFLATED),
    "zip, stored": lambda: zipped(zipfile.ZIP_STORED),
    "zip, bz2": lambda: zipped(zipfile.ZIP_BZIP2),
    "zip, lzma": lambda: zipped(zipfile.ZIP_LZMA),
    "zip, as a name": lambda: zipped(zipfile.ZIP_DEFLATED, b"", f"{SECRET}.csv"),
    "zip without its end": lambda: zipped(zipfile.ZIP_DEFLATED)[:-60],
    "zip in zip in zip": lambda: zipped(8, zipped(8, zipped(8))),
    "gzip in zip": lambda: zipped(zipfile.ZIP_DEFLATED, gzip.compress(TEXT)),
    "base64 of gzip in JSON": lambda: json.dumps({"a": base64.b64encode(gzip.compress(TEXT)).decode()}).encode(),
    "base64 of zlib": lambda: base64.b64encode(zlib.compress(TEXT)),
    "integer in gzip": lambda: gzip.compress(struct.pack("<q", int(SECRET))),
    "UTF-16 in zip": lambda: zipped(8, SECRET.encode("utf-16")),
    "Parquet's own metadata": parquet_metadata,
    **{f"Parquet, {c}": lambda c=c: parquet(c, [TEXT.decode()] * 9) for c in ("none", "snappy", "gzip", "zstd", "lz4")},
    "Parquet, brotli": lambda: parquet("brotli", [TEXT.decode()] * 9),
    "Parquet, numbers": lambda: parquet("zstd", [int(SECRET)] * 9),
    "Parquet, lists": lambda: parquet("zstd", [[SECRET]] * 9),
    "Parquet, a packed blob": lambda: parquet("zstd", [zlib.compress(TEXT)] * 9),
    "Arrow file, zstd": lambda: arrow(as_file=True, codec="zstd"),
    "Arrow stream, lz4": lambda: arrow(as_file=False, codec="lz4"),
    "Arrow stream": lambda: arrow(as_file=False, codec=None),
    "a text of PNG": lambda: png("tEXt"),
    "a packed text of PNG": lambda: png("zTXt"),
    "an international text of PNG": lambda: png("iTXt"),
    "PNG in base64": lambda: b"src='data:image/png;base64," + base64.b64encode(png("zTXt")) + b"'",
}


def found_in(folder: Path) -> set[tuple[str, int]]:
    return {(Path(leak.file).name, leak.secret) for leak in leaks(folder, ["finns inte", OTHER, SECRET])}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_number_is_found_however_it_is_written(tmp_path: Path, how: str) -> None:
    (tmp_path / "a.bin").write_bytes(WRITTEN[how])
    assert found_in(tmp_path) == {("a.bin", 2)}


@pytest.mark.parametrize("how", PACKED)
def test_a_number_is_found_in_whatever_it_is_packed(tmp_path: Path, how: str) -> None:
    (tmp_path / "a.bin").write_bytes(PACKED[how]())
    assert found_in(tmp_path) == {("a.bin", 2)}


@pytest.mark.parametrize("spelled", [SECRET, TEN, DASHED])
def test_a_number_is_found_in_the_name_of_a_file_or_a_folder(tmp_path: Path, spelled: str) -> None:
    (tmp_path / f"kvittens_{spelled}.json").write_bytes(b"{}")
    (tmp_path / f"mapp {spelled}").mkdir()
    (tmp_path / f"mapp {spelled}" / "b.txt").write_bytes(b"")
    assert found_in(tmp_path) == {(f"kvittens_{spelled}.json", 2), ("b.txt", 2)}


def test_sqlite_is_read_with_what_its_log_and_its_journal_hold(tmp_path: Path) -> None:
    def store(name: str, mode: str, value: object) -> sqlite3.Connection:
        db = sqlite3.connect(tmp_path / name, isolation_level=None)
        db.execute(f"pragma journal_mode={mode}")
        db.execute("create table t (a)")
        db.execute("insert into t values (?)", [value])
        return db

    waiting = [store("wal_tal.sqlite", "wal", int(SECRET)), store("wal_text.sqlite", "wal", SECRET)]
    store("tal.sqlite", "delete", int(SECRET)).close()
    store("packad.sqlite", "delete", zlib.compress(TEXT)).close()
    changed = store("journal.sqlite", "delete", TEXT)
    changed.execute("begin")
    changed.execute("pragma cache_size=1")
    changed.execute("update t set a = zeroblob(90000)")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found = {name for name, secret in found_in(tmp_path) if secret == 2}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before, "the search changed something"
    assert {"tal.sqlite", "packad.sqlite", "wal_tal.sqlite", "wal_text.sqlite"} <= found
    assert {"wal_tal.sqlite-wal", "wal_text.sqlite-wal", "journal.sqlite-journal"} <= found
    for db in [*waiting, changed]:
        db.close()


def test_duckdb_is_read_with_what_its_log_holds(tmp_path: Path) -> None:
    for name, value in (("tal", int(SECRET)), ("text", SECRET), ("blob", zlib.compress(TEXT))):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as db:
            db.execute("create schema s")
            db.execute("create table s.t as select $1 as a from range(3)", [value])
    waiting = duckdb.connect(str(tmp_path / "wal.duckdb"))
    waiting.execute("create table t as select cast(? as bigint) as a", [int(OTHER)])
    waiting.execute("checkpoint")
    waiting.execute("insert into t values (?)", [int(SECRET)])
    snapshot = tmp_path / "kopia"
    snapshot.mkdir()
    for path in tmp_path.glob("wal.duckdb*"):
        (snapshot / path.name).write_bytes(path.read_bytes())
    waiting.close()
    found = found_in(tmp_path)
    assert {("tal.duckdb", 2), ("text.duckdb", 2), ("blob.duckdb", 2), ("wal.duckdb", 1)} <= found
    assert {("wal.duckdb", 2), ("wal.duckdb.wal", 2)} <= {
        (Path(leak.file).name, leak.secret) for leak in leaks(snapshot, ["finns inte", OTHER, SECRET])
    }


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda b: b.hex().encode(), base64.b64encode])
def test_a_key_is_found_as_bytes_and_as_text(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a").write_bytes(pack(b"x" + KEY))
    assert [leak.secret for leak in leaks(tmp_path, [OTHER, KEY])] == [1]


def test_what_is_no_secret_gives_no_alarm(tmp_path: Path) -> None:
    near = [str(int(SECRET) + 1), f"{TEN[:6]};{TEN[7:]}", f"12{TEN}"[:-1], f"3{TEN}", f"{SECRET[:8]};{SECRET[8:11]}"]
    (tmp_path / "a.txt").write_text("\n".join([*near, OTHER[::-1]]))
    (tmp_path / "a.bin").write_bytes(NOISE * 500)
    (tmp_path / "a.gz").write_bytes(gzip.compress(repr(near).encode()))
    assert leaks(tmp_path, [SECRET, KEY]) == []


def test_a_container_that_cannot_be_opened_is_said_and_not_passed_over(tmp_path: Path) -> None:
    whole = PACKED["Parquet, zstd"]()
    (tmp_path / "halv.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "halv.sqlite").write_bytes(b"SQLite format 3\0" + NOISE)
    (tmp_path / "halv.duckdb").write_bytes(b"\0" * 8 + b"DUCK" + NOISE)
    deep = TEXT
    for _ in range(9):
        deep = gzip.compress(b" " * 5000 + deep)
    (tmp_path / "djup.gz").write_bytes(deep)
    assert {(p.name, UNREAD) for p in tmp_path.iterdir()} <= found_in(tmp_path)


def test_only_the_inbox_and_the_key_file_are_left_out(tmp_path: Path) -> None:
    for name in ("inbox/a", "archive/a", "quarantine/a", "nycklar/nyckel", "x/inbox/a", "b"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(TEXT)
    also = tmp_path / "x"
    found = leaks(tmp_path, [SECRET], also=[also], key_file=tmp_path / "nycklar" / "nyckel")
    assert {str(Path(leak.file).relative_to(tmp_path)) for leak in found} == {
        "archive/a",
        "quarantine/a",
        "x/inbox/a",
        "b",
    }
