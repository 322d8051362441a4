"""The names of the months, folded, in the languages of the scanners we know.

Western, northern and southern European, Slavic (both cases), Baltic, Hungarian, Romanian, Albanian, Greek, Turkic, Welsh and
Filipino.
In scripts that no list of technical words has, the day beside any word goes (``date.other_script``).
"""

from gateway.judge.text import fold

# One month a line; `+` ends a line that goes on.
_WRITTEN = """
jan january januar janner jaenner janvier janv enero ene gennaio gen januari janeiro ocak tammikuu tammikuuta styczen +
stycznia leden ledna januára ianuarie január январь января янв січень січня sausio janvāris ιανουάριος ιανουαρίου +
jaanuar siječanj siječnja januara +
gener janúar janvāra janar yanvar януари јануар ionawr
feb february februar feber febr février févr fev febrero febbraio februari fevereiro şubat subat helmikuu helmikuuta +
luty lutego únor února februára februarie február февраль февраля фев лютий лютого vasario februāris φεβρουάριος +
φεβρουαρίου veebruar veljača veljače februara +
februara febrer febrúar februāra shkurt fevral февруари фебруар pebrero
mar march märz maerz mrz mars marzo maart mrt março mart maaliskuu maaliskuuta marzec marca březen března martie +
március март марта березень березня kovo marts μάρτιος μαρτίου märts ožujak ožujka maret +
març marta mars marso mawrth maret март
apr april avril avr abril abr aprile nisan huhtikuu huhtikuuta kwiecień kwietnia duben dubna apríla aprilie április +
апрель апреля апр квітень квітня balandžio aprīlis απρίλιος απριλίου aprill travanj travnja aprila +
aprīļa prill aprel април ebrill
may mai mayo maggio mag mei maj maio mayis toukokuu toukokuuta maja květen května mája május май мая травень травня +
gegužės maijs μάιος μαΐου svibanj svibnja +
maí maija maj мај
jun june juni juin junio giugno giu junho haziran kesäkuu kesäkuuta czerwiec czerwca červen června júna iunie június +
июнь июня июн червень червня birželio jūnijs ιούνιος ιουνίου juuni lipanj lipnja juna +
júní jūnija qershor iyun јун юни mehefin hunyo
jul july juli juillet juil julio luglio lug julho temmuz heinäkuu heinäkuuta lipiec lipca červenec července júla iulie +
július июль июля июл липень липня liepos jūlijs ιούλιος ιουλίου juuli srpanj srpnja jula +
júlí jūlija korrik iyul јул юли hulyo gorffennaf
aug august août aout agosto ago augustus augusti ağustos agustos elokuu elokuuta sierpień sierpnia srpen srpna augusta +
augusztus август августа авг серпень серпня rugpjūčio augusts αύγουστος αυγούστου kolovoz kolovoza avgust avgusta +
ágúst gusht avqust август awst ogos agustus
sep september sept septembre septiembre settembre set setembro eylül eylul syyskuu syyskuuta wrzesień września září +
septembra septembrie szeptember сентябрь сентября сен сент вересень вересня rugsėjo septembris σεπτέμβριος σεπτεμβρίου +
rujan rujna +
setembre shtator septembar septembra sentyabr септември септембар setyembre
oct october oktober okt octobre octubre ottobre ott outubro out ekim lokakuu lokakuuta październik października říjen +
října októbra octombrie október октябрь октября окт жовтень жовтня spalio oktobris οκτώβριος οκτωβρίου oktoober +
listopad listopada oktobar oktobra +
oktobra tetor oktyabr октомври октобар oktubre hydref
nov november novembre noviembre novembro kasim marraskuu marraskuuta listopad listopada novembra noiembrie ноябрь +
ноября ноя листопад листопада lapkričio novembris νοέμβριος νοεμβρίου studeni studenog listopadu +
studenoga studenom novembre novembar novembra nëntor nentor noyabr ноември новембар nobyembre tachwedd nóvember
dec december dezember dez décembre déc diciembre dic dicembre dezembro des desember aralik joulukuu joulukuuta +
grudzień grudnia prosinec prosince decembra decembrie декабрь декабря дек грудень грудня gruodžio decembris δεκέμβριος +
δεκεμβρίου detsember prosinac prosinca +
desembre decembar dhjetor dekabr декември децембар disyembre rhagfyr disember
"""

MONTHS: tuple[tuple[str, ...], ...] = tuple(
    tuple(dict.fromkeys(fold(word) for word in line.split()))
    for line in _WRITTEN.replace("+\n", "").strip().splitlines()
)

# Month names that are technical words too: with a day alone they are no date, with a year they are.
UNCLEAR = frozenset("mag set dec mar des mei mart mars dic ene fev gen out marco ago luty juna gener".split())  # noqa: SIM905  # a list of words reads best as one text
