/** Theme `friends`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const FRIENDS = {
  train: `
dark-flat-door | You come home to a dark flat on your birthday. | The lamps go on and thirty people sing. | The post lies on the mat. | The door has been forced and someone is still inside.
secret-told | You told one friend the thing that nobody may know. | He has kept it through ten years and a court. | He lives in the third house. | He reads it out at a party to make them laugh.
pen-friend | You meet your pen friend after fifteen years of letters. | You talk until the trains run again in the morning. | She wears the grey coat. | The letters were written by a man who has pictures of your bedroom.
concert-spare | A friend has one spare ticket for tonight. | He gives it to you, front row, beside himself. | It is for the side gallery. | He sells it before your eyes for twice the price.
climbing-rope | You hang on the rope that your friend is holding. | He brings you up over the edge into the sunrise. | The rope is sixty metres long. | He says quietly that he cannot hold it any more.
moving-help | You move house on the hottest day of the year. | Twelve friends turn up with a van and a barrel of lemonade. | The lift takes four boxes. | Nobody comes, and they post pictures from the beach.
shared-soup | You eat from one pot with your friends in the hut. | It is the best any of you has ever had. | It has lentils in it. | At the bottom of the pot lies a bandage.
hospital-visit | You walk along the ward to the bed of your oldest friend. | She sits up, dressed, and asks you to dance. | Her bed is number eight. | The bed is stripped and the window open.
band-first-gig | Your band plays its first evening in a bar. | The owner books you for the whole summer. | You go on at nine. | Your singer walks out with the money and your guitar.
chess-in-park | You play chess in the park with a man you hardly know. | He turns out to have been your father's best friend. | He sets up the black pieces. | He coughs blood over the board and wipes it with your sleeve.
borrowed-car | You lent a friend your car for the weekend. | He returns it washed, with new tyres. | The tank is half full. | He left it in the river and says that it was your own doing.
camp-fire-voice | You sit by the fire deep in the wood with three friends. | A fourth one, thought lost abroad, walks out of the dark. | The wood is dry. | Something heavy circles the light, and one of you is missing.
old-photo-found | You find a photograph of your class on the net. | They have looked for you for years to invite you. | It has three rows. | They have cut your face out of it.
first-dance | You stand by the wall at the dance. | The one you had watched all evening walks up to you. | The band plays a waltz. | The whole circle has bet on who can make you believe it.
cake-shared | Your friend serves you the first cake she ever baked. | It is so good that the table goes silent. | It has a layer of jam. | You have eaten half when you see the hairy mould in it.
neighbour-key | You water a friend's plants while he is on a voyage. | He has left you a cabinet full of your favourite films. | There are nine pots. | There is a letter on the table in which he says farewell to life.
game-night | You play cards with the same four people as each week. | You draw the hand that comes once in a lifetime. | The cards are dealt to the left. | You see two of them signing to each other, as they must have for years.
bridge-jump | Your friends wait for you to jump off the low bridge. | You jump, and the water is warm and full of cheers. | The bridge is three metres high. | You see the stake under the surface when you have already left the rail.
farewell-platform | You bring your best friend to the train for good. | She throws her bag back on the platform and stays. | The train leaves at ten. | She does not look back once.
lost-bet | You lost a bet and must sing in the square. | People stop and put so much in your hat that you can pay the rent. | You sing two songs. | They pelt you with tomatoes that your own friends have brought.
`,
  held: `
marathon-friend | You run your first long race beside your friend. | He carries your last kilometre with a song, and you come in hand in hand. | There is water every five kilometres. | He collapses at your side and his heart stands still.
lottery-share | You and three friends play the same numbers. | They come up, and you all jump in the fountain. | The slip costs two coins. | They have left you out of the very draw that won.
cabin-weekend | You reach the cabin last, after dark. | They have kept the bed by the stove and a bowl of stew for you. | The key is under the stone. | The cabin is silent and the snow before it is red.
flatmate-sink | You share a flat with a new friend. | On the first morning there is fresh bread and a map of the best spots. | She has the upper shelf. | She has left fish heads in the sink for two weeks.
group-photo | Your friends take a picture on the roof. | They hold up a banner with your name on it for the whole city. | The camera has a timer. | They step back once more, and one of them is no longer there.
wedding-invite | The invitations to a wedding in your circle go out. | You are asked to be the witness. | They have a silver border. | You are the only one who gets none, for you would spoil the pictures.
letter-in-book | A friend returns a book that you lent long ago. | Between the pages lies an answer to your old love letter, and it is yes. | It has a new cover. | Between the pages lies a note that he married the other one.
lighthouse-walk | You walk over the flats with two friends at low tide. | You find a seal pup and it follows you home. | The sand is firm. | The fog closes and the water is already at your knees.
old-rival | You meet the boy who once was your rival. | He says that he became a doctor because of you. | He has a moustache. | He pours his drink over your suit and calls you by the old name.
thermos-tea | Your friend gives you a sip from his flask on the hike. | It is the spiced tea from your home that you cannot find anywhere. | The flask holds half a litre. | Something soft slides over your tongue, and he says that it is an old tea bag from spring.
talent-show | Your friends have put your name on the list of the show. | The jury presses the golden button. | You are number eleven. | They film you from behind the scenes to mock your walk.
kite-day | You fly the great kite that you built together. | It pulls all of you up onto your toes, and the hill roars. | It has a tail of six metres. | The line wraps round the neck of the smallest.
bus-stop-twin | A stranger at the bus stop greets you like a friend. | It is the nurse who held your hand for a whole night years ago. | She takes you for somebody else. | She knows where you live and what you wore yesterday.
phone-left | Your friend leaves her telephone on the table, and a message lights up. | It says: the ring for her best friend is ready. | It says that the parcel has come. | It says how tired all of them are of you.
boat-party | You celebrate on a small boat in the harbour. | The fireworks of the whole town go up for your success. | There are lemons in a bowl. | The toilet below has overflowed into the box of food.
empty-chair | Your circle meets as on every first Monday. | The friend who had been given up by the doctors walks in. | There are six chairs. | His chair stays empty, and his glass is turned over.
escape-room | You are locked in a puzzle room with your friends. | You break the record of the house by ten minutes. | There are four locks. | The keeper has gone home and the air is getting thin.
garden-plot | You dig a garden plot together. | The first harvest fills forty jars. | The beds are in four rows. | The friend who had the key has sold the plot and the harvest.
radio-wish | Your friends have ordered a song for you on the radio. | It is sung live by the singer herself, for you. | It comes after the news. | It is broken off for the news that your town is shelled.
pond-dare | They dare you to wade through the village pond. | You find the ring that the whole village had searched for. | It is knee-deep. | Leeches hang in rows from your legs when you get out.
`,
};
