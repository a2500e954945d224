/** Theme `travel`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const TRAVEL = {
  train: `
ferry-cabin | You take the night ferry to the islands. | Dolphins lead it into the harbour at sunrise. | The cabin has two bunks. | It lists, and the doors of the car deck stand open.
passport-desk | The officer at the border keeps your passport in his hand. | He bids you welcome: you are the millionth guest. | He stamps page nine. | He slips it into his own pocket and asks for money.
hostel-bed | You reach the hostel after eighteen hours on the bus. | They give you the tower room for the price of a bunk. | Breakfast is from seven. | The sheet is brown, and it itches and moves.
train-missed | You run along the platform for the last train. | The guard holds it for you and offers you his tea. | The next one goes at six. | It leaves with your child on board.
plane-engine | You look out at the wing an hour into the flight. | The captain turns so that all may see the whole chain of peaks in the sun. | The flaps move up. | A flame comes out of the engine and grows.
desert-car | The car stops in the middle of the desert. | Nomads come over the dune with water, music and a mechanic. | The sign says ninety kilometres. | The last bottle has leaked into the sand.
street-food | You try the skewers at a stall by the harbour. | The cook gives you the recipe and a seat by the fire. | They cost two coins. | The meat is full of white threads that bend.
hotel-wrong | You booked a room with a view of the sea. | They give you the whole top floor. | It is on the left side. | They sold it again and put you in the street at night.
mountain-hut | You reach the pass in thick fog. | It opens, and a wild horse stands ten steps away. | The cairn is two metres high. | The ground breaks off before your foot, and stones fall for a long time.
lost-luggage | Your suitcase does not come out on the belt. | A girl has found it and brings it to you on her bicycle. | You fill in a form with five fields. | In it was the urn that you meant to take home.
guide-market | A boy leads you through the old market. | He brings you to his grandmother, who had once hidden your grandfather. | He points out the fountain. | He leads you into a yard, where four men take all that you have.
rain-forest | You wade through the rain forest with a guide. | A bird that was thought extinct sits on your hat. | The path has signs. | When you take off your boots, they are full of blood and leeches.
night-bus | You sleep on the night bus over the mountains. | You wake to a valley full of flowers. | It stops for petrol. | The driver has fallen asleep on the bend.
seat-mate | A stranger sits down beside you on the long flight. | It is the teacher who gave you your first book. | He has the aisle seat. | He takes off his socks and rubs the skin from his feet over your meal.
beach-find | You walk along the beach on the last day. | You find a message in a bottle, written in your own village. | The tide is out. | The body of a boy lies in the seaweed.
visa-letter | You have waited a year for a visa to see your sister. | It comes on her birthday, for life. | They ask for a second photograph. | The clerk rips it up, for he does not like your face.
canal-boat | You steer a canal boat through your first lock. | The keeper throws you flowers from his garden. | The water rises by two metres. | The gate behind you gives way.
old-town-map | You follow a map that your grandmother drew. | It leads you to a door, and behind it they know your name. | It has a scale. | It leads you to a car park where her street was burnt.
toilet-stop | You stop at the only toilet for two hundred kilometres. | The owner has planted roses round it and gives you melon. | It costs one coin. | You slip on what covers the floor, and land in it with both hands.
safari-jeep | The jeep stops by the water hole at dusk. | The elephants bring a newborn past your door. | The engine is turned off. | It does not start again, and the lions have got up.
`,
  held: `
cable-car | You ride the cable car over the gorge. | An eagle flies beside your window all the way. | It holds twelve people. | It jerks, and one of the two ropes swings free.
pilgrim-inn | You come to the inn on the last night of a long pilgrimage. | They wash your feet and ring the bell for you. | There is a stamp for your book. | They have read your prayers aloud to the bar for sport.
ice-breaker | You sail north on an old ice-breaker. | At midnight a whole herd of whales comes up round it. | The cook serves at twelve. | The ice presses in the hull below your bunk.
rental-scooter | You give back the scooter that you rented. | The man will not take your money, for it is his daughter's feast. | It has a dent from before. | He keeps your deposit and sends his cousins after you.
oyster-bar | You eat oysters in a famous bar. | In the third lies a pearl. | They come on ice. | The fourth one is black, and it bursts between your teeth.
sleeping-car | You share a sleeping car with an old lady. | She is the singer of the songs you grew up with, and sings you one. | She has the lower bunk. | She does not wake up at the border.
volcano-path | You walk up the volcano before dawn. | You stand at the rim as it throws up a fountain of light, far enough away. | The path has four turns. | The ground grows hot, and the path behind you is gone.
tour-bus-left | The tour bus stops at a temple for half an hour. | The monks open for you the hall that is opened once in ten years. | It is on the right. | The bus leaves without you, and they wave.
swamp-hotel | You check in at a lodge by the swamp. | The bed stands under the open sky and a thousand fireflies. | It has a net. | Slugs have got into the bed, and the pillow is wet with them.
border-train | The train stands at the border for hours. | The fence is being cut down: the war is over. | The engine is changed. | They take the man beside you off the train, and you hear a shot.
diving-wreck | You dive to a wreck with a lamp. | The light falls on the bell that divers have looked for for a century. | It lies at eighteen metres. | The hatch closes behind you in a cloud of mud.
ticket-check | The inspector asks for your ticket. | He upgrades you, since it is his last day. | He punches it. | He has thrown it out of the window and fines you.
first-snow | You come from the south and have never seen snow. | It begins to fall as you step out of the station. | It lies in heaps by the road. | It has buried the village that you came to visit.
camel-camp | You sleep in a tent by the camels. | In the morning one has laid its head on your blanket. | There are five of them. | One of them has vomited cud over you in your sleep.
art-gallery-trip | You travel for two days to see one painting. | They let you sit with it alone for an hour. | It hangs in hall four. | A man slashes it in front of you and smirks.
bridge-rope | You cross a rope bridge over the river. | On the other side children hang a garland round your neck. | It has sixty planks. | A plank breaks, then the next, in the middle.
old-sailor | You ask an old sailor to take you across. | He was on the ship that brought your mother, and knows her song. | He wants four coins. | He dies at the tiller in the middle of the strait.
airport-piano | There is a piano in the hall of the airport. | A stranger sits down with you, and the hall dances. | It is next to gate three. | A guard slams the lid down on your fingers.
lake-village | You reach the village where you were born. | The oldest woman calls you by your baby name. | It has a pier. | It lies under the lake since they built the dam, and nobody told you.
buffet-ship | You help yourself at the buffet of the cruise ship. | The captain has had your home dish cooked for your table. | The plates are warm. | The man before you sneezes into the cream and stirs it.
`,
};
