"""The child that reads workbooks and XML: a process with limits, one for many files, started when the first comes.

Belongs here: the child, what it may use, and asking it. Does not belong here: reading a format (`readers/`), which
files there are (`trial.py`), and the guard before a large package (`guard.py`).

Asked and answered by a line of JSON and so many bytes. If the child dies, its file is read again in a fresh one, so
that what is said of a file never hangs on the files before it; if that one dies too, the file is refused.
"""

from __future__ import annotations

import codecs
import json
import math
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from threading import Timer
from types import TracebackType
from typing import IO, Any

from pipelines.landing.guard import MEMORY, WALL_SECONDS
from pipelines.landing.readers.cells import MAX_TEXT, Asked, UnreadableError

CPU_SECONDS = 2
BYTES_A_SECOND = 10_000_000  # of the file, beyond that
MAX_ANSWER = 4 * MAX_TEXT  # bytes of UTF-8
TOO_DEAR = (
    "Filen för {} tar mer minne eller tid att läsa än en leverans får. Står något långt utanför tabellen? "
    "Spara tabellen ensam i en ny fil."
)
BROKEN = "Filen för {} går inte att läsa."


class Child:
    """Reads files one after another; a context, whose end ends the process, if there is one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def read(self, asked: Asked, content: bytes) -> str:
        """A file's text, header first. Raises UnreadableError."""
        fresh = self._process is None
        answer = self._answer(asked, content)
        if answer is None and not fresh:
            answer = self._answer(asked, content)
        if answer is None:
            raise UnreadableError(TOO_DEAR.format(asked.dataset))
        said, text = answer
        if said["detalj"] is not None:
            raise UnreadableError(said["detalj"], regel=said["regel"], rad_nr=said["rad_nr"], text=text.decode())
        return text.decode()

    def _answer(self, asked: Asked, content: bytes) -> tuple[dict[str, Any], bytes] | None:
        """What the child says, or None when it died; then it is gone."""
        process = self._process = self._process or _start()
        end = Timer(WALL_SECONDS, process.kill)
        end.start()
        try:
            return _exchange(process, {**asdict(asked), "size": len(content)}, content)
        except (OSError, ValueError, KeyError):  # it ended before it had taken in the file, or given its answer
            self._end()
            return None
        finally:
            end.cancel()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "pipelines.landing.child"]
    return subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _exchange(process: subprocess.Popen[bytes], head: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    ear, mouth = process.stdout, process.stdin
    if ear is None or mouth is None:
        raise ValueError
    _send(mouth, head, content)
    said = json.loads(ear.readline(MAX_TEXT))
    if not 0 <= said["size"] <= MAX_ANSWER:
        raise ValueError
    return said, _exactly(ear, said["size"])


def _send(mouth: IO[bytes], head: dict[str, Any], content: bytes) -> None:
    mouth.write(json.dumps(head).encode() + b"\n")
    mouth.write(content)
    mouth.flush()


def _exactly(ear: IO[bytes], size: int) -> bytes:
    content = ear.read(size)
    if len(content) != size:
        raise ValueError
    return content


# -- the child's own side ------------------------------------------------------------------------------------------


def _limit() -> None:
    """Memory of its own, no core dump (it would hold the file), no file opened or written from here on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _limit_time(size: int) -> None:
    """Processor time until the process is killed, counted from now."""
    seconds = math.ceil(time.process_time() + CPU_SECONDS + size / BYTES_A_SECOND)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _tried(asked: Asked, content: bytes) -> tuple[dict[str, Any], bytes]:
    from pipelines.landing.readers.xlsx import read_xlsx
    from pipelines.landing.readers.xml import read_xml

    said: dict[str, Any] = {"detalj": None, "regel": "GEN-01", "rad_nr": None}
    try:
        return said, {"xlsx": read_xlsx, "xml": read_xml}[asked.format](content, asked).encode()
    except UnreadableError as error:
        return {"detalj": str(error), "regel": error.regel, "rad_nr": error.rad_nr}, error.text.encode()
    except MemoryError:
        os._exit(1)
    except BaseException:  # a library's panic is no Exception
        return said | {"detalj": BROKEN.format(asked.dataset)}, b""


def _serve() -> None:
    """Answer until nobody asks. What is imported later than `_limit` cannot be: no file may be opened then."""
    from pipelines.landing.readers import xlsx, xml  # noqa: F401

    codecs.lookup("cp437")  # names in a zip that does not say UTF-8
    ear, mouth = sys.stdin.buffer, sys.stdout.buffer
    _limit()
    while line := ear.readline():
        head = json.loads(line)
        size = head.pop("size")
        content = ear.read(size)
        _limit_time(size)
        said, text = _tried(Asked(**head | {"columns": tuple(head["columns"])}), content)
        _send(mouth, said | {"size": len(text)}, text)


if __name__ == "__main__":
    _serve()
