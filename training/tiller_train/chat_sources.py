"""Existing dialogue sets in the chat template, and parallel sentences as "say it in X" turns."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .common import HELD_LINES, LANGS, hold, render, seeded, xz_json, xz_lines

CHATTERBOT_TOPICS = {"greetings", "conversations", "food", "emotion", "emociones", "humor", "health",
                     "psychology", "psicologia", "trivia", "history", "science", "movies", "perfilbot"}
MAX_TURNS, MAX_CHARS = 8, 1100

SAY = {  # asking language -> ways to ask; {x} is the target language's name
    "en": ["Translate into {x}: {s}", "How do you say this in {x}? {s}", "Say it in {x}: {s}"],
    "de": ["Übersetze in diese Sprache, {x}: {s}", "Wie sagt man das auf {x}? {s}", "Sag es auf {x}: {s}"],
    "fr": ["Traduis en {x} : {s}", "Comment dit-on cela en {x} ? {s}", "Dis-le en {x} : {s}"],
    "es": ["Traduce al {x}: {s}", "¿Cómo se dice esto en {x}? {s}", "Dilo en {x}: {s}"],
    "it": ["Traduci in {x}: {s}", "Come si dice in {x}? {s}", "Dillo in {x}: {s}"],
    "pt": ["Traduza para {x}: {s}", "Como se diz isto em {x}? {s}", "Diga em {x}: {s}"],
    "nl": ["Vertaal naar het {x}: {s}", "Hoe zeg je dit in het {x}? {s}", "Zeg het in het {x}: {s}"],
    "ru": ["Переведи на этот язык, {x}: {s}", "Перевод, {x} язык: {s}"],
    "zh": ["翻译成{x}：{s}", "这句话用{x}怎么说？{s}", "用{x}说：{s}"],
    "ja": ["{x}に訳してください：{s}", "これは{x}で何と言いますか？{s}", "{x}で言ってください：{s}"],
    "ar": ["ترجم إلى {x}: {s}", "كيف نقول هذا باللغة {x}؟ {s}", "قلها باللغة {x}: {s}"],
    "hi": ["इसका {x} में अनुवाद करो: {s}", "इसे {x} में कैसे कहते हैं? {s}", "इसे {x} में कहो: {s}"],
}
NAMES = {  # in the language of the row, in the order of LANGS
    "en": "English German French Spanish Italian Portuguese Dutch Russian Chinese Japanese Arabic Hindi",
    "de": "Englisch Deutsch Französisch Spanisch Italienisch Portugiesisch Niederländisch Russisch Chinesisch Japanisch Arabisch Hindi",
    "fr": "anglais allemand français espagnol italien portugais néerlandais russe chinois japonais arabe hindi",
    "es": "inglés alemán francés español italiano portugués neerlandés ruso chino japonés árabe hindi",
    "it": "inglese tedesco francese spagnolo italiano portoghese olandese russo cinese giapponese arabo hindi",
    "pt": "inglês alemão francês espanhol italiano português holandês russo chinês japonês árabe hindi",
    "nl": "Engels Duits Frans Spaans Italiaans Portugees Nederlands Russisch Chinees Japans Arabisch Hindi",
    "ru": "английский немецкий французский испанский итальянский португальский нидерландский русский китайский японский арабский хинди",
    "zh": "英语 德语 法语 西班牙语 意大利语 葡萄牙语 荷兰语 俄语 中文 日语 阿拉伯语 印地语",
    "ja": "英語 ドイツ語 フランス語 スペイン語 イタリア語 ポルトガル語 オランダ語 ロシア語 中国語 日本語 アラビア語 ヒンディー語",
    "ar": "الإنجليزية الألمانية الفرنسية الإسبانية الإيطالية البرتغالية الهولندية الروسية الصينية اليابانية العربية الهندية",
    "hi": "अंग्रेज़ी जर्मन फ़्रेंच स्पेनिश इतालवी पुर्तगाली डच रूसी चीनी जापानी अरबी हिन्दी",
}
NAMES = {lang: dict(zip(LANGS, row.split())) for lang, row in NAMES.items()}


def persona_chat(data: Path, languages: list[str]) -> dict[str, list[str]]:
    """English Synthetic-Persona-Chat in windows of at most MAX_TURNS turns that start with the user."""
    if "en" not in languages:
        return {"train": [], "held": []}
    rows = xz_json(data / "synthetic_persona_chat" / "spc.jsonl.xz")
    out = {}
    for split, part in zip(("train", "held"), hold(rows)):
        out[split] = [doc for row in part for doc in _windows([t.split(":", 1)[-1] for t in row["turns"]])]
    return out


def _windows(turns: list[str]) -> Iterator[str]:
    for at in range(0, len(turns) - 1, MAX_TURNS):
        part = turns[at : at + MAX_TURNS]
        part = part[: len(part) // 2 * 2]
        while sum(map(len, part)) > MAX_CHARS:
            part = part[:-2]
        if part:
            yield render((("user", "assistant")[i % 2], t) for i, t in enumerate(part))


def small_sets(data: Path, languages: list[str]) -> dict[str, list[str]]:
    """ChatterBot pairs (chosen topics) and rasbt's short instructions."""
    bot = [r for r in xz_json(data / "chatterbot" / "dialogs.jsonl.xz") if r["lang"] in languages]
    tasks = xz_json(data / "rasbt_instructions" / "instructions.jsonl.xz")
    out = {}
    for split, rows, items in zip(("train", "held"), hold(bot), hold(tasks)):
        pairs = [r["turns"][:2] for r in rows if r["topic"] in CHATTERBOT_TOPICS and len(r["turns"]) > 1]
        docs = [render((("user", q), ("assistant", a))) for q, a in pairs if len(a) < 300]
        docs += [render((("user", f"{t['instruction']} {t['input']}"), ("assistant", t["output"])))
                 for t in items if t["output"]]
        out[split] = docs
    return out


def translations(data: Path, languages: list[str]) -> dict[str, list[str]]:
    """Tatoeba pairs among our languages. A pair that holds a held-out sentence is never trained on."""
    held = {lang: set(hold(xz_lines(data / "tatoeba" / f"{lang}.txt.xz"), HELD_LINES)[1]) for lang in languages}
    out: dict[str, list[str]] = {"train": [], "held": []}
    rng = seeded("translations")
    lines = xz_lines(data / "tatoeba" / "pairs.tsv.xz")
    first = int(len(lines) * 0.02)
    for at, line in enumerate(lines):
        part = line.split("\t")
        if len(part) != 4 or part[0] not in languages or part[1] not in languages:
            continue
        if rng.random() < 0.5:
            part = [part[1], part[0], part[3], part[2]]
        a, b, source, target = part
        if len(source) > 70:
            continue
        split = "held" if at < first or source in held[a] or target in held[b] else "train"
        ask = rng.choice((a, a, b))
        out[split].append(render((("user", rng.choice(SAY[ask]).format(x=NAMES[ask][b], s=source)), ("assistant", target))))
    return out
