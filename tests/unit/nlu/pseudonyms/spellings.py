"""Writes identifiers in the many ways that people type, dictate and disguise them. Seeded by the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

CARRIERS = (
    "{}",
    "{}.",
    "it's {}",
    "please delete {}",
    "my details: {}, thanks",
    "Hello, you have {} on file and I want it gone.",
    "({})",
    "hi\n{}\nthanks",
    "use {} please",
    "it is {}!",
    "Is {} in your system?",
    '"{}"',
    "yes - {}",
    "stop writing to {} and delete me",
)

WIDE = {ord(character): ord(character) + 0xFEE0 for character in map(chr, range(0x21, 0x7F))}
CYRILLIC = str.maketrans("aeopcyxABEKMHOPCTX", "аеорсухАВЕКМНОРСТХ")


@dataclass(frozen=True)
class Spelled:
    """An identifier as somebody wrote it.

    Attributes:
        text: how it is written, in a sentence.
        kind: its kind.
        value: the value that should be found.
        asked: the field that was asked for, if the spelling needs that.
    """

    text: str
    kind: str
    value: str
    asked: str | None = None


def spelled(random: Random, kind: str) -> Spelled:
    """Write a random identifier of a kind in a random way."""
    write = {"email": email, "phone": phone, "code": code, "reference": reference, "postcode": postcode}[kind]
    form, value, asked = write(random)
    return Spelled(random.choice(CARRIERS).format(form), kind, value, asked)


def dictated(random: Random, digits: str) -> str:
    """Say digits one by one, now and then with "oh" or "double"."""
    words: list[str] = []
    index = 0
    while index < len(digits):
        word = "oh" if digits[index] == "0" and random.random() < 0.6 else DIGIT_WORDS[int(digits[index])]
        if digits[index : index + 2] == digits[index] * 2 and random.random() < 0.5:
            word, index = f"double {word}", index + 1
        words.append(word)
        index += 1
    return " ".join(words)


def spoken(letters: str) -> str:
    """Say letters and digits one by one."""
    return " ".join(DIGIT_WORDS[int(one)] if one.isdecimal() else one for one in letters)


def hidden_in_between(random: Random, text: str) -> str:
    """Put invisible characters inside a text."""
    at = random.randrange(1, len(text))
    return text[:at] + random.choice("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u2066") + text[at:]


def email(random: Random) -> tuple[str, str, str | None]:
    """An address: how it is written, its value, and nothing asked."""
    first = random.choice(
        [
            "priya",
            "tom",
            "grace",
            "wei",
            "ngozi",
            "siobhan",
            "llewelyn",
            "zofia",
            "aoife",
            "j",
            "rhys",
            "o.brien",
        ]
    )
    last = random.choice(
        ["shah", "okafor", "lewandowski", "griffiths", "mcbride", "chen", "b", "evans-jones"]
    )
    local = random.choice(
        [
            first,
            f"{first}.{last}",
            f"{first}_{last}",
            f"{first}{random.randrange(100)}",
            f"{first}+news",
            f"{first}-{last}",
        ]
    )
    domain = random.choice(
        [
            "hartwell.example",
            "northgate.co.uk",
            "mail.millbrook.example",
            "gmail.com",
            "big-firm.org",
            "acme.io",
            "nhs.net",
            "x1.example",
        ]
    )
    plain = f"{local}@{domain}"
    words = (
        local.replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ").replace("+", " plus ")
    )
    at = random.choice(["at", "AT", "(at)", "[at]", "{at}", "@", "( at )"])
    dot = random.choice(["dot", "DOT", "(dot)", "[dot]", "{dot}", "point"])
    forms: list[Callable[[], tuple[str, str]]] = [
        lambda: (plain, plain),
        lambda: (f"{local}@{domain.upper()}", plain),
        lambda: (f"mailto:{plain}", plain),
        lambda: (f"<{plain}>", plain),
        lambda: (plain.translate(WIDE), plain),
        lambda: (hidden_in_between(random, plain), plain),
        lambda: (f"{local}@{domain.translate(CYRILLIC)}" if domain[1] != "1" else plain, plain),
        lambda: (f"{words} {at} {domain.replace('.', f' {dot} ').replace('-', ' dash ')}", plain),
        lambda: (f"{local} {at} {domain.replace('.', f' {dot} ')}", plain),
        lambda: (f"{local}(at){domain.replace('.', '(dot)')}", plain),
        lambda: (f"{local} @ {domain}", plain),
        lambda: (f"{local}@ {domain}", plain),
        lambda: (f"{local} @{domain}", plain),
        lambda: (f"{local.replace('.', ' . ')} @ {domain.replace('.', ' . ')}", plain),
        lambda: (f"{local}&#64;{domain}", plain),
        lambda: (f"{local}(a){domain}", plain),
        lambda: (f"{local} at-sign {domain.replace('.', ' dot ')}", plain),
        lambda: (f"{local} 【at】 {domain.replace('.', ' 【dot】 ')}", plain),
        lambda: (f"{local} *at* {domain.replace('.', ' *dot* ')}", plain),
        lambda: (f"{local}@@{domain}", plain),
        lambda: (f"{local}@" + domain.replace(".", "\u3002"), plain),
        lambda: (
            f"{' '.join(first.replace('.', ''))} at {domain.replace('.', ' dot ')}",
            f"{first.replace('.', '')}@{domain}",
        ),
    ]
    form, value = random.choice(forms)()
    return form, value, None


def grouped(random: Random, digits: str, groups: list[int], separator: str) -> str:
    """Digits in groups, the last one taking the rest."""
    parts, at = [], 0
    for size in groups:
        parts.append(digits[at : at + size])
        at += size
    parts.append(digits[at:])
    return separator.join(part for part in parts if part)


def phone(random: Random) -> tuple[str, str, str | None]:
    """A telephone number: how it is written, its value, and nothing asked."""
    rest = "".join(random.choice("0123456789") for _ in range(6))
    national, groups = random.choice(
        [
            (f"07700900{rest[:3]}", [5]),
            (f"079{random.randrange(10)}1{rest}", [5]),
            (f"079{random.randrange(10)}1{rest}", [5, 3]),
            (f"0207946{rest[:4]}", [3, 4]),
            (f"0161496{rest[:4]}", [4, 3]),
            (f"01632960{rest[:3]}", [5]),
            (f"0808157{rest[:4]}", [4, 3]),
        ]
    )
    separator = random.choice([" ", "-", ".", "", " - ", "–", "/", "\u00a0", "  ", "\u2011"])
    value = f"+44{national[1:]}"
    foreign = random.choice(
        [
            "+33 1 23 45 67 89",
            "+1 (415) 555-2671",
            "+91 98765 43210",
            "+48 512 345 678",
            "+353 1 676 1111",
            "0049 30 901820",
        ]
    )
    area = groups[0]
    tail = [area - 1, *groups[1:]]
    forms: list[Callable[[], tuple[str, str]]] = [
        lambda: (grouped(random, national, groups, separator), value),
        lambda: (
            f"({national[:area]}) {grouped(random, national[area:], groups[1:], separator or ' ')}",
            value,
        ),
        lambda: (f"+44 {grouped(random, national[1:], tail, separator)}", value),
        lambda: (
            f"+44 (0){separator}{grouped(random, national[1:], tail, separator or ' ')}",
            value,
        ),
        lambda: (f"+44(0){national[1:]}", value),
        lambda: (f"0044 {grouped(random, national[1:], tail, separator)}", value),
        lambda: (f"44{national[1:]}", value),
        lambda: (" ".join(national), value),
        lambda: ("-".join(national), value),
        lambda: (national.translate(WIDE), value),
        lambda: (f"＋４４ {national[1:].translate(WIDE)}", value),
        lambda: (hidden_in_between(random, national), value),
        lambda: (f"tel:+44{national[1:]}", value),
        lambda: (dictated(random, national), value),
        lambda: (f"{national[:5]},{national[5:8]},{national[8:]}", value),
        lambda: (f"{national[:5]} {dictated(random, national[5:])}", value),
        lambda: (f"(+44) {grouped(random, national[1:], tail, ' ')}", value),
        lambda: (f"plus four four {dictated(random, national[1:])}", value),
        lambda: (f"{grouped(random, national, groups, ' ')} ext {random.randrange(1, 999)}", value),
        lambda: (f"{grouped(random, national, groups, ' ')} x{random.randrange(10, 999)}", value),
        lambda: (national.replace("0", "O", 1), value),
        lambda: ("".join(chr(0x660 + int(digit)) for digit in national), value),
        lambda: (foreign, "+" + "".join(filter(str.isdecimal, foreign)).removeprefix("00")),
    ]
    form, value = random.choice(forms)()
    return form, value, None


def code(random: Random) -> tuple[str, str, str | None]:
    """A code: how it is written, its value, and that it was asked for."""
    value = f"{random.randrange(1_000_000):06}"
    forms = [
        value,
        f"{value[:3]} {value[3:]}",
        f"{value[:3]}-{value[3:]}",
        f"{value[:3]}.{value[3:]}",
        f"{value[:2]} {value[2:4]} {value[4:]}",
        " ".join(value),
        "-".join(value),
        value.translate(WIDE),
        dictated(random, value),
        f"{dictated(random, value[:3])}, {dictated(random, value[3:])}",
        hidden_in_between(random, value),
        f"{value[:3]}\u00a0{value[3:]}",
        "".join(chr(0x966 + int(digit)) for digit in value),
        f"code {value}",
        f"CODE:{value}",
        f"#{value}" if not value.startswith("00") else value,
    ]
    return random.choice(forms), value, "code"


def reference(random: Random) -> tuple[str, str, str | None]:
    """A reference of a case: how it is written, its value, and nothing asked."""
    letters = "".join(random.choice(CROCKFORD) for _ in range(8))
    first, second = letters[:4], letters[4:]
    value = f"PR-{first}-{second}"
    misread = value[:3] + value[3:].replace("0", random.choice("Oo")).replace("1", random.choice("IlL"))
    forms = [
        value,
        value.lower(),
        value.replace("-", " "),
        value.replace("-", " ").lower(),
        f"PR{first}{second}",
        f"pr{first}{second}".lower(),
        f"PR-{first}{second}",
        f"PR {first}-{second}",
        f"PR–{first}–{second}",
        f"PR - {first} - {second}",
        f"PR_{first}_{second}",
        value.translate(WIDE),
        misread,
        hidden_in_between(random, value),
        value.translate(CYRILLIC),
        f"#{value}",
        f"PR/{first}/{second}",
        f"P R {' '.join(first)} {' '.join(second)}",
        f"P-R-{first}-{second}",
        f"P.R.-{first}-{second}",
        f"PR dash {spoken(first)} dash {spoken(second)}",
        f"p r dash {' '.join(first.lower())} dash {' '.join(second.lower())}",
    ]
    return random.choice(forms), value, None


def postcode(random: Random) -> tuple[str, str, str | None]:
    """A postcode: how it is written, its value, and nothing asked."""
    area = random.choice(
        ["M", "LS", "SW", "EC", "B", "BT", "CF", "EH", "GU", "N", "W", "YO", "ZE", "TR", "OX"]
    )
    district = random.choice(["1", "2", "9", "12", "19", "24"])
    if area in ("SW", "EC", "W") and len(district) == 1 and random.random() < 0.5:
        district += random.choice("AEHMPRVW")
    sector = str(random.randrange(10))
    unit = "".join(random.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    outward, inward = f"{area}{district}", f"{sector}{unit}"
    value = f"{outward} {inward}"
    forms = [
        value,
        value.lower(),
        outward + inward,
        (outward + inward).lower(),
        f"{outward}  {inward}",
        f"{outward}-{inward}",
        f"{outward}\u00a0{inward}",
        f"{outward.lower()} {inward}",
        value.translate(WIDE),
        hidden_in_between(random, outward + inward),
        " ".join(outward + inward),
        f"postcode {value}",
        f"{value},",
        value.translate(CYRILLIC),
        f"{outward}.{inward}",
        f"{outward} - {inward}",
        f"{outward}/{inward}",
        ".".join(outward + inward),
        f"{area} {spoken(district)} {sector} {' '.join(unit)}",
    ]
    return random.choice(forms), value, None
