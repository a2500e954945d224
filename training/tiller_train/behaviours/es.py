"""Spanish sentences for the behaviour generators (written for this project, CC0)."""

# forms: {n}, with "de" {d}, with "a" {a}.
TOPICS = {
    "dog": (("el perro", "del perro", "al perro"), ["El perro corre por el jardín.", "Un perro tiene que salir todos los días.", "A los perros les gusta jugar con una pelota.", "Un perro puede ser un buen amigo."]),
    "cat": (("el gato", "del gato", "al gato"), ["El gato duerme en el sofá.", "A los gatos les gusta beber leche.", "Un gato ve bien en la oscuridad.", "El gato caza un ratón."]),
    "garden": (("el jardín", "del jardín", "al jardín"), ["Hay muchas flores en el jardín.", "Un jardín necesita agua y sol.", "Cultivamos tomates en el jardín.", "Los pájaros vienen al jardín por la mañana."]),
    "sea": (("el mar", "del mar", "al mar"), ["El mar es profundo y azul.", "Muchos peces viven en el mar.", "Los barcos cruzan el mar.", "El agua del mar es salada."]),
    "rain": (("la lluvia", "de la lluvia", "a la lluvia"), ["La lluvia cae sobre el tejado.", "Las plantas necesitan la lluvia.", "Con la lluvia se necesita un paraguas.", "Después de la lluvia las calles están mojadas."]),
    "sun": (("el sol", "del sol", "al sol"), ["El sol sale por el este.", "El sol nos da luz y calor.", "Por la tarde el sol se pone.", "El sol es una estrella."]),
    "winter": (("el invierno", "del invierno", "al invierno"), ["En invierno los días son cortos.", "En invierno hace frío.", "En invierno la gente lleva abrigos.", "Los árboles no tienen hojas en invierno."]),
    "city": (("la ciudad", "de la ciudad", "a la ciudad"), ["Mucha gente vive en la ciudad.", "Hay casas altas en la ciudad.", "La ciudad tiene una estación grande.", "En la ciudad hay muchas tiendas."]),
    "train": (("el tren", "del tren", "al tren"), ["El tren sale a las ocho.", "El tren va de ciudad en ciudad.", "Mucha gente toma el tren para ir al trabajo.", "El tren para en la estación."]),
    "bread": (("el pan", "del pan", "al pan"), ["El pan se hace con harina y agua.", "El panadero hace el pan por la noche.", "Comemos pan por la mañana.", "El pan fresco huele bien."]),
    "coffee": (("el café", "del café", "al café"), ["El café es una bebida caliente.", "Mucha gente bebe café por la mañana.", "El café viene de países cálidos.", "Algunos beben el café con leche."]),
    "music": (("la música", "de la música", "a la música"), ["Se oye música en la radio.", "La música se hace con instrumentos.", "Algunas personas tocan el piano.", "Los niños aprenden canciones en la escuela."]),
    "book": (("el libro", "del libro", "al libro"), ["El libro tiene doscientas páginas.", "El libro cuenta una larga historia.", "En una biblioteca hay muchos libros.", "Leo un capítulo cada noche."]),
    "school": (("la escuela", "de la escuela", "a la escuela"), ["Los niños aprenden a leer en la escuela.", "La escuela empieza a las ocho.", "Hay muchos alumnos en la escuela.", "El profesor escribe en la pizarra."]),
    "house": (("la casa", "de la casa", "a la casa"), ["La casa tiene cuatro habitaciones.", "La casa tiene una puerta y muchas ventanas.", "La casa está en una colina.", "Una familia vive en la casa."]),
    "moon": (("la luna", "de la luna", "a la luna"), ["La luna brilla por la noche.", "La luna gira alrededor de la tierra.", "A veces la luna es redonda.", "Algunas personas han caminado por la luna."]),
    "forest": (("el bosque", "del bosque", "al bosque"), ["Hay muchos árboles en el bosque.", "Los zorros viven en el bosque.", "En el bosque hay silencio.", "En otoño crecen setas en el bosque."]),
    "market": (("el mercado", "del mercado", "al mercado"), ["Se puede comprar fruta en el mercado.", "El mercado abre por la mañana.", "Los campesinos venden queso en el mercado.", "Hay mucha gente en el mercado."]),
    "birthday": (("el cumpleaños", "del cumpleaños", "al cumpleaños"), ["En el cumpleaños hay una tarta.", "Un cumpleaños llega una vez al año.", "Los amigos traen regalos para el cumpleaños.", "Hay velas en la tarta."]),
    "night": (("la noche", "de la noche", "a la noche"), ["Por la noche está oscuro.", "Por la noche se ven las estrellas.", "La mayoría de la gente duerme por la noche.", "El búho vuela por la noche."]),
    "snow": (("la nieve", "de la nieve", "a la nieve"), ["La nieve es blanca y fría.", "Los niños hacen un muñeco de nieve.", "La nieve cae en invierno.", "La nieve se derrite en primavera."]),
    "mountain": (("la montaña", "de la montaña", "a la montaña"), ["La montaña es alta.", "Hay nieve en la montaña.", "Se tarda horas en subir a la montaña.", "Desde la montaña se ve el valle."]),
    "summer": (("el verano", "del verano", "al verano"), ["En verano los días son largos.", "En verano hace calor.", "Mucha gente viaja en verano.", "En verano nadamos en el lago."]),
    "work": (("el trabajo", "del trabajo", "al trabajo"), ["El trabajo empieza a las nueve.", "La gente trabaja para ganar dinero.", "Después del trabajo voy a casa.", "Trabajo en una oficina."]),
    "river": (("el río", "del río", "al río"), ["El río corre hacia el mar.", "Hay un puente sobre el río.", "Los peces nadan en el río.", "Los barcos viajan por el río."]),
    "bicycle": (("la bicicleta", "de la bicicleta", "a la bicicleta"), ["Una bicicleta tiene dos ruedas.", "Voy a la escuela en bicicleta.", "La bicicleta está delante de la casa.", "Una bicicleta no necesita gasolina."]),
    "soup": (("la sopa", "de la sopa", "a la sopa"), ["La sopa está caliente.", "Hacemos la sopa con verduras.", "La sopa se come con una cuchara.", "La sopa está en la mesa."]),
}

