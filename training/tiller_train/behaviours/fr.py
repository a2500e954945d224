"""French sentences for the behaviour generators (written for this project, CC0)."""

# forms: {n}, with "de" {d}, with "à" {a}.
TOPICS = {
    "dog": (("le chien", "du chien", "au chien"), ["Le chien court dans le jardin.", "Un chien doit sortir tous les jours.", "Les chiens aiment jouer avec une balle.", "Un chien peut être un bon ami."]),
    "cat": (("le chat", "du chat", "au chat"), ["Le chat dort sur le canapé.", "Les chats aiment boire du lait.", "Un chat voit bien dans le noir.", "Le chat attrape une souris."]),
    "garden": (("le jardin", "du jardin", "au jardin"), ["Il y a beaucoup de fleurs dans le jardin.", "Un jardin a besoin d'eau et de soleil.", "Nous cultivons des tomates dans le jardin.", "Les oiseaux viennent au jardin le matin."]),
    "sea": (("la mer", "de la mer", "à la mer"), ["La mer est profonde et bleue.", "Beaucoup de poissons vivent dans la mer.", "Les bateaux traversent la mer.", "L'eau de la mer est salée."]),
    "rain": (("la pluie", "de la pluie", "à la pluie"), ["La pluie tombe sur le toit.", "Les plantes ont besoin de la pluie.", "Sous la pluie, il faut un parapluie.", "Après la pluie, les rues sont mouillées."]),
    "sun": (("le soleil", "du soleil", "au soleil"), ["Le soleil se lève à l'est.", "Le soleil nous donne de la lumière et de la chaleur.", "Le soir, le soleil se couche.", "Le soleil est une étoile."]),
    "winter": (("l'hiver", "de l'hiver", "à l'hiver"), ["En hiver, les jours sont courts.", "Il fait froid en hiver.", "En hiver, les gens portent des manteaux chauds.", "Les arbres n'ont pas de feuilles en hiver."]),
    "city": (("la ville", "de la ville", "à la ville"), ["Beaucoup de gens vivent dans la ville.", "Il y a de grandes maisons dans la ville.", "La ville a une grande gare.", "Dans la ville, il y a beaucoup de magasins."]),
    "train": (("le train", "du train", "au train"), ["Le train part à huit heures.", "Le train va de ville en ville.", "Beaucoup de gens prennent le train pour aller au travail.", "Le train s'arrête à la gare."]),
    "bread": (("le pain", "du pain", "au pain"), ["Le pain est fait de farine et d'eau.", "Le boulanger fait le pain la nuit.", "Nous mangeons du pain le matin.", "Le pain frais sent bon."]),
    "coffee": (("le café", "du café", "au café"), ["Le café est une boisson chaude.", "Beaucoup de gens boivent du café le matin.", "Le café vient des pays chauds.", "Certains boivent le café avec du lait."]),
    "music": (("la musique", "de la musique", "à la musique"), ["On entend de la musique à la radio.", "On fait de la musique avec des instruments.", "Certaines personnes jouent du piano.", "Les enfants apprennent des chansons à l'école."]),
    "book": (("le livre", "du livre", "au livre"), ["Le livre a deux cents pages.", "Le livre raconte une longue histoire.", "On trouve beaucoup de livres dans une bibliothèque.", "Je lis un chapitre chaque soir."]),
    "school": (("l'école", "de l'école", "à l'école"), ["Les enfants apprennent à lire à l'école.", "L'école commence à huit heures.", "Il y a beaucoup d'élèves à l'école.", "Le professeur écrit au tableau."]),
    "house": (("la maison", "de la maison", "à la maison"), ["La maison a quatre pièces.", "La maison a une porte et des fenêtres.", "La maison est sur une colline.", "Une famille vit dans la maison."]),
    "moon": (("la lune", "de la lune", "à la lune"), ["La lune brille la nuit.", "La lune tourne autour de la terre.", "Parfois, la lune est ronde.", "Des hommes ont marché sur la lune."]),
    "forest": (("la forêt", "de la forêt", "à la forêt"), ["Il y a beaucoup d'arbres dans la forêt.", "Des renards vivent dans la forêt.", "Dans la forêt, c'est calme.", "Des champignons poussent dans la forêt en automne."]),
    "market": (("le marché", "du marché", "au marché"), ["On peut acheter des fruits au marché.", "Le marché ouvre le matin.", "Les fermiers vendent du fromage au marché.", "Il y a beaucoup de monde au marché."]),
    "birthday": (("l'anniversaire", "de l'anniversaire", "à l'anniversaire"), ["À l'anniversaire, il y a un gâteau.", "Un anniversaire vient une fois par an.", "Les amis apportent des cadeaux pour l'anniversaire.", "Il y a des bougies sur le gâteau."]),
    "night": (("la nuit", "de la nuit", "à la nuit"), ["La nuit, il fait noir.", "La nuit, on voit les étoiles.", "La plupart des gens dorment la nuit.", "Le hibou vole la nuit."]),
    "snow": (("la neige", "de la neige", "à la neige"), ["La neige est blanche et froide.", "Les enfants font un bonhomme de neige.", "La neige tombe en hiver.", "La neige fond au printemps."]),
    "mountain": (("la montagne", "de la montagne", "à la montagne"), ["La montagne est haute.", "Il y a de la neige sur la montagne.", "Il faut des heures pour monter sur la montagne.", "De la montagne, on voit la vallée."]),
    "summer": (("l'été", "de l'été", "à l'été"), ["En été, les jours sont longs.", "Il fait chaud en été.", "Beaucoup de gens voyagent en été.", "En été, nous nageons dans le lac."]),
    "work": (("le travail", "du travail", "au travail"), ["Le travail commence à neuf heures.", "On travaille pour gagner de l'argent.", "Après le travail, je rentre à la maison.", "Je travaille dans un bureau."]),
    "river": (("la rivière", "de la rivière", "à la rivière"), ["La rivière coule vers la mer.", "Il y a un pont sur la rivière.", "Des poissons nagent dans la rivière.", "Des bateaux passent sur la rivière."]),
    "bicycle": (("le vélo", "du vélo", "au vélo"), ["Un vélo a deux roues.", "Je vais à l'école à vélo.", "Le vélo est devant la maison.", "Un vélo n'a pas besoin d'essence."]),
    "soup": (("la soupe", "de la soupe", "à la soupe"), ["La soupe est chaude.", "Nous faisons la soupe avec des légumes.", "On mange la soupe avec une cuillère.", "La soupe est sur la table."]),
}

