"""Texts that tell an age or a sex, in prose and as consoles print them."""

from __future__ import annotations

from gateway.judge.parts import build

AGES = (
    build("age_sex", 0.85, r"""
        <no number>0?\d{1,3}\s?y(?:rs?|/?o)?(?![a-z])(?:\s?/?\s?(?:[mfwo]|fe(?:m(?:ale)?)?)(?![a-z]))?<no span>
        <no number>(?=\d)<no span before>0?\d{1,3}\s?y(?:ea)?rs?(?![a-z])<no span>
        <no number>0?(?:9\d|1[01]\d)\s?years?(?![a-z])
        <no number>0\d\d\s?[ymwd]<end>
        <no number>\d{1,3}\s?j\.<end>
        <no number>(?:[2-9]\d|1[01]\d)\s?j(?![a-z\d/])
        <no number>(?=\d)<no span before>\d{1,3}\s?(?:jahre|jr|ans|anos|anni|jaar|lat|yas)(?![a-z])<no span>
        <no number>(?:9\d|1[01]\d)\s?(?:jahre|jr|ans|anos|anni|jaar|lat|yas)(?![a-z])
        <no number>\d{2,3}\s?/\s?[mfwyo]<end>
        <no word>[mfw]\s?/\s?\d{2,3}(?!\.?\d)
        (?<![a-z\d.,/])[mf][ ,]{1,2}0?\d{1,3}\s?(?:y|/|$)
        <no word>[mf] \d{1,2}[:.]\d\d
        <no number>(?=\d)<no span before>\d{1,3}\s?(?:mos?|months?)(?![a-z])<no span>
        <not bone><no letter><aged>\s?[:=]?\s?\d{1,3}(?![.,]?\d)
        <not turned><no letter><turned> (?:now |just |her |his |the |ses |seine |los |ya |gia |i |de )?<age>(?:<said>|<age end>)
        <not turned><no letter><turned> (?:now |just )?(?!\d+[05](?!\d))<age><not measured><no turn>
        <no letter><somebody> (?:is|was|now|is now|just|ist|wird|est|es|e|is nu|er|ar|on|ma|je) <age>(?:<said>|<age end>)
        <no number><age>(?:st|nd|rd|th|e|eme|er|o|\u00ba|\u00aa|\.)?[ -](?:<birthday>)(?![a-z])
        <no letter>[a-z]*(?:<decades>)[a-z]*
        <no letter>(?:jg|jahrg|jahrgang|rocznik|rocnik|argang|bouwjaar|annata)\.? ?(?:<year>|\d\d)(?!\.?\d)
        <no letter>(?:mitte|ende|anfang) [2-9]0(?!\d)<age end>
        <no number><age>[ -]?y[.-] ?o(?![a-z])\.?
        <no number>(?:[2-9]\d|1[01]\d) ?(?:l\.(?=\W*$|\s?[,;)|\]])|r\. ?[z\u017c]\.)
        <no letter>l\. ?(?:[2-9]\d|1[01]\d)(?=\W*$|\s?[,;)|\]])
        <no number><age>[ -]?(?:<years old>)
        <no number>\d{1,3}(?=[ -](?:days?|weeks?|months?|years?)[ -]old(?![a-z]))
        <no letter>(?:years?|months?|weeks?|days?)[ -]old(?=\W*$)
        <no number>(?=\d)<no span before>(?:[1-9]|[1-9]\d|1[01]\d)[ -]?(?:<years>)(?![a-z])<no span>
        <no number>(?:[2-9]\d|1[01]\d) v(?![a-z\d/.])
        <no number>(?:[2-9]\d|1[01]\d)[ -]?v\.(?!\s?[a-z]?\d)
        <no number>\d{1,3}\s?(?:\u0433\u043e\u0434|\u043b\u0435\u0442|\u0433\.|\u03b5\u03c4\u03c9\u03bd|\u0440\u043e\u043a)
        <no number>[89]\d(?:'s|s|\+|th birthday)(?![a-z\d%]|\.\d)
        (?:<no letter>over|above|[>\u2265]=?)\s?(?:89|9\d|1[01]\d)\s?(?:y|years?|yrs?)?<not measured>
        <no word>[mf][ ,]{0,2}(?:9\d|1[01]\d)<end>(?![.,]?\d|\s?(?:mm|hz|ms|%|x))
        <no letter>(?:[a-z]+und|[a-z]+en)?<ninety>(?:[ -](?:y |e |i |and )?<unit number>)?(?![a-z])(?! degree)<years behind>
        ^\W*[mf]\s?\d{2,3}\W*$
        <no word>[mfw],\s?0?\d{1,3}(?![.,]?\d)
        [♀♂]
        \d{1,3}\s?[岁歳才세]|[男女]
    """),
    build("age_sex.capital", 0.7, r"""
        (?<![A-Za-z\d.,])(?<![Tt][Cc][ -])(?!18F[ -]?(?:F|P|N|D|C|labe))\d{2,3} ?[MF](?![A-Za-z\d])
    """, cased=True),
    build("sex", 0.6, r"""
        <no letter>(?:male|female)(?! (?:pelvis|breast|bladder|urethra|phantom|anatomy))(?![a-z])
        <no letter>(?:man|woman|maennlich|mannlich|weiblich|homme|femme)(?![a-z])
        <no letter>(?:masculino|femenino|feminino|maschio|femmina|kadin|erkek|kobieta)(?![a-z])
        <no letter>(?:sex|geschlecht|sexe|sexo|sesso)\s?[:=.]?\s?[mfwo]?(?![a-z])
        ^\W*\(?[mf]\)\W*$
    """),
)  # fmt: skip
