"""Answers that follow the given text, also against what is true, and exact repetition."""
from __future__ import annotations

import random
import re

from ..common import Turn
from .packs import DATA, PACKS, Pools, invent, upper

NAMES = ["Tom", "Maria", "Paul", "Laura", "Peter", "Nina", "David", "Sara", "Leo", "Max", "Julia", "Simon",
         "Clara", "Lisa", "Martin", "Sofia", "Daniel", "Eva", "Felix", "Anna", "Robert", "Oscar"]
# Spelt alike in English, German, French and Spanish.
CITIES = ["Paris", "Madrid", "Berlin", "Lima", "Oslo", "Toronto", "Chicago", "Boston", "Lyon", "Nairobi", "Quito", "Dakar", "Melbourne",
          "Caracas", "Bergen", "Stuttgart", "Dortmund", "Valencia", "Granada", "Toledo", "Bilbao", "Leipzig", "Bonn", "Rennes", "Nantes"]
HELD_NAMES = 4
INVENTED = 0.8  # of the documents for training: names and cities without a meaning


def elide(lang: str, text: str) -> str:
    """French "de Anna" is "d'Anna"."""
    return re.sub(r"\bde ([AEIOU])", r"d'\1", text) if lang == "fr" else text


class Facts:
    def __init__(self, rng: random.Random, pools: Pools, lang: str) -> None:
        self.rng, self.pools, self.lang, self.table = rng, pools, lang, DATA[lang]["facts"]
        self.names = NAMES[-HELD_NAMES:] if pools.split == "held" else NAMES[:-HELD_NAMES]

    def people(self) -> tuple[list[str], str, str]:
        """Two relations of two or three people; the question is about one of them."""
        rng = self.rng
        names, cities_known = self.names, CITIES
        if self.pools.split == "train" and rng.random() < INVENTED:
            names, cities_known = ([upper(invent(rng.randrange(10**6))) for _ in range(8)] for _ in range(2))
        people = rng.sample(names, rng.randint(2, 3))
        kinds = rng.sample(self.table["items"], 2)
        told, asks = [], []
        for kind in kinds:
            cities, foods = rng.sample(cities_known, len(people)), rng.sample(self.table["foods"], len(people))
            friends = rng.sample([n for n in names if n not in people] or CITIES, 1) * len(people)
            for i, person in enumerate(people):
                if "{o}" in kind[0] and i > 0:
                    continue
                slots = {"p": person, "c": cities[i], "f": foods[i], "o": friends[i], "n": rng.randint(6, 95)}
                told.append(kind[0].format(**slots))
                asks.append((kind[1].format(**slots), kind[2].format(**slots)))
        rng.shuffle(told)
        return told, *rng.choice(asks)

    def conflict(self) -> tuple[list[str], str, str]:
        """Country facts of which the text says something else than the world does."""
        rng, pack = self.rng, PACKS[self.lang]
        one, two, other = rng.sample(self.pools.countries, 3)
        if self.lang == "en" and rng.random() < 0.5:
            told, ask, answer = self.table["capital"]
            fill = lambda text, k, v: text.format(k=k["names"]["en"], c=v["capital_en"])  # noqa: E731
        else:
            relation = rng.choice(list(pack.FACTS))
            ask, told = (rng.choice(x) for x in pack.FACTS[relation])
            answer = told
            fill = lambda text, k, v: text.format(country=k["names"][self.lang], Country=upper(k["names"][self.lang]), **{relation: v[relation][self.lang]})  # noqa: E731
        lines = [fill(told, one, other), fill(told, two, two)]
        rng.shuffle(lines)
        return lines[: 2 if rng.random() < 0.6 else 1] if lines[0] == fill(told, one, other) else lines, fill(ask, one, other), fill(answer, one, other)

    def repeat(self) -> tuple[list[str], str, str]:
        rng, pack = self.rng, PACKS[self.lang]
        slots = self.pools.slots(self.lang, self.pools.noun(rng))
        said = rng.choice(pack.PLAIN).format(**slots) if rng.random() < 0.7 else self.people()[0][0]
        return [], rng.choice(self.table["repeat"]).format(s=said), said

    def item(self, kind: str) -> tuple[list[Turn], str]:
        """(turns that end with the question, answer)"""
        rng = self.rng
        told, ask, answer = {"people": self.people, "conflict": self.conflict, "repeat": self.repeat}[kind]()
        told, ask, answer = [elide(self.lang, x) for x in told], elide(self.lang, ask), elide(self.lang, answer)
        if told and rng.random() < 0.25:
            return [("system", " ".join(told)), ("user", ask)], answer
        return [("user", " ".join([*told, ask]))], answer

    def document(self) -> list[Turn]:
        turns, answer = self.item(self.rng.choices(("people", "conflict", "repeat"), (50, 35, 15))[0])
        return [*turns, ("assistant", answer)]
