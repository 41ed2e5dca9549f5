"""Makes Rasa, TensorFlow and numpy silent and self-contained; to be called before any is imported."""

from __future__ import annotations

import logging
import os
import sys
import warnings

import structlog

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # its cache does not notice changed code; our models go by their own hash
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}

# OpenBLAS's helpers turn round idly between our small products: under load a third of an engine's
# processor time went into their `sched_yield`, and fitting takes 70 s with one thread, 76 s with two.
_UNLESS_SET = {"OPENBLAS_NUM_THREADS": "1"}


def be_quiet() -> None:
    """Turn off telemetry, caches, warnings and every log line that could quote a message.

    What remains goes to standard error, from WARNING upwards.
    """
    os.environ.update(_ENVIRONMENT)
    for name, value in _UNLESS_SET.items():
        os.environ.setdefault(name, value)
    warnings.simplefilter("ignore")
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("nlu").setLevel(logging.INFO)
    _silence_structured_logs()


def one_thread_for_matrices() -> None:
    """Let NumPy multiply on one thread: the products of a message are so small that waking others costs more.

    For a process that has imported NumPy before it could call `be_quiet`, which sees to it otherwise.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(1, user_api="blas")


def _silence_structured_logs() -> None:
    # Rasa's structured log lines carry texts and slots; unless configured, structlog prints all of them.
    structlog.configure(
        processors=[_event_name_only, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _event_name_only(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {"event": event.get("event", "")}
