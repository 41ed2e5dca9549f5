"""Text in, unit vectors out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from nlu.encoder.conversion import converted_encoder
from nlu.encoder.kept import KeptVectors
from nlu.encoder.processors import keep_elsewhere, threads_of_this_process

WIDTH = 384
MAXIMUM_TOKENS = 256
THREADS = 2
MANY = 64
"""Texts from which on all processors cut them into tokens; only training has so many."""

TOGETHER = 50
"""Of many texts, so many are handed to a thread at once."""

LONG = 32
"""Tokens from which on a single text is encoded quicker by two threads than by one."""

REMEMBERED_TEXTS = 2048
"""Texts whose vectors are kept: 3 MB."""

Vector = npt.NDArray[np.float32]


class Encoder:
    """Encodes texts with the converted model, on at most two threads.

    Few texts are remembered in memory, since a message is often read more than once in a turn.
    """

    def __init__(self, graph: str, tokenizer: str) -> None:
        """Load the model.

        Args:
            graph: Path of the ONNX graph.
            tokenizer: Path of the tokenizer's JSON.
        """
        self._session = _session(graph, 1)
        before = threads_of_this_process()
        self._of_long_texts = _session(graph, THREADS)
        self._threads_of_long_texts = threads_of_this_process() - before
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="encoder-beside")
        self._thread_beside = self._beside.submit(threading.get_native_id).result()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="encoder")
        self._tokenizer = Tokenizer.from_file(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAXIMUM_TOKENS)
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._kept: KeptVectors | None = None

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
        vector: Vector = self.encode_all([text])[0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> Vector:
        """Encode several texts, each as `encode` does.

        Returns:
            One row a text, in the given order.
        """
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        if len(texts) > MANY:
            return self._kept.encode_all(texts, self._many) if self._kept else self._many(texts)
        known = self._remembered_of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._few(self._tokens_of(new)), strict=True))
            self._remember(new, known)
        return np.stack([known[text] for text in texts])

    def keep(self, kept: KeptVectors) -> None:
        """Take the vectors of many texts from those that are kept, and put new ones there: for training."""
        self._kept = kept

    def _many(self, texts: Sequence[str]) -> Vector:
        tokens = self._tokens_of(texts)
        parts = [tokens[start : start + TOGETHER] for start in range(0, len(tokens), TOGETHER)]
        encoded = self._threads.map(lambda part: [self._run(ids) for ids in part], parts)
        return np.stack([vector for vectors in encoded for vector in vectors])

    def _remembered_of(self, texts: Sequence[str]) -> dict[str, Vector]:
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
            for text in known:
                self._remembered.move_to_end(text)
        return known

    def _remember(self, texts: Sequence[str], vectors: Mapping[str, Vector]) -> None:
        with self._lock:
            self._remembered.update((text, vectors[text]) for text in texts)
            while len(self._remembered) > REMEMBERED_TEXTS:
                self._remembered.popitem(last=False)

    def _few(self, tokens: Sequence[Sequence[int]]) -> list[Vector]:
        """Encode a few texts, half of their tokens on this thread and half on another.

        To share them out beforehand wakes one thread once; a queue would wake threads for each text.
        """
        if len(tokens) == 1:
            if len(tokens[0]) < LONG:
                return [self._run(tokens[0])]
            keep_elsewhere(self._threads_of_long_texts)
            return [_run(self._of_long_texts, tokens[0])]
        own, others = _halves(tokens)
        keep_elsewhere([self._thread_beside])
        encoded = self._beside.submit(lambda: [self._run(tokens[position]) for position in others])
        vectors = dict(zip(own, [self._run(tokens[position]) for position in own], strict=True))
        vectors.update(zip(others, encoded.result(), strict=True))
        return [vectors[position] for position in range(len(tokens))]

    def _tokens_of(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) > MANY:
            return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # To wake the tokenizer's threads for the clauses of a message takes longer than to cut them.
        return [self._tokenizer.encode(text).ids for text in texts]

    def _run(self, ids: Sequence[int]) -> Vector:
        return _run(self._session, ids)


def _halves(tokens: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """The positions of texts in two parts that take about as long."""
    parts: tuple[list[int], list[int]] = ([], [])
    sizes = [0, 0]
    for position in sorted(range(len(tokens)), key=lambda position: -len(tokens[position])):
        smaller = sizes.index(min(sizes))
        parts[smaller].append(position)
        sizes[smaller] += len(tokens[position])
    return parts


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
    # Threads that spin between the steps of a run need less time in all than those that are woken for each;
    # between runs they would starve the other processes of a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return this process's encoder, loaded the first time and converted if it never was."""
    files = converted_encoder()
    return Encoder(str(files.graph), str(files.tokenizer))
