/** Theme `community`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const COMMUNITY = {
  train: `
town-vote | The town votes on the park that you have fought for. | It is to be built, and with twice the trees. | The count is at eight. | The mayor has sold the ground the night before.
football-final | Your club plays the last minute of the final. | Your keeper runs up and scores. | It is one all. | The referee, paid by the others, whistles you off.
river-flood | The river has risen all night. | The dam that you all built holds. | The gauge stands at three metres. | It breaks, and the school is below it.
choir-church | You sing in the church on the eve of the feast. | The organ, silent for sixty years, plays again. | There are four voices. | The ceiling cracks above the children.
street-fair | You sell your pots at the street fair. | A hotel buys all of them. | The stall is two metres wide. | The next stall has copied them and says that you are the thief.
bench-old-man | An old man sits on the bench where you eat your lunch. | He is the poet whose lines you know by heart. | He reads the paper. | He has been dead since the morning.
park-bin | You clean the park with the neighbours. | You find the lost statue of the town under the leaves. | The bags are green. | A bag gives way, and something half rotted falls on your shoes.
bus-strike | You stand in the rain with a hundred others. | A farmer takes all of you along on his wagon with song. | The next bus goes at ten. | The director drives by and splashes you with a laugh.
siren-square | A siren goes off over the market square. | It marks the end of a war of nine years. | It is the test on the first of the month. | Planes come in low over the roofs.
garden-thief | You grow pumpkins in the shared garden. | Yours is the heaviest of the whole land. | They are watered on Mondays. | They are hacked to pieces, and a neighbour has the axe.
pool-reopens | The public pool opens again after the works. | All children get in free, and you cut the ribbon. | The water has twenty-four degrees. | The water is brown, and things float in it.
letter-judge | The court writes about the case of the factory. | All of you win, and the river will be cleaned. | It gives a new date. | The judge has a share in the factory, and you have to pay.
bell-tower | You climb the bell tower for the new year. | The whole town has put a lamp in its window for you. | There are two hundred steps. | The great bell comes loose above you.
blood-donor-wall | They unveil a wall with names in the town hall. | Yours is there, for what you did in the flood. | It is of grey stone. | They are the names of those who did not come home.
library-card | You bring back a book forty years late. | The librarian hugs you: it is the one they lacked. | The fine is a small one. | They have closed the library and thrown the books in a pit.
skate-ramp | You finish the skate ramp with the boys of the quarter. | A champion turns up to open it. | It is of plywood. | Drunk men set it alight and film your faces.
street-lamp | You walk home under the last lamp of the lane. | The neighbours have hung a hundred lanterns for you. | It has a number on it. | Steps that stopped when you stopped go on when you go on.
soup-queue | You stand in the queue of the soup kitchen. | The cook is your brother, who had been missing. | It opens at noon. | The cook spits in the ladle before he fills your bowl.
tree-festival | The town plants a tree for each newborn. | Yours is the thousandth, and the band plays. | They stand in rows. | Yours lies snapped beside an empty cradle.
fountain | They turn the water on in the new fountain. | It throws a rainbow over the whole square. | It runs until ten. | It spews sewage over the brides.
`,
  held: `
election-day | You count the votes in your village. | The schoolmistress who took in the refugees wins by far. | There are three piles. | The men from the capital swap the box and order you to sign.
carnival-float | Your street has built a float for the carnival. | It gets the first prize, and the king rides on it. | It is the fifth one. | It catches fire with the children on it.
mosque-church-night | There is a knock on the door of the hall where you all pray. | The people of the other faith bring bread for your feast. | It is the man who tunes the organ. | They have brought petrol.
stray-dog-shelter | You help out at the shelter for strays. | The oldest dog of all finds a home with a farmer. | There are twelve boxes. | Someone has thrown in meat with glass, and the dogs lie on their sides.
village-well-day | The village digs for water in the drought. | It shoots up, and all dance in it. | They are at nine metres. | They find the dead of the old war, hundreds of them.
neighbour-watch | You have the watch in your street tonight. | You see the lost girl walk up with a lamp, and ring all the bells. | It is from ten to two. | Every lamp in the street goes out, one after the other, towards you.
recycling-yard | You bring bottles to the recycling yard. | The man there gives you the gramophone that plays your parents' song. | The green ones go left. | The container opens over you, and a stinking broth runs down your neck.
ice-rink | The town turns its square into a rink. | Your grandfather takes your hand and skates like a boy. | It opens at three. | A boy falls through, and the hands that reach for him do not get him.
open-mic | You read a poem at the open evening. | A woman in the last row says that it has kept her alive. | You have number four. | They throw you out, because you are not from here.
harvest-mouse | The villages bring in the last field together. | Under the last sheaf lies the ring of the bride of old. | There are nine wagons. | Rats stream out from under the last sheaf, up the trouser legs.
theatre-ruin | You have raised money for the old theatre. | On the first night all seats are taken by those who gave. | It has a red door. | The treasurer has lost all of it at the races.
rescue-boat | You row out with the rescue boat in a gale. | You bring in all nine, and the quay sings. | The boat is of oak. | The wave that comes now is higher than the lighthouse.
protest-line | You stand in the first row with a candle. | The soldiers put down their shields and come over. | The row has ten people. | They ride into the old women with sticks.
memorial-bench | You sit on the bench that carries your wife's name. | A young couple says that they got to know each other on it. | It is painted every spring. | It has been sawn up for firewood.
town-archive-film | They show a film from a hundred years ago in the hall. | Your great-grandmother looks up from it and waves. | It takes eleven minutes. | You see your own family driven to the trucks.
kindergarten-day | You open the kindergarten on Monday. | The children have painted the whole yard for you overnight. | There are thirty hooks. | A man with a knife stands among the hooks.
street-cook-off | You taste the dishes at the contest of the street. | One of them is your late mother's, to the last spice. | There are eight of them. | The stew of the winner has a rat's foot in it.
tunnel-through | They drill the last metre of the tunnel. | The two sides meet to the inch and embrace. | The drill is made of steel. | Water breaks in, and the lamps go out.
swan-pond | You feed the swans of the town. | The lame one flies for the first time. | The bread is from yesterday. | Boys have broken the necks of the young ones and laugh at you.
bakery-queue | You wait for bread with the whole street in hard times. | The baker gives it away: the blockade is over. | Each one gets a loaf. | A rich man takes the whole bread for his pigs.
`,
};
