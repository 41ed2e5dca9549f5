"""Makes up names of companies and postal addresses."""

from __future__ import annotations

from random import Random

from faker import Faker

from nlu.pseudonyms.lexicon import listed
from nlu.pseudonyms.recogniser.people import People
from nlu.pseudonyms.recogniser.vocabulary import STREETS, TOWNS, TRADES

_STREET_NAMES = listed(
    """
    High Station Church Mill Victoria London Park Queen's King's Albert Green Manor Chapel Priory
    Lantern Fulling Orchard School North South East West Grange Windsor York Bridge Castle Market New
    Old Springfield Cromwell Nelson Wellington Alma Canal Harbour Abbey Beech Oak Ash Elm Willow Cedar
    Poplar Hawthorn Rose Ivy Meadow Brook River Lower Upper Long St_John's St_Mary's Friar Bishop
    Cathedral Barrack Gas Railway Foundry Tannery Rope Silver Gold Baker Butcher
    """
)
_HOUSES = listed("Cottage House Lodge Barn Farm Villa Court Hall Mill Manor")
_UNITS = ("Flat", "Unit", "Apartment", "Suite", "Apt", "Floor", "Room", "Plot")
_SUFFIXES = (
    "Ltd",
    "Limited",
    "LLP",
    "plc",
    "PLC",
    "Ltd.",
    "CIC",
    "Group",
    "& Co",
    "and Sons",
    "& Sons",
    "Inc",
    "UK Ltd",
)
_HEADS = listed(
    """
    North South East West Bright Silver Red Blue Green Black White Stone Oak Ash Elm Mill Wood Hart Fox
    Kestrel Heron Swan Harbour River Lake Marsh Moor Hill Crest Bridge Ford Gate Spring Summer Winter
    Iron Copper Gold Amber Cross King Queen
    """
)
_TAILS = listed(
    """
    gate well brook field ford wood stone bank bridge water light side view wick ton ham ley dale mere
    croft worth port point line mark path works house land leaf field moor hurst combe fold
    """
)


class Places:
    """Draws companies and addresses."""

    def __init__(self, random: Random, people: People) -> None:
        """Prepare.

        Args:
            random: where chance comes from.
            people: where surnames come from.
        """
        self._random = random
        self._people = people
        self._faker = Faker("en_GB")
        self._faker.seed_instance(random.random())

    def town(self) -> str:
        """A town."""
        return self._random.choice(TOWNS) if self._random.random() < 0.6 else self._faker.city()

    def company(self) -> str:
        """A company's name, more often than not with what shows it to be one."""
        pick = self._random.choice
        surname, made_up = self._people.last(), pick(_HEADS) + pick(_TAILS)
        core = pick(
            (
                surname,
                made_up,
                made_up,
                f"{surname} & {self._people.last()}",
                f"{pick(_HEADS)} {pick(_HEADS)}",
            )
        )
        forms = (
            (4, f"{core} {pick(TRADES)}"),
            (3, f"{core} {pick(TRADES)} {pick(_SUFFIXES)}"),
            (3, f"{core} {pick(_SUFFIXES)}"),
            (1, f"{surname} & {self._people.last()}"),
            (1, f"The {core} {pick(TRADES)}"),
            (1, self._faker.company()),
            (1, made_up),
        )
        return self._random.choices([form for _, form in forms], [weight for weight, _ in forms])[0]

    def address(self) -> str:
        """A postal address without its postcode, from the house to the town or less."""
        pick, chance = self._random.choice, self._random.random
        separator = ", " if chance() < 0.75 else pick((" ", "\n", ",\n"))
        parts = [self._street()]
        if chance() < 0.2:
            parts.insert(0, f"{pick(_UNITS)} {self._random.randrange(1, 60)}{pick(('', '', 'A', 'B', 'c'))}")
        elif chance() < 0.12:
            parts.insert(0, f"{pick((*_HEADS, self._people.last()))} {pick(_HOUSES)}")
        if chance() < 0.12:
            parts.append(pick(_HEADS) + pick(_TAILS))
        if chance() < 0.7:
            parts.append(self.town())
        return separator.join(parts)

    def _street(self) -> str:
        pick, chance = self._random.choice, self._random.random
        number = str(self._random.randrange(1, 400)) + (pick("abAB") if chance() < 0.1 else "")
        if chance() < 0.05:
            number += f"-{self._random.randrange(1, 400)}"
        name = pick(
            (
                pick(_STREET_NAMES).replace("_", " ").replace("_", " "),
                pick(_STREET_NAMES).replace("_", " "),
                pick(_HEADS) + pick(_TAILS),
                self._people.last(),
            )
        )
        return f"{number}{',' if chance() < 0.06 else ''} {name} {pick(STREETS)}"