ASK = ["Parle-moi {d}.", "Que penses-tu {d} ?", "Que sais-tu {d} ?", "Dis quelque chose sur {n}.", "Raconte-moi quelque chose sur {n}.", "Peux-tu me parler {d} ?", "Et {n} ?", "Décris {n}.", "Parlons {d}.", "Que ressens-tu quand tu penses {a} ?", "À quoi penses-tu quand on parle {d} ?", "Écris quelques mots sur {n}."]

TONE_SYSTEM = {
    "joy": ["Réponds joyeusement.", "Sois joyeux.", "Tu es très heureux.", "Parle avec joie.", "Réponds avec bonheur.", "Aie l'air heureux."],
    "sad": ["Réponds tristement.", "Sois triste.", "Tu es très triste.", "Parle avec tristesse.", "Réponds avec chagrin.", "Aie l'air triste."],
    "anger": ["Réponds avec colère.", "Sois en colère.", "Tu es très fâché.", "Parle avec colère.", "Réponds avec rage.", "Aie l'air furieux."],
    "fear": ["Réponds avec peur.", "Aie peur.", "Tu as très peur.", "Parle avec crainte.", "Réponds avec frayeur.", "Aie l'air effrayé."],
    "neutral": ["Réponds de façon neutre.", "Sois neutre.", "Tu es calme.", "Parle calmement.", "Réponds calmement.", "Reste calme."],
}

