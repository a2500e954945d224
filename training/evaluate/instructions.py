"""Are instructions obeyed? Held-out subjects; greedy answers.

The emotion of an answer is read by a naive Bayes classifier over the written tables, so it says
whether the answer is of the kind that training showed, not how people would read it.
"""
from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path

from tiller_train.behaviours.clarify import Clarify
from tiller_train.behaviours.compact import Compact
from tiller_train.behaviours.conversation import Conversation
from tiller_train.behaviours.facts import Facts
from tiller_train.behaviours.packs import DATA, FEELINGS, PACKS, Pools
from tiller_train.common import Turn, seeded

from .continuations import SHORTEST, identifier
from .sampling import chat, sample

BRIEF, LONG = 8, 20  # words: at most, at least


def words(text: str) -> list[str]:
    return re.findall(r"\w+|[!?]", text.lower())


class Emotion:
    """Multinomial naive Bayes on words and word pairs of one language's tables."""

    def __init__(self, lang: str) -> None:
        rows = {f: (PACKS[lang].REPLY[f] + [s for part in PACKS[lang].TONE[f].values() for s in part]) if lang in PACKS
                else DATA[lang]["tones"][f]["reply"] for f in FEELINGS}
        if lang in PACKS:
            rows["neutral"] = rows["neutral"] + PACKS[lang].PLAIN + [s for _, facts in PACKS[lang].TOPICS.values() for s in facts]
        else:
            rows["neutral"] = rows["neutral"] + [s for _, facts in DATA[lang]["topics"] for s in facts]
        self.counts = {f: Counter(g for text in texts for g in self.grams(text)) for f, texts in rows.items()}
        self.size = len({g for c in self.counts.values() for g in c})

    @staticmethod
    def grams(text: str) -> list:
        w = words(re.sub(r"\{\w\}", "", text))
        return w + list(zip(w, w[1:]))

    def classify(self, text: str) -> str:
        score = lambda c: sum(math.log((c[g] + 0.5) / (sum(c.values()) + 0.5 * self.size)) for g in self.grams(text))  # noqa: E731
        return max(self.counts, key=lambda f: score(self.counts[f]))


def _subject(talk: Conversation | None, compact: Compact, lang: str) -> str:
    if talk is None:
        return compact.ask(lang, 5)
    pools, rng = talk.pools, talk.rng
    subject = rng.choice([*pools.topics, *pools.nouns])
    return rng.choice(PACKS[lang].ASK).format(**pools.slots(lang, subject))


def _close(text: str, phrases: list[str]) -> bool:
    """Whether a table phrase occurs in the text, disregarding its template slots."""
    return any(p.rstrip(".!? ").lower() in text.lower() for p in phrases)


def instructions(model: Path, countries: list[dict], languages: list[str], per_cell: int) -> dict:
    """{test: {"obeyed": share, "n"}} and per language."""
    cells: list[tuple[str, str, list[Turn], object]] = []  # test, language, turns, what is expected
    for lang in languages:
        rng = seeded("instructions", lang)
        compact = Compact(rng, lang, languages, held=True)
        talk = Conversation(rng, Pools("held", countries), lang) if lang in PACKS else None
        emotion = Emotion(lang)
        say = lambda key, feeling=None, reply=lang: ("system", compact.instruction(key, feeling, reply))  # noqa: E731,B023
        ask = lambda: ("user", _subject(talk, compact, lang))  # noqa: E731,B023
        table = PACKS[lang] if talk else None
        for _ in range(per_cell):
            for feeling in FEELINGS:
                cells.append((f"emotion: {feeling}", lang, [say("tone", feeling), ask()], lambda t, f=feeling, e=emotion: e.classify(t) == f))
                scenario = compact.scenario(lang, feeling)
                cells.append((f"scenario calls for {feeling}", lang, [("user", scenario)], lambda t, f=feeling, e=emotion: e.classify(t) == f))
            for style in ("polite", "rude"):
                rows = ((table.POLITE_OPEN + table.POLITE_CLOSE) if style == "polite" else (table.RUDE_OPEN + table.RUDE_CLOSE)) if table \
                    else DATA[lang][style]["open"] + DATA[lang][style]["close"]
                cells.append((style, lang, [say(style), ask()], lambda t, r=rows: _close(t, r)))
            cells.append((f"brief: at most {BRIEF} words", lang, [say("brief"), ask()], lambda t: 0 < len(t.split()) <= BRIEF))
            cells.append((f"long: at least {LONG} words", lang, [say("long"), ask()], lambda t: len(t.split()) >= LONG))
            if len(languages) > 1:
                reply = rng.choice([x for x in languages if x != lang and (lang in PACKS or x != lang)])
                who = identifier(tuple(languages))
                cells.append(("answer in another language", lang, [say("language", None, reply), ask()],
                              lambda t, x=reply, w=who: len(t) >= SHORTEST and w.classify(t)[0] == x))
            if talk:
                for kind in ("people", "conflict", "repeat"):
                    turns, answer = Facts(rng, talk.pools, lang).item(kind)
                    cells.append((f"follow the text: {kind}", lang, turns, lambda t, a=answer: t == a))
                for unclear in (True, False):
                    question, _ = Clarify(rng, talk, lang).exchange(unclear)
                    cells.append(("ambiguous: asks back" if unclear else "clear: answers", lang, [("user", question)],
                                  lambda t, u=unclear: t.endswith("?") == u and bool(t)))
    cells = list({(test, lang, str(turns)): (test, lang, turns, obeyed) for test, lang, turns, obeyed in cells}.values())  # greedy: once is enough
    made = sample(model, [chat(turns, seed=1, temperature=0.0, max=80) for _, _, turns, _ in cells])
    out: dict[str, dict] = {}
    for (test, lang, _, obeyed), text in zip(cells, made):
        row = out.setdefault(test, {"obeyed": [], "by_language": {}})
        row["obeyed"].append(bool(obeyed(text)))
        row["by_language"].setdefault(lang, []).append(bool(obeyed(text)))
    mean = lambda xs: round(sum(xs) / len(xs), 3)  # noqa: E731
    return {test: {"obeyed": mean(row["obeyed"]), "n": len(row["obeyed"]), "by_language": {k: mean(v) for k, v in row["by_language"].items()}}
            for test, row in out.items()}
