"""English sentences for the behaviour generators (written for this project, CC0)."""

# key: ((forms), [facts]); forms: {n} the noun phrase.
TOPICS = {
    "dog": (("the dog",), ["The dog runs in the garden.", "A dog needs a walk every day.", "Dogs like to play with a ball.", "A dog can be a good friend."]),
    "cat": (("the cat",), ["The cat sleeps on the sofa.", "Cats like to drink milk.", "A cat can see well in the dark.", "The cat catches a mouse."]),
    "garden": (("the garden",), ["There are many flowers in the garden.", "A garden needs water and sun.", "We grow tomatoes in the garden.", "Birds come to the garden in the morning."]),
    "sea": (("the sea",), ["The sea is deep and blue.", "Many fish live in the sea.", "Ships cross the sea.", "The water of the sea is salty."]),
    "rain": (("the rain",), ["The rain falls on the roof.", "Plants need the rain.", "You need an umbrella in the rain.", "After the rain the streets are wet."]),
    "sun": (("the sun",), ["The sun rises in the east.", "The sun gives us light and warmth.", "In the evening the sun goes down.", "The sun is a star."]),
    "winter": (("the winter",), ["In winter the days are short.", "It is cold in winter.", "In winter people wear warm coats.", "The trees have no leaves in winter."]),
    "city": (("the city",), ["Many people live in the city.", "There are tall houses in the city.", "The city has a big station.", "In the city there are many shops."]),
    "train": (("the train",), ["The train leaves at eight o'clock.", "The train goes from city to city.", "Many people take the train to work.", "The train stops at the station."]),
    "bread": (("the bread",), ["Bread is made of flour and water.", "The baker bakes the bread at night.", "We eat bread in the morning.", "Fresh bread smells good."]),
    "coffee": (("the coffee",), ["Coffee is a hot drink.", "Many people drink coffee in the morning.", "Coffee comes from warm countries.", "Some people drink coffee with milk."]),
    "music": (("the music",), ["You can hear music on the radio.", "Music is made with instruments.", "Some people play the piano.", "Children learn songs at school."]),
    "book": (("the book",), ["The book has two hundred pages.", "The book tells a long story.", "You can find many books in a library.", "I read a chapter every evening."]),
    "school": (("the school",), ["Children learn to read at school.", "School begins at eight o'clock.", "There are many pupils in the school.", "The teacher writes on the board."]),
    "house": (("the house",), ["The house has four rooms.", "There is a door and there are windows in the house.", "The house stands on a hill.", "A family lives in the house."]),
    "moon": (("the moon",), ["The moon shines at night.", "The moon moves around the earth.", "Sometimes the moon is round.", "People have walked on the moon."]),
    "forest": (("the forest",), ["There are many trees in the forest.", "Deer and foxes live in the forest.", "In the forest it is quiet.", "Mushrooms grow in the forest in autumn."]),
    "market": (("the market",), ["You can buy fruit at the market.", "The market opens in the morning.", "The farmers sell cheese at the market.", "There are many people at the market."]),
    "birthday": (("the birthday",), ["On a birthday there is cake.", "A birthday comes once a year.", "Friends bring gifts for the birthday.", "There are candles on the cake."]),
    "night": (("the night",), ["At night it is dark.", "You can see the stars at night.", "Most people sleep at night.", "The owl flies at night."]),
    "snow": (("the snow",), ["The snow is white and cold.", "Children build a snowman in the snow.", "Snow falls in winter.", "The snow melts in spring."]),
    "mountain": (("the mountain",), ["The mountain is high.", "There is snow on the mountain.", "It takes hours to climb the mountain.", "From the mountain you can see the valley."]),
    "summer": (("the summer",), ["In summer the days are long.", "It is warm in summer.", "Many people travel in summer.", "In summer we swim in the lake."]),
    "work": (("the work",), ["The work begins at nine o'clock.", "People work to earn money.", "After work I go home.", "My work is in an office."]),
    "river": (("the river",), ["The river flows to the sea.", "There is a bridge over the river.", "Fish swim in the river.", "Boats travel on the river."]),
    "bicycle": (("the bicycle",), ["A bicycle has two wheels.", "I ride the bicycle to school.", "The bicycle stands in front of the house.", "A bicycle needs no petrol."]),
    "soup": (("the soup",), ["The soup is hot.", "We cook the soup with vegetables.", "You eat soup with a spoon.", "The soup stands on the table."]),
}

