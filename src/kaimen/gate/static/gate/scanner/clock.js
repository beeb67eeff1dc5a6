/**
 * The time at the gate. A phone's own clock may be wrong by hours, and a drill has a clock of its own; so the centre says
 * what time it is whenever it answers, and the phone counts on from there. It never goes back behind what it has signed.
 */

const CLOSE = 250; // ms: nearer than this an answer from the network does not tell

export class Clock {
  /** `set` is {centre, phone, speed}: what both clocks showed at one moment (ms), and how fast the centre's runs. */
  constructor(set, own = () => Date.now()) {
    this.set = set;
    this.own = own;
    this.floor = 0;
  }

  /** ms since 1970, by the centre's clock. */
  now() {
    const { centre, phone, speed } = this.set;
    return Math.max(this.floor, Math.round(centre + (this.own() - phone) * speed));
  }

  /** No time before `at` any more: something signed says that it has been. */
  notBefore(at) {
    this.floor = Math.max(this.floor, at);
  }

  /** The centre said `centre` in answer to a request that left at `asked` and was back by now. Whether that mattered. */
  told(centre, asked) {
    const phone = (asked + this.own()) / 2;
    const { speed } = this.set;
    const off = centre - (this.set.centre + (phone - this.set.phone) * speed);
    if (Math.abs(off) <= CLOSE * speed + ((this.own() - asked) / 2) * speed) return false;
    this.set = { centre, phone, speed };
    return true;
  }
}
