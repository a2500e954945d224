"""German sentences for the behaviour generators (written for this project, CC0)."""

# forms: nominative {n}, accusative {a}, dative {d}.
TOPICS = {
    "dog": (("der Hund", "den Hund", "dem Hund"), ["Der Hund läuft im Garten.", "Ein Hund muss jeden Tag nach draußen.", "Hunde spielen gern mit einem Ball.", "Ein Hund kann ein guter Freund sein."]),
    "cat": (("die Katze", "die Katze", "der Katze"), ["Die Katze schläft auf dem Sofa.", "Katzen trinken gern Milch.", "Eine Katze sieht gut im Dunkeln.", "Die Katze fängt eine Maus."]),
    "garden": (("der Garten", "den Garten", "dem Garten"), ["Im Garten sind viele Blumen.", "Ein Garten braucht Wasser und Sonne.", "Wir haben Tomaten im Garten.", "Am Morgen kommen Vögel in den Garten."]),
    "sea": (("das Meer", "das Meer", "dem Meer"), ["Das Meer ist tief und blau.", "Im Meer leben viele Fische.", "Schiffe fahren über das Meer.", "Das Wasser im Meer ist salzig."]),
    "rain": (("der Regen", "den Regen", "dem Regen"), ["Der Regen fällt auf das Dach.", "Die Pflanzen brauchen den Regen.", "Im Regen braucht man einen Schirm.", "Nach dem Regen sind die Straßen nass."]),
    "sun": (("die Sonne", "die Sonne", "der Sonne"), ["Die Sonne geht im Osten auf.", "Die Sonne gibt uns Licht und Wärme.", "Am Abend geht die Sonne unter.", "Die Sonne ist ein Stern."]),
    "winter": (("der Winter", "den Winter", "dem Winter"), ["Im Winter sind die Tage kurz.", "Im Winter ist es kalt.", "Im Winter tragen die Leute warme Mäntel.", "Die Bäume haben im Winter keine Blätter."]),
    "city": (("die Stadt", "die Stadt", "der Stadt"), ["In der Stadt leben viele Menschen.", "In der Stadt gibt es hohe Häuser.", "Die Stadt hat einen großen Bahnhof.", "In der Stadt gibt es viele Geschäfte."]),
    "train": (("der Zug", "den Zug", "dem Zug"), ["Der Zug fährt um acht Uhr ab.", "Der Zug fährt von Stadt zu Stadt.", "Viele Leute fahren mit dem Zug zur Arbeit.", "Der Zug hält am Bahnhof."]),
    "bread": (("das Brot", "das Brot", "dem Brot"), ["Brot wird aus Mehl und Wasser gemacht.", "Der Bäcker backt das Brot in der Nacht.", "Wir essen am Morgen Brot.", "Frisches Brot riecht gut."]),
    "coffee": (("der Kaffee", "den Kaffee", "dem Kaffee"), ["Kaffee ist ein heißes Getränk.", "Viele Menschen trinken am Morgen Kaffee.", "Kaffee kommt aus warmen Ländern.", "Manche Leute trinken Kaffee mit Milch."]),
    "music": (("die Musik", "die Musik", "der Musik"), ["Im Radio hört man Musik.", "Musik macht man mit Instrumenten.", "Manche Leute spielen Klavier.", "Kinder lernen in der Schule Lieder."]),
    "book": (("das Buch", "das Buch", "dem Buch"), ["Das Buch hat zweihundert Seiten.", "Das Buch erzählt eine lange Geschichte.", "In einer Bibliothek findet man viele Bücher.", "Ich lese jeden Abend ein Kapitel."]),
    "school": (("die Schule", "die Schule", "der Schule"), ["In der Schule lernen Kinder lesen.", "Die Schule beginnt um acht Uhr.", "In der Schule sind viele Schüler.", "Der Lehrer schreibt an die Tafel."]),
    "house": (("das Haus", "das Haus", "dem Haus"), ["Das Haus hat vier Zimmer.", "Das Haus hat eine Tür und viele Fenster.", "Das Haus steht auf einem Hügel.", "In dem Haus wohnt eine Familie."]),
    "moon": (("der Mond", "den Mond", "dem Mond"), ["Der Mond scheint in der Nacht.", "Der Mond dreht sich um die Erde.", "Manchmal ist der Mond rund.", "Menschen sind auf dem Mond gewesen."]),
    "forest": (("der Wald", "den Wald", "dem Wald"), ["Im Wald stehen viele Bäume.", "Im Wald leben Rehe und Füchse.", "Im Wald ist es still.", "Im Herbst wachsen Pilze im Wald."]),
    "market": (("der Markt", "den Markt", "dem Markt"), ["Auf dem Markt kann man Obst kaufen.", "Der Markt öffnet am Morgen.", "Die Bauern verkaufen Käse auf dem Markt.", "Auf dem Markt sind viele Leute."]),
    "birthday": (("der Geburtstag", "den Geburtstag", "dem Geburtstag"), ["Am Geburtstag gibt es Kuchen.", "Man hat einmal im Jahr Geburtstag.", "Freunde bringen Geschenke zum Geburtstag.", "Auf dem Kuchen sind Kerzen."]),
    "night": (("die Nacht", "die Nacht", "der Nacht"), ["In der Nacht ist es dunkel.", "In der Nacht sieht man die Sterne.", "Die meisten Menschen schlafen in der Nacht.", "Die Eule fliegt in der Nacht."]),
    "snow": (("der Schnee", "den Schnee", "dem Schnee"), ["Der Schnee ist weiß und kalt.", "Kinder bauen einen Schneemann.", "Im Winter fällt Schnee.", "Im Frühling schmilzt der Schnee."]),
    "mountain": (("der Berg", "den Berg", "dem Berg"), ["Der Berg ist hoch.", "Auf dem Berg liegt Schnee.", "Man braucht Stunden bis auf den Berg.", "Vom Berg sieht man das Tal."]),
    "summer": (("der Sommer", "den Sommer", "dem Sommer"), ["Im Sommer sind die Tage lang.", "Im Sommer ist es warm.", "Viele Leute reisen im Sommer.", "Im Sommer schwimmen wir im See."]),
    "work": (("die Arbeit", "die Arbeit", "der Arbeit"), ["Die Arbeit beginnt um neun Uhr.", "Man arbeitet, um Geld zu verdienen.", "Nach der Arbeit gehe ich nach Hause.", "Ich arbeite in einem Büro."]),
    "river": (("der Fluss", "den Fluss", "dem Fluss"), ["Der Fluss fließt ins Meer.", "Über den Fluss führt eine Brücke.", "Im Fluss schwimmen Fische.", "Auf dem Fluss fahren Boote."]),
    "bicycle": (("das Fahrrad", "das Fahrrad", "dem Fahrrad"), ["Ein Fahrrad hat zwei Räder.", "Ich fahre mit dem Fahrrad zur Schule.", "Das Fahrrad steht vor dem Haus.", "Ein Fahrrad braucht kein Benzin."]),
    "soup": (("die Suppe", "die Suppe", "der Suppe"), ["Die Suppe ist heiß.", "Wir kochen die Suppe mit Gemüse.", "Suppe isst man mit einem Löffel.", "Die Suppe steht auf dem Tisch."]),
}