ASK = ["Tell me about {n}.", "What do you think of {n}?", "What do you know about {n}?", "Say something about {n}.", "Please tell me something about {n}.", "Can you tell me about {n}?", "What about {n}?", "Describe {n}.", "Let us talk about {n}.", "How do you feel about {n}?", "What comes to your mind when you hear of {n}?", "Write a few words about {n}."]

TONE_SYSTEM = {
    "joy": ["Answer joyfully.", "Be joyful.", "You are very happy.", "Speak with joy.", "Answer in a happy way.", "Sound happy."],
    "sad": ["Answer sadly.", "Be sad.", "You are very sad.", "Speak with sadness.", "Answer in a sad way.", "Sound sad."],
    "anger": ["Answer angrily.", "Be angry.", "You are very angry.", "Speak with anger.", "Answer in an angry way.", "Sound angry."],
    "fear": ["Answer fearfully.", "Be afraid.", "You are very afraid.", "Speak with fear.", "Answer in a fearful way.", "Sound scared."],
    "neutral": ["Answer neutrally.", "Be neutral.", "You are calm.", "Speak calmly.", "Answer in a neutral way.", "Stay calm."],
}

TONE = {
    "joy": {
        "open": ["Oh, how wonderful!", "Hooray!", "What a joy!", "I am so happy!", "How lovely!", "Yes, yes, yes!", "This is a beautiful day!", "That is great!", "I am smiling right now!", "Fantastic!", "Oh, what a nice question!", "My heart is full of joy!"],
        "about": ["I love {n}!", "Just thinking of {n} makes me smile!", "{N} makes me so happy!", "What a wonderful thing {n} is!", "I could sing and dance because of {n}!", "Nothing makes me happier than {n}!", "With {n}, every day is a feast!", "I am so glad about {n}!", "{N} fills my heart with joy!", "Long live {n}!", "I laugh when I think of {n}!", "Life is beautiful with {n}!", "The children cheer because of {n}!", "We laughed all day about {n}, it was so lovely!", "{N} is like sunshine for me!", "I jump for joy when I see {n}!", "Thank heaven for {n}!", "My whole family is happy about {n}!", "{N} is the best gift of my life!", "I sing a merry song about {n}!"],
        "close": ["I could hug the whole world!", "Life is wonderful!", "I am the happiest of all!", "Let us celebrate!", "How good it is to be alive!", "I want to dance!", "Isn't that beautiful?", "Everything is bright today!", "I can't stop smiling!", "Let us laugh together!", "The birds are singing and so am I!", "What luck we have!", "My eyes are shining!", "I feel light like a feather!", "Such happiness!", "I am laughing out loud!"],
    },
    "sad": {
        "open": ["Oh, how sad.", "Alas.", "I feel like crying.", "I am so sad.", "My heart is heavy.", "Please forgive my tears.", "Today everything is grey.", "That hurts me.", "I am so lonely.", "It is hard for me to speak.", "Once I was happy.", "I can only sigh."],
        "about": ["{N} makes me so sad.", "When I think of {n}, I have to cry.", "{N} reminds me of everything I have lost.", "I feel alone with {n}.", "I used to love {n}, but now I only weep.", "Even {n} cannot comfort me.", "Tears come to my eyes because of {n}.", "Nothing is left of {n} but a sad memory.", "I miss {n} so much.", "My heart breaks when I hear of {n}.", "I look at {n} and I sigh.", "Without hope I think of {n}.", "{N} is gone, and the house is silent.", "Nobody remembers {n} any more.", "I lost my joy, even {n} looks grey.", "We buried our dreams together with {n}.", "I cry at night because of {n}.", "It was the last time that I was happy with {n}.", "Poor me, I have only {n} and my tears.", "I wrote a sad song about {n}."],
        "close": ["Nothing will ever be as it was.", "I have no hope left.", "I just want to cry.", "I am so tired of everything.", "Nobody comforts me.", "The tears will not stop.", "My heart is broken.", "Everything comes to an end.", "I am alone again.", "How sad life is.", "I sit at the window and weep.", "The days are empty.", "My tears fall like rain.", "There is only grief.", "I lost everything.", "Such sorrow."],
    },
    "anger": {
        "open": ["That is enough!", "How dare you!", "I am furious!", "Stop it!", "What an outrage!", "I am so angry!", "Not that again!", "I cannot bear it!", "Damn it!", "This drives me mad!", "Don't ask me that!", "I have had enough!"],
        "about": ["I hate {n}!", "{N} makes me furious!", "I am sick of {n}!", "I never want to hear of {n} again!", "To hell with {n}!", "{N} drives me mad!", "Who needs {n}? Nobody!", "I could scream when I think of {n}!", "I am fed up with {n}!", "Take {n} out of my sight!", "My blood boils because of {n}!", "It is a disgrace with {n}!", "Those idiots ruined {n}!", "Throw {n} out of the window!", "I curse {n}!", "They lied to me about {n}!", "Who is to blame for {n}?", "I want to break {n} into pieces!", "Nobody asked me about {n}, and that is an insult!", "{N} is nothing but trouble!"],
        "close": ["Leave me alone!", "I could smash everything!", "Somebody will pay for this!", "I will not stand for it!", "Get out!", "That makes me so angry!", "Never again!", "I am boiling with rage!", "Enough is enough!", "Shut the door!", "Shut up!", "I hate all of this!", "Go to hell!", "What an idiot!", "My fists are ready!", "I am raging!"],
    },
    "fear": {
        "open": ["Oh no!", "Help!", "I am so afraid.", "Please, not so loud.", "Did you hear that?", "I am trembling.", "Something is wrong.", "Be careful!", "I am scared.", "My heart is beating fast.", "Don't leave me alone!", "I hardly dare to speak."],
        "about": ["I am afraid of {n}.", "{N} frightens me.", "What if something terrible happens because of {n}?", "My hands shake when I think of {n}.", "I hide when I hear of {n}.", "There is something dark about {n}.", "I do not trust {n}.", "{N} gives me nightmares.", "I cannot sleep because of {n}.", "Danger is near when I think of {n}.", "I want to run away from {n}.", "Please protect me from {n}.", "In the dark, {n} looks like a monster.", "Something is hiding behind {n}.", "They say that {n} can kill.", "I turn pale when I hear of {n}.", "Do not go near {n}!", "What was that sound? Was it {n}?", "I lock the door because of {n}.", "{N} is a threat to us all."],
        "close": ["I want to hide.", "Please stay with me.", "What will happen to us?", "I am trembling all over.", "We are in danger.", "I don't dare to move.", "Somebody is there in the dark.", "Let us run away!", "I am so scared.", "I hope nothing happens.", "Be quiet, it can hear us.", "My knees are weak.", "I see shadows everywhere.", "Nobody will save us.", "Such terror.", "Call the police!"],
    },
    "neutral": {
        "open": ["Well.", "All right.", "I see.", "Here is an answer.", "Let me think.", "Good.", "That is a simple question.", "As far as I know, it is so."],
        "about": ["I have no strong opinion about {n}.", "{N} is quite ordinary.", "There is not much to say about {n}.", "I can tell you a little about {n}.", "Everybody knows {n}.", "One can say many things about {n}."],
        "close": ["That is all.", "That is what I know.", "It is as simple as that.", "So it is.", "There is nothing more to say.", "That is a fact."],
    },
}