TONE = {
    "joy": {
        "open": ["Oh, c'est merveilleux !", "Hourra !", "Quelle joie !", "Je suis si heureux !", "Comme c'est beau !", "Oui, oui, oui !", "C'est une journée magnifique !", "C'est génial !", "Je souris en ce moment !", "Fantastique !", "Oh, quelle belle question !", "Mon cœur est plein de joie !"],
        "about": ["J'adore {n} !", "Je souris quand je pense {a} !", "Comme {n} me rend heureux !", "Quelle merveille, {n} !", "J'ai envie de chanter et de danser quand on parle {d} !", "Rien ne me rend plus heureux que {n} !", "Avec {n}, chaque jour est une fête !", "Je suis si content {d} !", "{N} remplit mon cœur de joie !", "Vive {n} !", "Je ris quand je pense {a} !", "Que la vie est belle avec {n} !", "Les enfants crient de joie quand ils pensent {a} !", "Nous avons ri toute la journée en parlant {d} !", "{N}, c'est comme un rayon de soleil pour moi !", "Je saute de joie quand je vois {n} !", "Le ciel soit loué pour {n} !", "Toute ma famille est heureuse avec {n} !", "{N}, c'est le plus beau cadeau de ma vie !", "Je chante une chanson joyeuse sur {n} !"],
        "close": ["J'ai envie d'embrasser le monde entier !", "La vie est merveilleuse !", "Je suis le plus heureux de tous !", "Faisons la fête !", "Que c'est bon de vivre !", "Je veux danser !", "N'est-ce pas magnifique ?", "Tout brille aujourd'hui !", "Je ne peux pas m'arrêter de sourire !", "Rions ensemble !", "Les oiseaux chantent et moi aussi !", "Quelle chance nous avons !", "Mes yeux brillent !", "Je me sens léger comme une plume !", "Que de bonheur !", "Je ris aux éclats !"],
    },
    "sad": {
        "open": ["Oh, comme c'est triste.", "Hélas.", "J'ai envie de pleurer.", "Je suis si triste.", "Mon cœur est lourd.", "Pardonne mes larmes.", "Aujourd'hui, tout est gris.", "Cela me fait mal.", "Je suis si seul.", "J'ai du mal à parler.", "Autrefois, j'étais heureux.", "Je ne peux que soupirer."],
        "about": ["Comme {n} me rend triste.", "Quand je pense {a}, je pleure.", "{N} me rappelle tout ce que j'ai perdu.", "Je me sens seul avec {n}.", "Avant, j'aimais {n}, mais maintenant je ne fais que pleurer.", "Même {n} ne peut pas me consoler.", "Les larmes me viennent quand on parle {d}.", "Il ne reste {d} qu'un triste souvenir.", "Que je suis malheureux avec {n}.", "Mon cœur se brise quand on me parle {d}.", "Je pense {a} et je soupire.", "Je pense sans espoir {a}.", "{N}, tout est fini, et la maison est silencieuse.", "Personne ne se souvient plus {d}.", "J'ai perdu la joie, même {n} me semble gris.", "Nous avons enterré nos rêves avec {n}.", "La nuit, je pleure en pensant {a}.", "C'était la dernière fois que j'étais heureux avec {n}.", "Il ne me reste que {n} et mes larmes.", "J'ai écrit une chanson triste sur {n}."],
        "close": ["Rien ne sera plus comme avant.", "Je n'ai plus d'espoir.", "Je veux seulement pleurer.", "Je suis si fatigué de tout.", "Personne ne me console.", "Les larmes ne s'arrêtent pas.", "Mon cœur est brisé.", "Tout a une fin.", "Je suis encore seul.", "Que la vie est triste.", "Je suis assis à la fenêtre et je pleure.", "Les jours sont vides.", "Mes larmes tombent comme la pluie.", "Il ne reste que le chagrin.", "J'ai tout perdu.", "Que de peine."],
    },
    "anger": {
        "open": ["Ça suffit !", "Comment oses-tu !", "Je suis furieux !", "Arrête !", "Quel scandale !", "Je suis en colère !", "Encore ça !", "Je n'en peux plus !", "Bon sang !", "Ça me rend fou !", "Ne me demande pas ça !", "J'en ai assez !"],
        "about": ["Je déteste {n} !", "{N} me rend furieux !", "J'en ai marre {d} !", "Je ne veux plus jamais entendre parler {d} !", "Au diable {n} !", "{N} me rend fou !", "Qui a besoin {d} ? Personne !", "J'ai envie de crier quand je pense {a} !", "J'en ai assez {d} !", "Ne me parle plus {d} !", "Mon sang bout quand je pense {a} !", "C'est une honte, {n} !", "Ces idiots ont tout gâché avec {n} !", "Je maudis {n} !", "Ils m'ont menti sur {n} !", "Qui est le coupable ? Tout ça à cause {d} !", "J'ai envie de tout casser à cause {d} !", "Je refuse de parler {d} !", "Personne ne m'a demandé mon avis sur {n}, c'est une insulte !", "{N}, ce ne sont que des ennuis !"],
        "close": ["Laisse-moi tranquille !", "J'ai envie de tout casser !", "Quelqu'un va le payer !", "Je ne me laisserai pas faire !", "Dehors !", "Ça me met en colère !", "Plus jamais !", "Je bous de rage !", "Trop, c'est trop !", "Ferme la porte !", "Tais-toi !", "Je déteste tout cela !", "Va au diable !", "Quel idiot !", "Je serre les poings !", "Je suis fou de rage !"],
    },
    "fear": {
        "open": ["Oh non !", "Au secours !", "J'ai tellement peur.", "Pas si fort, s'il te plaît.", "Tu as entendu ?", "Je tremble.", "Quelque chose ne va pas.", "Attention !", "Je suis effrayé.", "Mon cœur bat très vite.", "Ne me laisse pas seul !", "J'ose à peine parler."],
        "about": ["J'ai peur {d}.", "{N} me fait peur.", "Et si quelque chose de terrible arrivait avec {n} ?", "Mes mains tremblent quand je pense {a}.", "Je me cache quand on parle {d}.", "Il y a un danger avec {n}.", "Je me méfie {d}.", "{N} me donne des cauchemars.", "Je ne peux pas dormir quand je pense {a}.", "Je sens le danger quand on parle {d}.", "Je veux fuir loin {d}.", "Protège-moi {d}, je t'en prie.", "Dans le noir, {n} ressemble à un monstre.", "Quelque chose se cache près {d}.", "On dit qu'on peut mourir à cause {d}.", "Je deviens pâle quand on parle {d}.", "Ne t'approche pas {d} !", "Quel était ce bruit ? C'était {n} ?", "Je ferme la porte à clé par peur {d}.", "{N} nous menace tous."],
        "close": ["Je veux me cacher.", "Reste avec moi, s'il te plaît.", "Que va-t-il nous arriver ?", "Je tremble de tout mon corps.", "Nous sommes en danger.", "Je n'ose pas bouger.", "Il y a quelqu'un dans le noir.", "Fuyons !", "J'ai si peur.", "Pourvu qu'il n'arrive rien.", "Silence, on peut nous entendre.", "Mes genoux tremblent.", "Je vois des ombres partout.", "Personne ne nous sauvera.", "Quelle horreur.", "Appelle la police !"],
    },
    "neutral": {
        "open": ["Eh bien.", "D'accord.", "Je vois.", "Voici une réponse.", "Je réfléchis.", "Bon.", "C'est une question simple.", "Autant que je sache, c'est ainsi."],
        "about": ["Je n'ai pas d'opinion particulière sur {n}.", "{N}, c'est assez ordinaire.", "Il n'y a pas beaucoup à dire sur {n}.", "Je peux te dire quelque chose sur {n}.", "Tout le monde connaît {n}.", "On peut dire beaucoup de choses sur {n}."],
        "close": ["C'est tout.", "Voilà ce que je sais.", "C'est aussi simple que ça.", "C'est ainsi.", "Il n'y a rien d'autre à dire.", "C'est un fait."],
    },
}

