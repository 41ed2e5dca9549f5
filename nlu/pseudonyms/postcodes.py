"""Finds postcodes of the United Kingdom."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlu.pseudonyms.lexicon import UNITS
from nlu.pseudonyms.reading import Reading

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E "
    "EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS "
    "LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR "
    "SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "
)
AREAS = frozenset(_AREAS.split())
"""The first letters of every postcode that the Royal Mail gives out."""

_UNIT = "[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]"
_FORM = (
    r"([A-Za-z]{1,2}) ?([0-9OoIl][0-9]?[A-HJKMNP-Ya-hjkmnp-y]?)(?: {0,2}| ?[-.–_/,] ?| dash )"
    rf"([0-9OoIl]) ?({_UNIT} ?{_UNIT})|(?:GIR|gir)[ -]?0(?:AA|aa)"
)
_POSTCODE = re.compile(rf"(?<![^\W_])(?:{_FORM})(?![^\W_])")
_WHOLE = re.compile(_FORM)
_SPELLED = re.compile(
    r"(?<![^\W_])(?<![^\W_]['’])[A-Za-z0-9]([ .-])[A-Za-z0-9](?:\1[A-Za-z0-9]){3,5}(?![^\W_])"
)
_DIGIT = "|".join([*sorted(UNITS, key=len, reverse=True), "[0-9]"])
_SPOKEN = re.compile(
    rf"(?<![^\W_])(?<![^\W_]['’])[a-z](?:[a-z]| [a-z])? (?:{_DIGIT})(?: (?:{_DIGIT}))?(?: [a-z])?"
    rf" (?:{_DIGIT}) [a-z] [a-z](?![^\W_])",
    re.IGNORECASE,
)
_MISREAD = str.maketrans("OoIl", "0011")
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th")


class Postcodes:
    """Claims postcodes whose area exists."""

    def __call__(self, doc: Doc) -> Doc:
        """Claim the postcodes of a text."""
        reading = Reading.of(doc)
        for form in (_SPELLED, _SPOKEN):
            for match in form.finditer(reading.text):
                words = re.split("[ .-]", match.group())
                letters = [word if len(word) == 1 else UNITS.get(word.lower(), word) for word in words]
                whole = _WHOLE.fullmatch("".join(letters))
                if whole and (value := _value(whole)):
                    reading.claim_text(doc, match.start(), match.end(), "postcode", value)
        for match in _POSTCODE.finditer(reading.text):
            value = _value(match)
            if value and _plausible(match.group()):
                reading.claim_text(doc, match.start(), match.end(), "postcode", value)
        return doc


def _value(match: re.Match[str]) -> str | None:
    area, district, sector, unit = match.groups()
    if area is None:
        return "GIR 0AA"
    if area.upper() not in AREAS or not any(map(str.isdecimal, district + sector)):
        return None
    district = district[0].translate(_MISREAD) + district[1:]
    return f"{area}{district} {sector.translate(_MISREAD)}{unit.replace(' ', '')}".upper()


def _plausible(typed: str) -> bool:
    """Tell a postcode from "B1 2nd floor", "b1ng" and the like."""
    compact = re.sub(r"[ .–_/,-]|dash", "", typed)
    if compact.lower() == "gir0aa":
        return True
    if _ORDINAL.fullmatch(compact[-3:]) and typed[0].isupper():
        return False
    misread = not (compact[-3].isdecimal() and re.fullmatch(r"[A-Za-z]{1,2}\d.*", compact))
    loose = " " in typed[-3:] or compact[:-3] != typed[: len(compact) - 3]
    return typed.isupper() or not (misread or loose)


@Language.factory("rightline_postcodes")
def _create_postcodes(nlp: Language, name: str) -> Postcodes:
    return Postcodes()
