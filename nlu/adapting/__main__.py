"""Adapts the encoder to the present examples, and learns to read letters with it.

    python -m nlu.adapting [--only encoder|letters]

The encoder takes about a quarter of an hour on two cores, the letters five minutes. How it goes is told on
standard error; exit code 1 means that the examples must be corrected, and says where. What comes of it
(`data/encoder`) is part of the project: every model after that is trained on the adapted encoder.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.encoder.adaptation import ADAPTATION
from nlu.home import PROJECT
from nlu.requests.letter_context import LETTERS

if TYPE_CHECKING:  # TensorFlow takes seconds to import
    from nlu.adapting.lessons import Lesson


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.adapting", description="Adapt the encoder to the examples."
    )
    parser.add_argument("--only", choices=("encoder", "letters"), help="one of the two: the other stays")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from nlu.adapting.lessons import lessons
    from nlu.encoder.package import EncoderUnavailable

    try:
        if options.only != "letters":
            _adapt(lessons(PROJECT / "data"), ADAPTATION)
        if options.only != "encoder":
            _learn_letters(LETTERS)
    except (EncoderUnavailable, OSError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _adapt(texts: list[Lesson], target: Path) -> None:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    from nlu.adapting.learning import adaptation
    from nlu.encoder.package import packaged_files

    with _timed() as spent:
        files = packaged_files()
        learned = adaptation(
            texts, load_file(str(files.weights)), Tokenizer.from_file(str(files.tokenizer)), _say
        )
    _write(target, learned, {"texts": str(len(texts)), **spent})


def _learn_letters(target: Path) -> None:
    import numpy as np

    from nlu.adapting.letter_learning import networks
    from nlu.adapting.letters import sequenced
    from nlu.encoder.conversion import encoder_hash
    from nlu.encoder.session import shared_encoder

    with _timed() as spent:
        letters, examples = sequenced(PROJECT / "data", shared_encoder())
        labels, learned = networks(letters, examples, _say)
    tensors = {name: np.stack([weights[name] for weights in learned]) for name in learned[0]}
    described = {"encoder": encoder_hash(), "labels": " ".join(labels), "texts": str(len(letters))}
    _write(target, tensors, described | spent)


@contextmanager
def _timed() -> Iterator[dict[str, str]]:
    """What the block took, known after it."""
    started, busy = time.monotonic(), time.process_time()
    spent: dict[str, str] = {}
    yield spent
    spent["seconds"] = f"{time.monotonic() - started:.0f}"
    spent["processor seconds"] = f"{time.process_time() - busy:.0f}"


def _write(target: Path, tensors: dict[str, Any], described: dict[str, str]) -> None:
    from safetensors.numpy import save_file

    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    save_file(tensors, str(scratch), metadata=described)
    scratch.replace(target)
    _say(f"{target}: learned from {described['texts']} texts in {described['seconds']} s")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