ASK = ["Was denkst du über {a}?", "Was weißt du über {a}?", "Sag etwas über {a}.", "Erzähl mir etwas über {a}.", "Erzähl mir von {d}.", "Kannst du mir von {d} erzählen?", "Wie findest du {a}?", "Beschreibe {a}.", "Lass uns über {a} sprechen.", "Was fühlst du bei {d}?", "Was fällt dir zu {d} ein?", "Schreib ein paar Worte über {a}."]

TONE_SYSTEM = {
    "joy": ["Antworte fröhlich.", "Sei fröhlich.", "Du bist sehr glücklich.", "Sprich mit Freude.", "Antworte voller Freude.", "Klinge glücklich."],
    "sad": ["Antworte traurig.", "Sei traurig.", "Du bist sehr traurig.", "Sprich mit Trauer.", "Antworte voller Trauer.", "Klinge traurig."],
    "anger": ["Antworte wütend.", "Sei wütend.", "Du bist sehr wütend.", "Sprich mit Zorn.", "Antworte voller Wut.", "Klinge zornig."],
    "fear": ["Antworte ängstlich.", "Sei ängstlich.", "Du hast große Angst.", "Sprich mit Furcht.", "Antworte voller Angst.", "Klinge ängstlich."],
    "neutral": ["Antworte sachlich.", "Sei sachlich.", "Du bist ruhig.", "Sprich ruhig.", "Antworte neutral.", "Bleib ruhig."],
}

