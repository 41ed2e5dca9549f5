"""Text in, unit vectors out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
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
TOKENS_AT_ONCE = 160
"""Tokens of one run, with those that fill up shorter texts: more of them take longer each."""

MANY = 64
"""Texts from which on all processors cut them into tokens, and each encodes batches of its own."""

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
        self._graph = graph
        self._session = _session(graph, THREADS)
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
        vector: Vector = self._run([self._tokenizer.encode(text).ids])[0]
        with self._lock:
            self._remembered[text] = vector
            if len(self._remembered) > REMEMBERED_TEXTS:
                self._remembered.popitem(last=False)
        return vector

    def encode_all(self, texts: Sequence[str]) -> Vector:
        """Encode many texts, short ones together.

        Returns:
            One row a text, in the given order.
        """
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        tokens = self._tokens_of(texts)
        batches = list(_batches([len(each) for each in tokens]))
        if len(texts) <= MANY:
            for batch in batches:
                vectors[batch] = self._run([tokens[index] for index in batch])
            return vectors
        # Batches side by side take a quarter less than two threads on each in turn; only training has many.
        alone = _session(self._graph, 1)
        with ThreadPoolExecutor(THREADS) as threads:
            read = threads.map(lambda batch: _run(alone, [tokens[index] for index in batch]), batches)
            for batch, found in zip(batches, read, strict=True):
                vectors[batch] = found
        return vectors

    def _tokens_of(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) > MANY:
            return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        # To wake the tokenizer's threads for the clauses of a message takes longer than to cut them.
        return [self._tokenizer.encode(text).ids for text in texts]

    def _run(self, texts: Sequence[Sequence[int]]) -> Vector:
        return _run(self._session, texts)


def _session(graph: str, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would starve the other processes of a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _run(session: onnxruntime.InferenceSession, texts: Sequence[Sequence[int]]) -> Vector:
    longest = max(len(ids) for ids in texts)
    tokens = np.zeros((len(texts), longest), dtype=np.int32)
    mask = np.zeros((len(texts), longest), dtype=np.int32)
    for row, ids in enumerate(texts):
        tokens[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    embedding: Vector = session.run(["embedding"], {"input_ids": tokens, "attention_mask": mask})[0]
    return embedding


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Put texts of about the same length together, by position."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[index] * (len(batch) + 1) > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return this process's encoder, loaded the first time and converted if it never was."""
    files = converted_encoder()
    return Encoder(str(files.graph), str(files.tokenizer))
