/**
 * Words for the tasks' own items, written for this project, in the six languages of the embedded model. {n} a name, {v} what was done,
 * {b} its base form (English alone needs it), {o} a thing, {p} a place, {t} a time. Names begin with a consonant, so that no French word
 * is cut before them; verbs take `haben`, `avoir` and `avere`, so that nothing agrees with the name.
 */
export interface Words {
  readonly sentence: string;
  readonly short: string;
  readonly nothing: string;
  readonly what: string;
  readonly where: string;
  /** neither said nor denied by any sentence */
  readonly besides: readonly string[];
  readonly did: readonly string[];
  readonly base?: readonly string[];
  readonly things: readonly string[];
  readonly places: readonly string[];
  readonly times: readonly string[];
}

export const PEOPLE = ["Paul", "Maria", "Tom", "Clara", "David", "Laura", "Max", "Julia", "Peter", "Nina"] as const;

const list = (text: string): string[] => text.split(", ");

export const WORDS: Readonly<Record<string, Words>> = {
  en: {
    sentence: "{n} {v} {o} {p} {t}.",
    short: "{n} {v} {o}.",
    nothing: "{n} did not {b} anything.",
    what: "What did {n} {b}?",
    where: "Where did {n} {b} {o}?",
    besides: ["{n} has two brothers.", "{n} lives in a small house.", "{n} likes coffee."],
    did: list("bought, found, lost"),
    base: list("buy, find, lose"),
    things: list("a book, a key, a bag, a hat, a ball, a ring, a watch, a map, an umbrella, a cup, a shirt, a bicycle"),
    places: list("at the market, at the station, in the park, at the museum, at school, at the beach"),
    times: list("yesterday, last week, on Monday"),
  },
  de: {
    sentence: "{n} hat {t} {p} {o} {v}.",
    short: "{n} hat {o} {v}.",
    nothing: "{n} hat nichts {v}.",
    what: "Was hat {n} {v}?",
    where: "Wo hat {n} {o} {v}?",
    besides: ["{n} hat zwei Brüder.", "{n} wohnt in einem kleinen Haus.", "{n} mag Kaffee."],
    did: list("gekauft, gefunden, verloren"),
    things: list(
      "ein Buch, einen Schlüssel, eine Tasche, einen Hut, einen Ball, einen Ring, eine Uhr, eine Karte, einen Regenschirm, eine Tasse, ein Hemd, ein Fahrrad",
    ),
    places: list("auf dem Markt, am Bahnhof, im Park, im Museum, in der Schule, am Strand"),
    times: list("gestern, letzte Woche, am Montag"),
  },
  fr: {
    sentence: "{n} a {v} {o} {p} {t}.",
    short: "{n} a {v} {o}.",
    nothing: "{n} n’a rien {v}.",
    what: "Qu’est-ce que {n} a {v} ?",
    where: "Où est-ce que {n} a {v} {o} ?",
    besides: ["{n} a deux frères.", "{n} habite dans une petite maison.", "{n} aime le café."],
    did: list("acheté, trouvé, perdu"),
    things: list(
      "un livre, une clé, un sac, un chapeau, un ballon, une bague, une montre, une carte, un parapluie, une tasse, une chemise, un vélo",
    ),
    places: list("au marché, à la gare, dans le parc, au musée, à l’école, à la plage"),
    times: list("hier, la semaine dernière, lundi"),
  },
  es: {
    sentence: "{n} {v} {o} {p} {t}.",
    short: "{n} {v} {o}.",
    nothing: "{n} no {v} nada.",
    what: "¿Qué {v} {n}?",
    where: "¿Dónde {v} {n} {o}?",
    besides: ["{n} tiene dos hermanos.", "{n} vive en una casa pequeña.", "A {n} le gusta el café."],
    did: list("compró, encontró, perdió"),
    things: list(
      "un libro, una llave, un bolso, un sombrero, una pelota, un anillo, un reloj, un mapa, un paraguas, una taza, una camisa, una bicicleta",
    ),
    places: list("en el mercado, en la estación, en el parque, en el museo, en la escuela, en la playa"),
    times: list("ayer, la semana pasada, el lunes"),
  },
  it: {
    sentence: "{n} ha {v} {o} {p} {t}.",
    short: "{n} ha {v} {o}.",
    nothing: "{n} non ha {v} nulla.",
    what: "Che cosa ha {v} {n}?",
    where: "In quale posto {n} ha {v} {o}?",
    besides: ["{n} ha due fratelli.", "{n} vive in una piccola casa.", "A {n} piace il caffè."],
    did: list("comprato, trovato, perso"),
    things: list(
      "un libro, una chiave, una borsa, un cappello, una palla, un anello, un orologio, una mappa, un ombrello, una tazza, una camicia, una bicicletta",
    ),
    places: list("al mercato, alla stazione, nel parco, al museo, a scuola, in spiaggia"),
    times: list("ieri, la settimana scorsa, lunedì"),
  },
  pt: {
    sentence: "{n} {v} {o} {p} {t}.",
    short: "{n} {v} {o}.",
    nothing: "{n} não {v} nada.",
    what: "O que {n} {v}?",
    where: "Onde {n} {v} {o}?",
    besides: ["{n} tem dois irmãos.", "{n} mora em uma casa pequena.", "{n} gosta de café."],
    did: list("comprou, encontrou, perdeu"),
    things: list(
      "um livro, uma chave, uma bolsa, um chapéu, uma bola, um anel, um relógio, um mapa, um guarda-chuva, uma xícara, uma camisa, uma bicicleta",
    ),
    places: list("no mercado, na estação, no parque, no museu, na escola, na praia"),
    times: list("ontem, na semana passada, na segunda-feira"),
  },
};
