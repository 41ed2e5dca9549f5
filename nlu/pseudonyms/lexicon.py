"""Words that tell an identifier from ordinary prose."""

from __future__ import annotations

from spacy.lang.en.stop_words import STOP_WORDS


def listed(words: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(words.split())


UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
HOMOPHONES = {"won": "1", "to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8"}
TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5",
    "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9",
}  # fmt: skip
REPEATS = {"double": 2, "triple": 3, "treble": 3}

FILLERS = listed(
    """
    number numbers no num nr nos id ref reference is was are to be it it's its now on at me us you sent
    got should = : # . - ( the a s ' also still new old being as in from with text says said here or can i
    have received just email emailed which that following either correct right
    """
)
"""Words between a cue ("my phone number is") and the number that it announces."""

CALLING = listed(
    """
    phone phones telephone tel mobile mob cell cellphone landline call calls ring dial whatsapp sms fax
    phoned called texted calling ringing handset extension direct
    """
)
"""What is said of telephones."""

COUNTING = listed(
    """
    order orders invoice invoices po ticket tickets sku serial policy section article tracking parcel isbn
    ean vat utr version item part product licence license quote receipt issue transaction booking batch
    job page bug error build shipment opportunity deal record row barcode asset delivery consignment bill
    statement document paragraph clause registration charity account acct company sort iban
    """
)
"""What is numbered without being anybody's telephone or card."""

OTHER_CODES = listed(
    """
    sort post error discount promo promotional voucher product dress status zip area dialling dialing
    country source bar qr tax exit colour color http stock item cost nominal sic response return referral
    gift coupon licence license part job project vat swift bank account
    """
)
"""What makes a code another than the one that proves who somebody is."""

ROLES = frozenset(
    listed(
        """
        accounts admin billing complaints contact customerservice customerservices dpo enquiries feedback
        finance hello help helpdesk hr info inquiries it mail marketing news newsletter newsletters noreply
        office orders postmaster privacy reception sales service services support team webmaster
        """
    )
)
"""Local parts that are no person's; before "at" they are more often just words."""

PROVIDERS = frozenset(
    listed(
        """
        aol btinternet gmail googlemail hotmail icloud live msn outlook proton protonmail sky talktalk
        virginmedia yahoo
        """
    )
)
"""Mail providers that people name without their top-level domain."""

_MORE_PROSE = frozenset(
    listed(
        """
        access account account-holder add added address addresses agent app apply arrive arrived ask asked
        attend available based began begin boss bought box browse browser buy buying called came can't cant
        chat chatted check checked click clicked colleague colleagues company complaint contacted contacts
        copy create created customer customers data date day delete deleted desk details dial dialled director
        directors domain don't dont door download downloaded email emailed emails employed employee employees
        employer engineer erase erased find firm forget form found friend friends gave given glance going
        guess happen happened held hi hosted i'm i've ill im interviewed invoice issue ive job join joined
        kept know laugh launched left live lives located log logged login look looked looking looks mailbox
        mailed manager meet meeting member message met money month named number ok okay online open opened
        order page pages paid partner pay people person phone placed pls plus point policy portal privately
        processed purchased rate reach reached read record records register registered remove removed reply
        request requests reset role rooms saw search seen sell send sent shop shopping shout shown sign signed
        site sold spoke staff stand start started stay stop stored stuff subscribe subscribed system talk tell
        text thank thanks thing things time today tomorrow tried try trying turn unsubscribe update upload use
        user users view viewed visit visited visiting web webinar website week went work worked working works
        write writing wrote year years yes yesterday
        """
    )
)

PROSE = (STOP_WORDS | _MORE_PROSE) - ROLES
"""Words that stand before "at" in prose and are no local part of an address."""

FOUR_LETTERS = frozenset(
    listed(
        """
        1st 2nd 3rd acts ads agency ages apps area arts back bank base bear beat been beer best camp caps card
        cards care cars case cash data days dead dear deep desk each east else even event events ever every
        exec eyes face fact fast fear feed feet free gave gear gets happ have head hear heat held here keep
        kept keys made make many maps meat much name names near need nest next pack page paper part parts past
        pays press race rang rate read rear rep reps rest same says seat seek seem seen sees send sent sets
        stage stay stays tabs tags take talk task team tear tech test text than that them then these they
        three tree wage want wants ward warm wash ways wear webs week went were west what when wrap yeah year
        years zero
        """
    )
)
"""Words of a reference's alphabet that follow "PR" (public relations) in prose."""
