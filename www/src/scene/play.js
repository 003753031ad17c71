import { beat } from "../motion.js";
import { tell } from "../narrator.js";
import { closeTheCurtain, show } from "./auditorium.js";
import * as foyer from "./foyer.js";

/**
 * The real visit takes milliseconds. The play puts what happened on the stage at a pace that can be followed:
 * scenes queue up as they occur, and each is played after the one before it.
 */
export class Play {
  #visit;
  #onStep;
  #scenes = Promise.resolve();
  #errands = Promise.resolve();

  constructor(visit, { onStep }) {
    this.#visit = visit;
    this.#onStep = onStep;
  }

  arrive() {
    this.#next(async () => {
      closeTheCurtain();
      foyer.setTheScene();
      tell.arriving(this.#visit);
      await foyer.walkToTheDoor();
    });
  }

  refuse() {
    this.#next(async () => {
      this.#onStep("ask");
      tell.refused(this.#visit);
      await foyer.turnedAway(this.#visit.holdsTicket ? "Ticket?" : `402: ${this.#visit.film.price}`);
      await beat(1300);
    });
  }

  sign() {
    this.#next(async () => {
      this.#onStep("sign");
      tell.signing(this.#visit);
      await foyer.handInTheCheck();
      await beat(250);
    });
  }

  receiveTicket() {
    this.#next(async () => {
      this.#onStep("ticket");
      tell.ticket(this.#visit);
      await foyer.takeTheTicket();
      await beat(500);
    });
  }

  enter(reel) {
    this.#next(async () => {
      const { film, skipped } = this.#visit;
      this.#onStep("watch");
      tell.entering(this.#visit);
      if (skipped) await foyer.wavedThrough();
      await foyer.enter();
      await show(film, reel);
      foyer.shutTheDoors();
    });
  }

  /** Something went wrong: the visitor hears why, in words. */
  stop(error) {
    this.#next(async () => {
      this.#visit.failedAt = stepThatFailed(this.#visit);
      this.#onStep(this.#visit.failedAt);
      tell.stopped(HEADLINES[error.code] ?? "No film this time", reasonOf(error));
      await foyer.backToTheStreet();
    });
  }

  /** The cashier has work of his own, which nobody waits for. He goes when the visitor sits. */
  async cash(honoured) {
    await this.over();
    await beat(1500);
    this.#errands = this.#errands.then(async () => {
      if (honoured) tell.cashed(this.#visit);
      else tell.bounced(this.#visit);
      await foyer.carryTheCheck(honoured);
    });
    await this.#errands;
    this.#onStep("cash");
  }

  /** Resolves when everything that happened so far has been played. */
  over() {
    return this.#scenes;
  }

  #next(scene) {
    this.#scenes = this.#scenes.then(scene);
  }
}

const HEADLINES = {
  over_per_payment: "Over the budget",
  over_per_day: "Over the budget",
  payment_refused: "The office said no",
  wallet_refused: "You kept your pen in your pocket",
};

// Errors with a code were written for people; the browser's own are not.
function reasonOf({ code, message }) {
  return code ? message : "The cinema does not answer as it should. Is the gate running? Try again in a moment.";
}

function stepThatFailed({ asked, payment, office }) {
  if (office) return "ticket";
  if (payment) return "sign";
  return asked ? "sign" : "ask";
}
