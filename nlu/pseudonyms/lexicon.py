"""Words that tell an identifier from ordinary prose."""

from __future__ import annotations

from spacy.lang.en.stop_words import STOP_WORDS

UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
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

FILLERS = (
    "number", "numbers", "no", "num", "nr", "nos", "id", "ref", "reference", "is", "was", "are", "to", "be", "it", "it's", "its",
    "now", "on", "at", "me", "us", "you", "sent", "got", "should", "=", ":", "#", ".", "-", "(", "the", "a", "s", "'", "also", "still",
    "new", "old", "being", "as", "in", "from", "with", "text", "says", "said", "here", "or", "can", "i", "have", "received", "just",
    "email", "emailed", "which", "that", "following", "either", "correct", "right",
)  # fmt: skip
"""Words between a cue ("my phone number is") and the number that it announces."""

CALLING = (
    "phone", "phones", "telephone", "tel", "mobile", "mob", "cell", "cellphone", "landline", "call", "calls", "ring", "dial",
    "whatsapp", "sms", "fax", "phoned", "called", "texted", "calling", "ringing", "handset", "extension", "direct",
)  # fmt: skip
COUNTING = (
    "order", "orders", "invoice", "invoices", "po", "ticket", "tickets", "sku", "serial", "policy", "section", "article", "tracking",
    "parcel", "isbn", "ean", "vat", "utr", "version", "item", "part", "product", "licence", "license", "quote", "receipt", "issue",
    "transaction", "booking", "batch", "job", "page", "bug", "error", "build", "shipment", "opportunity", "deal", "record", "row",
    "barcode", "asset", "delivery", "consignment", "bill", "statement", "document", "paragraph", "clause", "registration", "charity",
    "account", "acct", "company", "sort", "iban",
)  # fmt: skip
"""What is numbered without being anybody's telephone or card."""

OTHER_CODES = (
    "sort", "post", "error", "discount", "promo", "promotional", "voucher", "product", "dress", "status", "zip", "area", "dialling",
    "dialing", "country", "source", "bar", "qr", "tax", "exit", "colour", "color", "http", "stock", "item", "cost", "nominal", "sic",
    "response", "return", "referral", "gift", "coupon", "licence", "license", "part", "job", "project", "vat", "swift", "bank", "account",
)  # fmt: skip

ROLES = frozenset(
    ["accounts", "admin", "billing", "complaints", "contact", "customerservice", "customerservices", "dpo", "enquiries", "feedback", "finance", "hello", "help", "helpdesk", "hr", "info", "inquiries", "it", "mail", "marketing", "news", "newsletter", "newsletters", "noreply", "office", "orders", "postmaster", "privacy", "reception", "sales", "service", "services", "support", "team", "webmaster"]
)
"""Local parts of addresses that are no person's; as bare words before "at" they are more often just words."""

PROVIDERS = frozenset(
    ["gmail", "googlemail", "hotmail", "outlook", "yahoo", "icloud", "protonmail", "proton", "btinternet", "aol", "live", "msn", "sky", "virginmedia", "talktalk"]
)

PROSE = (
    STOP_WORDS
    | set(
        ["access", "account", "add", "added", "address", "addresses", "agent", "app", "apply", "arrive", "arrived", "ask", "asked", "attend", "available", "back", "based", "began", "begin", "box", "browse", "browser", "bought", "buy", "buying", "call", "called", "came", "chat", "check", "checked", "chatted", "click", "clicked", "company", "contact", "contacted", "contacts", "copy", "create", "created", "customer", "customers", "data", "date", "day", "delete", "deleted", "desk", "details", "dial", "dialled", "director", "directors", "does", "domain", "door", "download", "downloaded", "email", "emailed", "emails", "employed", "employee", "employees", "employer", "engineer", "find", "finance", "firm", "form", "found", "friend", "friends", "gave", "get", "given", "glance", "going", "guess", "happen", "happened", "held", "help", "here", "hi", "hello", "hosted", "ill", "info", "interviewed", "issue", "it", "its", "job", "join", "joined", "just", "kept", "know", "laugh", "launched", "left", "live", "lives", "located", "log", "logged", "login", "look", "looked", "looking", "looks", "mail", "mailbox", "mailed", "manager", "me", "meet", "meeting", "member", "message", "met", "money", "month", "named", "news", "now", "number", "office", "ok", "okay", "online", "open", "opened", "order", "page", "pages", "paid", "partner", "pay", "people", "person", "phone", "placed", "please", "pls", "plus", "point", "policy", "portal", "privacy", "privately", "processed", "purchased", "quite", "rate", "reach", "reached", "read", "record", "records", "register", "registered", "registered", "reply", "reset", "role", "rooms", "saw", "search", "see", "seen", "sell", "send", "sent", "service", "shop", "shopping", "shout", "show", "shown", "sign", "signed", "site", "sold", "spoke", "staff", "stand", "start", "started", "stay", "stop", "stored", "stuff", "subscribe", "subscribed", "support", "system", "talk", "team", "tell", "text", "thank", "thanks", "that", "there", "thing", "things", "time", "today", "tomorrow", "tried", "try", "trying", "turn", "unsubscribe", "update", "upload", "us", "use", "used", "user", "users", "using", "via", "view", "viewed", "visit", "visited", "visiting", "web", "website", "webinar", "website", "week", "went", "with", "work", "worked", "working", "works", "write", "writing", "wrote", "year", "years", "yes", "yesterday", "you", "your", "i'm", "im", "ive", "i've", "dont", "don't", "cant", "can't", "delete", "erase", "remove", "forget", "removed", "erased", "invoice", "complaint", "request", "requests", "colleague", "colleagues", "boss", "manager", "account-holder"]
    )
) - ROLES
"""Words that stand before "at" in prose and are no local part of an address."""

FOUR_LETTERS = frozenset(
    ["team", "them", "that", "what", "have", "were", "want", "need", "data", "been", "page", "case", "gets", "made", "make", "take", "then", "than", "they", "when", "each", "even", "ever", "else", "were", "here", "these", "made", "sent", "send", "need", "keep", "kept", "next", "many", "much", "same", "same", "name", "names", "week", "years", "year", "area", "gave", "gave", "past", "pack", "part", "parts", "paper", "eyes", "east", "best", "rest", "test", "text", "them", "sees", "seen", "seek", "seem", "feed", "feet", "free", "tree", "three", "made", "take", "rate", "race", "face", "fact", "fast", "task", "tabs", "tags", "talk", "back", "bank", "base", "cars", "card", "cards", "care", "case", "cash", "rang", "dear", "rear", "near", "hear", "year", "beat", "seat", "meat", "heat", "read", "head", "dead", "deep", "desk", "nest", "week", "been", "beer", "bear", "wear", "tear", "fear", "gear", "keys", "made", "ways", "days", "says", "pays", "wage", "want", "wants", "ward", "warm", "wash", "went", "west", "were", "wrap", "yeah", "zero", "agency", "event", "events", "press", "stays", "stay", "stage", "camp", "rep", "reps", "exec", "sets", "acts", "arts", "ages", "held", "ads", "webs", "apps", "maps", "caps", "tech", "them", "every", "happ", "2nd", "1st", "3rd"]
)
"""Words of a reference's alphabet that follow "PR" (public relations) in prose."""