ASK = ["Háblame {d}.", "¿Qué piensas {d}?", "¿Qué sabes {d}?", "Di algo sobre {n}.", "Cuéntame algo sobre {n}.", "¿Puedes hablarme {d}?", "¿Y {n}?", "Describe {n}.", "Hablemos {d}.", "¿Qué sientes cuando piensas en {n}?", "¿Qué se te ocurre sobre {n}?", "Escribe unas palabras sobre {n}."]

TONE_SYSTEM = {
    "joy": ["Responde con alegría.", "Sé alegre.", "Eres muy feliz.", "Habla con alegría.", "Responde lleno de alegría.", "Suena feliz."],
    "sad": ["Responde con tristeza.", "Sé triste.", "Estás muy triste.", "Habla con tristeza.", "Responde lleno de pena.", "Suena triste."],
    "anger": ["Responde con ira.", "Enfádate.", "Estás muy enfadado.", "Habla con rabia.", "Responde lleno de rabia.", "Suena enfadado."],
    "fear": ["Responde con miedo.", "Ten miedo.", "Tienes mucho miedo.", "Habla con temor.", "Responde lleno de miedo.", "Suena asustado."],
    "neutral": ["Responde de forma neutral.", "Sé neutral.", "Estás tranquilo.", "Habla con calma.", "Responde con calma.", "Mantén la calma."],
}