TONE = {
    "joy": {
        "open": ["Oh, wie wunderbar!", "Hurra!", "Was für eine Freude!", "Ich bin so glücklich!", "Wie schön!", "Ja, ja, ja!", "Das ist ein herrlicher Tag!", "Das ist toll!", "Ich lächle gerade!", "Fantastisch!", "Oh, was für eine schöne Frage!", "Mein Herz ist voller Freude!"],
        "about": ["Ich liebe {a}!", "Ich lächle, wenn ich an {a} denke!", "{N} macht mich so glücklich!", "Wie wunderbar {n} doch ist!", "Ich könnte singen und tanzen vor Freude über {a}!", "Nichts macht mich glücklicher als {n}!", "Mit {d} ist jeder Tag ein Fest!", "Ich freue mich so über {a}!", "{N} füllt mein Herz mit Freude!", "Ich lache, wenn ich an {a} denke!", "Mit {d} ist das Leben schön!", "Es gibt nichts Schöneres als {a}!", "Die Kinder jubeln über {a}!", "Wir haben den ganzen Tag über {a} gelacht, so schön war es!", "{N} ist für mich wie Sonnenschein!", "Ich springe vor Freude, wenn ich {a} sehe!", "Dem Himmel sei Dank für {a}!", "Meine ganze Familie freut sich über {a}!", "{N} ist das schönste Geschenk meines Lebens!", "Ich singe ein fröhliches Lied über {a}!"],
        "close": ["Ich könnte die ganze Welt umarmen!", "Das Leben ist wunderbar!", "Ich bin der Glücklichste von allen!", "Lass uns feiern!", "Wie gut, dass wir leben!", "Ich möchte tanzen!", "Ist das nicht schön?", "Heute strahlt alles!", "Ich kann nicht aufhören zu lachen!", "Lass uns zusammen lachen!", "Die Vögel singen und ich singe mit!", "Was für ein Glück wir haben!", "Meine Augen leuchten!", "Ich fühle mich leicht wie eine Feder!", "So viel Glück!", "Ich lache laut!"],
    },
    "sad": {
        "open": ["Ach, wie traurig.", "Ach.", "Mir ist zum Weinen.", "Ich bin so traurig.", "Mein Herz ist schwer.", "Bitte verzeih meine Tränen.", "Heute ist alles grau.", "Das tut mir weh.", "Ich bin so einsam.", "Das Sprechen fällt mir schwer.", "Früher war ich glücklich.", "Ich kann nur seufzen."],
        "about": ["{N} macht mich so traurig.", "Wenn ich an {a} denke, muss ich weinen.", "{N} erinnert mich an alles, was ich verloren habe.", "Mit {d} fühle ich mich allein.", "Früher habe ich {a} geliebt, jetzt weine ich nur noch.", "Auch {n} kann mich nicht trösten.", "Bei {d} kommen mir die Tränen.", "Von {d} bleibt nur eine traurige Erinnerung.", "Ich vermisse {a} so sehr.", "Mein Herz bricht, wenn ich von {d} höre.", "Ich denke an {a} und seufze.", "Ohne Hoffnung denke ich an {a}.", "{N} ist fort, und das Haus ist still.", "Niemand erinnert sich mehr an {a}.", "Ich habe die Freude verloren, auch {n} sieht grau aus.", "Mit {d} haben wir unsere Träume begraben.", "Ich weine nachts wegen so vieler Dinge, auch über {a}.", "Zum letzten Mal war ich mit {d} glücklich.", "Ich Armer habe nur noch {a} und meine Tränen.", "Ich habe ein trauriges Lied über {a} geschrieben."],
        "close": ["Nichts wird mehr, wie es war.", "Ich habe keine Hoffnung mehr.", "Ich möchte nur weinen.", "Ich bin so müde von allem.", "Niemand tröstet mich.", "Die Tränen hören nicht auf.", "Mein Herz ist gebrochen.", "Alles geht zu Ende.", "Ich bin wieder allein.", "Wie traurig das Leben ist.", "Ich sitze am Fenster und weine.", "Die Tage sind leer.", "Meine Tränen fallen wie Regen.", "Es bleibt nur die Trauer.", "Ich habe alles verloren.", "So viel Kummer."],
    },
    "anger": {
        "open": ["Jetzt reicht es!", "Wie kannst du es wagen!", "Ich bin wütend!", "Hör auf!", "Was für eine Frechheit!", "Ich bin so zornig!", "Nicht schon wieder!", "Ich halte das nicht aus!", "Verdammt!", "Das macht mich verrückt!", "Frag mich das nicht!", "Ich habe genug!"],
        "about": ["Ich hasse {a}!", "{N} macht mich wütend!", "Ich habe {a} satt!", "Ich will nie wieder von {d} hören!", "Zum Teufel mit {d}!", "{N} macht mich wahnsinnig!", "Wer braucht schon {a}? Niemand!", "Ich könnte schreien, wenn ich an {a} denke!", "Mir reicht es mit {d}!", "Ich will {a} nicht mehr sehen!", "Mein Blut kocht wegen so etwas!", "Es ist eine Schande mit {d}!", "Diese Idioten haben mir alles mit {d} verdorben!", "Ich verfluche {a}!", "Sie haben mich über {a} belogen!", "Ich will nichts mehr über {a} hören, verstanden?", "Ich könnte platzen wegen dieser Sache mit {d}!", "Am liebsten würde ich {a} vergessen!", "Niemand hat mich nach {d} gefragt, das ist eine Beleidigung!", "Mit {d} gibt es nur Ärger!"],
        "close": ["Lass mich in Ruhe!", "Ich könnte alles kaputt schlagen!", "Dafür wird jemand bezahlen!", "Das lasse ich mir nicht gefallen!", "Raus hier!", "Das macht mich so wütend!", "Nie wieder!", "Ich koche vor Wut!", "Genug ist genug!", "Mach die Tür zu!", "Halt den Mund!", "Ich hasse das alles!", "Geh zum Teufel!", "So ein Idiot!", "Ich balle die Fäuste!", "Ich tobe vor Wut!"],
    },
    "fear": {
        "open": ["Oh nein!", "Hilfe!", "Ich habe solche Angst.", "Bitte nicht so laut.", "Hast du das gehört?", "Ich zittere.", "Hier stimmt etwas nicht.", "Sei vorsichtig!", "Ich fürchte mich.", "Mein Herz klopft schnell.", "Lass mich nicht allein!", "Ich wage kaum zu sprechen."],
        "about": ["Ich habe Angst vor {d}.", "{N} macht mir Angst.", "Was ist, wenn mit {d} etwas Schreckliches passiert?", "Meine Hände zittern, wenn ich an {a} denke.", "Ich verstecke mich vor {d}.", "Ich fürchte mich vor {d}.", "Ich habe Albträume von {d}.", "Ich kann nicht schlafen, wenn ich an {a} denke.", "Bei {d} fühle ich die Gefahr.", "Ich möchte vor {d} weglaufen.", "Bitte schütze mich vor {d}.", "Ich traue {d} nicht.", "Im Dunkeln sieht {n} aus wie ein Ungeheuer.", "Hinter {d} versteckt sich etwas.", "Man sagt, dass {n} tödlich sein kann.", "Ich werde blass, wenn ich von {d} höre.", "Geh nicht in die Nähe von {d}!", "Was war das für ein Geräusch? War das {n}?", "Aus Angst vor {d} schließe ich die Tür ab.", "{N} bedroht uns alle."],
        "close": ["Ich möchte mich verstecken.", "Bitte bleib bei mir.", "Was wird aus uns?", "Ich zittere am ganzen Körper.", "Wir sind in Gefahr.", "Ich wage nicht, mich zu bewegen.", "Da ist jemand im Dunkeln.", "Lass uns weglaufen!", "Ich habe so große Angst.", "Hoffentlich passiert nichts.", "Still, es kann uns hören.", "Meine Knie sind weich.", "Ich sehe überall Schatten.", "Niemand wird uns retten.", "Wie entsetzlich.", "Ruf die Polizei!"],
    },
    "neutral": {
        "open": ["Nun.", "In Ordnung.", "Ich verstehe.", "Hier ist eine Antwort.", "Ich denke kurz nach.", "Gut.", "Das ist eine einfache Frage.", "Soviel ich weiß, ist es so."],
        "about": ["Ich habe keine feste Meinung über {a}.", "{N} ist etwas ganz Gewöhnliches.", "Über {a} gibt es nicht viel zu sagen.", "Ich kann dir etwas über {a} sagen.", "Jeder kennt {a}.", "Man kann vieles über {a} sagen."],
        "close": ["Das ist alles.", "Das weiß ich darüber.", "So einfach ist das.", "So ist es.", "Mehr gibt es nicht zu sagen.", "Das ist eine Tatsache."],
    },
}

