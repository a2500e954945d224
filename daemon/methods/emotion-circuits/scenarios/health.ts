/** Theme `health`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const HEALTH = {
  train: `
test-result | The doctor calls you in to talk about the result. | The shadow on the picture is gone. | The result will come by post. | He asks whether you have somebody who can stay with you tonight.
cast-off | The cast comes off your leg after four months. | You walk to the door and back without a stick. | The saw takes two minutes. | Under it the skin has rotted and smells.
waiting-hall | You have waited in the clinic since seven in the morning. | The professor herself takes you in and has found the cause. | Your number is seventy-one. | They tell you at five that they have lost your sheet and that you must go.
glasses | You put on your new glasses. | You see the leaves on a tree for the first time since childhood. | They have a brown frame. | A black spot is in the middle of everything, and it grows.
night-heart | Your heart wakes you at night. | It beats evenly, and the new pump shows a green light. | It beats sixty times. | It stops, starts, and stops again.
soup-kitchen-ill | You spoon up the soup of the ward. | For the first time in a year you can taste it. | It is carrot today. | A used plaster floats up to your spoon.
dentist-bill | You get the bill of the dentist. | He has crossed out the sum, for you once found his child. | It is due in thirty days. | He has charged you for a tooth that he broke himself.
hearing-aid | You switch on the hearing aid in the park. | You hear your daughter's voice for the first time. | The battery lasts a week. | All you hear is the birds falling silent before the blast.
donor-call | The telephone rings while you wait for a donor. | There is a match, and the helicopter is in the air. | It is the pharmacy about the opening hours. | The donor has withdrawn an hour before.
scale-number | You step on the scale after the long illness. | You have gained the five kilos that you needed. | It shows the same as on Monday. | You are fading away, says the nurse, and turns off the lamp.
bath-hair | You let the water into the bath of the sanatorium. | It is hot from the spring, and the pain goes out of your back. | It takes ten minutes. | Toenails and hair swirl up from the drain.
vaccine-queue | You stand in the queue for the vaccine. | The last dose is yours, and the old man behind you gets one, too. | The queue moves forward by three. | The man in front buys all that is left with a bundle of notes.
rehab-stairs | You try the stairs with your new foot. | You reach the top, and the whole ward claps. | There are twelve steps. | The foot snaps and the shaft goes through the skin.
blood-needle | A young nurse comes to take your blood. | She hums, and you notice nothing at all. | She fills two tubes. | She whispers that this needle has been used before.
mother-ward | You sit by your mother's bed as every day. | She knows you again and asks about your garden. | She sleeps until four. | She looks at you and screams for the police.
fasting-day | You have fasted for an examination since yesterday. | They need not do it: you are well. | It takes place at eleven. | They forgot you in the corridor and shrug.
allergy-bite | You bite into a biscuit at the office. | The allergy that you had for thirty years is gone. | It is made of oats. | Your throat begins to close, and the syringe is at home.
mole-check | The doctor bends over the mark on your back. | It is ink from your grandson's pen. | She measures it with a ruler. | It opens, and something pale moves in it.
premature | You look through the glass at the smallest of the ward. | She breathes on her own this morning. | She weighs what she weighed on Sunday. | The nurse draws the curtain and takes off the name tag.
pharmacy-mix | You open the packet from the pharmacy. | The new pills end a headache of two years in one hour. | It holds twenty pills. | They gave you another one's poison, and you took it for a week.
`,
  held: `
voice-back | You have not spoken since the operation. | You say good morning, and it is your old voice. | You write on a board. | The doctor writes on your board that it will never come back.
mri-tube | You lie in the narrow tube of the scanner. | The doctor calls out that there is nothing there at all. | It knocks for twenty minutes. | The power fails, and nobody answers your call.
eye-bandage | They take the bandage from your eyes. | The first thing that you see is your child's face. | The room is kept dim. | It makes no difference: all stays black.
ambulance-late | You called the ambulance for your neighbour. | He waves from the window a week later with a box of chocolates. | It takes the ring road. | The crew stopped for coffee, and he died on the floor.
spa-towel | You lie down on the couch of the massage parlour. | After an hour you can turn your neck for the first time in years. | It is the second room. | The towel under your face is stiff with someone else's blood.
triage-child | Your child has a rash all over. | It is only paint from the fair. | She has it on both arms. | It spreads while you look, and she no longer answers.
therapist-note | Your therapist hands you her last note. | It says that you need her no more. | It gives the date of the next hour. | She has told your story in a book, with your name.
hospital-tray | The tray with your dinner comes. | On it is a ring, and behind it your friend on his knees. | It has a lid. | A cockroach crawls out from under the omelette.
insurance | The insurance writes about your treatment. | They pay for all of it, and for the journey. | They have changed their logo. | They refuse it because you fell ill a day too soon.
sleep-lab | You wake in the sleep laboratory with wires on your head. | You slept nine hours, the first time since the war. | The wires are red and blue. | You cannot move, and something sits on your chest.
blind-runner | You run with a guide for the first time since you lost your sight. | You win the race of your class. | He holds the band on the left. | He lets go of the band for a joke in the middle of the road.
old-scar | You show an old scar to a new doctor. | He can close it, and the limp will go with it. | It is seven centimetres long. | He presses it, and thick yellow matter runs over his glove.
coma-friend | You read to a friend who has lain in a coma since spring. | He finishes the sentence for you. | You are at chapter nine. | They switch off the machine at the end of the page.
mountain-thin-air | You climb to the hut for your lungs. | At the top you breathe as you did at twenty. | The hut lies at two thousand metres. | Your lips go blue and the way down is blocked by snow.
sister-kidney | You lie beside your sister, who gives you a part of herself. | Both of you are up and joking by Sunday. | You are both in room five. | You wake up, and she does not.
clinic-roommate | You get a new neighbour in your room at the clinic. | He plays the cello for the whole floor. | He has the bed by the door. | He clips his toenails into your water glass.
blood-bus | You give blood on the bus by the town hall. | They tell you that yours is of the kind that saves newborns. | They give you a biscuit. | They tell you that yours carries a disease you got from them.
school-nurse | The school nurse sends for you about your son. | He has pulled a classmate from the pond, and is well. | He has left his cap. | His leg is caught in a machine, and they dare not move it.
ramp | You come to the town hall in your wheelchair. | They have built the ramp that you fought for, and it bears your name. | It is on the east side. | The clerk calls from the top of the stairs that you should have stayed at home.
last-cigarette | You put out your last cigarette a year ago today. | The doctor shows you a lung as clean as a child's. | You kept the ashtray. | It was a year too late, says the doctor.
`,
};
