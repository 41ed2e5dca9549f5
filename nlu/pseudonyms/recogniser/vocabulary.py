"""What the recogniser knows of a word: whether it is ordinary, a known name, or neither, and how it looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from spacy.attrs import NORM, PREFIX, SUFFIX  # type: ignore[import-not-found]
from spacy.lang.en import English
from spacy.language import Language

from nlu.pseudonyms.lexicon import listed

LABELS = ("PERSON", "COMPANY", "ADDRESS")
STREETS = listed(
    """
    Street Road Lane Avenue Close Way Court Drive Gardens Terrace Place Crescent Row Mews Hill Grove
    Walk Park View Square Green Rise Yard Parade Gate Quay Wharf St Rd Ave Dr Ln Cl
    """
)
"""The last words of the names of streets."""
TOWNS = listed(
    """
    London Manchester Birmingham Leeds Liverpool Sheffield Bristol Cardiff Swansea Edinburgh Glasgow
    Aberdeen Dundee Belfast Derry Newcastle Sunderland Durham York Hull Lincoln Nottingham Derby
    Leicester Coventry Oxford Cambridge Norwich Ipswich Reading Southampton Portsmouth Plymouth Exeter
    Bath Gloucester Worcester Hereford Shrewsbury Chester Preston Blackpool Lancaster Carlisle Kendal
    Harrogate Whitby Scarborough Bradford Huddersfield Halifax Wakefield Doncaster Rotherham Luton
    Slough Swindon Guildford Brighton Hove Canterbury Dover Margate Truro Falmouth Bangor Wrexham
    Aberystwyth Llanelli Perth Stirling Inverness Oban Paisley Lisburn Newry Stockport Bolton Rochdale
    Salford Wigan Warrington Crewe Stafford Ludlow
    """
)
"""Towns of the United Kingdom, many of which are surnames too."""
TRADES = listed(
    """
    Logistics Ceramics Freight Dairy Bakery Printing Engineering Consulting Solutions Systems Foods
    Textiles Upholstery Motors Plumbing Electrical Joinery Builders Construction Properties Homes
    Lettings Travel Events Media Design Studio Studios Software Technologies Digital Analytics Partners
    Associates Holdings Services Supplies Trading Interiors Landscapes Nurseries Farms Brewery Coffee
    Kitchens Windows Roofing Security Recruitment Training Care Health Dental Pharmacy Opticians Legal
    Law Accountants Finance Insurance Energy Solar Marine Shipping Tools Metals Plastics Packaging
    """
)
"""What companies say that they do."""

KNOWN_TO_ALL = frozenset(
    name.replace("_", " ").lower()
    for name in listed(
        """
        England Scotland Wales Northern_Ireland Great_Britain Britain UK USA United_States America
        Europe Asia Africa Scandinavia Yorkshire Cornwall Kent Essex Surrey Sussex Devon Norfolk Suffolk
        Google Facebook Instagram WhatsApp Twitter LinkedIn YouTube TikTok Microsoft Apple Amazon
        Netflix Spotify PayPal Stripe Slack Zoom Teams Outlook Gmail Hotmail Yahoo Excel Word Windows
        Linux Android Firefox Chrome Safari Edge Opera Xero Sage QuickBooks Salesforce HubSpot Mailchimp
        Zendesk Intercom Dropbox SharePoint Finance Sales Marketing Purchasing Procurement Accounts
        Operations Legal Support HR IT Eventbrite Trustpilot Companies_House Royal_Mail HMRC Ofcom
        Experian Equifax Braille Easter Christmas Ramadan Diwali Hanukkah Brexit Halloween Valentine
        GDPR ICO
        """
    )
)
"""Places, firms, departments and feasts that everybody knows and that tell nothing of anybody."""

_WORDS = Path(__file__).with_name("words.txt")
_INFLECTIONS = (
    ("ies", "y"),
    ("es", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("s", ""),
)
_SHORTEST_NAME = 3
_SHORTEST_MISTYPED = 4


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Common words of English, in lower case, among them those that are names too, such as "mark"."""
    return frozenset(_WORDS.read_text().split())


@dataclass(frozen=True)
class Words:
    """The words that a recogniser was trained with, in lower case.

    Attributes:
        telling: words that say what comes next, such as "name" and "regards".
        ordinary: words that are common, and so hardly ever a name.
        names: known forenames and surnames.
        public: names of countries and the like, which are nobody's.
    """

    telling: frozenset[str]
    ordinary: frozenset[str]
    names: frozenset[str]
    public: frozenset[str] = frozenset()

    @classmethod
    def load(cls, file: Path) -> Words:
        """Read what `save` wrote."""
        return cls(**{name: frozenset(words) for name, words in json.loads(file.read_text()).items()})

    def save(self, file: Path) -> None:
        """Write them as JSON."""
        file.write_text(json.dumps({name: sorted(words) for name, words in vars(self).items()}))

    def describe(self, word: str) -> str:
        """Reduce a word to what matters: itself if it tells something of its surroundings, else its class."""
        lower = word.lower()
        if lower in self.telling or not word[0].isalnum():
            return lower
        if lower in self.ordinary:
            return "word"
        if lower in self.names:
            return "name"
        if word[0].isdecimal():
            return f"{min(len(word), 5)} digits" if word.isdecimal() else "digits and letters"
        return "unknown"

    def is_wordlike(self, word: str) -> bool:
        """Tell a common word, or one with a single letter wrong, missing, too many or swapped."""
        lower = word.lower()
        if lower in self.ordinary or len(lower) < _SHORTEST_NAME:
            return True
        return lower not in self.names and (self._is_inflected(lower) or self.is_mistyped(word))

    def _is_inflected(self, lower: str) -> bool:
        return any(
            lower.endswith(ending) and lower.removesuffix(ending) + base in self.ordinary
            for ending, base in _INFLECTIONS
        )

    def is_mistyped(self, word: str, *, telling: bool = False) -> bool:
        """Tell a word that one wrong, missing, extra or swapped letter may have made of a common one.

        Args:
            word: any word.
            telling: whether only the commonest count, those that tell what comes next.
        """
        lower = word.lower()
        known = self.telling if telling else self.ordinary
        if len(lower) < _SHORTEST_MISTYPED:
            return False
        for at in range(len(lower) + 1):
            before, after = lower[:at], lower[at:]
            if before + after[1:] in known or before + after[1:2] + after[:1] + after[2:] in known:
                return True
            if any(
                before + letter + after[1:] in known or before + letter + after in known
                for letter in ascii_lowercase
            ):
                return True
        return False

    def blank(self) -> Language:
        """An empty pipeline whose tokens' norm, prefix and suffix are those that the recogniser looks at."""
        language = English()
        getters: dict[int, Callable[[str], str]] = {
            NORM: self.describe,
            PREFIX: lambda word: word[:3].lower(),
            SUFFIX: lambda word: word[-3:].lower(),
        }
        vocab: Any = language.vocab  # spaCy's stubs leave the getters out
        vocab.lex_attr_getters = {**vocab.lex_attr_getters, **getters}
        return language