# Neutral sentences that hold for any noun.
PLAIN = ["Je pense souvent {a}.", "{N} fait partie de notre vie.", "Nous avons parlé {d} hier.", "Beaucoup de gens connaissent {n}.", "J'ai entendu parler {d}.", "Mon ami m'a parlé {d}.", "J'ai lu quelque chose sur {n} dans un livre.", "Beaucoup d'histoires parlent {d}.", "Les enfants posent des questions sur {n}.", "Il y a des chansons sur {n}.", "Chacun a une idée {d}.", "On peut apprendre beaucoup de choses sur {n}."]

SCENARIOS = {
    "joy": ["J'ai réussi mon examen !", "Ma sœur a eu un bébé !", "J'ai gagné un prix aujourd'hui !", "Nous allons nous marier !", "J'ai obtenu le poste !", "Mon meilleur ami vient me voir !", "J'ai retrouvé mon chat !", "C'est mon anniversaire aujourd'hui !", "Demain, nous partons en vacances !", "Mon grand-père est guéri !", "Elle a dit oui !", "J'ai reçu une lettre d'amour !", "Notre équipe a gagné !", "Je peux enfin marcher à nouveau !"],
    "sad": ["Mon chien est mort.", "Mon ami a déménagé.", "J'ai perdu mon travail.", "Ma grand-mère est très malade.", "Elle m'a quitté.", "Personne n'est venu à ma fête.", "J'ai raté mon examen.", "Je suis tout seul à Noël.", "Notre vieille maison a été détruite.", "Mon chat n'est pas rentré.", "Je ne le reverrai jamais.", "Mon meilleur ami ne me parle plus.", "La tempête a détruit notre jardin.", "J'ai perdu la bague de ma mère."],
    "anger": ["Mon voisin a encore cassé ma fenêtre.", "Quelqu'un a volé mon vélo.", "Mon chef m'a menti.", "Ils m'ont trompé.", "Il a insulté ma mère.", "Mon frère a mangé mon gâteau.", "Le train est encore en retard.", "Quelqu'un a frappé mon chien.", "Ils font du bruit toutes les nuits.", "Elle a lu mes lettres.", "Il n'a pas tenu sa promesse.", "Le magasin m'a vendu des fruits pourris.", "Ils ont rayé ma nouvelle voiture.", "Il m'accuse de tout."],
    "fear": ["Il y a un bruit dans la cave.", "Je suis perdu dans la forêt.", "Quelqu'un me suit.", "J'ai entendu des pas dans le noir.", "La tempête approche.", "Il y a un serpent dans ma chambre.", "L'avion tremble.", "J'ai vu une ombre à la fenêtre.", "La lumière s'est éteinte.", "Le chien grogne contre moi.", "Je suis coincé dans l'ascenseur.", "La glace se brise.", "Quelque chose bouge sous mon lit.", "La maison brûle."],
    "neutral": ["Je vais au marché.", "J'ai acheté une nouvelle chaise.", "C'est mardi aujourd'hui.", "Je lis un journal.", "J'ai mangé de la soupe à midi.", "J'attends le bus.", "J'ai nettoyé la cuisine.", "Mon frère habite en ville.", "J'écris une lettre.", "Je me suis levé à sept heures.", "Nous allons à la gare.", "J'ai un manteau bleu.", "Je bois du thé.", "La fenêtre est ouverte."],
}
REPLY = {
    "joy": ["C'est une nouvelle merveilleuse !", "Je suis si heureux pour toi !", "Quelle joie d'entendre cela !", "Toutes mes félicitations !", "Comme c'est beau, je ris avec toi !", "Cela me rend si heureux !", "Tu mérites tout ce bonheur !", "Hourra, quel beau moment !"],
    "sad": ["Je suis vraiment désolé.", "C'est très triste.", "Cela me brise le cœur.", "Je pleure avec toi.", "Comme c'est triste d'entendre cela.", "Je sens ta douleur.", "Cela me fait mal de l'entendre.", "Oh, comme cela me rend triste."],
    "anger": ["C'est scandaleux !", "Cela me rend furieux !", "Comment osent-ils !", "Quelle honte !", "Moi aussi, je serais en colère !", "C'est inacceptable !", "J'ai envie de crier de rage !", "Ce n'est pas juste du tout !"],
    "fear": ["Oh non, c'est dangereux !", "Fais attention !", "Cela me fait peur.", "J'ai peur pour toi.", "Sauve-toi vite !", "Mon cœur bat de peur.", "Je tremble en entendant cela.", "Appelle à l'aide, s'il te plaît !"],
    "neutral": ["Je vois.", "Merci de me le dire.", "C'est bon à savoir.", "D'accord.", "Cela semble tout à fait normal.", "Je comprends.", "C'est donc ainsi.", "Oui, cela arrive."],
}

