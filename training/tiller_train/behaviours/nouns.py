"""Nouns without sentences of their own, in four languages; forms follow from the gender.

Rows: English | German article and noun | French | Spanish. The last HELD rows are never trained on.
"""
HELD = 7
ROWS = """
car|das Auto|la voiture|el coche
table|der Tisch|la table|la mesa
tea|der Tee|le thé|el té
apple|der Apfel|la pomme|la manzana
flower|die Blume|la fleur|la flor
bird|der Vogel|l'oiseau|el pájaro
horse|das Pferd|le cheval|el caballo
tree|der Baum|l'arbre|el árbol
star|der Stern|l'étoile|la estrella
wind|der Wind|le vent|el viento
fire|das Feuer|le feu|el fuego
bridge|die Brücke|le pont|el puente
church|die Kirche|l'église|la iglesia
village|das Dorf|le village|el pueblo
island|die Insel|l'île|la isla
ship|das Schiff|le bateau|el barco
door|die Tür|la porte|la puerta
window|das Fenster|la fenêtre|la ventana
chair|der Stuhl|la chaise|la silla
clock|die Uhr|l'horloge|el reloj
letter|der Brief|la lettre|la carta
newspaper|die Zeitung|le journal|el periódico
song|das Lied|la chanson|la canción
game|das Spiel|le jeu|el juego
holiday|der Urlaub|le voyage|el viaje
weather|das Wetter|le temps|el tiempo
spring|der Frühling|le printemps|la primavera
autumn|der Herbst|l'automne|el otoño
morning|der Morgen|le matin|la mañana
evening|der Abend|le soir|la tarde
food|das Essen|le repas|la comida
cheese|der Käse|le fromage|el queso
milk|die Milch|le lait|la leche
cake|der Kuchen|le gâteau|la tarta
wine|der Wein|le vin|el vino
film|der Film|le film|la película
museum|das Museum|le musée|el museo
kitchen|die Küche|la cuisine|la cocina
street|die Straße|la rue|la calle
telephone|das Telefon|le téléphone|el teléfono
picture|das Bild|le tableau|el cuadro
dress|das Kleid|la robe|el vestido
party|das Fest|la fête|la fiesta
lake|der See|le lac|el lago
storm|der Sturm|la tempête|la tormenta
war|der Krieg|la guerre|la guerra
peace|der Frieden|la paix|la paz
money|das Geld|l'argent|el dinero
doctor|der Arzt|le médecin|el médico
teacher|der Lehrer|le professeur|el profesor
king|der König|le roi|el rey
baker|der Bäcker|le boulanger|el panadero
fish|der Fisch|le poisson|el pescado
spider|die Spinne|l'araignée|la araña
future|die Zukunft|l'avenir|el futuro
past|die Vergangenheit|le passé|el pasado
world|die Welt|le monde|el mundo
life|das Leben|la vie|la vida
hotel|das Hotel|l'hôtel|el hotel
beach|der Strand|la plage|la playa
computer|der Computer|l'ordinateur|el ordenador
airport|der Flughafen|l'aéroport|el aeropuerto
tower|der Turm|la tour|la torre
hat|der Hut|le chapeau|el sombrero
lamp|die Lampe|la lampe|la lámpara
dream|der Traum|le rêve|el sueño
valley|das Tal|la vallée|el valle
"""


def _german(text: str) -> tuple[str, ...]:
    article, noun = text.split(" ", 1)
    accusative = {"der": "den"}.get(article, article)
    dative = {"der": "dem", "das": "dem", "die": "der"}[article]
    return text, f"{accusative} {noun}", f"{dative} {noun}"


def _french(text: str) -> tuple[str, ...]:
    if text.startswith("le "):
        return text, f"du {text[3:]}", f"au {text[3:]}"
    return text, f"de {text}", f"à {text}"


def _spanish(text: str) -> tuple[str, ...]:
    if text.startswith("el "):
        return text, f"del {text[3:]}", f"al {text[3:]}"
    return text, f"de {text}", f"a {text}"


def _forms(lang: str, row: list[str]) -> tuple[str, ...]:
    make = {"en": lambda r: (f"the {r[0]}",), "de": lambda r: _german(r[1]),
            "fr": lambda r: _french(r[2]), "es": lambda r: _spanish(r[3])}[lang]
    return make(row)


def nouns(lang: str) -> list[tuple[str, ...]]:
    """Form tuples in row order, shaped like the first field of TOPICS."""
    return [_forms(lang, row.split("|")) for row in ROWS.strip().split("\n")]


def invented(lang: str, word: str) -> tuple[str, ...]:
    """The forms of a word that no language has, begun with a consonant and masculine."""
    return _forms(lang, [word, f"der {word.capitalize()}", f"le {word}", f"el {word}"])