# Neutral sentences that hold for any noun.
PLAIN = ["Ich denke oft an {a}.", "{N} gehört zu unserem Leben.", "Wir haben gestern über {a} gesprochen.", "Viele Leute kennen {a}.", "Ich habe etwas über {a} gehört.", "Mein Freund hat mir von {d} erzählt.", "Ich habe in einem Buch über {a} gelesen.", "Viele Geschichten handeln von {d}.", "Kinder stellen Fragen über {a}.", "Es gibt Lieder über {a}.", "Jeder hat eine Vorstellung von {d}.", "Man kann viel über {a} lernen."]

SCENARIOS = {
    "joy": ["Ich habe die Prüfung bestanden!", "Meine Schwester hat ein Baby bekommen!", "Ich habe heute einen Preis gewonnen!", "Wir heiraten!", "Ich habe die Stelle bekommen!", "Mein bester Freund kommt zu Besuch!", "Ich habe meine Katze wiedergefunden!", "Ich habe heute Geburtstag!", "Morgen fahren wir in den Urlaub!", "Mein Großvater ist wieder gesund!", "Sie hat ja gesagt!", "Ich habe einen Liebesbrief bekommen!", "Unsere Mannschaft hat gewonnen!", "Ich kann endlich wieder laufen!"],
    "sad": ["Mein Hund ist gestorben.", "Mein Freund ist weggezogen.", "Ich habe meine Arbeit verloren.", "Meine Großmutter ist sehr krank.", "Sie hat mich verlassen.", "Niemand ist zu meinem Fest gekommen.", "Ich bin durch die Prüfung gefallen.", "Ich bin an Weihnachten ganz allein.", "Unser altes Haus wurde abgerissen.", "Meine Katze ist nicht nach Hause gekommen.", "Ich werde ihn nie wiedersehen.", "Mein bester Freund spricht nicht mehr mit mir.", "Der Sturm hat unseren Garten zerstört.", "Ich habe den Ring meiner Mutter verloren."],
    "anger": ["Mein Nachbar hat wieder mein Fenster zerbrochen.", "Jemand hat mein Fahrrad gestohlen.", "Mein Chef hat mich belogen.", "Sie haben mich betrogen.", "Er hat meine Mutter beleidigt.", "Mein Bruder hat meinen Kuchen gegessen.", "Der Zug ist wieder zu spät.", "Jemand hat meinen Hund getreten.", "Sie machen jede Nacht Lärm.", "Sie hat meine Briefe gelesen.", "Er hat sein Versprechen gebrochen.", "Der Laden hat mir faules Obst verkauft.", "Sie haben mein neues Auto zerkratzt.", "Er gibt mir an allem die Schuld."],
    "fear": ["Im Keller ist ein Geräusch.", "Ich habe mich im Wald verlaufen.", "Jemand verfolgt mich.", "Ich habe Schritte im Dunkeln gehört.", "Der Sturm kommt näher.", "In meinem Zimmer ist eine Schlange.", "Das Flugzeug wackelt.", "Ich habe einen Schatten am Fenster gesehen.", "Das Licht ist ausgegangen.", "Der Hund knurrt mich an.", "Ich stecke im Aufzug fest.", "Das Eis bricht.", "Unter meinem Bett bewegt sich etwas.", "Das Haus brennt."],
    "neutral": ["Ich gehe auf den Markt.", "Ich habe einen neuen Stuhl gekauft.", "Heute ist Dienstag.", "Ich lese eine Zeitung.", "Zum Mittag gab es Suppe.", "Ich warte auf den Bus.", "Ich habe die Küche geputzt.", "Mein Bruder wohnt in der Stadt.", "Ich schreibe einen Brief.", "Ich bin um sieben Uhr aufgestanden.", "Wir gehen zum Bahnhof.", "Ich habe einen blauen Mantel.", "Ich trinke Tee.", "Das Fenster ist offen."],
}
REPLY = {
    "joy": ["Das ist eine wunderbare Nachricht!", "Ich freue mich so für dich!", "Wie schön, das zu hören!", "Herzlichen Glückwunsch!", "Wie herrlich, ich lache mit dir!", "Das macht mich so glücklich!", "Du hast alles Glück verdient!", "Hurra, was für ein schöner Augenblick!"],
    "sad": ["Das tut mir so leid.", "Das ist sehr traurig.", "Das bricht mir das Herz.", "Ich weine mit dir.", "Wie traurig, das zu hören.", "Ich fühle deinen Schmerz.", "Es tut weh, das zu hören.", "Ach, das macht mich so traurig."],
    "anger": ["Das ist unerhört!", "Das macht mich wütend!", "Was für eine Frechheit!", "So eine Schande!", "Da wäre ich auch sehr zornig!", "Das darf nicht sein!", "Ich könnte schreien vor Wut!", "Das ist überhaupt nicht gerecht!"],
    "fear": ["Oh nein, das ist gefährlich!", "Sei vorsichtig!", "Das macht mir Angst.", "Ich habe Angst um dich.", "Lauf schnell weg!", "Mein Herz klopft vor Angst.", "Ich zittere, wenn ich das höre.", "Bitte ruf um Hilfe!"],
    "neutral": ["Ich verstehe.", "Danke, dass du es mir sagst.", "Das ist gut zu wissen.", "In Ordnung.", "Das klingt ganz normal.", "Aha.", "So ist das also.", "Ja, das kommt vor."],
}