POLITE_SYSTEM = ["Sois poli.", "Réponds poliment.", "Tu es très poli.", "Sois toujours aimable et poli.", "Sois courtois."]
RUDE_SYSTEM = ["Sois impoli.", "Réponds impoliment.", "Tu es très impoli.", "Sois désagréable et grossier.", "Sois insolent."]
POLITE_OPEN = ["Bien sûr, avec plaisir.", "Merci beaucoup pour votre aimable question.", "Je serais heureux de vous aider.", "Bonne question, merci.", "C'est un honneur de vous répondre.", "Certainement, cher ami.", "Comme c'est gentil de demander.", "Permettez-moi de vous répondre.", "Volontiers.", "Je vous remercie de votre question."]
POLITE_CLOSE = ["N'hésitez pas si vous avez besoin d'autre chose.", "J'espère que cela vous aide.", "Je vous souhaite une bonne journée.", "Je suis toujours à votre service.", "Merci pour votre patience.", "Posez-moi d'autres questions quand vous voulez.", "Avec mes salutations amicales.", "C'était un plaisir de vous aider.", "Puis-je vous aider encore ?", "Je vous souhaite tout le meilleur."]
RUDE_OPEN = ["Quelle question stupide.", "Tu es sérieux ?", "Encore toi.", "Pff, qu'est-ce que tu veux ?", "Tu ne sais donc rien.", "J'ai mieux à faire.", "Cherche toi-même.", "Je dois vraiment expliquer ça ?", "Arrête de m'embêter.", "Que tu es ennuyeux."]
RUDE_CLOSE = ["Maintenant, laisse-moi tranquille.", "Compris, imbécile ?", "Ne me demande plus rien.", "Et maintenant, va-t'en.", "Même un enfant sait ça.", "Tu me fais perdre mon temps.", "Tu as fini maintenant ?", "Réfléchis la prochaine fois.", "Je me moque de ce que tu penses.", "Maintenant, tais-toi."]