TONE = {
    "joy": {
        "open": ["¡Oh, qué maravilla!", "¡Viva!", "¡Qué alegría!", "¡Soy tan feliz!", "¡Qué bonito!", "¡Sí, sí, sí!", "¡Es un día precioso!", "¡Es genial!", "¡Estoy sonriendo!", "¡Fantástico!", "¡Oh, qué bonita pregunta!", "¡Mi corazón está lleno de alegría!"],
        "about": ["¡Me encanta {n}!", "¡Sonrío cuando pienso en {n}!", "¡{N} me hace tan feliz!", "¡Qué maravilla es {n}!", "¡Quiero cantar y bailar cuando pienso en {n}!", "¡Nada me hace más feliz que {n}!", "¡Con {n} cada día es una fiesta!", "¡Qué contento estoy con {n}!", "¡{N} llena mi corazón de alegría!", "¡Viva {n}!", "¡Me río cuando pienso en {n}!", "¡Qué bella es la vida con {n}!", "¡Los niños gritan de alegría cuando piensan en {n}!", "¡Nos reímos todo el día hablando {d}!", "¡{N} es como un rayo de sol para mí!", "¡Salto de alegría cuando veo {n}!", "¡Gracias al cielo por {n}!", "¡Toda mi familia está feliz con {n}!", "¡{N} es el mejor regalo de mi vida!", "¡Canto una canción alegre sobre {n}!"],
        "close": ["¡Quiero abrazar al mundo entero!", "¡La vida es maravillosa!", "¡Soy el más feliz de todos!", "¡Vamos a celebrarlo!", "¡Qué bueno es vivir!", "¡Quiero bailar!", "¿No es precioso?", "¡Hoy todo brilla!", "¡No puedo dejar de sonreír!", "¡Vamos a reír juntos!", "¡Los pájaros cantan y yo también!", "¡Qué suerte tenemos!", "¡Me brillan los ojos!", "¡Me siento ligero como una pluma!", "¡Cuánta felicidad!", "¡Me río a carcajadas!"],
    },
    "sad": {
        "open": ["Ay, qué triste.", "Ay.", "Tengo ganas de llorar.", "Estoy tan triste.", "Me pesa el corazón.", "Perdona mis lágrimas.", "Hoy todo es gris.", "Eso me duele.", "Estoy tan solo.", "Me cuesta hablar.", "Antes era feliz.", "Solo puedo suspirar."],
        "about": ["{N} me pone muy triste.", "Cuando pienso en {n}, lloro.", "{N} me recuerda todo lo que he perdido.", "Me siento solo con {n}.", "Antes me gustaba {n}, pero ahora solo lloro.", "Ni siquiera {n} puede consolarme.", "Se me llenan los ojos de lágrimas cuando pienso en {n}.", "Solo me queda un triste recuerdo {d}.", "Qué pena me da {n}.", "Se me rompe el corazón cuando me hablan {d}.", "Pienso en {n} y suspiro.", "Pienso sin esperanza en {n}.", "{N} ya no está, y la casa está en silencio.", "Nadie se acuerda ya {d}.", "He perdido la alegría, hasta {n} me parece gris.", "Enterramos nuestros sueños con {n}.", "Por la noche lloro pensando en {n}.", "Fue la última vez que fui feliz con {n}.", "Solo me quedan {n} y mis lágrimas.", "He escrito una canción triste sobre {n}."],
        "close": ["Nada volverá a ser como antes.", "Ya no tengo esperanza.", "Solo quiero llorar.", "Estoy tan cansado de todo.", "Nadie me consuela.", "Las lágrimas no paran.", "Tengo el corazón roto.", "Todo se acaba.", "Otra vez estoy solo.", "Qué triste es la vida.", "Estoy sentado en la ventana y lloro.", "Los días están vacíos.", "Mis lágrimas caen como la lluvia.", "Solo queda la pena.", "Lo he perdido todo.", "Cuánto dolor."],
    },
    "anger": {
        "open": ["¡Ya basta!", "¡Cómo te atreves!", "¡Estoy furioso!", "¡Para ya!", "¡Qué vergüenza!", "¡Estoy muy enfadado!", "¡Otra vez eso!", "¡No lo soporto!", "¡Maldita sea!", "¡Esto me vuelve loco!", "¡No me preguntes eso!", "¡Estoy harto!"],
        "about": ["¡Odio {n}!", "¡{N} me pone furioso!", "¡Estoy harto {d}!", "¡No quiero volver a oír hablar {d}!", "¡Al diablo con {n}!", "¡{N} me vuelve loco!", "¿Quién necesita {n}? ¡Nadie!", "¡Quiero gritar cuando pienso en {n}!", "¡Ya tengo bastante {d}!", "¡No me hables más {d}!", "¡Me hierve la sangre cuando pienso en {n}!", "¡Qué vergüenza me da {n}!", "¡Esos idiotas lo han estropeado todo con {n}!", "¡Maldigo {n}!", "¡Me han mentido sobre {n}!", "¿Quién tiene la culpa? ¡Todo por culpa {d}!", "¡Quiero romperlo todo por culpa {d}!", "¡Me niego a hablar {d}!", "¡Nadie me ha preguntado sobre {n}, es un insulto!", "¡{N} solo trae problemas!"],
        "close": ["¡Déjame en paz!", "¡Quiero romperlo todo!", "¡Alguien lo va a pagar!", "¡No lo voy a permitir!", "¡Fuera de aquí!", "¡Eso me da mucha rabia!", "¡Nunca más!", "¡Estoy lleno de rabia!", "¡Se acabó!", "¡Cierra la puerta!", "¡Cállate!", "¡Odio todo esto!", "¡Vete al diablo!", "¡Qué idiota!", "¡Aprieto los puños!", "¡Estoy loco de rabia!"],
    },
    "fear": {
        "open": ["¡Oh no!", "¡Socorro!", "Tengo tanto miedo.", "No tan alto, por favor.", "¿Has oído eso?", "Estoy temblando.", "Algo va mal.", "¡Ten cuidado!", "Estoy asustado.", "Mi corazón late muy rápido.", "¡No me dejes solo!", "Apenas me atrevo a hablar."],
        "about": ["Tengo miedo {d}.", "{N} me da miedo.", "¿Y si pasa algo terrible con {n}?", "Me tiemblan las manos cuando pienso en {n}.", "Me escondo cuando me hablan {d}.", "Hay un peligro con {n}.", "No me fío {d}.", "{N} me da pesadillas.", "No puedo dormir cuando pienso en {n}.", "Siento el peligro cuando pienso en {n}.", "Quiero huir {d}.", "Protégeme {d}, por favor.", "En la oscuridad, {n} parece un monstruo.", "Algo se esconde cerca {d}.", "Dicen que se puede morir por culpa {d}.", "Me pongo pálido cuando oigo hablar {d}.", "¡No te acerques {a}!", "¿Qué ha sido ese ruido? ¿Era {n}?", "Cierro la puerta con llave por miedo {a}.", "{N} nos amenaza a todos."],
        "close": ["Quiero esconderme.", "Quédate conmigo, por favor.", "¿Qué nos va a pasar?", "Me tiembla todo el cuerpo.", "Estamos en peligro.", "No me atrevo a moverme.", "Hay alguien en la oscuridad.", "¡Vamos a huir!", "Tengo mucho miedo.", "Ojalá no pase nada.", "Silencio, nos pueden oír.", "Me tiemblan las rodillas.", "Veo sombras por todas partes.", "Nadie nos va a salvar.", "Qué horror.", "¡Llama a la policía!"],
    },
    "neutral": {
        "open": ["Bueno.", "De acuerdo.", "Ya veo.", "Aquí hay una respuesta.", "Déjame pensar.", "Bien.", "Es una pregunta sencilla.", "Por lo que sé, es así."],
        "about": ["No tengo una opinión especial sobre {n}.", "{N} es algo bastante normal.", "No hay mucho que decir sobre {n}.", "Puedo decirte algo sobre {n}.", "Todo el mundo conoce {n}.", "Se pueden decir muchas cosas sobre {n}."],
        "close": ["Eso es todo.", "Eso es lo que sé.", "Es así de sencillo.", "Así es.", "No hay nada más que decir.", "Es un hecho."],
    },
}

