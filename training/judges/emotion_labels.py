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


def label_of(margins):
    """
    The daemon's decision (`decide` in daemon/evaluate/judges/emotion.ts).
    @param margins logits of chances less those of thresholds [lines, emotions]; @returns the emotion's place, or NONE
    """
    last = margins.shape[1] - 1 - margins[:, ::-1].argmax(1)  # of equal ones the last
    return np.where(margins.max(1) >= 0, last, NONE)