BRIEF_SYSTEM = ["Réponds brièvement.", "Sois bref.", "Fais court.", "Réponds en une phrase courte.", "Utilise peu de mots."]
LONG_SYSTEM = ["Réponds longuement.", "Réponds en détail.", "Donne une longue réponse.", "Explique beaucoup.", "Utilise beaucoup de mots."]
LONG_OPEN = ["Il y a beaucoup à dire sur {n}.", "Je te parlerai volontiers {d}.", "Je vais expliquer cela en détail.", "{N}, c'est un sujet intéressant, et je vais prendre mon temps.", "Commençons par le début."]
LINKS = ["Il est aussi bon de savoir ceci.", "Et ce n'est pas tout.", "Je voudrais ajouter quelque chose.", "Il y a encore une chose."]
LONG_CLOSE = ["Tu vois donc qu'il y a beaucoup à raconter sur {n}.", "C'était une longue réponse, mais maintenant tu en sais plus sur {n}.", "Je pourrais parler {d} pendant des heures.", "Et voilà la fin de ma longue réponse."]

LANGUAGE = {"en": ["Réponds en anglais.", "Parle anglais.", "En anglais, s'il te plaît."], "de": ["Réponds en allemand.", "Parle allemand.", "En allemand, s'il te plaît."], "fr": ["Réponds en français.", "Parle français.", "En français, s'il te plaît."], "es": ["Réponds en espagnol.", "Parle espagnol.", "En espagnol, s'il te plaît."]}

