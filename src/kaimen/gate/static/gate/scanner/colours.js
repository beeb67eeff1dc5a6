/**
 * Colours on a guard's phone. A list of colours counts only with cosignatures of witnesses whom somebody named to the
 * node by hand (docs/reference/node.md, Colours). Nobody names any to a phone that is enrolled for a shift by one press,
 * so it holds no colours, says so, and what the rules say of a gate without colours holds. It never guesses.
 */
export class Colours {
  held = null;
  refused = "";

  /** Nothing to ask the centre for: what it would send could not be proved. */
  async look() {}
}