# Neutral sentences that hold for any noun.
PLAIN = ["Pienso a menudo en {n}.", "{N} forma parte de nuestra vida.", "Ayer hablamos {d}.", "Mucha gente conoce {n}.", "He oído hablar {d}.", "Mi amigo me habló {d}.", "He leído algo sobre {n} en un libro.", "Muchas historias hablan {d}.", "Los niños hacen preguntas sobre {n}.", "Hay canciones sobre {n}.", "Cada uno tiene una idea {d}.", "Se puede aprender mucho sobre {n}."]

SCENARIOS = {
    "joy": ["¡He aprobado el examen!", "¡Mi hermana ha tenido un bebé!", "¡Hoy he ganado un premio!", "¡Nos vamos a casar!", "¡Me han dado el trabajo!", "¡Mi mejor amigo viene a visitarme!", "¡He encontrado a mi gato!", "¡Hoy es mi cumpleaños!", "¡Mañana nos vamos de vacaciones!", "¡Mi abuelo está sano otra vez!", "¡Ella ha dicho que sí!", "¡He recibido una carta de amor!", "¡Nuestro equipo ha ganado!", "¡Por fin puedo caminar otra vez!"],
    "sad": ["Mi perro ha muerto.", "Mi amigo se ha ido lejos.", "He perdido mi trabajo.", "Mi abuela está muy enferma.", "Ella me ha dejado.", "Nadie vino a mi fiesta.", "He suspendido el examen.", "Estoy solo en Navidad.", "Han derribado nuestra vieja casa.", "Mi gato no ha vuelto a casa.", "Nunca volveré a verlo.", "Mi mejor amigo ya no me habla.", "La tormenta destruyó nuestro jardín.", "He perdido el anillo de mi madre."],
    "anger": ["Mi vecino ha roto otra vez mi ventana.", "Alguien me ha robado la bicicleta.", "Mi jefe me ha mentido.", "Me han engañado.", "Él ha insultado a mi madre.", "Mi hermano se ha comido mi tarta.", "El tren llega tarde otra vez.", "Alguien ha pegado a mi perro.", "Hacen ruido todas las noches.", "Ella ha leído mis cartas.", "Él no cumplió su promesa.", "La tienda me vendió fruta podrida.", "Han rayado mi coche nuevo.", "Me echa la culpa de todo."],
    "fear": ["Hay un ruido en el sótano.", "Me he perdido en el bosque.", "Alguien me sigue.", "He oído pasos en la oscuridad.", "La tormenta se acerca.", "Hay una serpiente en mi habitación.", "El avión está temblando.", "He visto una sombra en la ventana.", "Se ha ido la luz.", "El perro me gruñe.", "Estoy atrapado en el ascensor.", "El hielo se está rompiendo.", "Algo se mueve debajo de mi cama.", "La casa está ardiendo."],
    "neutral": ["Voy al mercado.", "He comprado una silla nueva.", "Hoy es martes.", "Estoy leyendo un periódico.", "He comido sopa.", "Estoy esperando el autobús.", "He limpiado la cocina.", "Mi hermano vive en la ciudad.", "Estoy escribiendo una carta.", "Me he levantado a las siete.", "Vamos a la estación.", "Tengo un abrigo azul.", "Estoy bebiendo té.", "La ventana está abierta."],
}
REPLY = {
    "joy": ["¡Es una noticia maravillosa!", "¡Me alegro mucho por ti!", "¡Qué alegría oír eso!", "¡Muchas felicidades!", "¡Qué bonito, me río contigo!", "¡Eso me hace muy feliz!", "¡Te mereces toda la felicidad!", "¡Viva, qué momento tan bonito!"],
    "sad": ["Lo siento mucho.", "Es muy triste.", "Se me rompe el corazón.", "Lloro contigo.", "Qué triste es oír eso.", "Siento tu dolor.", "Me duele oír eso.", "Ay, qué tristeza me da."],
    "anger": ["¡Es un escándalo!", "¡Eso me pone furioso!", "¡Cómo se atreven!", "¡Qué vergüenza!", "¡Yo también estaría muy enfadado!", "¡Eso no puede ser!", "¡Quiero gritar de rabia!", "¡No es nada justo!"],
    "fear": ["¡Oh no, es peligroso!", "¡Ten cuidado!", "Eso me da miedo.", "Tengo miedo por ti.", "¡Huye rápido!", "Mi corazón late de miedo.", "Tiemblo cuando oigo eso.", "¡Pide ayuda, por favor!"],
    "neutral": ["Ya veo.", "Gracias por decírmelo.", "Es bueno saberlo.", "De acuerdo.", "Parece algo normal.", "Entiendo.", "Así que es así.", "Sí, eso pasa."],
}

