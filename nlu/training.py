"""Trains the model of the present inputs, unless it is there already.

    python -m nlu.training [--force]

The last line on standard output is the model's path. Progress and mistakes go to standard error; exit code
1 means that the data must be corrected, and says where.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nlu.classification.text import normalised, remember_every_text
from nlu.corpus import read_corpus
from nlu.encoder.kept import KeptVectors
from nlu.evaluation.fitting import timed_fit
from nlu.fingerprint import model_path
from nlu.home import PROJECT, home
from nlu.quiet import be_quiet, one_thread_for_matrices

if TYPE_CHECKING:
    from nlu.encoder.session import Encoder

KEPT = "vectors.npz"
"""Beside the converted encoder: 106 MB for 68,000 texts."""

COLLECTED_AFTER = 100_000
"""New objects after which Python looks for garbage: Rasa copies hundreds of thousands that all live on, and
looking through them each time took 7 seconds of 80."""


class TrainingFailed(RuntimeError):
    """The data could not be trained on; the message says what to correct."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.training", description="Train the model if its inputs changed."
    )
    parser.add_argument("--force", action="store_true", help="train even if the model is there")
    options = parser.parse_args(arguments)
    target = model_path(PROJECT, home())
    try:
        if options.force or not target.is_file():
            train(PROJECT, target)
    except TrainingFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{target}\n")
    return 0


def train(root: Path, target: Path) -> None:
    """Train on the project's data and put the model in place in one step.

    Args:
        root: The project's folder.
        target: Where the model goes.

    Raises:
        TrainingFailed: If the data is not fit for training.
    """
    remember_every_text()
    examples, problems = read_corpus(root / "data" / "nlu")
    if problems:
        raise TrainingFailed("\n".join(str(problem) for problem in problems))
    sys.stderr.write(f"training on {len(examples)} examples\n")
    be_quiet()
    one_thread_for_matrices()
    gc.set_threshold(COLLECTED_AFTER)
    kept = KeptVectors(_convert_the_encoder().with_name(KEPT))
    encoder = _encoder_that_keeps(kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix="training-"))
    try:
        # Rasa prints its progress on standard output, which belongs to the model's path.
        with timed_fit(target, len(examples)), contextlib.redirect_stdout(sys.stderr):
            # Rasa is loaded meanwhile, and reads the examples.
            encoder.prepare([normalised(example.text) for example in examples])
            _train_with_rasa(root, scratch).replace(target)
            kept.write()
    finally:
        encoder.drop_what_was_prepared()
        shutil.rmtree(scratch, ignore_errors=True)


def _convert_the_encoder() -> Path:
    # Once and for all models: what a fit takes is recorded without it.
    from nlu.encoder.adaptation import AdaptationUnusable
    from nlu.encoder.conversion import converted_encoder
    from nlu.encoder.package import EncoderUnavailable

    try:
        return converted_encoder().graph
    except (AdaptationUnusable, EncoderUnavailable) as error:
        raise TrainingFailed(str(error)) from error


def _encoder_that_keeps(kept: KeptVectors) -> Encoder:
    from nlu.encoder.session import shared_encoder

    encoder = shared_encoder()
    encoder.keep(kept)
    return encoder


def _train_with_rasa(root: Path, scratch: Path) -> Path:
    from rasa.model_training import train as train_model
    from rasa.shared.exceptions import RasaException

    _hide_progress_bars()
    try:
        result = train_model(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
            output=str(scratch),
            force_training=True,
            fixed_model_name="model",
        )
    except RasaException as error:
        raise TrainingFailed(str(error)) from error
    if result.code != 0 or result.model is None:
        raise TrainingFailed("Rasa did not train a model; its messages are above.")
    return Path(result.model)


def _hide_progress_bars() -> None:
    import functools

    import tqdm

    tqdm.tqdm.__init__ = functools.partialmethod(tqdm.tqdm.__init__, disable=True)


if __name__ == "__main__":
    sys.exit(main())
