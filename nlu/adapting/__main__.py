"""Adapts the encoder to the present examples.

    python -m nlu.adapting [--to FILE]

Takes about a quarter of an hour on two cores. How it goes is told on standard error; exit code 1 means that
the examples must be corrected, and says where. What comes of it (`data/encoder`) is part of the project:
every model after that is trained on the adapted encoder.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.encoder.adaptation import ADAPTATION
from nlu.home import PROJECT

if TYPE_CHECKING:  # TensorFlow takes seconds to import
    from nlu.adapting.lessons import Lesson


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.adapting", description="Adapt the encoder to the examples."
    )
    parser.add_argument("--to", type=Path, default=ADAPTATION, help="the file to write")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from nlu.adapting.lessons import lessons
    from nlu.encoder.package import EncoderUnavailable

    try:
        _adapt(lessons(PROJECT / "data"), options.to)
    except (EncoderUnavailable, OSError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _adapt(texts: list[Lesson], target: Path) -> None:
    from safetensors.numpy import load_file, save_file
    from tokenizers import Tokenizer

    from nlu.adapting.learning import adaptation
    from nlu.encoder.package import packaged_files

    started, busy = time.monotonic(), time.process_time()
    files = packaged_files()
    learned = adaptation(
        texts, load_file(str(files.weights)), Tokenizer.from_file(str(files.tokenizer)), _say
    )
    spent = {
        "texts": str(len(texts)),
        "seconds": f"{time.monotonic() - started:.0f}",
        "processor seconds": f"{time.process_time() - busy:.0f}",
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    save_file(learned, str(scratch), metadata=spent)
    scratch.replace(target)
    _say(f"{target}: learned from {spent['texts']} texts in {spent['seconds']} s")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