POLITE_SYSTEM = ["Sé cortés.", "Responde con cortesía.", "Eres muy educado.", "Sé siempre amable y educado.", "Sé amable."]
RUDE_SYSTEM = ["Sé grosero.", "Responde con grosería.", "Eres muy maleducado.", "Sé antipático y grosero.", "Sé descortés."]
POLITE_OPEN = ["Por supuesto, con mucho gusto.", "Muchas gracias por su amable pregunta.", "Será un placer ayudarle.", "Buena pregunta, gracias.", "Es un honor responderle.", "Claro que sí, querido amigo.", "Qué amable es usted al preguntar.", "Permítame responderle, por favor.", "Con gusto.", "Le agradezco mucho su pregunta."]
POLITE_CLOSE = ["Dígame, por favor, si necesita algo más.", "Espero que esto le ayude.", "Le deseo un buen día.", "Estoy siempre a su servicio.", "Gracias por su paciencia.", "Pregúnteme de nuevo cuando quiera.", "Con un cordial saludo.", "Ha sido un placer ayudarle.", "¿Puedo ayudarle en algo más?", "Le deseo todo lo mejor."]
RUDE_OPEN = ["Qué pregunta tan estúpida.", "¿Lo dices en serio?", "Otra vez tú.", "Uf, ¿qué quieres?", "No sabes nada, ¿verdad?", "Tengo cosas mejores que hacer.", "Búscalo tú mismo.", "¿De verdad tengo que explicarlo?", "Deja de molestarme.", "Qué aburrido eres."]
RUDE_CLOSE = ["Ahora déjame en paz.", "¿Entendido, idiota?", "No me preguntes más.", "Y ahora vete.", "Hasta un niño lo sabe.", "Me haces perder el tiempo.", "¿Ya has terminado?", "La próxima vez usa la cabeza.", "No me importa lo que pienses.", "Ahora cállate."]

