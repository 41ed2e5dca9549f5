"""Keeping Python's garbage collector away from what stays for as long as the process."""

from __future__ import annotations

import gc


def settle() -> None:
    """Leave everything that is loaded now out of the collector's rounds from here on.

    One full round over a loaded language pipeline takes a fifth of a second and more, in which the process
    answers nobody; to be called once what is large has been loaded.
    """
    gc.collect()
    gc.freeze()