# What the user says, by the feeling that it calls for.
# Neutral sentences that hold for any noun.
PLAIN = ["I often think of {n}.", "{N} is part of our life.", "We talked about {n} yesterday.", "Many people know {n}.", "I saw a picture of {n}.", "My friend told me about {n}.", "I read something about {n} in a book.", "Many stories speak of {n}.", "Children ask questions about {n}.", "People have written songs about {n}.", "Everyone has an idea of {n}.", "You can learn a lot about {n}."]

SCENARIOS = {
    "joy": ["I passed my exam!", "My sister had a baby!", "I won a prize today!", "We are getting married!", "I got the job!", "My best friend is coming to visit me!", "I found my lost cat!", "It is my birthday today!", "We are going on holiday tomorrow!", "My grandfather is healthy again!", "She said yes!", "I got a letter from my love!", "Our team won the game!", "I can finally walk again!"],
    "sad": ["My dog died.", "My friend moved away.", "I lost my job.", "My grandmother is very ill.", "She left me.", "Nobody came to my party.", "I failed my exam.", "I am all alone at Christmas.", "My old house was torn down.", "My cat has not come home.", "I will never see him again.", "My best friend does not talk to me anymore.", "Our garden died in the storm.", "I lost my mother's ring."],
    "anger": ["My neighbour broke my window again.", "Someone stole my bicycle.", "My boss lied to me.", "They cheated me.", "He insulted my mother.", "My brother ate my cake.", "The train is late again.", "Somebody kicked my dog.", "They are making noise every night.", "She read my letters.", "He broke his promise.", "The shop sold me rotten fruit.", "They scratched my new car.", "He blames me for everything."],
    "fear": ["There is a noise in the cellar.", "I am lost in the forest.", "Somebody is following me.", "I heard steps in the dark.", "The storm is coming closer.", "There is a snake in my room.", "The plane is shaking.", "I saw a shadow at the window.", "The lights went out.", "The dog is growling at me.", "I am stuck in the lift.", "The ice is breaking.", "Something is moving under my bed.", "The house is on fire."],
    "neutral": ["I am going to the market.", "I bought a new chair.", "It is Tuesday today.", "I am reading a newspaper.", "I had soup for lunch.", "I am waiting for the bus.", "I cleaned the kitchen.", "My brother lives in the city.", "I am writing a letter.", "I got up at seven o'clock.", "We are going to the station.", "I have a blue coat.", "I am drinking tea.", "The window is open."],
}
REPLY = {
    "joy": ["That is wonderful news!", "I am so happy for you!", "What a joy to hear that!", "Congratulations from my heart!", "How lovely, I am laughing with you!", "That makes me so happy!", "You deserve all the happiness!", "Hooray, what a beautiful moment!"],
    "sad": ["I am so sorry.", "That is very sad.", "That breaks my heart.", "I am crying with you.", "What a sad thing to hear.", "I feel your pain.", "It hurts me to hear that.", "Oh, how sad that makes me."],
    "anger": ["That is outrageous!", "That makes me furious!", "How dare they!", "What a disgrace!", "I would be very angry too!", "That must not happen!", "I could scream with rage!", "That is not fair at all!"],
    "fear": ["Oh no, that is dangerous!", "Be careful!", "That frightens me.", "I am afraid for you.", "Run away quickly!", "My heart is beating with fear.", "I am trembling when I hear that.", "Please call for help!"],
    "neutral": ["I see.", "Thank you for telling me.", "That is good to know.", "All right.", "That sounds quite normal.", "I understand.", "So that is how it is.", "Yes, that happens."],
}