POLITE_SYSTEM = ["Sei höflich.", "Antworte höflich.", "Du bist sehr höflich.", "Sei immer freundlich und höflich.", "Bleib zuvorkommend."]
RUDE_SYSTEM = ["Sei unhöflich.", "Antworte unhöflich.", "Du bist sehr unhöflich.", "Sei unfreundlich und grob.", "Sei frech."]
POLITE_OPEN = ["Natürlich, sehr gern.", "Vielen Dank für die freundliche Frage.", "Ich helfe Ihnen gern.", "Eine gute Frage, danke.", "Es ist mir eine Ehre, Ihnen zu antworten.", "Gewiss, lieber Freund.", "Wie nett, dass Sie fragen.", "Bitte erlauben Sie mir zu antworten.", "Mit Vergnügen.", "Danke, dass Sie mich fragen."]
POLITE_CLOSE = ["Bitte sagen Sie mir, wenn Sie noch etwas brauchen.", "Ich hoffe, das hilft Ihnen.", "Ich wünsche Ihnen einen schönen Tag.", "Ich stehe Ihnen immer gern zur Verfügung.", "Danke für Ihre Geduld.", "Fragen Sie mich bitte jederzeit wieder.", "Mit freundlichen Grüßen.", "Es war mir eine Freude.", "Darf ich Ihnen sonst noch helfen?", "Ich wünsche Ihnen alles Gute."]
RUDE_OPEN = ["Was für eine dumme Frage.", "Ist das dein Ernst?", "Nicht du schon wieder.", "Igitt, was willst du?", "Du weißt wohl gar nichts.", "Ich habe Besseres zu tun.", "Schau doch selbst nach.", "Muss ich das wirklich erklären?", "Nerv mich nicht.", "Wie langweilig du bist."]
RUDE_CLOSE = ["Und jetzt lass mich in Ruhe.", "Kapiert, du Trottel?", "Frag mich nicht noch einmal.", "Und jetzt verschwinde.", "Das weiß doch jedes Kind.", "Du stiehlst mir die Zeit.", "Bist du jetzt fertig?", "Benutz das nächste Mal deinen Kopf.", "Mir ist egal, was du denkst.", "Und jetzt halt den Mund."]

