"""Makes up names of people from the lists that faker has for many countries, and from their sound."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from random import Random

from nlu.pseudonyms.recogniser.vocabulary import common_words

COUNTRIES = (
    (20, ("en_GB",)),
    (5, ("en_US", "en_NZ")),
    (9, ("en_IE", "ga_IE")),
    (14, ("en_IN", "en_PK")),
    (13, ("en_NG", "yo_NG", "ig_NG", "ha_NG", "tw_GH", "zu_ZA", "en_KE", "sw")),
    (8, ("pl_PL",)),
    (6, ("zh_CN", "zh_TW", "vi_VN", "en_TH", "id_ID")),
    (8, ("tr_TR", "az_AZ", "uz_UZ", "fr_DZ")),
    (10, ("ro_RO", "cs_CZ", "sk_SK", "lt_LT", "lv_LV", "hu_HU", "hr_HR", "et_EE", "sl_SI")),
    (7, ("fr_FR", "de_DE", "it_IT", "es_ES", "pt_PT", "nl_NL", "sv_SE", "fi_FI", "is_IS")),
)
"""Faker's locales with how often each group is drawn: roughly who writes to a British company."""

INVENTED_SHARE = 0.22
"""How many names are put together from the sounds of others, so that unlisted ones are recognised too."""

WORDY_SHARE = 0.08
"""How many names are words too (Mark, Rose; Baker, Hill), so that what stands around them is learnt."""

_BRITISH = ("en_GB", "en_US")
_LATIN = re.compile(r"[A-Za-zÀ-ž][A-Za-zÀ-ž'’ -]*")
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Mr.", "Mrs.", "Dr.", "Sir", "Rev", "Mx")
_PARTICLES = (
    "O'",
    "Mc",
    "Mac",
    "de ",
    "van ",
    "van der ",
    "al-",
    "El ",
    "ap ",
    "bin ",
    "St ",
    "D'",
    "Ó ",
    "da ",
)


class People:
    """Draws names of people."""

    def __init__(self, random: Random) -> None:
        """Read faker's lists.

        Args:
            random: where chance comes from.
        """
        self._random = random
        self._groups = [locales for _, locales in COUNTRIES]
        self._weights = [weight for weight, _ in COUNTRIES]
        every = [name_lists(locale) for locales in self._groups for locale in locales]
        self._first_sounds = _Sounds(name for first, _ in every for name in first)
        self._last_sounds = _Sounds(name for _, last in every for name in last)
        self._wordy_first = _wordy(name for locale in _BRITISH for name in name_lists(locale)[0])
        self._wordy_last = _wordy(name for locale in _BRITISH for name in name_lists(locale)[1])

    def first(self) -> str:
        """A forename."""
        chance = self._random.random()
        if chance < INVENTED_SHARE:
            return self._first_sounds.invent(self._random)
        if chance < INVENTED_SHARE + WORDY_SHARE:
            return self._random.choice(self._wordy_first)
        return self._random.choice(self._lists()[0])

    def last(self) -> str:
        """A surname, now and then double or with a particle."""
        first, second = (self._single_last() for _ in range(2))
        chance = self._random.random()
        if chance < 0.08:
            return f"{first}-{second}"
        if chance < 0.13:
            return f"{self._random.choice(_PARTICLES)}{first}"
        return first

    def titled(self) -> str:
        """A title and a surname."""
        return f"{self._random.choice(_TITLES)} {self.last()}"

    def full(self) -> str:
        """A name as people write it in full."""
        first, middle, last = self.first(), self.first(), self.last()
        initial = self._random.choice("ABCDEFGHIJKLMNOPRSTVWYZ")
        forms = (
            (54, f"{first} {last}"),
            (8, f"{first} {middle} {last}"),
            (5, f"{first} {initial} {last}"),
            (7, f"{initial} {last}"),
            (6, f"{initial}. {last}"),
            (2, f"{initial}.{self._random.choice('ABCDEJMRST')}. {last}"),
            (6, f"{last}, {first}"),
            (5, f"{self._random.choice(_TITLES)} {first} {last}"),
            (3, f"{first}-{middle} {last}"),
        )
        return self._random.choices([form for _, form in forms], [weight for weight, _ in forms])[0]

    def _single_last(self) -> str:
        chance = self._random.random()
        if chance < INVENTED_SHARE:
            return self._last_sounds.invent(self._random)
        if chance < INVENTED_SHARE + WORDY_SHARE:
            return self._random.choice(self._wordy_last)
        return self._random.choice(self._lists()[1])

    def _lists(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return name_lists(self._random.choice(self._random.choices(self._groups, self._weights)[0]))


@cache
def name_lists(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The forenames and the surnames, in Latin letters, that faker has for a locale."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    first: set[str] = set()
    last: set[str] = set()
    for attribute in sorted(vars(provider)):
        names = getattr(provider, attribute)
        if not isinstance(names, tuple | list | dict):
            continue
        if "last" in attribute and "name" in attribute:
            last.update(_latin(names))
        elif "first" in attribute and "name" in attribute:
            first.update(_latin(names))
    return tuple(sorted(first or last)), tuple(sorted(last or first))


def known_names() -> frozenset[str]:
    """Every word of every name that faker has for the countries drawn from, in lower case."""
    return frozenset(
        part.lower()
        for _, locales in COUNTRIES
        for locale in locales
        for names in name_lists(locale)
        for name in names
        for part in re.findall(r"[^\W\d_]{2,}", name)
    )


def _latin(names: Iterable[object]) -> Iterable[str]:
    return (name for name in names if isinstance(name, str) and _LATIN.fullmatch(name) and name[0].isupper())


def _wordy(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name.lower() in common_words()})


class _Sounds:
    """Which letter follows which three, in a list of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for name in sorted({name.lower() for name in names if name.isalpha()}):
            padded = f"^^^{name}$"
            for index in range(3, len(padded)):
                self._next[padded[index - 3 : index]].append(padded[index])

    def invent(self, random: Random) -> str:
        """A name that sounds like the others, 3 to 12 letters long."""
        while True:
            name = "^^^"
            while len(name) < 16 and not name.endswith("$"):
                name += random.choice(self._next[name[-3:]])
            name = name.strip("^$")
            if 3 <= len(name) <= 12:
                return name.title()