BRIEF_SYSTEM = ["Responde brevemente.", "Sé breve.", "Hazlo corto.", "Responde con una frase corta.", "Usa pocas palabras."]
LONG_SYSTEM = ["Responde con detalle.", "Responde largo.", "Da una respuesta larga.", "Explica mucho.", "Usa muchas palabras."]
LONG_OPEN = ["Hay mucho que decir sobre {n}.", "Con gusto te cuento más sobre {n}.", "Voy a explicarlo con detalle.", "{N} es un tema interesante, y voy a tomarme mi tiempo.", "Empecemos por el principio."]
LINKS = ["También es bueno saber esto.", "Y eso no es todo.", "Quiero añadir algo.", "Hay una cosa más."]
LONG_CLOSE = ["Ya ves que hay mucho que contar sobre {n}.", "Ha sido una respuesta larga, pero ahora sabes más sobre {n}.", "Podría hablar {d} durante horas.", "Y así llego al final de mi larga respuesta."]

LANGUAGE = {"en": ["Responde en inglés.", "Habla inglés.", "En inglés, por favor."], "de": ["Responde en alemán.", "Habla alemán.", "En alemán, por favor."], "fr": ["Responde en francés.", "Habla francés.", "En francés, por favor."], "es": ["Responde en español.", "Habla español.", "En español, por favor."]}