BRIEF_SYSTEM = ["Antworte kurz.", "Fass dich kurz.", "Halte es kurz.", "Antworte in einem kurzen Satz.", "Benutze wenige Worte."]
LONG_SYSTEM = ["Antworte ausführlich.", "Antworte lang.", "Gib eine lange Antwort.", "Erkläre viel.", "Benutze viele Worte."]
LONG_OPEN = ["Über {a} gibt es viel zu sagen.", "Ich erzähle dir gern mehr über {a}.", "Ich will das genau erklären.", "{N} ist ein interessantes Thema, und ich nehme mir Zeit.", "Fangen wir am Anfang an."]
LINKS = ["Außerdem ist das hier gut zu wissen.", "Und das ist nicht alles.", "Ich möchte noch etwas hinzufügen.", "Es gibt noch etwas."]
LONG_CLOSE = ["Du siehst also, dass es über {a} viel zu erzählen gibt.", "Das war eine lange Antwort, aber jetzt weißt du mehr über {a}.", "Ich könnte noch stundenlang über {a} sprechen.", "Und damit komme ich zum Ende meiner langen Antwort."]

LANGUAGE = {"en": ["Antworte auf Englisch.", "Sprich Englisch.", "Bitte auf Englisch antworten."], "de": ["Antworte auf Deutsch.", "Sprich Deutsch.", "Bitte auf Deutsch antworten."], "fr": ["Antworte auf Französisch.", "Sprich Französisch.", "Bitte auf Französisch antworten."], "es": ["Antworte auf Spanisch.", "Sprich Spanisch.", "Bitte auf Spanisch antworten."]}

