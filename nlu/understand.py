"""Understands messages given on standard input, without a server.

    python -m nlu.understand --model PATH

Each input line is `{"text": "…", "offered": ["…"]}` (`offered` may be missing), each output line the
understanding of that text with its `entities`, or `{"error": "…"}` for a line that is none. Only results go
to standard output, and each line is flushed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, TextIO

from nlu.quiet import one_thread_for_matrices
from nlu.reader import ModelUnreadable, Reader


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.understand", description="Understand messages, one a line."
    )
    parser.add_argument("--model", type=Path, required=True, help="the archive that nlu.training printed")
    options = parser.parse_args(arguments)
    one_thread_for_matrices()
    try:
        reader = Reader.open(options.model)
    except ModelUnreadable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    answer_lines(reader, sys.stdin, sys.stdout)
    return 0


def answer_lines(reader: Reader, lines: TextIO, output: TextIO) -> None:
    """Answer every line as soon as it is read; blank lines are passed over."""
    for line in lines:
        if line.strip():
            output.write(json.dumps(_answer(reader, line), ensure_ascii=False) + "\n")
            output.flush()


def _answer(reader: Reader, line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
        text, offered = message["text"], message.get("offered") or ()
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError):
        return {"error": 'a line must be JSON such as {"text": "…", "offered": []}'}
    return reader.read(text, offered)


if __name__ == "__main__":
    sys.exit(main())
