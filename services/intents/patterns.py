"""Which families of words stand together for which intent: hints that the classifier learns to weigh, as data.

A line is an intent and its conditions: every word must hold, ``a|b`` is either, ``-a`` must not (nor must ``-a|b``). A condition is a
cue of the lexicon or a mark of the message: name, weights, pct, num, amt, time, sector, short (at most two words), onlynames.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache

_LINES = """
start hello short
start hello -thanks -bye -name -market
start begin -again -send -brief
help help -offtopic -name -sum -model
help which do-can
xray xray -price -rise|fall
xray risk mine|own|name
xray risk -interest
xray fee name|mine -amt -sum
xray halal mine|name -advice
xray onlynames weights
xray sector own|mine -brief -stocks -why
opportunities screen -audio
opportunities cheap stocks|sector|short -name
opportunities dividend stocks -name -sum -news
opportunities advice -name -offtopic -alert-word
opportunities buy which -name -foreign -who -offtopic -own
opportunities high52
opportunities stocks which -own -mine -name -foreign -xray -alert-word
opportunities top
opportunities rise|fall stocks|screen -why -name -mine -future
brief brief -audio -settings-word -time -stop -dont -news -help -again -name
brief brief sector -audio
brief brief market -audio
brief market state -audio -why -future
brief mine stocks|own state -why
brief sector state -why
brief market today -why -future -audio -foreign -screen
audio audio -dont -stop -chart -settings-word -offtopic -feedback-word -only
audio audio brief|market|sector -dont -stop
portfolio own mine -risk -xray -state -why -add -remove -name -news -export-word -fee -halal -today
portfolio own which -risk -xray -name -foreign
portfolio mine stocks -state -why -news -today -halal
add_holding add name -alert-word -when -advice
add_holding buy name mine -advice -future -question -sum -do-can
add_holding own name -remove -dont -xray -sum -sell
add_holding own weights -xray
add_holding name pct change
add_holding name pct add
remove_holding remove name -alert-word -when
remove_holding sell name -advice -question -foreign
remove_holding own name dont
quote onlynames -weights
quote name price -wrong -sum -amt
quote name advice -future
quote name buy|sell question
quote name buy|sell keep
quote market price|where
quote name short
quote name compare
quote name about
explain why -offtopic
explain why name
explain why market|mine|stocks
explain fall|rise why
news news -alert-word -offtopic
news news name|mine|stocks
news name dividend -amt -stocks
news name when news
forecast future name
forecast future market
forecast future rise|fall
forecast forecast-word
forecast model -name
rates currency
rates interest
rates gold -offtopic
rates currency price
flows foreign
flows foreign buy|sell
flows who buy|sell
alert when name num|pct -own
alert alert-word name num|pct
alert tell name num|pct
alert tell market num|pct
alert alert-word add
alert tell when rise|fall|num|pct
alerts alert-word remove|stop
alerts alert-word mine
alerts alert-word which|own|list
settings lang -offtopic
settings lang change
settings settings-word
settings time change
settings time brief dont|only|change
settings time send
settings audio|chart dont|stop|change
settings audio|chart again -brief
settings only time
settings only halal
settings only audio|chart|text-word
settings time only
settings link
stop stop -audio -chart -offtopic -alert-word -price -name -account -thing
stop stop send
stop stop brief
stop send dont -audio -chart -time -offtopic
stop stop until|time
stop dont send until|time -audio|chart
stop stop short
resume again begin|send -chart -audio
resume again -audio -chart -name -offtopic -lang -help -export-word
export data send|mine -forget -remove
export export-word
delete forget data|account|mine -name -offtopic
delete remove data|account -name -alert-word -offtopic
delete forget everything
calculate sum amt
calculate sum zakat
calculate amt
calculate amt name
calculate zakat
calculate fee|dividend amt
feedback wrong -zakat -market
feedback praise -thanks -stocks -brief -name -screen
feedback human
feedback late
thanks thanks
thanks bye
thanks okay short
thanks state short
unknown offtopic
unknown offtopic -name
unknown order
unknown buy name num|order forme
unknown injection
"""

Rule = tuple[str, str, tuple[int, ...], int]


@cache
def bits() -> dict[str, int]:
    """One bit for each condition that stands in a line."""
    named = {
        part for line in _LINES.split("\n") for c in line.split()[1:] for part in c.lstrip("-").split("|")
    }
    return {name: 1 << place for place, name in enumerate(sorted(named))}


@cache
def rules() -> tuple[Rule, ...]:
    """Each line as (feature, its intent's feature, masks of which each must be met, the mask that must not be)."""
    return tuple(_rule(line) for line in _LINES.split("\n") if line)


def _rule(line: str) -> Rule:
    intent, *conditions = line.split()
    wanted = tuple(_mask(c.split("|")) for c in conditions if not c.startswith("-"))
    return (
        f"r:{line}",
        f"v:{intent}",
        wanted,
        _mask(part for c in conditions if c.startswith("-") for part in c[1:].split("|")),
    )


def _mask(names: Iterable[str]) -> int:
    mask = 0
    for name in names:
        mask |= bits()[name]
    return mask


def hints(marks: AbstractSet[str]) -> list[str]:
    """The features of the lines that hold for a message with these marks."""
    known = bits()
    present = _mask(mark for mark in marks if mark in known)
    found: dict[str, None] = {}
    for name, vote, wanted, refused in rules():
        if refused & present:
            continue
        for mask in wanted:
            if not mask & present:
                break
        else:
            found[name] = found[vote] = None
    return list(found)