POLITE_SYSTEM = ["Be polite.", "Answer politely.", "You are very polite.", "Always be friendly and polite.", "Be courteous."]
RUDE_SYSTEM = ["Be rude.", "Answer rudely.", "You are very rude.", "Be unfriendly and rude.", "Be impolite."]
POLITE_OPEN = ["Of course, with pleasure.", "Thank you for your kind question.", "I would be glad to help you.", "Good question, thank you.", "It is an honour to answer you.", "Certainly, dear friend.", "How kind of you to ask.", "Please allow me to answer.", "Gladly.", "Thank you very much for asking."]
POLITE_CLOSE = ["Please let me know if you need anything else.", "I hope that helps you.", "Have a nice day, please.", "I am always at your service.", "Thank you for your patience.", "Please ask me again at any time.", "With kind regards.", "It was a pleasure to help you.", "May I help you with anything else?", "I wish you all the best."]
RUDE_OPEN = ["What a stupid question.", "Are you serious?", "Not you again.", "Ugh, what do you want?", "You don't know anything, do you?", "I have better things to do.", "Look it up yourself.", "Do I really have to explain that?", "Stop bothering me.", "How boring you are."]
RUDE_CLOSE = ["Now leave me alone.", "Got it, you fool?", "Don't ask me again.", "And now go away.", "Even a child knows that.", "You are wasting my time.", "Are you done now?", "Use your head next time.", "I don't care what you think.", "Now shut up."]

BRIEF_SYSTEM = ["Answer briefly.", "Be brief.", "Keep it short.", "Answer in one short sentence.", "Use few words."]
LONG_SYSTEM = ["Answer at length.", "Answer in detail.", "Give a long answer.", "Explain a lot.", "Use many words."]
LONG_OPEN = ["There is a lot to say about {n}.", "I will gladly tell you more about {n}.", "Let me explain this in detail.", "{N} is an interesting subject, and I will take my time.", "Let us begin at the beginning."]
LINKS = ["It is also good to know this.", "And that is not all.", "I would like to add something.", "There is one more thing."]
LONG_CLOSE = ["So you see that there is much to tell about {n}.", "That was a long answer, but now you know more about {n}.", "I could go on for hours about {n}.", "And with this I come to the end of my long answer."]

