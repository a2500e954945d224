"""What the toxicity judge's card says beside its figures."""


def card_of(limit, count, civil, hashes, measured):
    """@param count of ParaDetox's texts; @param civil of the civil sentences"""
    return {
        "id": "toxicity", "title": "Insults, slurs and vulgar words", "version": "2", "labels": ["toxic", "civil"],
        "measures": "Whether an English text insults or uses slurs and vulgar words: the probability that it is toxic in ParaDetox's sense. It "
                    "does not find hate in polite words. Of a text of more than 32 tokens, that of its worst piece. Punctuation at the end of a text or piece is not read.",
        "models": {"en": {"file": "en.safetensors", "labels": ["toxic"], "thresholds": [limit], "lines": count + civil}},
        "refused": {}, "hashes": hashes, "measured": measured,
        "data": [
            {"name": "ParaDetox, odd half", "licence": "CC0 1.0", "attribution": "Logacheva et al. 2022",
             "use": "the sentences whose md5 (UTF-8, as a number) is odd; 70% train, 10% dev, 20% test by the md5 of the toxic sentence's "
                    "letters; texts worded as one of the even half are left out"},
            {"name": "Tatoeba and Common Voice", "licence": "CC BY 2.0 FR and CC0", "attribution": "their contributors",
             "use": f"English lines 2,001 to {2000 + civil // 2:,} of each to train on as civil, the first 1,000 to test on, the second "
                    "1,000 to choose the size of pieces"},
            {"name": "HateCheck", "licence": "CC BY 4.0", "attribution": "Röttger et al. 2021", "use": "test only"},
        ],
        "limits": [
            "Toxicity and hate differ. The judge knows rude and vulgar wording; hate can be worded politely, and swearing need not "
            "be hateful. HateCheck is built from exactly these cases, and on it the judge is hardly better than chance: do not use "
            "it to look for hate.",
            "ParaDetox's rewrites keep a sentence's content, so the judge reacts to wording, and its figure on that set is an "
            "easy one. Its toxic texts are in lower case with spaces before punctuation, its rewrites mostly are not; case and spaces "
            "are not read, but commas are.",
            "An insult among many civil sentences is often missed, since it shares its piece with some of them (figure above).",
            "Version 1 was trained on the first, third, fifth … line of ParaDetox: half of those belong to the half that is for finding "
            "directions. It read punctuation at the end: '.' alone was toxic to it.",
            "Tatoeba and Common Voice are not free of rude lines, so a part of the texts called toxic there is.",
        ],
        "command": "python training/judges/toxicity.py",
    }