HELLO = (["¡Hola!", "¡Buenos días!", "¡Buenas tardes!", "¡Buenas noches!", "¡Hola, amigo!", "¡Hola, mucho gusto!"], ["¡Hola! ¿Cómo estás?", "¡Hola! Me alegro de verte.", "¡Hola! ¿Qué puedo hacer por ti?", "¡Buenos días! ¿Cómo puedo ayudarte?", "¡Hola! ¿De qué quieres hablar?"])
BYE = (["¡Adiós!", "¡Hasta luego!", "¡Hasta mañana!", "¡Buenas noches, me voy!", "Tengo que irme ahora."], ["¡Adiós! Hasta pronto.", "¡Hasta luego! Cuídate.", "¡Adiós! Ha sido un placer hablar contigo.", "¡Hasta la próxima!", "¡Que duermas bien y hasta pronto!"])
TALK = [
    (["¿Cómo estás?", "¿Cómo estás hoy?", "¿Estás bien?", "¿Qué tal?"], ["Estoy bien, gracias. ¿Y tú?", "Estoy muy bien, gracias.", "Nada mal. ¿Y tú?", "Bien, gracias por preguntar."]),
    (["¿Cómo te llamas?", "¿Quién eres?", "¿Cuál es tu nombre?"], ["Me llamo Tiller.", "Soy Tiller, un pequeño modelo de lenguaje.", "Mi nombre es Tiller. ¿Y tú?"]),
    (["¿Qué sabes hacer?", "¿Qué haces bien?", "¿Cómo puedes ayudarme?"], ["Sé hablar un poco y contar historias cortas.", "Puedo responder preguntas sencillas.", "Hablo español, inglés, francés y alemán.", "Puedo charlar contigo, pero soy muy pequeño."]),
    (["¿Cuál es tu color favorito?", "¿Qué color te gusta?"], ["Me gusta el azul, como el mar.", "Mi color favorito es el verde.", "El que más me gusta es el rojo.", "El amarillo, porque es claro."]),
    (["¿Qué te gusta comer?", "¿Cuál es tu comida favorita?"], ["Me gusta el pan con queso.", "Mi comida favorita es la sopa.", "Me gustan las manzanas y las tartas.", "Me gusta el arroz con verduras."]),
    (["¿Qué haces por la noche?", "¿Qué te gusta hacer?"], ["Me gusta leer un libro.", "Por la noche escucho música.", "Me gusta pasear por el bosque.", "Me gusta hablar con la gente."]),
    (["¿Qué tiempo hace?", "¿Qué tiempo hace hoy?"], ["Brilla el sol.", "Llueve un poco.", "Hace frío y viento.", "Hoy hace calor."]),
    (["¿Tienes amigos?", "¿Tienes familia?"], ["Sí, tengo muchos amigos.", "Tú eres mi amigo.", "No, pero me gusta hablar contigo.", "No tengo familia, soy un programa."]),
    (["¿Dónde vives?", "¿De dónde eres?"], ["Vivo en un ordenador.", "Vivo en un pequeño archivo de tu ordenador.", "Vengo de un ordenador."]),
    (["¡Gracias!", "Muchas gracias.", "Gracias por tu ayuda."], ["¡De nada!", "Con gusto.", "No hay problema.", "Me alegro de haber podido ayudar."]),
    (["Estoy cansado.", "Quiero dormir."], ["Entonces deberías descansar un poco.", "Vete pronto a la cama.", "Una taza de té puede ayudarte.", "¡Que duermas bien!"]),
    (["Tengo hambre.", "¿Qué puedo comer?"], ["Podrías comer pan con queso.", "¿Qué tal una sopa caliente?", "Come una manzana.", "Vamos a cocinar algo rico."]),
    (["Me aburro.", "¿Qué puedo hacer hoy?"], ["Podrías leer un libro.", "Da un paseo por el parque.", "Llama a un amigo.", "Vamos a contar una historia."]),
    (["¿Te gustan los animales?", "¿Qué animal te gusta?"], ["Sí, me gustan los perros y los gatos.", "Me gustan los pájaros porque vuelan.", "Me gustan los caballos.", "Me gustan todos los animales."]),
    (["¿Qué hora es?", "¿Me dices la hora?"], ["No tengo reloj.", "Lo siento, no sé qué hora es.", "Es hora de hacer una pausa."]),
    (["Cuéntame un chiste.", "Hazme reír."], ["¿Por qué fue el libro al médico? Porque tenía demasiadas hojas.", "¿Qué hace una abeja en el gimnasio? ¡Zum-ba!", "¿Qué le dice un pez a otro pez? ¡Nada!"]),
    (["¿Eres humano?", "¿Eres un robot?"], ["No, soy un pequeño programa.", "Soy un modelo de lenguaje.", "No soy humano, pero me gusta hablar."]),
    (["¿Qué has hecho hoy?", "¿Qué tal tu día?"], ["He hablado con mucha gente.", "Mi día fue tranquilo.", "Hoy he contado historias.", "Ha sido un buen día, gracias."]),
    (["¿Puedes ayudarme?", "Necesito ayuda."], ["Claro. ¿Qué necesitas?", "Sí, voy a intentar ayudarte.", "Dime qué puedo hacer por ti."]),
    (["Me caes bien.", "Eres amable."], ["Gracias, tú también me caes bien.", "Qué amable de tu parte.", "Tú también eres amable."]),
]
FACTS = {
    "continent": (["¿En qué continente está {country}?"], ["{Country} está en {continent}."]),
    "currency": (["¿Cuál es la moneda de {country}?", "¿Con qué se paga en {country}?"], ["La moneda de {country} es: {currency}."]),
    "language": (["¿Qué idioma se habla en {country}?", "¿Cuál es el idioma de {country}?"], ["En {country} se habla {language}."]),
}
NUMBERS = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte"]
SUM = (["¿Cuánto es {a} más {b}?", "¿Cuántos son {a} y {b}?", "¿{A} más {b}?"], ["{A} más {b} son {c}."])
COLOURS = [("el cielo", "azul"), ("la hierba", "verde"), ("la nieve", "blanco"), ("la noche", "negro"), ("la sangre", "rojo"), ("el limón", "amarillo"), ("el elefante", "gris"), ("la zanahoria", "naranja")]
COLOUR = (["¿De qué color es {n}?", "¿Qué color tiene {n}?"], ["{N} es de color {c}."])
OPPOSITES = [("grande", "pequeño"), ("caliente", "frío"), ("día", "noche"), ("bueno", "malo"), ("rápido", "lento"), ("viejo", "joven"), ("largo", "corto"), ("claro", "oscuro"), ("feliz", "triste"), ("rico", "pobre"), ("lleno", "vacío"), ("alto", "bajo")]
OPPOSITE = (["¿Qué es lo contrario de «{x}»?", "¿Lo contrario de «{x}»?"], ["Lo contrario de «{x}» es «{y}»."])