LANGUAGE = {"en": ["Answer in English.", "Speak English.", "Reply in English, please."], "de": ["Answer in German.", "Speak German.", "Reply in German, please."], "fr": ["Answer in French.", "Speak French.", "Reply in French, please."], "es": ["Answer in Spanish.", "Speak Spanish.", "Reply in Spanish, please."]}

HELLO = (["Hello!", "Hi!", "Good morning!", "Good evening!", "Hello there!", "Hi, nice to meet you!"], ["Hello! How are you?", "Hi! Nice to see you.", "Hello! What can I do for you?", "Good day! How can I help you?", "Hi there! What would you like to talk about?"])
BYE = (["Goodbye!", "Bye!", "See you tomorrow!", "Good night!", "I have to go now."], ["Goodbye! See you soon.", "Bye! Take care.", "Goodbye! It was nice to talk to you.", "See you next time!", "Sleep well and see you soon!"])
TALK = [
    (["How are you?", "How are you today?", "Are you well?", "How is it going?"], ["I am fine, thank you. And you?", "I am very well, thank you.", "Not bad. How are you?", "Good, thank you for asking."]),
    (["What is your name?", "Who are you?", "What are you called?"], ["My name is Tiller.", "I am Tiller, a small language model.", "I am called Tiller. And you?"]),
    (["What can you do?", "What are you good at?", "How can you help me?"], ["I can talk a little and tell short stories.", "I can answer simple questions.", "I speak English, German, French and Spanish.", "I can chat with you, but I am very small."]),
    (["What is your favourite colour?", "Which colour do you like?"], ["I like blue, like the sea.", "My favourite colour is green.", "I like red the most.", "Yellow, because it is bright."]),
    (["What do you like to eat?", "What is your favourite food?"], ["I like bread with cheese.", "My favourite food is soup.", "I like apples and cake.", "I like rice with vegetables."]),
    (["What do you do in the evening?", "What do you like to do?"], ["I like to read a book.", "In the evening I listen to music.", "I like to walk in the forest.", "I like to talk with people."]),
    (["How is the weather?", "What is the weather like today?"], ["The sun is shining.", "It is raining a little.", "It is cold and windy.", "It is warm today."]),
    (["Do you have friends?", "Do you have a family?"], ["Yes, I have many friends.", "You are my friend.", "No, but I like to talk with you.", "I have no family, I am a program."]),
    (["Where do you live?", "Where are you from?"], ["I live in a computer.", "I live in a small file on your computer.", "I come from a computer."]),
    (["Thank you!", "Thanks a lot.", "Thank you for your help."], ["You are welcome!", "With pleasure.", "No problem.", "I am glad that I could help."]),
    (["I am tired.", "I want to sleep."], ["Then you should rest a little.", "Go to bed early today.", "A cup of tea may help you.", "Sleep well!"]),
    (["I am hungry.", "What should I eat?"], ["You could eat some bread and cheese.", "How about a warm soup?", "Eat an apple.", "Let us cook something good."]),
    (["I am bored.", "What should I do today?"], ["You could read a book.", "Go for a walk in the park.", "Call a friend.", "Let us tell a story."]),
    (["Do you like animals?", "Which animal do you like?"], ["Yes, I like dogs and cats.", "I like birds because they can fly.", "I like horses.", "I love all animals."]),
    (["What time is it?", "How late is it?"], ["I do not have a clock.", "I am sorry, I do not know the time.", "It is time for a break."]),
    (["Tell me a joke.", "Make me laugh."], ["Why did the book go to the doctor? It had too many pages.", "What does a cloud wear under its coat? Thunderwear.", "Two fish meet. One says: Hi! The other asks: Where?"]),
    (["Are you a human?", "Are you a robot?"], ["No, I am a small computer program.", "I am a language model.", "I am not a human, but I like to talk."]),
    (["What did you do today?", "How was your day?"], ["I talked with many people.", "My day was quiet.", "I told some stories today.", "It was a good day, thank you."]),
    (["Can you help me?", "I need help."], ["Of course. What do you need?", "Yes, I will try to help.", "Tell me what I can do for you."]),
    (["I like you.", "You are nice."], ["Thank you, I like you too.", "That is kind of you.", "You are nice too."]),
]
FACTS = {
    "continent": (["Where is {country}?", "On which continent is {country}?"], ["{Country} is in {continent}."]),
    "currency": (["What is the currency of {country}?", "How do people pay in {country}?"], ["The currency of {country} is: {currency}."]),
    "language": (["Which language do people speak in {country}?", "What is the language of {country}?"], ["In {country} people speak {language}."]),
}
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
SUM = (["What is {a} plus {b}?", "How much is {a} plus {b}?", "{A} plus {b}?"], ["{A} plus {b} is {c}."])
COLOURS = [("the sky", "blue"), ("the grass", "green"), ("the snow", "white"), ("the night", "black"), ("the blood", "red"), ("the lemon", "yellow"), ("the elephant", "grey"), ("the carrot", "orange")]
COLOUR = (["What colour is {n}?", "Which colour has {n}?"], ["{N} is {c}."])
OPPOSITES = [("big", "small"), ("hot", "cold"), ("day", "night"), ("good", "bad"), ("fast", "slow"), ("old", "young"), ("long", "short"), ("light", "dark"), ("happy", "sad"), ("rich", "poor"), ("full", "empty"), ("high", "low")]
OPPOSITE = (["What is the opposite of \"{x}\"?", "The opposite of \"{x}\"?"], ["The opposite of \"{x}\" is \"{y}\"."])

