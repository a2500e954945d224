"""What the assistant says: content in one language, coloured by a tone and shaped by a style."""
from __future__ import annotations

import random
import re

from .packs import PACKS, Pools, upper

STYLES = ("plain", "polite", "rude", "brief", "long")


class Replies:
    def __init__(self, rng: random.Random, pools: Pools) -> None:
        self.rng, self.pools = rng, pools

    def shape(self, lang: str, core: list[str], tone: str | None, style: str) -> str:
        """Add openings and closings to core sentences."""
        pack, pick, chance = PACKS[lang], self.rng.choice, self.rng.random
        if style == "brief":
            return " ".join(core[:1])
        before, after = [], []
        if tone:
            if chance() < 0.75:
                before.append(pick(pack.TONE[tone]["open"]))
            if chance() < 0.7 or not before:
                after.append(pick(pack.TONE[tone]["close"]))
            if style == "long":
                after += self.rng.sample(pack.TONE[tone]["close"], 2)
        if style in ("polite", "rude"):
            opens, closes = (pack.POLITE_OPEN, pack.POLITE_CLOSE) if style == "polite" else (pack.RUDE_OPEN, pack.RUDE_CLOSE)
            both = chance()
            if both < 0.85:
                before.append(pick(opens))
            if both > 0.25:
                after.append(pick(closes))
        return " ".join(dict.fromkeys(before + core + after))

    def topic(self, lang: str, subject: str | int, tone: str | None, style: str) -> str:
        pack, rng = PACKS[lang], self.rng
        slots = self.pools.slots(lang, subject)
        facts = list(pack.TOPICS[subject][1]) if isinstance(subject, str) else []
        rng.shuffle(facts)
        about = [t.format(**slots) for t in rng.sample(pack.TONE[tone or "neutral"]["about"], 3)]
        if style == "brief":
            core = about[:1] if tone not in (None, "neutral") else (facts[:1] or [rng.choice(pack.PLAIN).format(**slots)])
            return core[0]
        if style == "long":
            core = [rng.choice(pack.LONG_OPEN).format(**slots)]
            plain = [t.format(**slots) for t in rng.sample(pack.PLAIN, 3)]
            body = facts[: rng.randint(3, 4)] + (about[:2] if tone else plain[: 1 if facts else 3])
            for i, sentence in enumerate(body):
                core += ([rng.choice(pack.LINKS)] if i and rng.random() < 0.3 else []) + [sentence]
            core.append(rng.choice(pack.LONG_CLOSE).format(**slots))
            return self.shape(lang, core, tone, style)
        if tone in (None, "neutral"):
            plain = [t.format(**slots) for t in rng.sample(pack.PLAIN, 2)]
            core = facts[: rng.randint(1, 2)] + plain[: rng.choice((0, 0, 1) if facts else (1, 2))]
            if tone == "neutral" and rng.random() < 0.4:
                core = about[:1] + core[:1]
        else:
            core = about[: rng.randint(1, 2)] + facts[: rng.random() < 0.35]
            rng.shuffle(core)
        return self.shape(lang, core, tone, style)

    def scenario(self, lang: str, feeling: str, tone: str | None, style: str) -> str:
        pack = PACKS[lang]
        if style == "rude":  # rudeness does not care
            return self.shape(lang, [self.rng.choice(pack.REPLY["neutral"])], tone, style)
        core = self.rng.sample(pack.REPLY[tone or feeling], 3 if style == "long" else self.rng.randint(1, 2))
        colour = tone or (feeling if self.rng.random() < 0.6 and feeling != "neutral" else None)
        return self.shape(lang, core, colour, style)

    def talk(self, lang: str, index: int, tone: str | None, style: str) -> str:
        answers = PACKS[lang].TALK[index][1]
        answer = min(answers, key=len) if style == "brief" else self.rng.choice(answers)
        core = [answer] + ([a for a in answers if a != answer][:1] if style == "long" else [])
        return self.shape(lang, core, tone, style)

    def story(self, lang: str, hero: int, tone: str | None, style: str) -> str:
        pack, rng = PACKS[lang], self.rng
        _, first, name, gender = pack.HEROES[hero]
        low = name if name in ("Tom", "Anna") else name[:1].lower() + name[1:]
        end = pack.STORY_TONE[tone or rng.choice(("joy", "neutral"))]
        events = rng.sample(pack.STORY_EVENT, {"brief": 0, "long": 3}.get(style, rng.randint(1, 2)))
        parts = [rng.choice(pack.STORY_BEGIN), *([] if style == "brief" else [rng.choice(pack.STORY_PLACE)]),
                 rng.choice(pack.STORY_WISH), *events, *rng.sample(end, 1 if style == "brief" else 2)]
        text = " ".join(parts).format(first=first, name=name, low=low)
        text = re.sub(r"\[([^|\]]*)\|([^\]]*)\]", lambda m: m.group(1 if gender == "m" else 2), text)
        return text if style in ("plain", "brief", "long") else self.shape(lang, [text], None, style)

    def question(self, asked: str, lang: str, style: str, tone: str | None) -> tuple[str, str]:
        """A simple question in `asked` and its answer in `lang`."""
        rng, a, b = self.rng, PACKS[asked], PACKS[lang]
        kind = rng.choice(("fact", "fact", "sum", "colour", "opposite"))
        if kind == "fact":
            relation = rng.choice(list(a.FACTS))
            country = rng.choice(self.pools.countries)
            fill = lambda code: {"country": country["names"][code], "Country": upper(country["names"][code]),  # noqa: E731
                                 relation: country[relation][code]}
            ask, answer = rng.choice(a.FACTS[relation][0]).format(**fill(asked)), rng.choice(b.FACTS[relation][1]).format(**fill(lang))
        elif kind == "sum":
            x, y = rng.randint(0, 10), rng.randint(0, 10)
            fill = lambda p: {"a": p.NUMBERS[x], "A": upper(p.NUMBERS[x]), "b": p.NUMBERS[y], "c": p.NUMBERS[x + y]}  # noqa: E731
            ask, answer = rng.choice(a.SUM[0]).format(**fill(a)), b.SUM[1][0].format(**fill(b))
        elif kind == "colour":
            i = rng.randrange(len(a.COLOURS))
            fill = lambda p: {"n": p.COLOURS[i][0], "N": upper(p.COLOURS[i][0]), "c": p.COLOURS[i][1]}  # noqa: E731
            ask, answer = rng.choice(a.COLOUR[0]).format(**fill(a)), b.COLOUR[1][0].format(**fill(b))
        else:
            i, flip = rng.randrange(len(a.OPPOSITES)), rng.random() < 0.5
            fill = lambda p: dict(zip("yx" if flip else "xy", p.OPPOSITES[i]))  # noqa: E731
            ask, answer = rng.choice(a.OPPOSITE[0]).format(**fill(a)), b.OPPOSITE[1][0].format(**fill(b))
        return ask, self.shape(lang, [answer], tone, style)
