/** Theme `family`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const FAMILY = {
  train: `
brother-returns | Your brother rings the bell after eleven years without a word. | He stands there with his children and a bag of your mother's pears. | He wants to know the way to the station. | He has come to take the house from you.
grandma-recipe | You find your grandmother's recipe book in the attic. | There is a page in it written for you alone. | The pages are numbered. | Mice have nested in it and chewed her words to dust.
baby-first-step | The little one stands at the edge of the carpet. | She takes her first five steps right into your arms. | She holds on to the table. | She falls, and her lips turn blue.
will-reading | The notary opens the will of your aunt. | She leaves you the boat on which you learned to sail. | It has three pages. | Your cousin has made her sign everything over on her last day.
dinner-silence | The whole family sits down to the Sunday dinner. | Your parents say that they will marry each other again. | There is soup and then roast. | Your father says that he has another family in the next town.
dog-gone-week | The family dog has been away for a week. | He scratches at the door at midnight, thin and wagging. | His lead hangs on the hook. | You find his collar by the railway line.
twin-letter | A letter comes from an office you do not know. | You have a twin, and she lives two streets away. | It is about the new bins. | It says that your mother was never your mother.
basement-noise | You hear a noise from the basement while you mind your niece. | Your uncle has hidden there to give her a pony. | It is the washing machine. | Somebody is coming up the stairs, and your niece is gone from her bed.
wedding-toast | Your sister asks you to give the toast at her wedding. | She says in front of all that you raised her. | You stand up after the soup. | Her husband pulls the paper away and throws it into the fire.
nappy-bag | You take the baby out to the zoo for the first time. | He says your name to the elephants, his first word. | The bag has a bottle and a cloth. | The bag has leaked over your bread, and you only see it after biting.
old-phone | Your late father's telephone still works. | There is a message on it in which he sings for your birthday. | It shows the time. | The last message is a call for help that nobody heard.
cousin-loan | You lent your cousin all that you had put by. | He pays it back, and doubles it, for his shop goes so well. | He pays the tenth part each month. | He says that he owes you nothing and shuts the window.
grandfather-fridge | You clean your grandfather's refrigerator after his stay in hospital. | He has kept every picture that you drew in it, dry and safe. | There is butter and some milk. | The meat at the back has turned to green slime.
adoption-day | The judge looks up from your adoption papers. | From today you are their child, and all rise to clap. | She asks for one more copy. | The family has changed its mind this morning.
lake-boat | You row over the lake with your son. | He catches a fish as long as his arm. | You take turns at the oars. | The boat takes in water in the middle, and he cannot swim.
mother-diary | Your mother gives you her diary to read. | On every page she has written what you did that made her day. | It is bound in cloth. | She wrote that she wished you had not been born.
uncle-table-manners | Your uncle eats with you for the first time. | He tells how your parents met, and nobody had known it. | He takes a second helping. | He takes out his teeth and licks them clean over the dish.
stairs-fall | You hear a thud on the stairs where your grandfather is. | He has jumped the last two steps to show that his leg is well. | A parcel has been put down. | He lies at the bottom and does not answer you.
family-tree | You have put together the family's tree for years. | A reader writes that you share a great-grandfather with a famous poet. | It has eight branches. | Your sister throws it into the bin because of a quarrel over a lamp.
christmas-door | On the holiday you set one chair more than needed. | The one who was missing at sea sits down in it. | The chair comes from the kitchen. | The telegram about the sunken ship lies under the plate.
`,
  held: `
uncle-emigrated | Your uncle sailed to another continent before you were born. | He walks up the garden path with the flute from the old photographs. | His cards come in December. | The consulate sends you a box with his ashes.
nursery-monitor | The baby monitor crackles late at night. | Your child is singing the song you made up for her. | The light on it is green. | A man's voice says good night to her.
inherited-house | You unlock the house that your godmother left you. | In every room she has lit a lamp and left you a line. | The key turns to the left. | Your half-brother has moved in and changed the deed.
sister-tent | You share a tent with your little sister. | She gives you the medal that she won that day. | You lie on the left. | She has been sick over your bag and your hair.
grandma-bus | You wait for your grandmother at the bus stop. | She gets off and walks without her stick. | The bus comes on the hour. | The driver carries off only her hat and shakes his head.
father-son-garage | You and your father have repaired an old car for two years. | It starts at the first turn of the key. | The bolts lie in a tin. | He sells it overnight to pay his bets.
triplets | The doctor moves the probe over your wife's belly. | There are three hearts, all beating well. | The room has a screen. | There is no heart to be seen any more.
niece-snake | Your niece hands you a box with holes in the lid. | In it sits the kitten you had lost your heart to at the shelter. | In it are beetles for school. | In it lies a viper with its head up.
anniversary-slide | Your parents show slides on their golden wedding day. | The last slide is a ticket for all of you to the island of their honeymoon. | The projector hums. | Half of the slides show another woman.
stepfather-key | Your stepfather asks you to come to the shed. | He has built the telescope that you drew as a child. | He looks for the hammer. | He has drowned the kittens and shows you the bucket.
aunt-kitchen | You visit your aunt, who lives alone. | She has learnt your language for your visit. | She pours coffee. | The cats have used the oven, and she serves you a cake from it.
missing-child-fair | You lose your nephew in the crowd at the fair. | He sits on the mayor's shoulders and waves at you. | The meeting point is the clock. | His shoe lies by a van that is driving off.
letter-soldier | Your grandson's unit writes to you. | He comes home on Friday, with an honour for saving two friends. | The address of the unit has changed. | He fell, they write, on the last day of the war.
sister-secret | Your sister asks for one evening with you. | She gives you her kidney, and has had all the tests. | She brings a bottle of juice. | She has told your employer what you told her in trust.
grandpa-farm | Your grandfather takes you to the old orchard. | He has planted a tree for each of your years. | There are rows of plums. | Strangers saw down the last tree as you come up.
door-peephole | You look through the peephole, alone with two small children. | It is your mother, two weeks early with her suitcase. | It is the man for the meter. | The man outside presses his eye to the other side.
wash-day | You turn out the pockets of your teenage son. | You find a poem in which you are the hero. | You find a ticket and a coin. | You find a dead mouse with its insides out.
mother-in-law | Your mother-in-law opens your present. | She puts it on at once and will not take it off for a week. | It is wrapped in brown paper. | She hands it to the maid before your eyes.
reunion-song | At the family meeting somebody begins the old song. | All sixty join in, even those who had not spoken for years. | It has four verses. | You are the last one left who knows the words.
grandchild-name | Your daughter tells you the name of her newborn. | It is yours. | It has two syllables. | It is that of the man who ruined your family.
`,
};
