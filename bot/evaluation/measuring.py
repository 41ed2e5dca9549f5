"""A whole evaluation, step by step."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.masking import masking
from actions.wording import organisation
from bot.engine.reader import EngineReader
from bot.evaluation import baseline
from bot.evaluation.circumstances import circumstances
from bot.evaluation.engine import measure_engine, speed
from bot.evaluation.interfaces import Compared, Engine, Hiding, Labelled, Report, Scored
from bot.evaluation.reading import Prepared, ReaderEnded, hide, read_hidden, read_open
from bot.evaluation.scoring import is_right, score
from bot.paths import ENGINE_PYTHON
from bot.supervisor.layout import Layout, engine_environment
from bot.supervisor.parts import last_lines
from nlu.pseudonyms import Pseudonymiser

OURS = (str(ENGINE_PYTHON), "-m", "nlu.understand", "--model")


class MeasuringFailed(RuntimeError):
    """Something that was to be measured ended; the message says what, and where its log is."""


@dataclass(frozen=True)
class Evaluation:
    """What was found, and each line beside what was made of it."""

    report: Report
    scored: Sequence[Scored]


@dataclass(frozen=True)
class Evaluator:
    """Measures a model on labelled lines.

    Attributes:
        layout: of this instance; its engine may run while this measures, at other ports.
        model: the archive that is measured.
        say: told in one line what happens.
        epochs: how many the default pipeline is given.
    """

    layout: Layout
    model: Path
    say: Callable[[str], None]
    epochs: int = baseline.EPOCHS

    def evaluate(
        self, lines: Sequence[Labelled], source: Path, *, with_engine: bool, with_baseline: bool
    ) -> Evaluation:
        """Measure everything.

        Args:
            lines: the labelled lines.
            source: the file or folder they come from.
            with_engine: start an engine for what only a running one shows.
            with_baseline: compare with Rasa's default pipeline.

        Raises:
            MeasuringFailed: the reader ended.
            bot.evaluation.engine.EngineNotReady: the engine did not become ready.
            bot.evaluation.baseline.FitFailed: the default pipeline could not be fitted.
        """
        around = circumstances(lines, source, self.model)
        self.say(f"reading {len(lines)} lines…")
        prepared = hide(lines, Pseudonymiser(public=organisation().public_names, masking=masking()))
        hidden, opened = self._read((*OURS, str(self.model)), prepared, both=True)
        report = Report(
            circumstances=around,
            figures=score(hidden),
            reading=speed([one.read.seconds for one in hidden]),
            hiding=_hiding(prepared, hidden, opened),
            fit=baseline.fit_of(self.model),
            engine=self._engine(prepared) if with_engine else None,
            compared=self._compared(prepared) if with_baseline else None,
        )
        return Evaluation(report, hidden)

    def _read(
        self, command: Sequence[str], prepared: Sequence[Prepared], *, both: bool
    ) -> tuple[list[Scored], list[Scored]]:
        log = self._log("evaluate")
        try:
            with EngineReader(command, engine_environment(os.environ), log) as reader:
                reader.ask("Hello, this is read to warm up.")
                hidden = read_hidden(reader, prepared)
                return hidden, read_open(reader, prepared, hidden) if both else []
        except ReaderEnded:
            raise MeasuringFailed(
                f"what reads the messages ended. Its log, {log}, ends with:\n{last_lines(log)}"
            ) from None

    def _engine(self, prepared: Sequence[Prepared]) -> Engine:
        self.say("starting an engine…")
        url = f"http://127.0.0.1:{self.layout.ports['engine']}"
        texts = [one.hidden for one in prepared]
        return measure_engine(self.layout.engine(self.model), url, texts, self._log("evaluate-engine"))

    def _compared(self, prepared: Sequence[Prepared]) -> Compared:
        configuration = baseline.configuration_of(self.epochs)
        model = baseline.fitted(
            engine_environment(os.environ), self._log("baseline"), self.say, configuration
        )
        fit = baseline.fit_of(model)
        if fit is None:
            raise MeasuringFailed(f"there is no record of its fit beside {model}; remove it and try again")
        self.say("reading the same lines with Rasa's default pipeline…")
        hidden, _ = self._read((*baseline.PROGRAM, "read", str(model)), prepared, both=False)
        return Compared(score(hidden), fit, speed([one.read.seconds for one in hidden]), self.epochs)

    def _log(self, name: str) -> Path:
        return self.layout.home / "logs" / f"{name}.log"


def _hiding(prepared: Sequence[Prepared], hidden: Sequence[Scored], opened: Sequence[Scored]) -> Hiding:
    pairs = [(is_right(with_it), is_right(without)) for with_it, without in zip(hidden, opened, strict=True)]
    return Hiding(
        altered=sum(one.altered for one in prepared),
        accuracy_without=score(opened).accuracy,
        lost=sum(without and not with_it for with_it, without in pairs),
        gained=sum(with_it and not without for with_it, without in pairs),
        speed=speed([one.seconds for one in prepared]),
    )
