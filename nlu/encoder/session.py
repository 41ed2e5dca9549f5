"""Text in, unit vectors out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from nlu.encoder.ahead import EncodedAhead
from nlu.encoder.beside import shared_thread
from nlu.encoder.conversion import ConvertedEncoder, converted_encoder
from nlu.encoder.kept import KeptVectors
from nlu.encoder.processors import keep_elsewhere, threads_of_this_process

WIDTH = 384
MAXIMUM_TOKENS = 256
THREADS = 2
MANY = 64
"""Texts from which on they are encoded in parts; only training has so many."""

LONG = 32
"""Tokens from which on a single text is encoded quicker by two threads than by one."""

MEANWHILE = 0.15
"""What share of the tokens of texts could be encoded while who began with them does something else: of none,
15 and 30 % the one with which letters were read soonest."""

REMEMBERED_TEXTS = 2048
"""Texts whose vectors are kept: 3 MB."""

Vector = npt.NDArray[np.float32]
Tokens = Sequence[int]


@dataclass(frozen=True)
class _Begun:
    """Texts of which some are being encoded on the thread beside.

    Attributes:
        beside: Those.
        vectors: Their vectors, one row each, when they are done.
        left: The tokens of the others.
    """

    beside: Sequence[str]
    vectors: Future[Vector]
    left: Mapping[str, Tokens]


class Encoder:
    """Encodes texts with the converted model, on at most two threads.

    Few texts are remembered in memory, since a message is often read more than once in a turn.
    """

    def __init__(self, files: ConvertedEncoder) -> None:
        """Load the model.

        Args:
            files: Its graphs, and its tokenizer.
        """
        self._session = _session(files.several, 1)
        before = threads_of_this_process()
        self._of_long_texts = _session(files.graph, THREADS)
        self._threads_of_long_texts = threads_of_this_process() - before
        self._beside = shared_thread()
        self._ahead = EncodedAhead(lambda texts: self._in_turn(self._tokens_of(texts)), THREADS)
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAXIMUM_TOKENS)
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._begun: _Begun | None = None
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
            many = self._ahead.take
            return self._kept.encode_all(texts, many) if self._kept else many(texts)
        known = self._remembered_of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(self._few(new))
            self._remember(new, known)
        return np.stack([known[text] for text in texts])

    def begin(self, texts: Sequence[str]) -> None:
        """Begin to encode a few texts while this thread does something else.

        The rest of them is encoded by the thread that asks `encode_all` for them. Where more are begun with
        before that, the last count.

        Args:
            texts: Several; a single one would only change the thread.
        """
        known = self._remembered_of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if not 1 < len(new) <= MANY:
            return
        begun = self._shared_out(new, MEANWHILE)
        with self._lock:
            self._begun = begun

    def keep(self, kept: KeptVectors) -> None:
        """Take the vectors of many texts from those that are kept, and put new ones there: for training."""
        self._kept = kept

    def prepare(self, texts: Sequence[str]) -> None:
        """Begin to encode what a training will ask for: many texts, set after set.

        Args:
            texts: In the order in which they will be needed.
        """
        self._ahead.begin(self._kept.lacking(texts) if self._kept else texts)

    def drop_what_was_prepared(self) -> None:
        """Encode nothing more that nobody has asked for: a training that fails ends at once."""
        self._ahead.drop()

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

    def _few(self, texts: Sequence[str]) -> dict[str, Vector]:
        with self._lock:
            begun, self._begun = self._begun, None
        if begun is None or not set(begun.beside) <= set(texts):
            if len(texts) == 1:
                return {texts[0]: self._single(texts[0])}
            begun = self._shared_out(texts)
        others = [text for text in texts if text not in begun.beside]
        tokens = [begun.left.get(text) or self._tokens_of([text])[0] for text in others]
        vectors = dict(zip(others, self._in_turn(tokens), strict=True)) if others else {}
        return vectors | dict(zip(begun.beside, begun.vectors.result(), strict=True))

    def _shared_out(self, texts: Sequence[str], less: float = 0.0) -> _Begun:
        """Encode half of the tokens of several texts on the thread beside, and leave the others.

        To share them out beforehand wakes one thread once; a queue would wake threads for each text.
        """
        tokens = self._tokens_of(texts)
        left, beside = _halves(tokens, less)
        vectors = self._beside.begin(partial(self._in_turn, [tokens[position] for position in beside]))
        tokens_left = {texts[position]: tokens[position] for position in left}
        return _Begun([texts[position] for position in beside], vectors, tokens_left)

    def _single(self, text: str) -> Vector:
        (ids,) = self._tokens_of([text])
        if len(ids) < LONG:
            vector: Vector = self._in_turn([ids])[0]
            return vector
        keep_elsewhere(self._threads_of_long_texts)
        tokens = np.array([ids], dtype=np.int32)
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        embedding: Vector = self._of_long_texts.run(["embedding"], given)[0][0]
        return embedding

    def _in_turn(self, tokens: Sequence[Tokens]) -> Vector:
        given = {
            "tokens": np.concatenate([np.array(ids, dtype=np.int32) for ids in tokens]),
            "bounds": np.cumsum([0, *map(len, tokens)], dtype=np.int64),
        }
        embeddings: Vector = self._session.run(["embeddings"], given)[0]
        return embeddings

    def _tokens_of(self, texts: Sequence[str]) -> list[list[int]]:
        # To wake the tokenizer's threads for a few texts takes longer than to cut them.
        return [self._tokenizer.encode(text).ids for text in texts]


def _halves(tokens: Sequence[Tokens], less: float = 0.0) -> tuple[list[int], list[int]]:
    """The positions of texts in two parts that take about as long.

    Args:
        tokens: Of each text.
        less: How much less the first part shall have than the second, as a share of all tokens.
    """
    parts: tuple[list[int], list[int]] = ([], [])
    sizes = [less * sum(map(len, tokens)), 0.0]
    for position in sorted(range(len(tokens)), key=lambda position: -len(tokens[position])):
        smaller = sizes.index(min(sizes))
        parts[smaller].append(position)
        sizes[smaller] += len(tokens[position])
    return parts


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin between the steps of a run need less time in all than those that are woken for each;
    # between runs they would starve the other processes of a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "1")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """Return this process's encoder, loaded the first time and converted if it never was."""
    return Encoder(converted_encoder())