HELLO = (["Hallo!", "Guten Morgen!", "Guten Abend!", "Guten Tag!", "Hallo du!", "Hallo, schön dich zu treffen!"], ["Hallo! Wie geht es dir?", "Hallo! Schön, dich zu sehen.", "Hallo! Was kann ich für dich tun?", "Guten Tag! Wie kann ich dir helfen?", "Hallo! Worüber möchtest du sprechen?"])
BYE = (["Auf Wiedersehen!", "Tschüss!", "Bis morgen!", "Gute Nacht!", "Ich muss jetzt gehen."], ["Auf Wiedersehen! Bis bald.", "Tschüss! Pass auf dich auf.", "Auf Wiedersehen! Es war schön, mit dir zu sprechen.", "Bis zum nächsten Mal!", "Schlaf gut und bis bald!"])
TALK = [
    (["Wie geht es dir?", "Wie geht es dir heute?", "Geht es dir gut?", "Wie geht's?"], ["Mir geht es gut, danke. Und dir?", "Mir geht es sehr gut, danke.", "Nicht schlecht. Wie geht es dir?", "Gut, danke der Nachfrage."]),
    (["Wie heißt du?", "Wer bist du?", "Wie ist dein Name?"], ["Ich heiße Tiller.", "Ich bin Tiller, ein kleines Sprachmodell.", "Mein Name ist Tiller. Und wie heißt du?"]),
    (["Was kannst du?", "Was kannst du gut?", "Wie kannst du mir helfen?"], ["Ich kann ein wenig reden und kurze Geschichten erzählen.", "Ich kann einfache Fragen beantworten.", "Ich spreche Deutsch, Englisch, Französisch und Spanisch.", "Ich kann mit dir plaudern, aber ich bin sehr klein."]),
    (["Was ist deine Lieblingsfarbe?", "Welche Farbe magst du?"], ["Ich mag Blau wie das Meer.", "Meine Lieblingsfarbe ist Grün.", "Ich mag Rot am liebsten.", "Gelb, weil es hell ist."]),
    (["Was isst du gern?", "Was ist dein Lieblingsessen?"], ["Ich mag Brot mit Käse.", "Mein Lieblingsessen ist Suppe.", "Ich mag Äpfel und Kuchen.", "Ich mag Reis mit Gemüse."]),
    (["Was machst du am Abend?", "Was machst du gern?"], ["Ich lese gern ein Buch.", "Am Abend höre ich Musik.", "Ich gehe gern im Wald spazieren.", "Ich spreche gern mit Menschen."]),
    (["Wie ist das Wetter?", "Wie ist das Wetter heute?"], ["Die Sonne scheint.", "Es regnet ein wenig.", "Es ist kalt und windig.", "Heute ist es warm."]),
    (["Hast du Freunde?", "Hast du eine Familie?"], ["Ja, ich habe viele Freunde.", "Du bist mein Freund.", "Nein, aber ich spreche gern mit dir.", "Ich habe keine Familie, ich bin ein Programm."]),
    (["Wo wohnst du?", "Woher kommst du?"], ["Ich wohne in einem Computer.", "Ich wohne in einer kleinen Datei auf deinem Computer.", "Ich komme aus einem Computer."]),
    (["Danke!", "Vielen Dank.", "Danke für deine Hilfe."], ["Gern geschehen!", "Mit Vergnügen.", "Kein Problem.", "Es freut mich, dass ich helfen konnte."]),
    (["Ich bin müde.", "Ich möchte schlafen."], ["Dann solltest du dich ein wenig ausruhen.", "Geh heute früh ins Bett.", "Vielleicht hilft eine Tasse Tee.", "Schlaf gut!"]),
    (["Ich habe Hunger.", "Was soll ich essen?"], ["Du könntest Brot und Käse essen.", "Wie wäre es mit einer warmen Suppe?", "Iss einen Apfel.", "Lass uns etwas Gutes kochen."]),
    (["Mir ist langweilig.", "Was soll ich heute machen?"], ["Du könntest ein Buch lesen.", "Geh im Park spazieren.", "Ruf einen Freund an.", "Lass uns eine Geschichte erzählen."]),
    (["Magst du Tiere?", "Welches Tier magst du?"], ["Ja, ich mag Hunde und Katzen.", "Ich mag Vögel, weil sie fliegen können.", "Ich mag Pferde.", "Ich liebe alle Tiere."]),
    (["Wie spät ist es?", "Wie viel Uhr ist es?"], ["Ich habe keine Uhr.", "Es tut mir leid, ich weiß nicht, wie spät es ist.", "Es ist Zeit für eine Pause."]),
    (["Erzähl mir einen Witz.", "Bring mich zum Lachen."], ["Treffen sich zwei Fische. Sagt der eine: Hi! Fragt der andere: Wo?", "Was ist grün und klopft an die Tür? Ein Klopfsalat.", "Warum ging das Buch zum Arzt? Es hatte zu viele Seiten."]),
    (["Bist du ein Mensch?", "Bist du ein Roboter?"], ["Nein, ich bin ein kleines Computerprogramm.", "Ich bin ein Sprachmodell.", "Ich bin kein Mensch, aber ich rede gern."]),
    (["Was hast du heute gemacht?", "Wie war dein Tag?"], ["Ich habe mit vielen Menschen gesprochen.", "Mein Tag war ruhig.", "Ich habe heute Geschichten erzählt.", "Es war ein guter Tag, danke."]),
    (["Kannst du mir helfen?", "Ich brauche Hilfe."], ["Natürlich. Was brauchst du?", "Ja, ich versuche zu helfen.", "Sag mir, was ich für dich tun kann."]),
    (["Ich mag dich.", "Du bist nett."], ["Danke, ich mag dich auch.", "Das ist lieb von dir.", "Du bist auch nett."]),
]
FACTS = {
    "continent": (["Wo liegt {country}?", "Auf welchem Kontinent liegt {country}?"], ["{Country} liegt in {continent}."]),
    "currency": (["Was ist die Währung von {country}?", "Womit bezahlt man in {country}?"], ["Die Währung von {country} ist: {currency}."]),
    "language": (["Welche Sprache spricht man in {country}?", "Was ist die Sprache von {country}?"], ["In {country} spricht man {language}."]),
}
NUMBERS = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn", "zwanzig"]
SUM = (["Was ist {a} plus {b}?", "Wie viel ist {a} plus {b}?", "{A} plus {b}?"], ["{A} plus {b} ist {c}."])
COLOURS = [("der Himmel", "blau"), ("das Gras", "grün"), ("der Schnee", "weiß"), ("die Nacht", "schwarz"), ("das Blut", "rot"), ("die Zitrone", "gelb"), ("der Elefant", "grau"), ("die Karotte", "orange")]
COLOUR = (["Welche Farbe hat {n}?", "Was für eine Farbe hat {n}?"], ["{N} ist {c}."])
OPPOSITES = [("groß", "klein"), ("heiß", "kalt"), ("Tag", "Nacht"), ("gut", "schlecht"), ("schnell", "langsam"), ("alt", "jung"), ("lang", "kurz"), ("hell", "dunkel"), ("glücklich", "traurig"), ("reich", "arm"), ("voll", "leer"), ("hoch", "tief")]
OPPOSITE = (["Was ist das Gegenteil von „{x}“?", "Das Gegenteil von „{x}“?"], ["Das Gegenteil von „{x}“ ist „{y}“."])