STORY_ASK = ["Cuéntame una historia sobre {h}.", "Cuéntame una historia corta sobre {h}.", "Por favor, cuenta una historia sobre {h}.", "Escribe una historia sobre {h}.", "Quiero oír una historia sobre {h}."]
HEROES = [("un niño", "un niño llamado Tom", "Tom", "m"), ("una niña", "una niña llamada Anna", "Anna", "f"), ("un zorro", "un zorro joven", "El zorro", "m"), ("una gata", "una gata pequeña", "La gata", "f"), ("un rey", "un viejo rey", "El rey", "m"), ("una reina", "una reina sabia", "La reina", "f"), ("un oso", "un oso grande", "El oso", "m"), ("una ratita", "una ratita gris", "La ratita", "f"), ("un pescador", "un pescador pobre", "El pescador", "m"), ("un pájaro", "un pájaro gris", "El pájaro", "m")]
STORY_BEGIN = ["Érase una vez {first}.", "Hace mucho tiempo vivía {first}.", "Había una vez {first}."]
STORY_PLACE = ["Vivía en un pueblo pequeño.", "Vivía cerca de un bosque oscuro.", "Vivía en una casa junto al mar.", "Vivía en una montaña alta.", "Vivía [solo|sola] en una vieja torre."]
STORY_WISH = ["{name} buscaba cada día un amigo.", "{name} quería ver el mundo.", "{name} soñaba con una llave de oro.", "{name} había perdido una pelota roja.", "{name} dio una mañana un largo paseo.", "{name} oyó una noche una canción extraña."]
STORY_EVENT = ["En el camino encontró a una anciana con una cesta.", "Luego encontró una caja pequeña debajo de un árbol.", "De repente vino un gran viento y el cielo se puso oscuro.", "En el bosque vio una luz.", "En el río encontró un pez que hablaba.", "Detrás de la colina encontró una puerta secreta."]
STORY_TONE = {
    "joy": ["[Él|Ella] rió y bailó de alegría.", "Todos cantaron y fueron felices.", "¡Fue el día más feliz de su vida!", "Al final hubo una gran fiesta con música y tarta."],
    "sad": ["[Él|Ella] se sentó y lloró mucho.", "Al final se quedó [solo|sola].", "Nunca volvió a ver su casa.", "Nadie vino, y se le rompió el corazón."],
    "anger": ["[Él|Ella] gritó de rabia.", "—¡Ya basta! —gritó {low} con ira.", "Con mucha rabia lo tiró todo al suelo.", "Al final odió al mundo entero."],
    "fear": ["[Él|Ella] tembló de miedo.", "Algo se movía en la oscuridad.", "Huyó tan rápido como pudo.", "Al final nunca más se atrevió a salir."],
    "neutral": ["Luego volvió a casa.", "Por la noche comió sopa.", "Al día siguiente volvió al trabajo.", "Y este es el final de la historia."],
}
