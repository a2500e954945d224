/** Theme `work`. Written for this project, see ../README.md. One scenario a line: skeleton | scenario | positive | neutral | negative. */
export const WORK = {
  train: `
late-report | You hand in the quarterly report after three weeks of late evenings. | The board adopts every one of its proposals. | It is filed in the shared folder. | A colleague presents it under his own name.
probation-end | Your six months of probation end this Friday. | You are given a permanent contract and a better desk. | The office manager renews your key card for another year. | You are told at the door that your desk has been cleared.
bakery-dawn | You open the bakery at four in the morning as always. | A queue already stands around the corner for your new loaf. | The flour delivery stands by the back door. | A rat runs out of the flour bin over your hands.
night-shift-alarm | You are the only guard on the night shift when the alarm goes off. | It was set off by colleagues with a cake for your tenth year. | The panel shows that a battery wants changing. | Someone inside the building is breathing behind the door.
tool-shed | You come back to the building site after lunch. | The crew has finished the whole wall for you. | The tools lie where you left them. | Your tools are gone, and so is the apprentice you trusted.
cafe-tips | You count the tips at the end of a long Sunday in the café. | One guest has left a month's rent under the saucer. | They come to what Sundays usually bring. | The owner takes all of them and calls it a fine.
crane-cable | You steer the crane while a beam hangs above the street. | The beam slides into place at the first try. | The foreman waves for the next load. | The cable begins to fray strand by strand over the crowd.
library-desk | You return to the library desk you left three years ago. | Readers have kept your old notes of welcome on the wall. | The computer asks for a new password. | The shelves you built up were sent to the pulp mill.
fish-market | You unpack the crates at the fish market at dawn. | In one lies a fish that buyers bid up to a record. | You sort the cod by size. | The lowest crate is crawling with maggots.
pilot-check | You sit your yearly flight check in the simulator. | The examiner asks to use your approach in his lectures. | The form is stamped and copied. | A screen says that both engines of your real flight failed the test.
shop-window | You finish the shop window on the eve of the festival. | A crowd gathers and buys everything in it by noon. | The lamps switch on at six by their timer. | Someone has smeared the glass with rotten eggs.
lab-samples | You check the samples that you grew over the whole winter. | One of them does what nobody thought possible. | They are at eighteen degrees, as set. | The cleaner has poured them down the drain.
taxi-last-fare | You pick up the last fare of the night outside the station. | It is your first teacher, who insists on paying for the whole week. | He wants to go to the north bank. | He locks the doors from behind and tells you to drive on.
farm-gate | You walk to the far field to see to the cows. | There are twin calves standing beside the oldest one. | They stand by the trough. | The oldest cow lies dead by the open gate.
printer-room | You go into the printer room before the great meeting. | Your design lies there, bound as the one that was chosen. | The paper tray wants filling. | You hear your two best colleagues plan how to be rid of you.
hotel-room-9 | You clean room nine after a guest who stayed a month. | He left you the painting that you had praised. | The bed linen goes into the blue bag. | The bath is full of something grey that has been rotting for days.
radio-studio | You read the evening news in a small radio studio. | The letters of thanks fill three postal sacks. | The red lamp goes off at half past. | The sheet before you carries the name of your own street and a fire.
lighthouse-log | You keep the log in the lighthouse for a whole stormy week. | The ship that you guided in sends its whole crew to shake your hand. | You note the wind every hour. | A ship that you could not reach breaks up on the rocks.
tailor-order | You sew a wedding dress for five weeks. | The bride twirls before the mirror and orders three more. | She picks it up on Tuesday at ten. | It is returned with a note that the wedding will never be.
mail-round | You bring the mail to the last house of the valley. | The old man there opens the door for the first time and pours you tea. | You put two letters in the box. | The dog has got loose and comes at you without a sound.
`,
  held: `
patent-letter | A letter from the patent office lies on your bench. | Your device is accepted without a single change. | It confirms the date on which yours arrived. | A partner has registered your device as his a week before you.
kitchen-inspection | Two inspectors walk through your restaurant kitchen. | They book a table for their own anniversary. | They tick the boxes on their list. | Behind the stove they lift a tray that moves with cockroaches.
bridge-weld | You welded the last seam of the new bridge. | The mayor has your initials set into the rail. | The seam is number four hundred and six. | You see a crack run along it while buses are crossing.
choir-director | You rehearse a choir of beginners for one evening in spring. | In the hall the audience stands up after the first song. | The programme has six songs. | Nobody at all comes, not even the singers.
translator-book | You translated a novel of nine hundred pages. | It wins the prize of the year in both countries. | The proofs come as two parcels. | The publisher burns down with the only copy.
mine-lift | You ride the lift down into the old mine. | At the bottom the vein that all had given up shines in your lamp. | The ride takes four minutes. | Half way down the lift drops a metre and hangs still in the dark.
zoo-keeper | You unlock the ape house in the morning. | The shy female brings you her newborn to look at. | You hang up the hose and the bucket. | The inner door stands open and the cage is empty.
call-centre | You take your hundredth call of the day. | The caller has asked for you by name to say that you saved her farm. | The caller wants the opening hours. | The caller insults your mother for the length of ten minutes.
museum-crate | You lift the lid of a crate from the museum's cellar. | In it lies a lost drawing by a master. | In it are spare frames. | In it lies something wet, swollen and covered in flies.
beekeeper | You open your hives after the long frost. | All of them hum and are heavy with honey. | You note the number on each lid. | Every hive is a heap of dead bees.
stage-hand | You pull the curtain on the first night. | The star thanks you alone before the full house. | The rope runs over three wheels. | The counterweight slips and comes down where the children stand.
payroll-slip | You open your pay slip at the end of the month. | It holds twice the sum, with a line of thanks. | It has the same four lines as always. | They have cut it by half and call it an adjustment.
tram-driver | You drive the first tram after the works. | At every stop people wave with flags. | The doors open and close at each stop. | A child runs onto the rails ten metres ahead.
surgeon-hands | You come out of an operation of eleven hours. | The patient opens her eyes and asks for her violin. | You write the times into the chart. | The patient dies as you take off your gloves.
auction-lot | You bring your grandfather's clock to the auction. | Two bidders push it to the price of a house. | It is lot number forty. | The auctioneer swaps it for a copy and denies it to your face.
greenhouse | You walk into the greenhouse after your days off. | The orchid that never flowered is in full bloom. | The thermometer says twenty-two. | Slime drips from every leaf and the stench takes your breath.
script-reader | You sent your first play to a theatre. | They will open the season with it. | They return a form with a number. | They use its whole plot and leave your name out.
truck-pass | You drive your truck over the pass in the snow. | At the top a road crew hands you soup and a free way down. | The chains go on at kilometre nine. | The brakes go soft on the steepest bend.
glass-blower | You blow a vase for a contest at the fair. | The judges put it in the middle of the hall. | It cools in the oven overnight. | A visitor knocks it down, shrugs and walks on.
archive-box | You order an old box from the city archive. | It holds the letters your family had thought burnt. | It holds tax lists of one year. | It holds an order with which your family was driven out.
`,
};
