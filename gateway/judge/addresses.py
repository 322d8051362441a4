"""Texts that tell where somebody lives, by their form; ``streets`` knows those that take a look at the words."""

from __future__ import annotations

from gateway.judge.parts import build

ADDRESSES = (
    build("postcode.british", 0.7, r"(?<![A-Za-z\d])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![A-Za-z\d])", cased=True),
    build("postcode.canadian", 0.8, r"(?<![A-Za-z\d])[A-Z]\d[A-Z][ -]\d[A-Z]\d(?![A-Za-z\d])", cased=True),
    build("plate", 0.7, r"""
        (?<![A-Za-z\d-])[A-Z]{1,3}-\d{2,4}-[A-Z]{1,3}(?![A-Za-z\d-])
        (?<![A-Za-z\d-])\d\d-[A-Z]{2}-\d\d(?![A-Za-z\d-])
        (?<![A-Za-z\d-])(?!<plain letters>-)[A-Z]{1,2}-(?!<plain letters>-)[A-Z]{1,2}-\d{3,4}(?![A-Za-z\d-])
        (?<![A-Za-z])(?i:<plates>)(?i: no| nr)?\.?[ :#]{0,2}<of a plate>[ -]{1,3}<of a plate>[ -]?\d{1,4}[A-Z]?(?![A-Za-z\d-])
    """, cased=True),
    build("postcode", 0.7, r"""
        <no letter>(?:<states>),? \d{5}(?:-\d{4})?(?!\d)
        <no letter>[a-z]-\d{4,5} [a-z]
    """),
    build("address.door", 0.8, r"""
        (?<![^\W_])\d{1,2}[\u00ba\u00aa\u00b0][ .-]{0,2}(?i:izq|izda|dcha|der|dch|esq|dto|fte|pta)(?![A-Za-z])
        (?<![^\W_])\d{1,2}[\u00ba\u00aa\u00b0][.-]?(?!C(?![a-z]))[A-Z](?![A-Za-z\d])
        (?<![^\W_])\d[\u00ba\u00aa][.-]?C(?![A-Za-z\d])
        (?<![^\W_])\d{1,2}[\u00ba\u00aa] [A-Z](?![A-Za-z\d])
        (?<![^\W_])\d{2,5} (?:[^\W\da-z_][\w'-]+ ){1,3}(?:Dr|Ln|Cir|Hwy|Pkwy|Trl|Pl|Ct|Ter)\.?(?=\W*$|,)
    """, cased=True),
    build("address", 0.8, r"""
        <no word>\d{1,5}[a-z]? (?:[nsew]\.? )?<street name> (?:street|st|road|rd|avenue|ave|blvd|court|way)<end>
        <no word>\d{1,5}[a-z]? (?:[nsew]\.? )?<street name> (?:lane|drive|place|terrace|square)<end>
        <no letter>[a-z]+(?:strasse|str\.|weg|platz|gasse|allee|straat|laan|vej|gatan|vagen|utca) ?\d+
        <no word>\d{1,4}[a-z]?(?: bis| ter)?,? (?:rue|calle|viale|avenue|avenida|ul\.|rua|piazza|boulevard|allee) [a-z]
        <no letter>(?:rue|calle|viale|avenida|ul\.|avenue|rua|piazza) (?:d\w* )?[a-z]+,? ?\d*
        p\.? ?o\.? ?box
        <no letter>(?:r\.? ?r\.?|r\.? ?f\.? ?d\.?|hc|rural route|star route|psc|cmr)\s?#?\d{1,4},? box #?\d{1,5}
        <no word>\d{1,4}\s?(?:bis|ter|quater)(?![a-z])(?!\s?\d)
        <no letter>(?:<houses>)\.?\s?[:#]?\s?\d{1,4}[a-z]?<end>
        <no letter>(?:no\.:?|no:|nr\.?:?)\s?\d{1,4}[a-z]?<end>
        <no letter>(?:bp|po box|postfach|casella postale|apartado|cp)\.? \d{3,6}(?!\d|/\d)
        <no letter>(?:str\.|c/) [a-z]+
        <no letter>(?:ward|room|zimmer|bett|bed|saal|chambre|sala|cama|lit)\.?\s?(?:no|nr)?\.?\s?[:#]?\s?\d{1,4}[a-z]?<end>
        <no letter>no \d{1,4}(?=\W*$)
        <no letter>station \d\d[a-z]?<end>
        <no letter>(?:unit|flat|apt|apartment|suite|wohnung|apto|appt)\.? ?\d{1,4}[a-z]?, ?\d
    """),
)  # fmt: skip
