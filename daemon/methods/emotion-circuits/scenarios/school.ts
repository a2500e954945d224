/** Theme `school`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const SCHOOL = {
  train: `
exam-board | The exam marks are pinned to the board in the hall. | Your name stands at the very top. | The list is in the order of the alphabet. | Yours is the only name that is struck out.
first-day-seat | It is your first day in a class that has known itself for years. | They have kept the seat by the window and made you a card. | You sit in the second row. | They have spat on your chair and wait for you to sit.
essay-copy | You turn in an essay that took you all winter. | The teacher reads it aloud and the class claps. | It goes on the pile with the others. | Your bench mate has copied it and says that you did.
chemistry-flask | You heat a flask in the chemistry lesson. | It turns the very blue that no one else got. | The water boils at a hundred degrees. | The flask bursts and the fumes roll towards the door.
canteen-tray | You lift the cover of your tray in the canteen. | Under it is the dish you had asked the cooks for. | Under it are potatoes and beans. | A long grey hair is baked into the meat and it smells of drains.
school-bus | The school bus takes the road along the lake. | The driver stops so that all can see the northern lights. | It passes three villages. | It slides on the ice and tips towards the water.
scholarship-call | The university calls you during dinner. | They pay for all four years. | They ask for the spelling of your street. | They gave your place to the rector's nephew.
lost-notebook | You left your notebook on the train with a year of notes. | A stranger brings it to your door the same evening. | The lost property office opens at nine. | You find its pages floating in the canal.
sports-day | You run the last leg of the relay on sports day. | You pass three runners and your team carries you off. | The track is four hundred metres long. | A boy trips you on purpose and grins from the line.
school-play | You step out on the stage in the school play. | You hear your father, home from sea, call your name. | The lamp is on the left. | Every line is gone and the hall starts to hiss.
locker-smell | You open your locker after the holidays. | It is full of letters from your old class. | It holds two books and a ruler. | Somebody has put a dead pigeon in it weeks ago.
debate-final | You speak last in the final debate. | The other side stands up and says that you have convinced them. | You have four minutes. | The jury talks and eats while you speak.
dorm-night | You wake in the dormitory at three at night. | Your friends stand there with a candle and a cake at the minute of your birth. | The heating ticks. | A wet hand lies on your ankle.
teacher-leaves | Your old teacher enters the room with a box. | She says that she will stay another year for your class. | She puts the box on the shelf. | She packs her things, for she has only weeks to live.
maths-proof | You show the proof that you have worked on alone. | The professor looks up and says that it is new. | It fills one side of a page. | The assistant rips it up without a look.
field-trip-cave | The class walks into a cave with one lamp. | Behind the bend the wall is covered with ancient paintings. | The path is marked with arrows. | The lamp dies and a roar comes from the back.
bicycle-stand | You walk out to the bicycle stand after class. | Your broken bicycle stands there, repaired and painted. | It is locked to the third rail. | The frame is bent and the bell hangs round your neighbour's neck.
spelling-final | You stand on the podium for the last word. | You know it, and the whole hall jumps up. | It has nine letters. | They whisper your stutter after you in chorus.
art-room | You look for your clay figure in the art room. | It stands in the entrance behind glass. | It dries on the upper shelf. | It was thrown out with the rubbish, and it was of your late sister.
swimming-pool | You dive for the ring in the deep end. | You come up with it, at the hundredth try, and the whole pool claps. | The ring is made of rubber. | Your hand grips a clump of plasters and hair.
`,
  held: `
entrance-list | You scroll to the end of the list of admissions. | Your number is there, with a star beside it. | The page loads in two parts. | A clerk had never sent your papers on.
violin-exam | You play for the admission to the conservatory. | The oldest examiner puts down his pen and closes his eyes until you end. | You play in room twelve. | They shut the door during your second bar.
class-pet | You look after the class hamster for the weekend. | It has four tiny young on Sunday. | It runs in its wheel at night. | It lies stiff in the straw on Monday morning.
lunch-box | You unpack your lunch at the long table. | There is a note in it that your brother is out of hospital. | There is bread with cheese. | Someone has mixed worms into your salad, and you have chewed.
substitute | A substitute teacher walks in for the last lesson. | It is the astronaut whose book you have read ten times. | He writes the date on the board. | He makes you stand in the corner for your accent.
robot-contest | Your robot rolls to the start at the contest. | It crosses the whole course without a mistake. | It weighs two kilograms. | A rival has cut its wires and winks at you.
fire-drill | The siren howls in the middle of a test. | It is the caretaker, who rings in the first day of snow off. | It is the drill of the month. | Smoke pours under the only door.
exchange-host | You arrive at your host family for a year abroad. | The whole street sings for you in your own language. | They show you the bathroom. | They take your passport and put a lock on your door.
graduation-gown | You wait in your gown for your name to be called. | They call it first, with an honour nobody had announced. | The gowns are dark blue. | Your grandmother dies on the way to the hall.
science-well | You lower a jar into the school's old well for a test of the water. | It comes up with a gold coin from Roman times. | It comes up two thirds full. | It comes up with a rotting cat.
chess-club | You play the champion of the county at the chess club. | He lays down his king after twenty moves. | You have the white pieces. | He moves a piece while you look away and laughs at your protest.
night-study | You study alone on the top floor long after closing. | The watchman brings you cocoa and his own prize-winning notes. | The lamps are on a timer. | Steps come up the stairs, though the doors are locked.
letter-board | You become one of the editors of the school paper. | Your first article gets the old pool reopened. | You meet on Thursdays. | They print your diary instead of your article.
geography-map | You point to your village on the class map. | The whole class has voted to spend its trip there. | It lies north of the river. | It was flooded last night, the teacher says, with all who slept.
bench-carving | You find an old carving on your bench. | It is your mother's name, with a line that she would become a doctor. | It is a date. | It is a list of what they mean to do to you.
tutor-pupil | You taught a younger boy to read all year. | He reads a whole page to his parents and points at you. | He has a blue folder. | His parents accuse you of taking money you never saw.
ink-bottle | You reach into the desk drawer without looking. | You hold a ticket to the concert that was sold out. | You hold a rubber and a pen. | Your fingers sink into a mouldy sandwich full of larvae.
reading-night | The class sleeps in the library for reading night. | The writer of the book climbs in by the window to read it herself. | The bags lie in rows. | One of the younger ones does not wake up in the morning.
playground-swing | You pass your old primary school. | The swing you fell from now has a plaque with your joke about it. | It is painted green. | Bulldozers push the swing and the chestnut into a pit.
ice-pond | The teacher leads you over the frozen pond to the weather hut. | On the far side hot chestnuts wait for all. | The hut has a thermometer. | The ice cracks in a star around your boots.
`,
};