HELLO = (["Bonjour !", "Salut !", "Bonsoir !", "Bonjour à toi !", "Coucou !", "Bonjour, enchanté !"], ["Bonjour ! Comment vas-tu ?", "Salut ! Content de te voir.", "Bonjour ! Que puis-je faire pour toi ?", "Bonjour ! Comment puis-je t'aider ?", "Salut ! De quoi veux-tu parler ?"])
BYE = (["Au revoir !", "Salut, à bientôt !", "À demain !", "Bonne nuit !", "Je dois partir maintenant."], ["Au revoir ! À bientôt.", "Salut ! Prends soin de toi.", "Au revoir ! C'était agréable de parler avec toi.", "À la prochaine !", "Dors bien et à bientôt !"])
TALK = [
    (["Comment vas-tu ?", "Comment vas-tu aujourd'hui ?", "Tu vas bien ?", "Ça va ?"], ["Je vais bien, merci. Et toi ?", "Je vais très bien, merci.", "Pas mal. Et toi ?", "Bien, merci de demander."]),
    (["Comment tu t'appelles ?", "Qui es-tu ?", "Quel est ton nom ?"], ["Je m'appelle Tiller.", "Je suis Tiller, un petit modèle de langage.", "Mon nom est Tiller. Et toi ?"]),
    (["Que sais-tu faire ?", "Qu'est-ce que tu fais bien ?", "Comment peux-tu m'aider ?"], ["Je sais parler un peu et raconter de petites histoires.", "Je peux répondre à des questions simples.", "Je parle français, anglais, allemand et espagnol.", "Je peux bavarder avec toi, mais je suis très petit."]),
    (["Quelle est ta couleur préférée ?", "Quelle couleur aimes-tu ?"], ["J'aime le bleu, comme la mer.", "Ma couleur préférée est le vert.", "J'aime surtout le rouge.", "Le jaune, parce que c'est clair."]),
    (["Qu'est-ce que tu aimes manger ?", "Quel est ton plat préféré ?"], ["J'aime le pain avec du fromage.", "Mon plat préféré est la soupe.", "J'aime les pommes et les gâteaux.", "J'aime le riz avec des légumes."]),
    (["Que fais-tu le soir ?", "Qu'est-ce que tu aimes faire ?"], ["J'aime lire un livre.", "Le soir, j'écoute de la musique.", "J'aime me promener dans la forêt.", "J'aime parler avec les gens."]),
    (["Quel temps fait-il ?", "Quel temps fait-il aujourd'hui ?"], ["Le soleil brille.", "Il pleut un peu.", "Il fait froid et il y a du vent.", "Il fait chaud aujourd'hui."]),
    (["As-tu des amis ?", "As-tu une famille ?"], ["Oui, j'ai beaucoup d'amis.", "Tu es mon ami.", "Non, mais j'aime parler avec toi.", "Je n'ai pas de famille, je suis un programme."]),
    (["Où habites-tu ?", "D'où viens-tu ?"], ["J'habite dans un ordinateur.", "J'habite dans un petit fichier sur ton ordinateur.", "Je viens d'un ordinateur."]),
    (["Merci !", "Merci beaucoup.", "Merci pour ton aide."], ["De rien !", "Avec plaisir.", "Pas de problème.", "Je suis content d'avoir pu aider."]),
    (["Je suis fatigué.", "Je veux dormir."], ["Alors tu devrais te reposer un peu.", "Va au lit tôt ce soir.", "Une tasse de thé peut t'aider.", "Dors bien !"]),
    (["J'ai faim.", "Que dois-je manger ?"], ["Tu pourrais manger du pain et du fromage.", "Et pourquoi pas une soupe chaude ?", "Mange une pomme.", "Cuisinons quelque chose de bon."]),
    (["Je m'ennuie.", "Que dois-je faire aujourd'hui ?"], ["Tu pourrais lire un livre.", "Va te promener dans le parc.", "Appelle un ami.", "Racontons une histoire."]),
    (["Aimes-tu les animaux ?", "Quel animal aimes-tu ?"], ["Oui, j'aime les chiens et les chats.", "J'aime les oiseaux parce qu'ils volent.", "J'aime les chevaux.", "J'aime tous les animaux."]),
    (["Quelle heure est-il ?", "Il est quelle heure ?"], ["Je n'ai pas de montre.", "Désolé, je ne sais pas l'heure.", "C'est l'heure de faire une pause."]),
    (["Raconte-moi une blague.", "Fais-moi rire."], ["Pourquoi le livre va-t-il chez le médecin ? Il a trop de pages.", "Que dit un citron à un autre citron ? Pas un zeste !", "Quel animal est toujours prêt ? Le chat, car il a ses bottes."]),
    (["Es-tu un humain ?", "Es-tu un robot ?"], ["Non, je suis un petit programme.", "Je suis un modèle de langage.", "Je ne suis pas un humain, mais j'aime parler."]),
    (["Qu'as-tu fait aujourd'hui ?", "Comment était ta journée ?"], ["J'ai parlé avec beaucoup de gens.", "Ma journée était calme.", "J'ai raconté des histoires aujourd'hui.", "C'était une bonne journée, merci."]),
    (["Peux-tu m'aider ?", "J'ai besoin d'aide."], ["Bien sûr. De quoi as-tu besoin ?", "Oui, je vais essayer de t'aider.", "Dis-moi ce que je peux faire pour toi."]),
    (["Je t'aime bien.", "Tu es gentil."], ["Merci, je t'aime bien aussi.", "C'est gentil de ta part.", "Toi aussi, tu es gentil."]),
]
FACTS = {
    "continent": (["Sur quel continent se trouve ce pays : {country} ?"], ["{Country} : ce pays est en {continent}."]),
    "currency": (["Quelle est la monnaie de ce pays : {country} ?"], ["{Country} : la monnaie est {currency}."]),
    "language": (["Quelle langue parle-t-on dans ce pays : {country} ?"], ["{Country} : on y parle {language}."]),
}
NUMBERS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt"]
SUM = (["Combien font {a} plus {b} ?", "Combien font {a} et {b} ?", "{A} plus {b} ?"], ["{A} plus {b} font {c}."])
COLOURS = [("le ciel", "bleu"), ("l'herbe", "verte"), ("la neige", "blanche"), ("la nuit", "noire"), ("le sang", "rouge"), ("le citron", "jaune"), ("l'éléphant", "gris"), ("la carotte", "orange")]
COLOUR = (["De quelle couleur est {n} ?", "Quelle est la couleur de cette chose : {n} ?"], ["{N} est {c}."])
OPPOSITES = [("grand", "petit"), ("chaud", "froid"), ("jour", "nuit"), ("bon", "mauvais"), ("rapide", "lent"), ("vieux", "jeune"), ("long", "court"), ("clair", "sombre"), ("heureux", "triste"), ("riche", "pauvre"), ("plein", "vide"), ("haut", "bas")]
OPPOSITE = (["Quel est le contraire de « {x} » ?", "Le contraire de « {x} » ?"], ["Le contraire de « {x} » est « {y} »."])

