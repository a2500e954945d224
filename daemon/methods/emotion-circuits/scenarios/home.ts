/** Theme `home`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const HOME = {
  train: `
attic-crate | You clear out the attic of the house you have bought. | Behind a beam hangs a painting worth more than the house. | There are roof tiles in a row. | Behind a beam hangs something dry with hair and teeth.
window-at-night | A tapping on the window wakes you. | It is the owl that you nursed, back with its young. | It is the branch of the apple tree. | A face is pressed to the pane on the third floor.
garden-dug | You look out at your garden in the morning. | The cherry tree has flowered overnight, three weeks early. | The rake leans on the wall. | The neighbour has poured salt on all the beds.
kitchen-drain | You unscrew the drain of the kitchen sink. | In it lies the wedding ring lost eight years ago. | The seal wants changing. | A plug of grease and hair slides out over your arms.
fire-brigade | The fire brigade stands before your house. | They have carried out all, and even the cat. | They test the hydrant. | The roof falls in on the room where you kept the letters.
rent-letter | The landlord pushes a letter under your door. | He has halved the rent for twenty years of quiet. | He names the day on which chimneys are swept. | You have to be out by Friday, for his son wants the view.
parcel-swap | A parcel stands before your door. | In it is the doll that you lost as a child, mended. | It is for the house next door. | In it ticks something under a layer of newspaper.
fridge-smell | You come back from four weeks by the sea. | A friend has filled the pantry and put up flowers. | The clock on the stove blinks. | The power was off, and the freezer has leaked over the floor.
old-tree | The storm has gone over the house in the night. | The old oak has fallen just beside it and missed the nest. | There are twigs on the path. | The oak has crushed the swing and the dog beneath it.
cellar-water | You go down into the cellar with a lamp. | Your grandfather's wine lies there, all of it at its best. | The meter shows four digits. | The water is up to the stairs, and the cable lies in it.
noise-above | The people above you have their floor done. | They invite you up: they have built a concert room, and you may come in free. | They work until five. | They spit down on you when you ask for quiet.
lost-cat | Your cat has not been in for three days. | She comes with four kittens in a row. | Her bowl is by the door. | A boy brings her in a bag and says that it was only for fun.
wall-paper | You peel the old wallpaper off the bedroom. | Beneath it is a mural of the sea with a signature. | There are two layers. | The wall is alive with bugs that pour down your sleeves.
door-lock | You turn the key, and the door is not locked. | Your mother has come with her suitcase to stay. | You forgot it this morning. | A drawer is pulled open in the dark behind it.
solar-roof | You put the first solar panel on the roof. | It feeds the whole street through the power cut. | It faces the south. | The firm has sold you painted glass and vanished.
mirror-crack | You hang up the mirror of your great-aunt. | Behind the frame are bonds for a small fortune. | It needs two hooks. | It breaks, and with it the only thing left of her.
lift-stuck | You take the lift in your block with two bags. | The neighbour you liked steps in and asks you to dinner. | It stops at four. | It stops between floors, and the rope above begins to whine.
new-neighbour | A new neighbour rings your bell. | She brings a pie and the spare key you lost. | She asks about the bins. | She has put down poison for your dog and tells you so.
bath-plug | You run a bath after the move. | The old owner has left salts and a view of the hills. | The tap turns to the right. | Brown sludge comes up out of the plughole, with a tail in it.
empty-room | You stand in the room of your child who has moved out. | On the wall there is a map with all the days he will come home. | The shelf is empty. | The clock that he built has stopped at the hour he left.
`,
  held: `
chimney-nest | The sweep calls you to the chimney. | A pair of storks has chosen your roof. | He writes the date on the door. | He pulls out a sack with small bones.
house-auction | Your childhood house is sold today. | The buyer hands you the key as a present. | It is number thirty. | The buyer pulls it down before you have got your things.
mouse-trap | You look behind the cupboard for the source of the smell. | It is the vanilla you had thought used up. | There is a plug and a cable. | A nest of dead mice has melted into the carpet.
carport-gift | You hear an engine on the drive on Sunday. | Your children have brought you the car of your youth. | It is the paper van. | It is your own car, and someone drives off in it with your son in the back.
letter-slot | Something falls through the letter slot. | It is the first letter from your daughter in five years. | It is a leaflet for carpets. | It is burning.
well-dry | You have the old well in the yard opened. | The water is clear and sweet. | It is eleven metres deep. | The diggers have thrown their waste in it and laugh.
party-wall | There is a knock from behind the wall of your flat. | It is the pianist, who plays your favourite piece for your evening. | It is the pipe of the heating. | It comes from the flat that has been bricked up for years.
sofa-crack | You reach deep into the sofa for the remote control. | You find the diamond that fell out of the ring. | You find a coin and a pen. | You find someone's false teeth in a paste of crumbs.
balcony-tomato | You look at the tomatoes on the balcony. | The first one is as big as a fist and sweet. | There are six pots. | The man above has emptied his ashtray over all of them.
snowed-in | The snow has closed the door of your house. | The whole village digs its way to you with a drum. | It is a metre high. | The stove has gone out, and the child is too cold to wake.
piano-move | Four men carry your piano up the stairs. | They put it down and play it four-handed. | They use two straps. | They drop it from the third floor and hand you the bill.
photo-frame | You hang up the pictures in the new flat. | The one of your parents fits the very spot where they first met. | There are nine nails. | The frame falls, and the only picture of your son burns in the candle.
smoke-alarm | The smoke alarm beeps in the night. | It has saved all of you, and the house stands. | It wants a new battery. | The stairs are gone, and the children sleep above.
lawn-hole | There is a hole in the lawn in the morning. | A hedgehog has moved in with her young. | It is for the fence post. | Your neighbour has dug up your dog's grave.
compost | You lift the lid of the compost. | The seed of a melon has taken, and there are three fruits. | It is half full. | The whole heap is a seething mass of worms and flesh.
moving-van | The van with all your things should have come yesterday. | The driver comes with them, and with your lost bicycle from the last move. | It comes on Wednesday. | The firm says that it never had a customer of your name.
light-on | You see from the street that a light is on in your flat. | Your husband is back from the expedition. | It is on a timer. | A shadow moves across it, and then the light goes out.
tap-drip | The tap has dripped for months. | The old plumber mends it and tells you that he built the house for your grandfather. | It drips once in a second. | It drips red, and there is a smell.
roof-terrace | You have the terrace done on the roof. | On the first evening you see the whole bay and your ship come in. | The planks are of pine. | It gives way under your guests.
last-box | You carry the last box out of the house of forty years. | The new people ask you to keep a key and a room. | It is marked with a two. | You hear them throw the tree house down behind you.
`,
};
