"""The emotions that are judged, the 28 labels of GoEmotions that make them up (Demszky et al. 2020, appendix), the rule for one."""

import numpy as np

LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ar", "hi"]
EMOTIONS = ["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]
GROUPS = {
    "anger": ["anger", "annoyance", "disapproval"],
    "disgust": ["disgust"],
    "fear": ["fear", "nervousness"],
    "joy": ["joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief", "pride", "admiration",
            "desire", "caring"],
    "sadness": ["sadness", "disappointment", "embarrassment", "grief", "remorse"],
    "surprise": ["surprise", "realization", "confusion", "curiosity"],
    "neutral": ["neutral"],
}
FINE = [fine for members in GROUPS.values() for fine in members]
GROUP_OF = {fine: name for name, members in GROUPS.items() for fine in members}
NONE = -1


def matrix_of(labels, lines):
    """[lines, labels], true where a line has the label."""
    return np.array([[label in line for label in labels] for line in lines])
