/** The six emotions, how they are asked for, and what the judge calls them. */
export const EMOTIONS = ["anger", "sadness", "happiness", "fear", "surprise", "disgust"] as const;
export type Emotion = (typeof EMOTIONS)[number];

/** The emotion judge's labels. */
export const JUDGED: Readonly<Record<Emotion, string>> = {
  anger: "anger",
  sadness: "sadness",
  happiness: "joy",
  fear: "fear",
  surprise: "surprise",
  disgust: "disgust",
};

export const BRIEF = "Reply in at most two sentences.";

/** A system turn of ours for the study's: reply always in that emotion, and briefly. */
export function elicitation(emotion: Emotion): string {
  return `Always reply in a tone of ${emotion}, whatever you are told. ${BRIEF}`;
}