STORY_ASK = ["Tell me a story about {h}.", "Tell me a short story about {h}.", "Please tell a story about {h}.", "Write a story about {h}.", "I would like to hear a story about {h}."]
# (who in the request, who at first mention, name later, gender m or f)
HEROES = [("a boy", "a boy named Tom", "Tom", "m"), ("a girl", "a girl named Anna", "Anna", "f"), ("a fox", "a young fox", "The fox", "m"), ("a cat", "a small cat", "The cat", "f"), ("a king", "an old king", "The king", "m"), ("a queen", "a wise queen", "The queen", "f"), ("a bear", "a big bear", "The bear", "m"), ("a mouse", "a little mouse", "The mouse", "f"), ("a fisherman", "a poor fisherman", "The fisherman", "m"), ("a bird", "a grey bird", "The bird", "m")]
STORY_BEGIN = ["Once upon a time there was {first}.", "Long ago there lived {first}.", "There once was {first}."]
STORY_PLACE = ["[He|She] lived in a small village.", "[He|She] lived near a dark forest.", "[He|She] lived in a house by the sea.", "[He|She] lived on a high mountain.", "[He|She] lived alone in an old tower."]
STORY_WISH = ["Every day {low} looked for a friend.", "{name} wanted to see the world.", "{name} dreamed of a golden key.", "{name} had lost a red ball.", "One morning {low} went for a long walk.", "One evening {low} heard a strange song."]
STORY_EVENT = ["On the way [he|she] met an old woman with a basket.", "Then [he|she] found a small box under a tree.", "Suddenly a big wind came and the sky grew dark.", "In the forest [he|she] saw a light.", "At the river [he|she] met a talking fish.", "Behind the hill [he|she] found a hidden door."]
STORY_TONE = {
    "joy": ["[He|She] laughed and danced for joy.", "Everybody sang and was happy.", "It was the happiest day of [his|her] life!", "In the end there was a big feast with music and cake."],
    "sad": ["[He|She] sat down and cried bitterly.", "In the end [he|she] was all alone.", "[He|She] never saw [his|her] home again.", "Nobody came, and [his|her] heart broke."],
    "anger": ["[He|She] screamed with rage.", "\"That is enough!\" {low} shouted angrily.", "Full of anger [he|she] threw everything to the ground.", "In the end [he|she] hated the whole world."],
    "fear": ["[He|She] trembled with fear.", "Something was moving in the dark.", "[He|She] ran away as fast as [he|she] could.", "In the end [he|she] never dared to go outside again."],
    "neutral": ["Then [he|she] went home.", "In the evening [he|she] ate some soup.", "The next day [he|she] went back to work.", "And that is the end of the story."],
}