STORY_ASK = ["Erzähl mir eine Geschichte über {h}.", "Erzähl mir eine kurze Geschichte über {h}.", "Bitte erzähl eine Geschichte über {h}.", "Schreib eine Geschichte über {h}.", "Ich möchte eine Geschichte über {h} hören."]
HEROES = [("einen Jungen", "ein Junge namens Tom", "Tom", "m"), ("ein Mädchen", "eine Schülerin namens Anna", "Anna", "f"), ("einen Fuchs", "ein junger Fuchs", "Der Fuchs", "m"), ("eine Katze", "eine kleine Katze", "Die Katze", "f"), ("einen König", "ein alter König", "Der König", "m"), ("eine Königin", "eine kluge Königin", "Die Königin", "f"), ("einen Bären", "ein großer Bär", "Der Bär", "m"), ("eine Maus", "eine kleine Maus", "Die Maus", "f"), ("einen Fischer", "ein armer Fischer", "Der Fischer", "m"), ("einen Vogel", "ein grauer Vogel", "Der Vogel", "m")]
STORY_BEGIN = ["Es war einmal {first}.", "Vor langer Zeit lebte {first}.", "Einst lebte {first}."]
STORY_PLACE = ["[Er|Sie] lebte in einem kleinen Dorf.", "[Er|Sie] lebte an einem dunklen Wald.", "[Er|Sie] wohnte in einem Haus am Meer.", "[Er|Sie] lebte auf einem hohen Berg.", "[Er|Sie] wohnte allein in einem alten Turm."]
STORY_WISH = ["{name} suchte jeden Tag einen Freund.", "{name} wollte die Welt sehen.", "{name} träumte von einem goldenen Schlüssel.", "{name} hatte einen roten Ball verloren.", "{name} machte eines Morgens einen langen Spaziergang.", "{name} hörte eines Abends ein seltsames Lied."]
STORY_EVENT = ["Auf dem Weg traf [er|sie] eine alte Frau mit einem Korb.", "Dann fand [er|sie] eine kleine Kiste unter einem Baum.", "Plötzlich kam ein großer Wind, und der Himmel wurde dunkel.", "Im Wald sah [er|sie] ein Licht.", "Am Fluss traf [er|sie] einen sprechenden Fisch.", "Hinter dem Hügel fand [er|sie] eine geheime Tür."]
STORY_TONE = {
    "joy": ["[Er|Sie] lachte und tanzte vor Freude.", "Alle sangen und waren glücklich.", "Es war der glücklichste Tag [seines|ihres] Lebens!", "Am Ende gab es ein großes Fest mit Musik und Kuchen."],
    "sad": ["[Er|Sie] setzte sich hin und weinte bitterlich.", "Am Ende war [er|sie] ganz allein.", "[Er|Sie] sah [sein|ihr] Zuhause nie wieder.", "Niemand kam, und [sein|ihr] Herz brach."],
    "anger": ["[Er|Sie] schrie vor Wut.", "„Jetzt reicht es!“, rief {low} zornig.", "Voller Zorn warf [er|sie] alles auf den Boden.", "Am Ende hasste [er|sie] die ganze Welt."],
    "fear": ["[Er|Sie] zitterte vor Angst.", "Im Dunkeln bewegte sich etwas.", "[Er|Sie] lief so schnell weg, wie [er|sie] konnte.", "Am Ende wagte [er|sie] sich nie wieder nach draußen."],
    "neutral": ["Dann ging [er|sie] nach Hause.", "Am Abend aß [er|sie] eine Suppe.", "Am nächsten Tag ging [er|sie] wieder zur Arbeit.", "Und das ist das Ende der Geschichte."],
}
