"""The names of the months, folded, in the languages of the scanners we know (en de fr es pt it nl nordic tr)."""

MONTHS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
    jan january januar janvier janv enero ene gennaio gen januari janeiro ocak
    feb february februar fevrier fevr fev febrero febbraio februari fevereiro subat
    mar march marz maerz mrz mars marzo maart mrt marco mart
    apr april avril avr abril abr aprile nisan
    may mai mayo maggio mag mei maj maio mayis
    jun june juni juin junio giugno giu junho haziran
    jul july juli juillet juil julio luglio lug julho temmuz
    aug august aout agosto ago augustus augusti agustos
    sep september sept septembre septiembre settembre set setembro eylul
    oct october oktober okt octobre octubre ottobre ott outubro out ekim
    nov november novembre noviembre novembro kasim
    dec december dezember dez decembre diciembre dic dicembre dezembro des desember aralik
    """.strip().splitlines()
)

# Month names that are technical words too: with a day alone they are no date, with a year they are.
UNCLEAR = frozenset("mag set dec mar des mei mart mars dic ene fev gen out marco ago".split())  # noqa: SIM905  # a list of words reads best as one text