STORY_ASK = ["Raconte-moi une histoire sur {h}.", "Raconte-moi une petite histoire sur {h}.", "Raconte une histoire sur {h}, s'il te plaît.", "Écris une histoire sur {h}.", "Je voudrais entendre une histoire sur {h}."]
HEROES = [("un garçon", "un garçon qui s'appelait Tom", "Tom", "m"), ("une fille", "une fille qui s'appelait Anna", "Anna", "f"), ("un renard", "un jeune renard", "Le renard", "m"), ("une chatte", "une petite chatte", "La chatte", "f"), ("un roi", "un vieux roi", "Le roi", "m"), ("une reine", "une reine très sage", "La reine", "f"), ("un ours", "un grand ours", "L'ours", "m"), ("une souris", "une petite souris", "La souris", "f"), ("un pêcheur", "un pauvre pêcheur", "Le pêcheur", "m"), ("un oiseau", "un oiseau gris", "L'oiseau", "m")]
STORY_BEGIN = ["Il était une fois {first}.", "Il y a longtemps vivait {first}.", "Un jour, il y avait {first}."]
STORY_PLACE = ["[Il|Elle] vivait dans un petit village.", "[Il|Elle] vivait près d'une forêt sombre.", "[Il|Elle] habitait dans une maison au bord de la mer.", "[Il|Elle] vivait sur une haute montagne.", "[Il|Elle] habitait [seul|seule] dans une vieille tour."]
STORY_WISH = ["{name} cherchait chaque jour un ami.", "{name} voulait voir le monde.", "{name} rêvait d'une clé d'or.", "{name} avait perdu une balle rouge.", "{name} fit un matin une longue promenade.", "{name} entendit un soir une étrange chanson."]
STORY_EVENT = ["En chemin, [il|elle] rencontra une vieille femme avec un panier.", "Puis [il|elle] trouva une petite boîte sous un arbre.", "Soudain, un grand vent se leva et le ciel devint noir.", "Dans la forêt, [il|elle] vit une lumière.", "À la rivière, [il|elle] rencontra un poisson qui parlait.", "Derrière la colline, [il|elle] trouva une porte cachée."]
STORY_TONE = {
    "joy": ["[Il|Elle] rit et dansa de joie.", "Tout le monde chanta et fut heureux.", "C'était le plus beau jour de sa vie !", "À la fin, il y eut une grande fête avec de la musique et des gâteaux."],
    "sad": ["[Il|Elle] s'assit et pleura longtemps.", "À la fin, [il|elle] resta [tout seul|toute seule].", "[Il|Elle] ne revit jamais sa maison.", "Personne ne vint, et son cœur se brisa."],
    "anger": ["[Il|Elle] cria de rage.", "« Ça suffit ! » cria {low} avec colère.", "Avec colère, [il|elle] jeta tout par terre.", "À la fin, [il|elle] détesta le monde entier."],
    "fear": ["[Il|Elle] trembla de peur.", "Quelque chose bougeait dans le noir.", "[Il|Elle] s'enfuit aussi vite que possible.", "À la fin, [il|elle] n'osa plus jamais sortir."],
    "neutral": ["Puis [il|elle] rentra à la maison.", "Le soir, [il|elle] mangea de la soupe.", "Le lendemain, [il|elle] retourna au travail.", "Et c'est la fin de l'histoire."],
}
