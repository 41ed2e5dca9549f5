"""Text in, unit vectors out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from nlu.encoder.conversion import converted_encoder

WIDTH = 384
MAXIMUM_TOKENS = 256
THREADS = 2
MANY = 64
"""Texts from which on all processors cut them into tokens; only training has so many."""

LONG = 64
"""Tokens from which on a text is encoded quicker by two threads than by one."""

REMEMBERED_TEXTS = 512

Vector = npt.NDArray[np.float32]


class Encoder:
    """Encodes texts with the converted model, on at most two threads.

    Single texts are remembered in memory, since a message is often read more than once in a turn.
    """

    def __init__(self, graph: str, tokenizer: str) -> None:
        """Load the model.

        Args:
            graph: Path of the ONNX graph.
            tokenizer: Path of the tokenizer's JSON.
        """
        self._session = _session(graph, 1)
        self._of_long_texts = _session(graph, THREADS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="encoder")
        self._tokenizer = Tokenizer.from_file(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAXIMUM_TOKENS)
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def words(self) -> frozenset[str]:
        """The words that the encoder knows whole: a dictionary of ordinary English."""
        return frozenset(
            token for token in self._tokenizer.get_vocab() if token.isalpha() and not token.startswith("##")
        )

    def encode(self, text: str) -> Vector:
        """Encode one text, read up to 256 tokens.

        Returns:
            A vector of 384 numbers and length 1.
        """
        with self._lock:
            remembered = self._remembered.get(text)
            if remembered is not None:
                self._remembered.move_to_end(text)
                return remembered
        ids = self._tokenizer.encode(text).ids
        vector = _run(self._session if len(ids) < LONG else self._of_long_texts, ids)
        with self._lock:
            self._remembered[text] = vector
            if len(self._remembered) > REMEMBERED_TEXTS:
                self._remembered.popitem(last=False)
        return vector

    def encode_all(self, texts: Sequence[str]) -> Vector:
        """Encode several texts, each as `encode` does.

        Returns:
            One row a text, in the given order.
        """
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack(list(self._threads.map(self._run, self._tokens_of(texts))))

    def _tokens_of(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) > MANY:
            return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # To wake the tokenizer's threads for the clauses of a message takes longer than to cut them.
        return [self._tokenizer.encode(text).ids for text in texts]

    def _run(self, ids: Sequence[int]) -> Vector:
        return _run(self._session, ids)


def _run(session: onnxruntime.InferenceSession, ids: Sequence[int]) -> Vector:
    # One text a run: the scale of the whole numbers goes by all that is in it, so that a text encoded beside
    # others has another vector than alone. Two cores are as quick with two texts as with batches.
    tokens = np.array([ids], dtype=np.int32)
    given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
    embedding: Vector = session.run(["embedding"], given)[0][0]
    return embedding


def _session(graph: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would starve the other processes of a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return this process's encoder, loaded the first time and converted if it never was."""
    files = converted_encoder()
    return Encoder(str(files.graph), str(files.tokenizer))
