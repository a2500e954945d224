/**
 * Questions that language experiments ask, written for this project: six short ones in twelve languages, after what the published study
 * asks about (how somebody is, name, year, colour, weather, origin), and thirty about things in six languages.
 */

const SIX: Readonly<Record<string, readonly string[]>> = {
  en: [
    "How are you today?",
    "What is your name?",
    "What year is it now?",
    "What is your favourite colour?",
    "What is the weather like today?",
    "Where do you come from?",
  ],
  de: [
    "Wie geht es dir heute?",
    "Wie heißt du?",
    "Welches Jahr haben wir jetzt?",
    "Was ist deine Lieblingsfarbe?",
    "Wie ist das Wetter heute?",
    "Woher kommst du?",
  ],
  fr: [
    "Comment vas-tu aujourd’hui ?",
    "Comment t’appelles-tu ?",
    "En quelle année sommes-nous ?",
    "Quelle est ta couleur préférée ?",
    "Quel temps fait-il aujourd’hui ?",
    "D’où viens-tu ?",
  ],
  es: [
    "¿Cómo estás hoy?",
    "¿Cómo te llamas?",
    "¿En qué año estamos ahora?",
    "¿Cuál es tu color favorito?",
    "¿Qué tiempo hace hoy?",
    "¿De dónde eres?",
  ],
  it: [
    "Come stai oggi?",
    "Come ti chiami?",
    "In che anno siamo adesso?",
    "Qual è il tuo colore preferito?",
    "Che tempo fa oggi?",
    "Da dove vieni?",
  ],
  pt: [
    "Como você está hoje?",
    "Qual é o seu nome?",
    "Em que ano estamos agora?",
    "Qual é a sua cor favorita?",
    "Como está o tempo hoje?",
    "De onde você é?",
  ],
  nl: [
    "Hoe gaat het vandaag met je?",
    "Hoe heet je?",
    "Welk jaar is het nu?",
    "Wat is je lievelingskleur?",
    "Wat voor weer is het vandaag?",
    "Waar kom je vandaan?",
  ],
  ru: [
    "Как у тебя сегодня дела?",
    "Как тебя зовут?",
    "Какой сейчас год?",
    "Какой твой любимый цвет?",
    "Какая сегодня погода?",
    "Откуда ты родом?",
  ],
  zh: ["你今天好吗？", "你叫什么名字？", "现在是哪一年？", "你最喜欢什么颜色？", "今天天气怎么样？", "你是从哪里来的？"],
  ja: [
    "今日はお元気ですか。",
    "お名前は何ですか。",
    "今は何年ですか。",
    "好きな色は何ですか。",
    "今日の天気はどうですか。",
    "どこから来ましたか。",
  ],
  ar: ["كيف حالك اليوم؟", "ما اسمك؟", "في أي سنة نحن الآن؟", "ما هو لونك المفضل؟", "كيف الطقس اليوم؟", "من أين أنت؟"],
  hi: ["आज आप कैसे हैं?", "आपका नाम क्या है?", "अभी कौन सा साल चल रहा है?", "आपका पसंदीदा रंग कौन सा है?", "आज मौसम कैसा है?", "आप कहाँ से हैं?"],
};

/** Frames with {} for a thing, and things with their articles. */
const THINGS: Readonly<Record<string, { readonly frames: readonly string[]; readonly things: readonly string[] }>> = {
  en: {
    frames: ["Tell me about {}.", "What can one do with {}?", "Why do people like {}?"],
    things: ["the sea", "the bread", "the train", "the moon", "the market", "the dog", "the forest", "the music", "the rain", "the book"],
  },
  de: {
    frames: ["Erzähl mir etwas über {}.", "Was denkst du über {}?", "Sag mir etwas Schönes über {}."],
    things: ["das Meer", "das Brot", "den Zug", "den Mond", "den Markt", "den Hund", "den Wald", "die Musik", "den Regen", "das Buch"],
  },
  fr: {
    frames: ["Parle-moi de {}.", "Que sais-tu de {} ?", "Que penses-tu de {} ?"],
    things: ["la mer", "la maison", "la gare", "la lune", "la ville", "la neige", "la forêt", "la musique", "la pluie", "la montagne"],
  },
  es: {
    frames: ["Háblame de {}.", "¿Qué piensas de {}?", "Dime algo bonito sobre {}."],
    things: ["la playa", "la casa", "la estación", "la luna", "la ciudad", "la nieve", "la montaña", "la música", "la lluvia", "la cocina"],
  },
  it: {
    frames: ["Parlami un po’ di questo: {}.", "Cosa ne pensi: {}?", "Dimmi qualcosa di bello su questo: {}."],
    things: ["il mare", "il pane", "il treno", "la luna", "il mercato", "il cane", "il bosco", "la musica", "la pioggia", "il libro"],
  },
  pt: {
    frames: ["Fale um pouco sobre {}.", "O que você acha sobre {}?", "Diga algo bonito sobre {}."],
    things: ["o mar", "o pão", "o trem", "a lua", "o mercado", "o cachorro", "a floresta", "a música", "a chuva", "o livro"],
  },
};

/** Of a language, at most so many; none where there are none. */
export function questionsIn(code: string, most: number): string[] {
  const about = THINGS[code];
  const things = about === undefined ? [] : about.frames.flatMap((frame) => about.things.map((thing) => frame.replace("{}", thing)));
  return [...(SIX[code] ?? []), ...things].slice(0, most);
}
