"""What somebody holds, read from free text in three languages; what could not be read is named, never dropped in silence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from services.domain.errors import BadInput
from services.domain.everyday import COMMON, FILLER
from services.domain.instruments import Directory, Mention
from services.domain.letters import fold, plain, short, spans, words
from services.domain.portfolio import Holding, balanced
from services.domain.quantities import Quantity, opened, quantities
from services.domain.weighing import Entry, weigh

PROBLEMS = frozenset(
    {
        "weights_sum",
        "weight_too_big",
        "weight_negative",
        "weight_zero",
        "no_room",
        "mixed_units",
        "some_without",
        "price_missing",
        "foreign_amounts",
        "index_not_held",
        "too_long",
        "too_many",
    }
)
NOTICES = frozenset({"equal_weights", "amounts_used", "counts_used", "merged"})
MOST_TEXT = 2000
MOST_HOLDINGS = 60

_SEPARATORS = re.compile(r"[,;\n\r|&+•]|(?<!\w)(?:and|aur|or|plus|then|phir|اور|و)(?!\w)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_DATES = re.compile(r"(?<!\d)\d{1,4}[-/.](?:\d{1,2}|[A-Za-z]{3})[-/.]\d{2,4}(?!\d)")
_BANKING = frozenset(
    words(
        "debit credit balance iban atm ibft withdrawal deposit cheque transaction statement opening closing raast"
    )
)
_EACH = frozenset(words("each apiece har ہر equally equal barabar برابر"))


@dataclass(frozen=True, slots=True)
class HoldingsReading:
    """What was understood.

    ``holdings``: the certain ones, weights summing to 1. ``unknown`` and ``ambiguous`` bear the user's words, at most
    40 characters. ``problems``: keys of ``PROBLEMS`` (ask before keeping) and ``NOTICES`` (say what was done).
    ``asked``: each certain code with the fraction that was typed for it as a percent, None where none was.
    ``total``: the percents named, added up, where that is how they were given. ``restated``: the whole list again in percent,
    with the unclear names as typed and no rupee amount: it may be kept while we ask back, and read again.
    """

    holdings: tuple[Holding, ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problems: tuple[str, ...] = ()
    asked: tuple[tuple[str, Decimal | None], ...] = ()
    total: Decimal | None = None
    restated: str = ""

    @property
    def clear(self) -> bool:
        """Whether it can be kept after a mere look: something held, nothing unknown, ambiguous or repaired."""
        return bool(self.holdings) and not (self.unknown or self.ambiguous or PROBLEMS & set(self.problems))


@dataclass(slots=True)
class _Clause:
    """One stretch between separators: its names and quantities in order, and the words that are neither."""

    mentions: list[Mention]
    amounts: list[Quantity]
    leftover: str
    lone: bool = False


def read_holdings(text: str, directory: Directory, held: Sequence[str] = ()) -> HoldingsReading:
    """Names and weights out of free text. ``held``: codes that bare weights ("60, 40") belong to, in order."""
    cut = opened(_MARKUP.sub(" ", text[:MOST_TEXT]))
    found = [m for m in directory.mentions(cut, asked=True) if not _is_noise(m)]
    amounts = quantities(cut, tuple((m.start, m.end) for m in found))
    if not found and amounts and len(amounts) == len(held):
        entries = [Entry(code, code, (), q) for code, q in zip(held, amounts, strict=True)]
    else:
        entries = _entries(cut, found, amounts, directory)
    problems = ["too_long"] if len(text) > MOST_TEXT else []
    return _weighed(entries, directory, problems)


def read_list(text: str, directory: Directory) -> HoldingsReading:
    """The same for a list that somebody has just typed.

    Raises:
        BadInput: If amounts stand there in a currency that cannot be weighed; ``reason`` is a sentence key.
    """
    reading = read_holdings(text, directory)
    if "foreign_amounts" in reading.problems:
        reason = "portfolio.note.foreign_amounts"
        raise BadInput("amounts in another currency than the prices", reason=reason)
    return reading


def is_statement(text: str) -> bool:
    """Whether a text is a pasted bank or account statement: dated lines, or the column heads of one; no list of holdings."""
    said = _BANKING & set(words(text[:MOST_TEXT]))
    dates = len(_DATES.findall(plain(text[:MOST_TEXT])))
    return len(said) >= 3 or (dates >= 2 and bool(said)) or dates >= 4


def choose(restated: str, raw: str, code: str) -> str:
    """A restated list with an unclear name replaced by the code that was chosen for it ("" takes the name out)."""
    kept = []
    for piece in restated.split(", "):
        name, _, weight = piece.rpartition(" ")
        if name != raw:
            kept.append(piece)
        elif code:
            kept.append(f"{code} {weight}")
    return ", ".join(kept)


def _is_noise(mention: Mention) -> bool:
    return fold(mention.raw) in FILLER and not mention.raw.isupper()


def _entries(
    text: str, found: Sequence[Mention], amounts: Sequence[Quantity], directory: Directory
) -> list[Entry]:
    clauses = _clauses(text, found, amounts, directory)
    found = [mention for clause in clauses for mention in clause.mentions]
    if _all_on_one_side(found, amounts):
        return [_entry(m, q) for m, q in zip(found, amounts, strict=True)]
    each = any(word in _EACH for word, _, _ in spans(text)) and len(amounts) == 1
    entries: list[Entry] = []
    loose: list[Quantity] = []
    for clause in clauses:
        if clause.mentions:
            entries += _paired(clause)
        elif clause.leftover and (clause.lone or clause.amounts or not found):
            entries.append(_guessed(clause, directory))
        else:
            loose += clause.amounts
    if each:
        return [replace(e, quantity=amounts[0]) for e in entries]
    without = [i for i, e in enumerate(entries) if e.quantity is None]
    if len(without) == len(loose):
        for i, quantity in zip(without, loose, strict=True):
            entries[i] = replace(entries[i], quantity=quantity)
    return entries


def _all_on_one_side(found: Sequence[Mention], amounts: Sequence[Quantity]) -> bool:
    """Whether as many numbers as names stand all after or all before them: "MEBL and LUCK 50-50", "60 40 MEBL LUCK"."""
    if len(found) != len(amounts) or len(found) < 2:
        return False
    return found[-1].end <= amounts[0].start or amounts[-1].end <= found[0].start


def _clauses(
    text: str, found: Sequence[Mention], amounts: Sequence[Quantity], directory: Directory
) -> list[_Clause]:
    free = list(text)
    for start, end in [(m.start, m.end) for m in found] + [(q.start, q.end) for q in amounts]:
        free[start:end] = "\0" * (end - start)
    rest = "".join(free)
    edges = [(0, 0), *(m.span() for m in _SEPARATORS.finditer(rest)), (len(text), len(text))]
    clauses = []
    for (_, start), (end, _) in pairwise(edges):
        inside = [m for m in found if start <= m.start < end]
        numbers = [q for q in amounts if start <= q.start < end]
        stretch = rest[start:end]
        leftover = " ".join(stretch[s:e] for _, s, e in _trimmed(stretch))
        if inside and leftover:
            inside += _strangers(stretch, start, len(numbers) - len(inside), directory)
            inside.sort(key=lambda m: m.start)
        clauses.append(_Clause(inside, numbers, leftover, lone=0 < len(leftover.split()) <= 4))
    return clauses


def _trimmed(stretch: str) -> list[tuple[str, int, int]]:
    """The words of a stretch with their places, without the filler at both ends."""
    kept = list(spans(stretch))
    while kept and kept[0][0] in FILLER:
        kept.pop(0)
    while kept and kept[-1][0] in FILLER:
        kept.pop()
    return kept


def _strangers(clause: str, start: int, missing: int, directory: Directory) -> list[Mention]:
    """Words between the names of a clause that stand where a name should: beside a number too many, or in capitals."""
    found: list[Mention] = []
    for run in re.finditer(r"[^\0]+", clause):
        kept = _trimmed(run.group())
        if not kept or COMMON.issuperset(word for word, _, _ in kept):
            continue
        at, end = run.start() + kept[0][1], run.start() + kept[-1][2]
        raw = clause[at:end]
        if missing > len(found) or (raw.isupper() and len(raw) > 2 and len(kept) == 1):
            codes = directory.candidates(raw)
            code = codes[0] if len(codes) == 1 else ""
            found.append(Mention(raw, code, start + at, start + end, 0.5, () if code else codes[:6]))
    return found


def _entry(mention: Mention, quantity: Quantity | None) -> Entry:
    return Entry(short(mention.raw), mention.code, mention.choices, quantity)


def _paired(clause: _Clause) -> list[Entry]:
    """Numbers to names by order when they are as many, else each number to the name it touches."""
    names, numbers = clause.mentions, clause.amounts
    if len(names) == len(numbers):
        return [_entry(m, q) for m, q in zip(names, numbers, strict=True)]
    paired: dict[int, Quantity] = {}
    leading = bool(numbers) and numbers[0].start < names[0].start
    for quantity in numbers:
        before = [i for i, m in enumerate(names) if m.end <= quantity.start]
        after = [i for i, m in enumerate(names) if m.start >= quantity.end]
        near = (after or before) if leading else (before or after)
        spot = near[0] if leading and after else near[-1]
        paired.setdefault(spot, quantity)
    return [_entry(m, paired.get(i)) for i, m in enumerate(names)]


def _guessed(clause: _Clause, directory: Directory) -> Entry:
    """Words where a name should be: looked up as a whole, else unknown."""
    quantity = clause.amounts[0] if clause.amounts else None
    codes = directory.candidates(clause.leftover)
    raw = short(clause.leftover)
    if len(codes) == 1:
        return Entry(raw, codes[0], (), quantity)
    return Entry(raw, "", codes[:6], quantity)


def _weighed(entries: Sequence[Entry], directory: Directory, problems: list[str]) -> HoldingsReading:
    checked = []
    for entry in entries:
        if entry.code and not directory.holdable(entry.code):
            problems.append("index_not_held")
        else:
            checked.append(entry)
    if len(checked) > MOST_HOLDINGS:
        problems.append("too_many")
        checked = checked[:MOST_HOLDINGS]
    if not checked:
        return HoldingsReading(problems=tuple(dict.fromkeys(problems)))
    weighed = weigh(checked, directory.price_of, directory.currency)
    if "foreign_amounts" in weighed.problems:
        return HoldingsReading(problems=tuple(dict.fromkeys([*problems, *weighed.problems])))
    rows = [(e, w) for e, w in zip(checked, weighed.weights, strict=True) if w]
    certain = [Holding(e.code, w) for e, w in rows if e.code]
    if len({h.code for h in certain}) < len(certain):
        problems.append("merged")
    lost = [e for e, _ in rows if not e.code]
    unknown = dict.fromkeys(e.raw for e in lost if not e.choices)
    ambiguous = {e.raw: e.choices for e in lost if e.choices}
    return HoldingsReading(
        holdings=balanced(tuple(certain)).holdings if certain else (),
        unknown=tuple(unknown)[:10],
        ambiguous=tuple(ambiguous.items())[:10],
        problems=tuple(dict.fromkeys([*problems, *weighed.problems])),
        asked=tuple((e.code, _typed(e, percent=weighed.total is not None)) for e, _ in rows if e.code),
        total=weighed.total,
        restated=", ".join(f"{e.code or e.raw} {round(100 * w, 4).normalize():f}%" for e, w in rows),
    )


def _typed(entry: Entry, *, percent: bool) -> Decimal | None:
    quantity = entry.quantity
    return quantity.value / 100 if percent and quantity and quantity.unit in {"percent", "bare"} else None
